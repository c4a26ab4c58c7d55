<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="it" sourcelanguage="en">
<context>
    <name>AccountSettings</name>
    <message>
        <source>Sign &amp;out here</source>
        <translation>&amp;Esci su questo computer</translation>
    </message>
    <message>
        <source>Sign out &amp;everywhere…</source>
        <translation>Esci &amp;ovunque…</translation>
    </message>
    <message>
        <source>&amp;Remove this account…</source>
        <translation>&amp;Rimuovi questo account…</translation>
    </message>
    <message>
        <source>Change &amp;password…</source>
        <translation>Cambia &amp;password…</translation>
    </message>
    <message>
        <source>Set up a second &amp;factor…</source>
        <translation>Configura un secondo &amp;fattore…</translation>
    </message>
    <message>
        <source>Copy set-up &amp;link</source>
        <translation>Copia il &amp;link di configurazione</translation>
    </message>
    <message>
        <source>The link connects another computer to the same cloud. There is no password in it.</source>
        <translation>Il link connette un altro computer allo stesso cloud. Non contiene password.</translation>
    </message>
    <message>
        <source>Nobody is signed in.</source>
        <translation>Nessun accesso effettuato.</translation>
    </message>
    <message>
        <source>You are signed in as {name}.</source>
        <translation>Accesso effettuato come {name}.</translation>
    </message>
    <message>
        <source>Your password was changed.</source>
        <translation>La tua password è stata cambiata.</translation>
    </message>
    <message>
        <source>Copied. Send it to whoever is to use this cloud.</source>
        <translation>Copiato. Invialo a chi deve usare questo cloud.</translation>
    </message>
    <message>
        <source>Turn off the second &amp;factor…</source>
        <translation>Disattiva il secondo &amp;fattore…</translation>
    </message>
    <message>
        <source>Turn off the second factor?</source>
        <translation>Disattivare il secondo fattore?</translation>
    </message>
    <message>
        <source>From then on your password alone is enough to sign in.</source>
        <translation>Da quel momento per accedere basta la tua password.</translation>
    </message>
    <message>
        <source>&amp;Turn off</source>
        <translation>&amp;Disattiva</translation>
    </message>
    <message>
        <source>From now on signing in asks for a code.</source>
        <translation>D&apos;ora in poi l&apos;accesso chiede un codice.</translation>
    </message>
    <message>
        <source>Signing in asks for no code any more.</source>
        <translation>L&apos;accesso non chiede più un codice.</translation>
    </message>
</context>
<context>
    <name>AccountsMenu</name>
    <message>
        <source>A&amp;ccounts</source>
        <translation>A&amp;ccount</translation>
    </message>
    <message>
        <source>&amp;Add account…</source>
        <translation>&amp;Aggiungi account…</translation>
    </message>
    <message>
        <source>&amp;Remove this account…</source>
        <translation>&amp;Rimuovi questo account…</translation>
    </message>
    <message>
        <source>Remove {name} from this computer?</source>
        <translation>Rimuovere {name} da questo computer?</translation>
    </message>
    <message>
        <source>You are signed out here, and this account&apos;s connection, folder and settings are forgotten on this computer. What stays: all your files, in the folder and among the downloads; what is in the cloud, until its time is up; and the account itself, with which you can sign in again. Other accounts stay as they are.</source>
        <translation>Esci dall&apos;account su questo computer, dove la connessione, la cartella e le impostazioni di questo account vengono dimenticate. Restano: tutti i tuoi file, nella cartella e tra i download; ciò che è nel cloud, fino alla scadenza; e l&apos;account stesso, con cui puoi accedere di nuovo. Gli altri account restano come sono.</translation>
    </message>
    <message>
        <source>&amp;Remove account</source>
        <translation>&amp;Rimuovi account</translation>
    </message>
</context>
<context>
    <name>ActionBar</name>
    <message>
        <source>&amp;Add files…</source>
        <translation>&amp;Aggiungi file…</translation>
    </message>
    <message>
        <source>{act}: not possible with all that is selected</source>
        <translation>{act}: non è possibile con tutti gli elementi selezionati</translation>
    </message>
    <message>
        <source>{time} from now</source>
        <translation>{time} da adesso</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Documento</translation>
    </message>
    <message>
        <source>&amp;Share…</source>
        <translation>&amp;Condividi…</translation>
    </message>
    <message>
        <source>Share as &amp;before</source>
        <translation>Condividi come &amp;prima</translation>
    </message>
    <message>
        <source>Get &amp;link…</source>
        <translation>Ottieni &amp;link…</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>&amp;Scarica</translation>
    </message>
    <message>
        <source>Rena&amp;me…</source>
        <translation>Rino&amp;mina…</translation>
    </message>
    <message>
        <source>&amp;Extend</source>
        <translation>&amp;Prolunga</translation>
    </message>
    <message>
        <source>Send a&amp;gain</source>
        <translation>&amp;Invia di nuovo</translation>
    </message>
    <message>
        <source>&amp;Withdraw…</source>
        <translation>&amp;Ritira…</translation>
    </message>
    <message>
        <source>Re&amp;ceipt…</source>
        <translation>&amp;Ricevuta…</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>A&amp;pri</translation>
    </message>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Mostra nella cart&amp;ella</translation>
    </message>
    <message>
        <source>R&amp;ule of this folder…</source>
        <translation>Re&amp;gola di questa cartella…</translation>
    </message>
    <message>
        <source>Resume sendi&amp;ng</source>
        <translation>Riprendi l&apos;i&amp;nvio</translation>
    </message>
</context>
<context>
    <name>ActivityModel</name>
    <message>
        <source>Time</source>
        <translation>Ora</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Evento</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Documenti</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Persone</translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>e %Ln altro</numerusform>
            <numerusform>e altri %Ln</numerusform>
        </translation>
    </message>
    <message>
        <source>Added to the folder</source>
        <translation>Aggiunti alla cartella</translation>
    </message>
    <message>
        <source>Sent to the cloud</source>
        <translation>Inviato al cloud</translation>
    </message>
    <message>
        <source>Shared with you</source>
        <translation>Condiviso con te</translation>
    </message>
    <message>
        <source>Shared</source>
        <translation>Condiviso</translation>
    </message>
    <message>
        <source>No longer shared</source>
        <translation>Non più condiviso</translation>
    </message>
    <message>
        <source>Expiry changed</source>
        <translation>Scadenza modificata</translation>
    </message>
    <message>
        <source>Renamed</source>
        <translation>Rinominato</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>Ritirato</translation>
    </message>
    <message>
        <source>Downloaded</source>
        <translation>Scaricato</translation>
    </message>
    <message>
        <source>Downloaded by</source>
        <translation>Scaricato da</translation>
    </message>
    <message>
        <source>Its time was up</source>
        <translation>Il tempo è scaduto</translation>
    </message>
    <message>
        <source>Everything revoked</source>
        <translation>Tutto revocato</translation>
    </message>
</context>
<context>
    <name>ActivityPage</name>
    <message>
        <source>Activity</source>
        <translation>Attività</translation>
    </message>
    <message>
        <source>Add or share a document: what you and others do is listed here, and much of it can be undone.</source>
        <translation>Aggiungi o condividi un documento: qui trovi ciò che fate tu e gli altri, e molto si può annullare.</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Annulla</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>Non è ancora successo niente</translation>
    </message>
    <message>
        <source>&amp;Withdraw…</source>
        <translation>&amp;Ritira…</translation>
    </message>
    <message>
        <source>&amp;Take back</source>
        <translation>&amp;Revoca</translation>
    </message>
    <message>
        <source>Share &amp;again</source>
        <translation>Condividi di &amp;nuovo</translation>
    </message>
    <message>
        <source>&amp;Extend back</source>
        <translation>Ripristina la &amp;scadenza</translation>
    </message>
    <message>
        <source>&amp;Send again</source>
        <translation>&amp;Invia di nuovo</translation>
    </message>
</context>
<context>
    <name>AdvancedSettings</name>
    <message>
        <source>Open &amp;logs</source>
        <translation>Apri i &amp;log</translation>
    </message>
    <message>
        <source>&amp;Save diagnostics…</source>
        <translation>&amp;Salva diagnostica…</translation>
    </message>
    <message>
        <source>The diagnostics hold logs and versions, no passwords, tokens or addresses. Nothing is sent: you decide who gets the file.</source>
        <translation>La diagnostica contiene log e versioni, ma nessuna password, token o indirizzo. Nulla viene inviato: decidi tu chi riceve il file.</translation>
    </message>
    <message>
        <source>&amp;Reset…</source>
        <translation>&amp;Reimposta…</translation>
    </message>
    <message>
        <source>Resetting begins anew: connection, folder and settings are forgotten.</source>
        <translation>La reimpostazione ricomincia da capo: connessione, cartella e impostazioni vengono dimenticate.</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>Salva diagnostica</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Salvato come {path}.</translation>
    </message>
    <message>
        <source>Reset MyDoc Transfer on this computer?</source>
        <translation>Reimpostare MyDoc Transfer su questo computer?</translation>
    </message>
    <message>
        <source>You are signed out here, and the connection, the choice of folder and all settings are forgotten. Your files stay where they are, and what is in the cloud stays there until its time is up.</source>
        <translation>Esci dall&apos;account su questo computer, e la connessione, la scelta della cartella e tutte le impostazioni vengono dimenticate. I tuoi file restano dove sono, e ciò che è nel cloud vi resta fino alla scadenza.</translation>
    </message>
    <message>
        <source>&amp;Reset</source>
        <translation>&amp;Reimposta</translation>
    </message>
</context>
<context>
    <name>AnotherPassword</name>
    <message>
        <source>Change password</source>
        <translation>Cambia password</translation>
    </message>
    <message>
        <source>Your devices stay signed in.</source>
        <translation>I tuoi dispositivi restano connessi.</translation>
    </message>
    <message>
        <source>&amp;Present password</source>
        <translation>&amp;Password attuale</translation>
    </message>
    <message>
        <source>&amp;New password</source>
        <translation>&amp;Nuova password</translation>
    </message>
    <message>
        <source>Change &amp;password</source>
        <translation>&amp;Cambia password</translation>
    </message>
</context>
<context>
    <name>Asking</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Annulla</translation>
    </message>
    <message>
        <source>Please fill in every field.</source>
        <translation>Compila tutti i campi.</translation>
    </message>
</context>
<context>
    <name>AuditModel</name>
    <message>
        <source>Time</source>
        <translation>Ora</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Chi</translation>
    </message>
    <message>
        <source>Email</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Azione</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Documento</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Scaduto</translation>
    </message>
    <message>
        <source>The system</source>
        <translation>Il sistema</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Sì</translation>
    </message>
    <message>
        <source>No</source>
        <translation>No</translation>
    </message>
    <message>
        <source>version {n}, not verified</source>
        <translation>versione {n}, non verificata</translation>
    </message>
    <message>
        <source>version {n}</source>
        <translation>versione {n}</translation>
    </message>
    <message>
        <source>({published} published, {removed} removed by the system)</source>
        <translation>({published} pubblicate, {removed} eliminate dal sistema)</translation>
    </message>
    <message>
        <source>uploaded</source>
        <translation>inviato</translation>
    </message>
    <message>
        <source>new version</source>
        <translation>nuova versione</translation>
    </message>
    <message>
        <source>download link issued</source>
        <translation>link di download emesso</translation>
    </message>
    <message>
        <source>downloaded</source>
        <translation>scaricato</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>eliminato</translation>
    </message>
    <message>
        <source>shared with</source>
        <translation>condiviso con</translation>
    </message>
    <message>
        <source>unshared</source>
        <translation>condivisione tolta</translation>
    </message>
    <message>
        <source>sharing denied</source>
        <translation>condivisione negata</translation>
    </message>
    <message>
        <source>renamed to</source>
        <translation>rinominato in</translation>
    </message>
    <message>
        <source>extended</source>
        <translation>prolungato fino a</translation>
    </message>
    <message>
        <source>deleted because expired</source>
        <translation>eliminato perché scaduto</translation>
    </message>
    <message>
        <source>every version gone</source>
        <translation>tutte le versioni eliminate</translation>
    </message>
    <message>
        <source>link created</source>
        <translation>link creato</translation>
    </message>
    <message>
        <source>link changed</source>
        <translation>link modificato</translation>
    </message>
    <message>
        <source>link revoked</source>
        <translation>link revocato</translation>
    </message>
    <message>
        <source>link used</source>
        <translation>link usato</translation>
    </message>
    <message>
        <source>arrival refused</source>
        <translation>arrivo rifiutato</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>negato</translation>
    </message>
    <message>
        <source>everything revoked</source>
        <translation>tutto revocato</translation>
    </message>
</context>
<context>
    <name>AuditWindow</name>
    <message>
        <source>Audit</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>Only administrators can read who did what. Ask whoever looks after your cloud, or have yourself added to the group “admins”.</source>
        <translation>Solo chi amministra può leggere chi ha fatto che cosa. Chiedi a chi gestisce il tuo cloud, o fatti aggiungere al gruppo «admins».</translation>
    </message>
    <message>
        <source>The audit is for administrators</source>
        <translation>Il registro è per chi amministra</translation>
    </message>
    <message>
        <source>Search everything: a few letters will do</source>
        <translation>Cerca ovunque: bastano poche lettere</translation>
    </message>
    <message>
        <source>Search the audit</source>
        <translation>Cerca nel registro</translation>
    </message>
    <message>
        <source>&amp;Read again</source>
        <translation>&amp;Aggiorna</translation>
    </message>
    <message>
        <source>&amp;Save as CSV…</source>
        <translation>&amp;Salva come CSV…</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Chiudi</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Lettura…</translation>
    </message>
    <message>
        <source>Save the audit</source>
        <translation>Salva il registro</translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}.</source>
        <translation>Impossibile scrivere {path}: {reason}.</translation>
    </message>
    <message>
        <source>The audit was not saved</source>
        <translation>Il registro non è stato salvato</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Salvato come {path}.</translation>
    </message>
    <message>
        <source>Entries: {number}</source>
        <translation>Voci: {number}</translation>
    </message>
    <message>
        <source>What people do with documents is written down here.</source>
        <translation>Qui viene annotato ciò che si fa con i documenti.</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>Non è ancora successo nulla</translation>
    </message>
    <message>
        <source>No entry has these letters in this order.</source>
        <translation>Nessuna voce contiene queste lettere in quest&apos;ordine.</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nessun risultato</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>{who}, chosen</source>
        <translation>{who}, persona scelta</translation>
    </message>
    <message>
        <source>{who}, cannot be chosen</source>
        <translation>{who}, non si può scegliere</translation>
    </message>
    <message>
        <source>Remove {who}</source>
        <translation>Togli {who}</translation>
    </message>
</context>
<context>
    <name>Choosing</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Annulla</translation>
    </message>
</context>
<context>
    <name>ConnectPage</name>
    <message>
        <source>Welcome</source>
        <translation>Ti diamo il benvenuto</translation>
    </message>
    <message>
        <source>MyDoc Transfer sends documents through your organisation&apos;s own cloud, and they are gone from there when their time is up.</source>
        <translation>MyDoc Transfer invia i documenti attraverso il cloud della tua organizzazione, da cui spariscono alla scadenza.</translation>
    </message>
    <message>
        <source>&amp;Open connection file…</source>
        <translation>&amp;Apri file di connessione…</translation>
    </message>
    <message>
        <source>To begin, open the connection file you were given. It is usually called connection.json. Or copy its text or a set-up link, as it came in a message, and paste it.</source>
        <translation>Per cominciare, apri il file di connessione che hai ricevuto. Di solito si chiama connection.json. Oppure copia da un messaggio il suo testo o un link di configurazione e incollalo.</translation>
    </message>
    <message>
        <source>&amp;Paste text or link</source>
        <translation>&amp;Incolla testo o link</translation>
    </message>
    <message>
        <source>&amp;Keep the present cloud</source>
        <translation>&amp;Mantieni il cloud attuale</translation>
    </message>
    <message>
        <source>Your new account may be in a cloud that you use already, or in another one. For another one, open its connection file, or copy the file&apos;s text or a set-up link and paste it.</source>
        <translation>Il tuo nuovo account può essere in un cloud che usi già, o in un altro. Per un altro, apri il suo file di connessione, oppure copia il testo del file o un link di configurazione e incollalo.</translation>
    </message>
    <message>
        <source>Open connection file</source>
        <translation>Apri file di connessione</translation>
    </message>
    <message>
        <source>Connection files</source>
        <translation>File di connessione</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Tutti i file</translation>
    </message>
    <message>
        <source>There is no text to paste. Copy the link or the connection file&apos;s text first.</source>
        <translation>Non c&apos;è testo da incollare. Copia prima il link o il testo del file di connessione.</translation>
    </message>
</context>
<context>
    <name>DefaultsPage</name>
    <message>
        <source>How it should work</source>
        <translation>Impostazioni iniziali</translation>
    </message>
    <message>
        <source>You can change all of this later in the settings.</source>
        <translation>Potrai cambiare tutto più tardi nelle impostazioni.</translation>
    </message>
    <message>
        <source>Lifetimes</source>
        <translation>Durate</translation>
    </message>
    <message>
        <source>Documents stay in the cloud &amp;for</source>
        <translation>I documenti restano nel cloud &amp;per</translation>
    </message>
    <message>
        <source>S&amp;tart MyDoc Transfer when I log in</source>
        <translation>A&amp;vvia MyDoc Transfer all&apos;accesso al computer</translation>
    </message>
    <message>
        <source>Show &amp;notifications</source>
        <translation>Mostra le &amp;notifiche</translation>
    </message>
    <message>
        <source>When something was sent, shared with you or downloaded, leaves soon, or is in the way.</source>
        <translation>Quando qualcosa è stato inviato, condiviso con te o scaricato, sta per scadere o è un problema.</translation>
    </message>
    <message>
        <source>Nothing has been sent so far.</source>
        <translation>Finora non è stato inviato nulla.</translation>
    </message>
    <message>
        <source>&amp;Begin</source>
        <translation>&amp;Comincia</translation>
    </message>
    <message>
        <source>Bac&amp;k</source>
        <translation>&amp;Indietro</translation>
    </message>
</context>
<context>
    <name>DocumentActs</name>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Mostra nella cart&amp;ella</translation>
    </message>
    <message>
        <source>{name} is in your inbox.</source>
        <translation>{name} è nella cartella dei ricevuti.</translation>
    </message>
    <message>
        <source>Withdraw {name} from the cloud?</source>
        <translation>Ritirare {name} dal cloud?</translation>
    </message>
    <message numerus="yes">
        <source>Withdraw %Ln document(s) from the cloud?</source>
        <translation>
            <numerusform>Ritirare %Ln documento dal cloud?</numerusform>
            <numerusform>Ritirare %Ln documenti dal cloud?</numerusform>
        </translation>
    </message>
    <message>
        <source>The people you shared with can no longer get it. Your file stays.</source>
        <translation>Le persone con cui l&apos;hai condiviso non potranno più scaricarlo. Il tuo file resta.</translation>
    </message>
    <message>
        <source>&amp;Withdraw</source>
        <translation>&amp;Ritira</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>Aggiungi file</translation>
    </message>
    <message numerus="yes">
        <source>The same goes for %Ln more document(s).</source>
        <translation>
            <numerusform>Lo stesso vale per %Ln altro documento.</numerusform>
            <numerusform>Lo stesso vale per altri %Ln documenti.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DocumentsModel</name>
    <message>
        <source>Name</source>
        <translation>Nome</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Peso</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>Di</translation>
    </message>
    <message>
        <source>Shared with</source>
        <translation>Condiviso con</translation>
    </message>
    <message>
        <source>Expires in</source>
        <translation>Scade tra</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stato</translation>
    </message>
</context>
<context>
    <name>DocumentsPage</name>
    <message>
        <source>Dismiss</source>
        <translation>Chiudi</translation>
    </message>
    <message>
        <source>Folder and rules</source>
        <translation>Cartella e regole</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menu</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Tutti</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Miei</translation>
    </message>
    <message>
        <source>Shared with me</source>
        <translation>Condivisi con me</translation>
    </message>
    <message>
        <source>Gone</source>
        <translation>Non più presenti</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nessun risultato</translation>
    </message>
    <message>
        <source>No document matches your filter.</source>
        <translation>Nessun documento corrisponde al filtro.</translation>
    </message>
    <message>
        <source>Nothing shared with you</source>
        <translation>Niente di condiviso con te</translation>
    </message>
    <message>
        <source>When somebody shares a document with you, it appears here.</source>
        <translation>I documenti che altri condividono con te appaiono qui.</translation>
    </message>
    <message>
        <source>Nothing is gone</source>
        <translation>Tutto ancora presente</translation>
    </message>
    <message>
        <source>Documents whose time is up are listed here. Your files stay.</source>
        <translation>Qui trovi i documenti scaduti. I tuoi file restano.</translation>
    </message>
    <message>
        <source>Drop files here</source>
        <translation>Trascina qui i file</translation>
    </message>
    <message>
        <source>Or save them in {folder}. They go to the cloud by themselves.</source>
        <translation>Oppure salvali in {folder}: vanno nel cloud da soli.</translation>
    </message>
    <message>
        <source>&amp;Keep in the cloud</source>
        <translation>&amp;Conserva nel cloud</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Withdraw %Ln document(s)</source>
        <translation>
            <numerusform>&amp;Ritira %Ln documento</numerusform>
            <numerusform>&amp;Ritira %Ln documenti</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has been withdrawn yet. Should they leave the cloud too?</source>
        <translation>Non è stato ancora ritirato nulla. Vanno tolti anche dal cloud?</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) disappeared from your folder.</source>
        <translation>
            <numerusform>%Ln file è sparito dalla tua cartella.</numerusform>
            <numerusform>%Ln file sono spariti dalla tua cartella.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DocumentsView</name>
    <message>
        <source>Documents</source>
        <translation>Documenti</translation>
    </message>
</context>
<context>
    <name>DonePage</name>
    <message>
        <source>Open &amp;folder</source>
        <translation>Apri la &amp;cartella</translation>
    </message>
    <message>
        <source>&amp;Show my documents</source>
        <translation>&amp;Mostra i miei documenti</translation>
    </message>
    <message>
        <source>All is set. Whatever you save in {folder} is sent from now on.</source>
        <translation>Tutto è pronto. Ciò che salvi in {folder} viene inviato da ora in poi.</translation>
    </message>
    <message>
        <source>This icon is in your tray now. Its shape says how things stand, and a click on it opens this window. Closing the window does not end the application.</source>
        <translation>Questa icona è ora nell&apos;area di notifica. La sua forma indica lo stato, e un clic apre questa finestra. Se chiudi la finestra, il programma resta attivo.</translation>
    </message>
    <message>
        <source>There is no tray on this desktop, so closing the window minimises it. To end the application, choose Quit in the menu.</source>
        <translation>Questo desktop non ha un&apos;area di notifica: chiudendo la finestra la si riduce a icona. Per terminare il programma, scegli «Chiudi» nel menu.</translation>
    </message>
</context>
<context>
    <name>DraggingOut</name>
    <message>
        <source>These are too many to drag at once: download them first.</source>
        <translation>Sono troppi da trascinare in una volta: prima scaricali.</translation>
    </message>
    <message numerus="yes">
        <source>Downloading %Ln document(s): hold on to them.</source>
        <translation>
            <numerusform>Download di %Ln documento in corso: continua a tenerlo.</numerusform>
            <numerusform>Download di %Ln documenti in corso: continua a tenerli.</numerusform>
        </translation>
    </message>
    <message>
        <source>Downloading {name}: hold on to it.</source>
        <translation>Download di {name} in corso: continua a tenerlo.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) are in your inbox now: drag them again.</source>
        <translation>
            <numerusform>%Ln documento è ora nella cartella dei ricevuti: trascinalo di nuovo.</numerusform>
            <numerusform>%Ln documenti sono ora nella cartella dei ricevuti: trascinali di nuovo.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is in your inbox now: drag it again.</source>
        <translation>{name} è ora nella cartella dei ricevuti: trascinalo di nuovo.</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message numerus="yes">
        <source>Drop to send %Ln item(s)</source>
        <translation>
            <numerusform>Rilascia per inviare %Ln elemento</numerusform>
            <numerusform>Rilascia per inviare %Ln elementi</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FilterBox</name>
    <message>
        <source>Filter by name or person</source>
        <translation>Filtra per nome o persona</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtro</translation>
    </message>
</context>
<context>
    <name>FolderPage</name>
    <message>
        <source>Choose your folder</source>
        <translation>Scegli la tua cartella</translation>
    </message>
    <message>
        <source>Whatever you save in this folder goes to the cloud and expires there. Your own files stay where they are, untouched.</source>
        <translation>Tutto ciò che salvi in questa cartella va nel cloud e lì scade. I tuoi file restano dove sono, intatti.</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>S&amp;cegli…</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>Car&amp;tella</translation>
    </message>
    <message>
        <source>&amp;Send them all to the cloud</source>
        <translation>Invia tutti al cl&amp;oud</translation>
    </message>
    <message>
        <source>Send only &amp;new files, leave these alone</source>
        <translation>Invia solo i file &amp;nuovi, lascia stare questi</translation>
    </message>
    <message>
        <source>A file that was here before goes to the cloud only when you change it.</source>
        <translation>Un file che era già qui va nel cloud solo quando lo modifichi.</translation>
    </message>
    <message>
        <source>&amp;Use this folder</source>
        <translation>&amp;Usa questa cartella</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Scegli una cartella</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Verifica in corso…</translation>
    </message>
    <message>
        <source>{free} free</source>
        <translation>{free} liberi</translation>
    </message>
    <message>
        <source>It will be made for you.</source>
        <translation>Verrà creata.</translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation>È vuota.</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Send all %Ln file(s) to the cloud</source>
        <translation>
            <numerusform>Invia %Ln file al cl&amp;oud</numerusform>
            <numerusform>Invia tutti i %Ln file al cl&amp;oud</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderSettings</name>
    <message>
        <source>Choose &amp;another…</source>
        <translation>Scegli un&apos;al&amp;tra…</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>A&amp;pri</translation>
    </message>
    <message>
        <source>Lifetimes</source>
        <translation>Durate</translation>
    </message>
    <message>
        <source>New documents stay in the cloud &amp;for</source>
        <translation>I &amp;nuovi documenti restano nel cloud per</translation>
    </message>
    <message>
        <source>Watched folder</source>
        <translation>Cartella monitorata</translation>
    </message>
    <message>
        <source>No folder is chosen yet.</source>
        <translation>Nessuna cartella è ancora stata scelta.</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Scegli una cartella</translation>
    </message>
    <message>
        <source>What is there already goes to the cloud now, or only once you change it.</source>
        <translation>Ciò che c&apos;è già va nel cloud ora, oppure solo quando lo modifichi.</translation>
    </message>
    <message>
        <source>Send what is in {folder}?</source>
        <translation>Inviare ciò che è in {folder}?</translation>
    </message>
    <message>
        <source>Only &amp;new files</source>
        <translation>Solo i file &amp;nuovi</translation>
    </message>
    <message>
        <source>&amp;Send them all</source>
        <translation>&amp;Invia tutti</translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message numerus="yes">
        <source>%Ln item(s) need attention</source>
        <translation>
            <numerusform>%Ln elemento da verificare</numerusform>
            <numerusform>%Ln elementi da verificare</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) paused, all else is up to date</source>
        <translation>
            <numerusform>%Ln documento in pausa, tutto il resto è aggiornato</numerusform>
            <numerusform>%Ln documenti in pausa, tutto il resto è aggiornato</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ForgottenPassword</name>
    <message>
        <source>Choose a new password</source>
        <translation>Scegli una nuova password</translation>
    </message>
    <message>
        <source>&amp;Email address</source>
        <translation>Indirizzo &amp;e-mail</translation>
    </message>
    <message>
        <source>C&amp;ode</source>
        <translation>C&amp;odice</translation>
    </message>
    <message>
        <source>&amp;New password</source>
        <translation>&amp;Nuova password</translation>
    </message>
    <message>
        <source>Send another &amp;code</source>
        <translation>Invia un altro co&amp;dice</translation>
    </message>
    <message>
        <source>If there is an account for this address, a code was sent to it.</source>
        <translation>Se esiste un account per questo indirizzo, vi è stato inviato un codice.</translation>
    </message>
    <message>
        <source>A code is sent to your address. With it you choose a new password.</source>
        <translation>Al tuo indirizzo viene inviato un codice, con cui scegli una nuova password.</translation>
    </message>
    <message>
        <source>&amp;Set password</source>
        <translation>&amp;Imposta password</translation>
    </message>
    <message>
        <source>&amp;Send me a code</source>
        <translation>&amp;Invia un codice</translation>
    </message>
</context>
<context>
    <name>GeneralSettings</name>
    <message>
        <source>&amp;Start MyDoc Transfer when I log in</source>
        <translation>&amp;Avvia MyDoc Transfer all&apos;accesso al computer</translation>
    </message>
    <message>
        <source>It begins in the tray, without its window.</source>
        <translation>Parte nell&apos;area di notifica, senza finestra.</translation>
    </message>
    <message>
        <source>Offer “Share with MyDoc Transfer” in the &amp;file manager</source>
        <translation>Offri «Condividi con MyDoc Transfer» nel &amp;gestore di file</translation>
    </message>
    <message>
        <source>Links that begin with mydoctransfer:// open here, too, after a question.</source>
        <translation>Anche i link che iniziano con mydoctransfer:// si aprono qui, dopo una domanda.</translation>
    </message>
</context>
<context>
    <name>Home</name>
    <message>
        <source>Documents</source>
        <translation>Documenti</translation>
    </message>
    <message>
        <source>Transfers</source>
        <translation>Trasferimenti</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Attività</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Problemi</translation>
    </message>
</context>
<context>
    <name>KnownClouds</name>
    <message>
        <source>&amp;Same cloud as {name}</source>
        <translation>&amp;Stesso cloud di {name}</translation>
    </message>
    <message>
        <source>&amp;Cloud at {host}</source>
        <translation>&amp;Cloud su {host}</translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message>
        <source>Your organisation does not allow links.</source>
        <translation>La tua organizzazione non consente link.</translation>
    </message>
    <message>
        <source>Link to {name}</source>
        <translation>Link a {name}</translation>
    </message>
    <message>
        <source>Address of the link</source>
        <translation>Indirizzo del link</translation>
    </message>
    <message>
        <source>QR code of the link</source>
        <translation>Codice QR del link</translation>
    </message>
    <message>
        <source>&amp;No password</source>
        <translation>&amp;Nessuna password</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Nessun limite</translation>
    </message>
    <message>
        <source>{time} from now</source>
        <translation>{time} da adesso</translation>
    </message>
    <message>
        <source>&amp;End the link…</source>
        <translation>&amp;Termina il link…</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;Fatto</translation>
    </message>
    <message>
        <source>Whoever has the address can download it, without an account.</source>
        <translation>Chi ha l&apos;indirizzo può scaricarlo, senza account.</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Password</translation>
    </message>
    <message>
        <source>&amp;Most downloads</source>
        <translation>&amp;Massimo di download</translation>
    </message>
    <message>
        <source>The link e&amp;xpires</source>
        <translation>Il link &amp;scade</translation>
    </message>
    <message>
        <source>Write a number of downloads from 1 to {most}, or leave it empty.</source>
        <translation>Scrivi un numero da 1 a {most}, o lascia vuoto.</translation>
    </message>
    <message>
        <source>End the link to {name}?</source>
        <translation>Terminare il link a {name}?</translation>
    </message>
    <message>
        <source>Its address stops working for everybody, for good.</source>
        <translation>L&apos;indirizzo non funzionerà più per nessuno. Non si può annullare.</translation>
    </message>
    <message>
        <source>&amp;End it</source>
        <translation>&amp;Termina</translation>
    </message>
    <message>
        <source>The link has ended.</source>
        <translation>Il link è terminato.</translation>
    </message>
    <message>
        <source>Copied!</source>
        <translation>Copiato!</translation>
    </message>
    <message numerus="yes">
        <source>{used} of %Ln download(s) used</source>
        <translation>
            <numerusform>{used} di %Ln download usato</numerusform>
            <numerusform>{used} di %Ln download usati</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln download(s) so far</source>
        <translation>
            <numerusform>%Ln download finora</numerusform>
            <numerusform>%Ln download finora</numerusform>
        </translation>
    </message>
    <message>
        <source>with a password</source>
        <translation>con password</translation>
    </message>
    <message>
        <source>without password</source>
        <translation>senza password</translation>
    </message>
    <message>
        <source>Works until {time}, {counted}, {secured}.</source>
        <translation>Valido fino a {time}, {counted}, {secured}.</translation>
    </message>
    <message>
        <source>Unchanged</source>
        <translation>Invariata</translation>
    </message>
    <message>
        <source>No password</source>
        <translation>Nessuna password</translation>
    </message>
    <message>
        <source>As it is now</source>
        <translation>Com&apos;è ora</translation>
    </message>
    <message>
        <source>With the document</source>
        <translation>Con il documento</translation>
    </message>
    <message>
        <source>&amp;Change</source>
        <translation>&amp;Modifica</translation>
    </message>
    <message>
        <source>&amp;Make a link</source>
        <translation>C&amp;rea un link</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Copia</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Copia l&apos;indirizzo</translation>
    </message>
</context>
<context>
    <name>MainMenu</name>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Riprendi</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pausa</translation>
    </message>
    <message numerus="yes">
        <source>In the cloud: %Ln document(s), {size}</source>
        <translation>
            <numerusform>Nel cloud: %Ln documento, {size}</numerusform>
            <numerusform>Nel cloud: %Ln documenti, {size}</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Apri</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>&amp;Scarica</translation>
    </message>
    <message>
        <source>&amp;Share…</source>
        <translation>&amp;Condividi…</translation>
    </message>
    <message>
        <source>&amp;Open MyDoc Transfer</source>
        <translation>&amp;Apri MyDoc Transfer</translation>
    </message>
    <message>
        <source>Open &amp;folder</source>
        <translation>Apri &amp;cartella</translation>
    </message>
    <message>
        <source>Open &amp;inbox</source>
        <translation>Apri &amp;ricevuti</translation>
    </message>
    <message>
        <source>&amp;Latest documents</source>
        <translation>Ultimi &amp;documenti</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>I&amp;mpostazioni…</translation>
    </message>
    <message>
        <source>&amp;Audit…</source>
        <translation>Re&amp;gistro…</translation>
    </message>
    <message>
        <source>&amp;Revoke everything…</source>
        <translation>&amp;Revoca tutto…</translation>
    </message>
    <message>
        <source>&amp;Sign out</source>
        <translation>Esci dall&apos;acco&amp;unt</translation>
    </message>
    <message>
        <source>Sign out &amp;everywhere…</source>
        <translation>Esci &amp;ovunque…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Chiu&amp;di</translation>
    </message>
    <message>
        <source>Pause for a &amp;while</source>
        <translation>Sospendi per un p&amp;o&apos;</translation>
    </message>
    <message>
        <source>For &amp;30 minutes</source>
        <translation>Per &amp;30 minuti</translation>
    </message>
    <message>
        <source>Until I &amp;resume</source>
        <translation>Finché non &amp;riprendo</translation>
    </message>
    <message>
        <source>Until &amp;tomorrow, {time}</source>
        <translation>Fino a &amp;domani, {time}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Starting…</source>
        <translation>Avvio…</translation>
    </message>
    <message>
        <source>There is no tray on this desktop, so closing minimises the window. To end the application, choose Quit in the menu.</source>
        <translation>Questo desktop non ha un&apos;area di notifica: chiudendo la finestra la si riduce a icona. Per terminare il programma, scegli «Chiudi» nel menu.</translation>
    </message>
</context>
<context>
    <name>NameEditor</name>
    <message>
        <source>New name</source>
        <translation>Nuovo nome</translation>
    </message>
    <message>
        <source>People see the new name. Your file keeps its own.</source>
        <translation>Gli altri vedono il nuovo nome. Il tuo file conserva il suo.</translation>
    </message>
    <message>
        <source>Original name: {name}</source>
        <translation>Nome originale: {name}</translation>
    </message>
</context>
<context>
    <name>NetworkSettings</name>
    <message>
        <source>&amp;Upload at most</source>
        <translation>&amp;Invio, al massimo</translation>
    </message>
    <message>
        <source>Upload at most</source>
        <translation>Invio, al massimo</translation>
    </message>
    <message>
        <source>&amp;Download at most</source>
        <translation>&amp;Download, al massimo</translation>
    </message>
    <message>
        <source>Download at most</source>
        <translation>Download, al massimo</translation>
    </message>
    <message>
        <source>A limit holds for all transfers together, also for those under way.</source>
        <translation>Il limite vale per tutti i trasferimenti insieme, anche per quelli in corso.</translation>
    </message>
    <message>
        <source>Wait while the line is &amp;metered</source>
        <translation>Attendi finché la connessione è a &amp;consumo</translation>
    </message>
    <message>
        <source>Wait while the computer runs on its &amp;battery</source>
        <translation>Attendi finché il computer usa la &amp;batteria</translation>
    </message>
    <message>
        <source>&amp;Proxy</source>
        <translation>&amp;Proxy</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
    <message>
        <source>File with certificate a&amp;uthorities</source>
        <translation>File con le a&amp;utorità di certificazione</translation>
    </message>
    <message>
        <source>File with certificate authorities</source>
        <translation>File con le autorità di certificazione</translation>
    </message>
    <message>
        <source>Empty means: as the system says. Both hold from the application&apos;s next start.</source>
        <translation>Se lasci vuoto, valgono le impostazioni del sistema. Entrambi valgono dal prossimo avvio del programma.</translation>
    </message>
    <message>
        <source> KiB a second</source>
        <translation> KiB al secondo</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Nessun limite</translation>
    </message>
</context>
<context>
    <name>NoticeActions</name>
    <message>
        <source>{name} stays for {time}</source>
        <translation>{name} resta per {time}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) stay for {time}</source>
        <translation>
            <numerusform>%Ln documento resta per {time}</numerusform>
            <numerusform>%Ln documenti restano per {time}</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is in your inbox</source>
        <translation>{name} è nella cartella dei ricevuti</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Mostra nella cartella</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>It goes on in the tray. Click its icon to see your documents.</source>
        <translation>Continua nell&apos;area di notifica. Fai clic sull&apos;icona per vedere i tuoi documenti.</translation>
    </message>
    <message>
        <source>There is no tray on this desktop, so the window was minimised.</source>
        <translation>Questo desktop non ha un&apos;area di notifica, quindi la finestra è stata ridotta a icona.</translation>
    </message>
    <message>
        <source>MyDoc Transfer is still running</source>
        <translation>MyDoc Transfer è ancora in esecuzione</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) are in the cloud</source>
        <translation>
            <numerusform>%Ln documento è nel cloud</numerusform>
            <numerusform>%Ln documenti sono nel cloud</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>e %Ln altro</numerusform>
            <numerusform>e altri %Ln</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is in the cloud</source>
        <translation>{name} è nel cloud</translation>
    </message>
    <message>
        <source>{name} is in the cloud until {time}</source>
        <translation>{name} è nel cloud, scadenza: {time}</translation>
    </message>
    <message>
        <source>Somebody</source>
        <translation>Qualcuno</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) were shared with you</source>
        <translation>
            <numerusform>%Ln documento è stato condiviso con te</numerusform>
            <numerusform>%Ln documenti sono stati condivisi con te</numerusform>
        </translation>
    </message>
    <message>
        <source>{who} shared a document with you</source>
        <translation>{who} ha condiviso un documento con te</translation>
    </message>
    <message>
        <source>{name}, until {time}</source>
        <translation>{name}, scadenza: {time}</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Scarica</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) leave the cloud within ten minutes</source>
        <translation>
            <numerusform>%Ln documento scade entro dieci minuti</numerusform>
            <numerusform>%Ln documenti scadono entro dieci minuti</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} leaves the cloud at {time}</source>
        <translation>{name} scade: {time}</translation>
    </message>
    <message>
        <source>Keep for {time}</source>
        <translation>Conserva per {time}</translation>
    </message>
    <message>
        <source>Let go</source>
        <translation>Lascia scadere</translation>
    </message>
    <message>
        <source>{name}: {sentence}</source>
        <translation>{name}: {sentence}</translation>
    </message>
    <message>
        <source>Not downloaded yet by {people}.</source>
        <translation>Non ancora scaricato da {people}.</translation>
    </message>
    <message>
        <source>Everybody has downloaded it.</source>
        <translation>Tutti l&apos;hanno scaricato.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) were downloaded</source>
        <translation>
            <numerusform>%Ln documento è stato scaricato</numerusform>
            <numerusform>%Ln documenti sono stati scaricati</numerusform>
        </translation>
    </message>
    <message>
        <source>By {people}.</source>
        <translation>Da {people}.</translation>
    </message>
    <message>
        <source>{name} was downloaded</source>
        <translation>{name} è stato scaricato</translation>
    </message>
    <message>
        <source>{who} downloaded {name}</source>
        <translation>{who} ha scaricato {name}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) disappeared from your folder</source>
        <translation>
            <numerusform>%Ln file è sparito dalla tua cartella</numerusform>
            <numerusform>%Ln file sono spariti dalla tua cartella</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has been withdrawn from the cloud. Please decide what happens.</source>
        <translation>Nulla è stato ritirato dal cloud. Decidi che cosa fare.</translation>
    </message>
    <message>
        <source>Keep in the cloud</source>
        <translation>Conserva nel cloud</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>Decidi…</translation>
    </message>
    <message>
        <source>{name} could not be sent</source>
        <translation>Invio di {name} non riuscito</translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) need attention</source>
        <translation>
            <numerusform>%Ln elemento da verificare</numerusform>
            <numerusform>%Ln elementi da verificare</numerusform>
        </translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Riprova</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Mostra</translation>
    </message>
</context>
<context>
    <name>NotificationsSettings</name>
    <message>
        <source>A document is in the &amp;cloud</source>
        <translation>Un documento è nel c&amp;loud</translation>
    </message>
    <message>
        <source>Somebody &amp;shares a document with me</source>
        <translation>Qualcuno condivide un &amp;documento con me</translation>
    </message>
    <message>
        <source>Somebody has &amp;downloaded a document of mine</source>
        <translation>Qualcuno ha scaricato un mio &amp;documento</translation>
    </message>
    <message>
        <source>A document &amp;leaves the cloud soon</source>
        <translation>Un documento &amp;scade presto</translation>
    </message>
    <message>
        <source>A document could not be se&amp;nt</source>
        <translation>Un documento non è stato &amp;inviato</translation>
    </message>
    <message>
        <source>Your desktop&apos;s “do not disturb” holds for all of them.</source>
        <translation>Il «non disturbare» del desktop vale per tutte.</translation>
    </message>
    <message>
        <source>Tell me when</source>
        <translation>Avvisami quando</translation>
    </message>
</context>
<context>
    <name>PeopleField</name>
    <message>
        <source>Name or email address</source>
        <translation>Nome o indirizzo e-mail</translation>
    </message>
    <message>
        <source>People found</source>
        <translation>Persone trovate</translation>
    </message>
    <message>
        <source>This is no email address: {who}.</source>
        <translation>Non è un indirizzo e-mail: {who}.</translation>
    </message>
    <message>
        <source>Your organisation does not allow sharing with {who}.</source>
        <translation>La tua organizzazione non consente di condividere con {who}.</translation>
    </message>
    <message>
        <source>Nobody in your organisation has this address: {who}.</source>
        <translation>Nessuno nella tua organizzazione ha questo indirizzo: {who}.</translation>
    </message>
    <message>
        <source>{who} is your own address.</source>
        <translation>{who} è il tuo indirizzo.</translation>
    </message>
    <message>
        <source>Has it already: {who}.</source>
        <translation>Ce l&apos;ha già: {who}.</translation>
    </message>
    <message>
        <source>Nobody called {who} was found. Write the email address.</source>
        <translation>Nessuno di nome {who} è stato trovato. Scrivi l&apos;indirizzo e-mail.</translation>
    </message>
</context>
<context>
    <name>ProblemsModel</name>
    <message>
        <source>Document</source>
        <translation>Documento</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Che cosa non va</translation>
    </message>
    <message>
        <source>What helps</source>
        <translation>Che cosa aiuta</translation>
    </message>
    <message>
        <source>Two versions, both kept</source>
        <translation>Due versioni, conservate entrambe</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Non inviato</translation>
    </message>
    <message>
        <source>It is tried again by itself. Mend the cause, then try again now.</source>
        <translation>Si riprova da solo. Elimina la causa, poi riprova subito.</translation>
    </message>
    <message>
        <source>Compare the two, and delete the one you do not want.</source>
        <translation>Confronta le due versioni ed elimina quella che non vuoi.</translation>
    </message>
    <message>
        <source>To send it anyway, choose “Send again” among the documents.</source>
        <translation>Per inviarlo comunque, scegli «Invia di nuovo» tra i documenti.</translation>
    </message>
    <message>
        <source>Only files are sent. Put a copy in its place to send it.</source>
        <translation>Si inviano solo file. Per inviarlo, metti una copia al suo posto.</translation>
    </message>
</context>
<context>
    <name>ProblemsPage</name>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Mostra nella cart&amp;ella</translation>
    </message>
    <message>
        <source>&amp;Try again now</source>
        <translation>&amp;Riprova ora</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Problemi</translation>
    </message>
    <message>
        <source>No document has a problem of its own</source>
        <translation>Nessun documento ha un problema proprio</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>Nessun problema</translation>
    </message>
    <message>
        <source>Everything is in order. What needs you would stand here, with what helps.</source>
        <translation>Tutto è in ordine. Se qualcosa richiederà il tuo intervento, lo troverai qui con il rimedio.</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Annulla</translation>
    </message>
</context>
<context>
    <name>ReceiptDialog</name>
    <message>
        <source>Receipt of the deletion</source>
        <translation>Ricevuta della cancellazione</translation>
    </message>
    <message>
        <source>&amp;Save…</source>
        <translation>&amp;Salva…</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Chiudi</translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}.</source>
        <translation>Impossibile scrivere {path}: {reason}.</translation>
    </message>
    <message>
        <source>The receipt was not saved</source>
        <translation>La ricevuta non è stata salvata</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Salvato come {path}.</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Documento</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Dimensione</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versioni</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>Proprietario</translation>
    </message>
    <message>
        <source>Who had it</source>
        <translation>Chi lo aveva</translation>
    </message>
    <message>
        <source>Nobody else</source>
        <translation>Nessun altro</translation>
    </message>
    <message>
        <source>Who downloaded it</source>
        <translation>Chi l&apos;ha scaricato</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>Nessuno</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Inviato</translation>
    </message>
    <message>
        <source>Left the cloud</source>
        <translation>Uscito dal cloud</translation>
    </message>
    <message>
        <source>Last byte deleted</source>
        <translation>Ultimo byte cancellato</translation>
    </message>
    <message>
        <source>Not yet</source>
        <translation>Non ancora</translation>
    </message>
    <message>
        <source>{who}, {time}</source>
        <translation>{who}, {time}</translation>
    </message>
    <message>
        <source>Save the receipt</source>
        <translation>Salva la ricevuta</translation>
    </message>
</context>
<context>
    <name>RequiredFactor</name>
    <message>
        <source>Your organisation asks for a second factor. Scan the picture with an authenticator application on your phone, or type the key into it. Then enter the code it shows. From now on signing in asks for such a code.</source>
        <translation>La tua organizzazione richiede un secondo fattore. Inquadra l&apos;immagine con un&apos;app di autenticazione sul telefono, oppure digita lì la chiave. Poi inserisci il codice che mostra. D&apos;ora in poi l&apos;accesso chiede un codice simile.</translation>
    </message>
    <message>
        <source>Sign &amp;in</source>
        <translation>Acce&amp;di</translation>
    </message>
</context>
<context>
    <name>Revoking</name>
    <message>
        <source>Revoke everything you have shared?</source>
        <translation>Revocare tutto ciò che hai condiviso?</translation>
    </message>
    <message>
        <source>All your links stop working, and nobody but you can get your documents any more. What was downloaded already stays where it is. Your files stay too.</source>
        <translation>Tutti i tuoi link smettono di funzionare, e nessun altro potrà più scaricare i tuoi documenti. Ciò che è già stato scaricato resta dov&apos;è. Anche i tuoi file restano.</translation>
    </message>
    <message>
        <source>&amp;Revoke everything</source>
        <translation>&amp;Revoca tutto</translation>
    </message>
    <message>
        <source>All your links have ended, and your documents are yours alone.</source>
        <translation>Tutti i tuoi link sono terminati e i tuoi documenti non sono più condivisi con nessuno.</translation>
    </message>
</context>
<context>
    <name>RowWords</name>
    <message>
        <source>You</source>
        <translation>Tu</translation>
    </message>
    <message>
        <source>Click to share…</source>
        <translation>Condividi…</translation>
    </message>
    <message>
        <source>Share as before</source>
        <translation>Condividi come prima</translation>
    </message>
    <message>
        <source>{who}: not downloaded yet</source>
        <translation>{who}: non ancora scaricato</translation>
    </message>
    <message>
        <source>{who}: downloaded at {time}</source>
        <translation>{who}: scaricato ({time})</translation>
    </message>
    <message>
        <source>Sending {percent} %</source>
        <translation>Invio: {percent} %</translation>
    </message>
    <message>
        <source>Its time is up</source>
        <translation>Scaduto</translation>
    </message>
    <message>
        <source>In the cloud</source>
        <translation>Nel cloud</translation>
    </message>
    <message>
        <source>Ready to download</source>
        <translation>Pronto da scaricare</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>In attesa</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>Invio in corso</translation>
    </message>
    <message>
        <source>Still being written</source>
        <translation>Ancora in scrittura</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Non inviato</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problema</translation>
    </message>
    <message>
        <source>Gone from the cloud, kept here</source>
        <translation>Non più nel cloud, conservato qui</translation>
    </message>
    <message>
        <source>Gone from the cloud</source>
        <translation>Non più nel cloud</translation>
    </message>
    <message>
        <source>Two versions, both kept</source>
        <translation>Due versioni, conservate entrambe</translation>
    </message>
    <message>
        <source>Click or press Return to read what helps.</source>
        <translation>Fai clic o premi Invio per leggere che cosa aiuta.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln byte(s)</source>
        <translation>
            <numerusform>%Ln byte</numerusform>
            <numerusform>%Ln byte</numerusform>
        </translation>
    </message>
    <message>
        <source>Whoever has its link, until {time}</source>
        <translation>Chiunque abbia il link, fino a {time}</translation>
    </message>
    <message>
        <source>Expired at {time}</source>
        <translation>Scaduto: {time}</translation>
    </message>
    <message>
        <source>Expires at {time}</source>
        <translation>Scade: {time}</translation>
    </message>
    <message>
        <source>Expires at {time}. Click or press Return for more time.</source>
        <translation>Scade: {time}. Per avere più tempo fai clic o premi Invio.</translation>
    </message>
</context>
<context>
    <name>RuleDialog</name>
    <message>
        <source>New folder rule</source>
        <translation>Nuova regola di cartella</translation>
    </message>
    <message>
        <source>Folder rule</source>
        <translation>Regola di cartella</translation>
    </message>
    <message>
        <source>A folder within the watched one</source>
        <translation>Una cartella dentro quella monitorata</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>S&amp;cegli…</translation>
    </message>
    <message>
        <source>&amp;Save rule</source>
        <translation>&amp;Salva la regola</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>A&amp;nnulla</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>Car&amp;tella</translation>
    </message>
    <message>
        <source>New documents stay in the cloud f&amp;or</source>
        <translation>I nuovi documenti restano nel clou&amp;d per</translation>
    </message>
    <message>
        <source>They are shared w&amp;ith</source>
        <translation>Vengono condivisi c&amp;on</translation>
    </message>
    <message>
        <source>As everywhere: {time}</source>
        <translation>Come ovunque: {time}</translation>
    </message>
    <message>
        <source>Lifetimes</source>
        <translation>Durate</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Scegli una cartella</translation>
    </message>
    <message>
        <source>Say which folder the rule is for.</source>
        <translation>Indica per quale cartella vale la regola.</translation>
    </message>
    <message>
        <source>The folder has to lie within {folder}.</source>
        <translation>La cartella deve trovarsi in {folder}.</translation>
    </message>
    <message>
        <source>This folder has a rule already. Change that one.</source>
        <translation>Questa cartella ha già una regola. Modifica quella.</translation>
    </message>
    <message>
        <source>Take out first who cannot be chosen.</source>
        <translation>Togli prima chi non si può scegliere.</translation>
    </message>
    <message>
        <source>The rule says nothing yet. Choose a time, or people.</source>
        <translation>La regola non stabilisce ancora nulla. Scegli una durata o delle persone.</translation>
    </message>
</context>
<context>
    <name>RulesList</name>
    <message>
        <source>Folder rules</source>
        <translation>Regole di cartella</translation>
    </message>
    <message>
        <source>&amp;New rule…</source>
        <translation>&amp;Nuova regola…</translation>
    </message>
    <message>
        <source>&amp;Change…</source>
        <translation>&amp;Modifica…</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>&amp;Togli…</translation>
    </message>
    <message>
        <source>Rules of folders &amp;within it</source>
        <translation>Regole delle cartelle al suo i&amp;nterno</translation>
    </message>
    <message>
        <source>No folder has a rule</source>
        <translation>Nessuna cartella ha una regola</translation>
    </message>
    <message>
        <source>A rule gives what is put into a folder its own time and people.</source>
        <translation>Una regola stabilisce per una cartella quanto restano i documenti e chi li riceve.</translation>
    </message>
    <message>
        <source>Remove the rule of {folder}?</source>
        <translation>Togliere la regola di {folder}?</translation>
    </message>
    <message>
        <source>New files there follow the rules around them. What is in the cloud already keeps its time and its people.</source>
        <translation>Per i nuovi file varranno le regole delle cartelle superiori. Ciò che è già nel cloud mantiene la sua durata e le sue persone.</translation>
    </message>
    <message>
        <source>&amp;Remove rule</source>
        <translation>&amp;Togli la regola</translation>
    </message>
</context>
<context>
    <name>RulesModel</name>
    <message>
        <source>Folder</source>
        <translation>Cartella</translation>
    </message>
    <message>
        <source>New documents stay</source>
        <translation>Durata</translation>
    </message>
    <message>
        <source>Shared with</source>
        <translation>Condivisi con</translation>
    </message>
    <message>
        <source>As everywhere</source>
        <translation>Come ovunque</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>Nessuno</translation>
    </message>
</context>
<context>
    <name>SecondFactor</name>
    <message>
        <source>Set up a second factor</source>
        <translation>Configura un secondo fattore</translation>
    </message>
    <message>
        <source>Scan the picture with an authenticator application on your phone, or type the key into it. Then enter the code it shows. From then on signing in asks for a code, so keep the application, or a copy of the key in a safe place.</source>
        <translation>Inquadra l&apos;immagine con un&apos;app di autenticazione sul telefono, oppure digita lì la chiave. Poi inserisci il codice che mostra. Da quel momento l&apos;accesso chiede un codice: conserva l&apos;app, o una copia della chiave in un luogo sicuro.</translation>
    </message>
    <message>
        <source>QR code of the key</source>
        <translation>Codice QR della chiave</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>C&amp;hiave</translation>
    </message>
    <message>
        <source>C&amp;ode</source>
        <translation>C&amp;odice</translation>
    </message>
    <message>
        <source>&amp;Turn on</source>
        <translation>A&amp;ttiva</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>A document has at most {0} bytes here.</source>
        <translation>Un documento ha qui al massimo {0} byte.</translation>
    </message>
    <message>
        <source>A document stays for 1 second to {0} days here.</source>
        <translation>Qui un documento resta da 1 secondo a {0} giorni.</translation>
    </message>
    <message>
        <source>A document stays for 1 second to {0} hours here.</source>
        <translation>Qui un documento resta da 1 secondo a {0} ore.</translation>
    </message>
    <message>
        <source>A document stays for 1 second to {0} seconds here.</source>
        <translation>Qui un documento resta da 1 secondo a {0} secondi.</translation>
    </message>
    <message>
        <source>A link, not a file: links are not followed.</source>
        <translation>Un collegamento, non un file: i collegamenti non vengono seguiti.</translation>
    </message>
    <message>
        <source>A name needs more than dots and spaces, and no slash.</source>
        <translation>Un nome deve contenere altro oltre a punti e spazi, e nessuna barra.</translation>
    </message>
    <message>
        <source>A newer version from {0} is in the cloud.</source>
        <translation>Nel cloud c&apos;è una versione più recente da {0}.</translation>
    </message>
    <message>
        <source>A newer version is in the cloud.</source>
        <translation>Nel cloud c&apos;è una versione più recente.</translation>
    </message>
    <message>
        <source>A part of this program stopped and could not be started again: the computer is short of memory or of open files. It is tried again; closing other programs helps.</source>
        <translation>Una parte di questo programma si è fermata e non è stato possibile riavviarla: al computer mancano memoria o file aperti. Si riprova; chiudere altri programmi aiuta.</translation>
    </message>
    <message>
        <source>A part of this program stopped. It is tried again.</source>
        <translation>Una parte di questo programma si è fermata. Si riprova.</translation>
    </message>
    <message>
        <source>A part of this program that sends and reads files stopped. It was started again, and what it was doing is tried once more.</source>
        <translation>Una parte di questo programma, che invia e legge i file, si è fermata. È stata riavviata e si riprova ciò che stava facendo.</translation>
    </message>
    <message>
        <source>A part of this program that sends files stopped. It is started again, and what it was sending is sent once more.</source>
        <translation>Una parte di questo programma, che invia i file, si è fermata. Viene riavviata e ciò che stava inviando viene inviato di nuovo.</translation>
    </message>
    <message>
        <source>A part that this program needs is missing or too old ({0}). Install it again; in a checkout of its sources `make run` does that.</source>
        <translation>Una parte di cui questo programma ha bisogno manca o è troppo vecchia ({0}). Installalo di nuovo; in una copia dei sorgenti lo fa `make run`.</translation>
    </message>
    <message>
        <source>A recipient is no e-mail address.</source>
        <translation>Tra i destinatari c&apos;è qualcosa che non è un indirizzo e-mail.</translation>
    </message>
    <message>
        <source>A rule is for a folder inside the watched folder, which has its own lifetime.</source>
        <translation>Una regola vale per una cartella dentro quella monitorata, che ha una durata propria.</translation>
    </message>
    <message>
        <source>Already running</source>
        <translation>Già in esecuzione</translation>
    </message>
    <message>
        <source>An op_id is repeated.</source>
        <translation>Un op_id è ripetuto.</translation>
    </message>
    <message>
        <source>An upload_id is repeated.</source>
        <translation>Un upload_id è ripetuto.</translation>
    </message>
    <message>
        <source>Another device has published a newer version.</source>
        <translation>Un altro dispositivo ha pubblicato una versione più recente.</translation>
    </message>
    <message>
        <source>Another document has this path.</source>
        <translation>Un altro documento ha questo percorso.</translation>
    </message>
    <message>
        <source>Another program has locked it; it is tried again.</source>
        <translation>Un altro programma lo tiene bloccato; si riprova.</translation>
    </message>
    <message>
        <source>At most {0} files in one call.</source>
        <translation>Al massimo {0} file alla volta.</translation>
    </message>
    <message>
        <source>At most {0} people in one call.</source>
        <translation>Al massimo {0} persone alla volta.</translation>
    </message>
    <message>
        <source>At most {0} people with a new document.</source>
        <translation>Al massimo {0} persone con un nuovo documento.</translation>
    </message>
    <message>
        <source>At most {0} people.</source>
        <translation>Al massimo {0} persone.</translation>
    </message>
    <message>
        <source>Cancelled. It is sent when you change it or resume it.</source>
        <translation>Annullato. Viene inviato quando lo modifichi o lo riprendi.</translation>
    </message>
    <message>
        <source>Changes are looked for every 30 seconds.</source>
        <translation>Le modifiche vengono cercate ogni 30 secondi.</translation>
    </message>
    <message>
        <source>Choose a new password to go on.</source>
        <translation>Scegli una nuova password per continuare.</translation>
    </message>
    <message>
        <source>Connect to your cloud first.</source>
        <translation>Collegati prima al tuo cloud.</translation>
    </message>
    <message>
        <source>Deletions are held back</source>
        <translation>Eliminazioni in attesa</translation>
    </message>
    <message>
        <source>Deletions wait for your answer.</source>
        <translation>Le eliminazioni attendono la tua risposta.</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Terminato</translation>
    </message>
    <message>
        <source>Enter the code of your second factor to go on.</source>
        <translation>Inserisci il codice del secondo fattore per continuare.</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Scaduto</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Cartella</translation>
    </message>
    <message>
        <source>Gone from the cloud, kept here.</source>
        <translation>Non più nel cloud, conservato qui.</translation>
    </message>
    <message>
        <source>Gone from the cloud.</source>
        <translation>Non più nel cloud.</translation>
    </message>
    <message>
        <source>Gone from the folder.</source>
        <translation>Sparito dalla cartella.</translation>
    </message>
    <message>
        <source>Gone from the folder; it will leave the cloud too.</source>
        <translation>Non più nella cartella; lascerà anche il cloud.</translation>
    </message>
    <message>
        <source>Gone from the folder; waits for your answer.</source>
        <translation>Non più nella cartella; attende la tua risposta.</translation>
    </message>
    <message>
        <source>In the cloud as {0}.</source>
        <translation>Nel cloud come {0}.</translation>
    </message>
    <message>
        <source>In the cloud only.</source>
        <translation>Solo nel cloud.</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>Interrotto</translation>
    </message>
    <message>
        <source>It cannot be read ({0}).</source>
        <translation>Non si può leggere ({0}).</translation>
    </message>
    <message>
        <source>It comes from another version of the application.</source>
        <translation>Proviene da un&apos;altra versione dell&apos;applicazione.</translation>
    </message>
    <message>
        <source>It did not work</source>
        <translation>Non ha funzionato</translation>
    </message>
    <message>
        <source>It is another name of a file that belongs to somebody else.</source>
        <translation>È un altro nome di un file che appartiene a qualcun altro.</translation>
    </message>
    <message>
        <source>It is empty, though nobody seems to have written to it: it may be damaged. Restore it, or save it again to send it as it is.</source>
        <translation>È vuoto, anche se nessuno sembra averci scritto: potrebbe essere danneggiato. Ripristinalo, o salvalo di nuovo per inviarlo così.</translation>
    </message>
    <message>
        <source>It is not a connection file ({0}).</source>
        <translation>Non è un file di connessione ({0}).</translation>
    </message>
    <message>
        <source>It keeps changing; it will be sent when it comes to rest.</source>
        <translation>Continua a cambiare; verrà inviato quando si ferma.</translation>
    </message>
    <message>
        <source>It lies on another disk that is mounted here.</source>
        <translation>Si trova su un altro disco montato qui.</translation>
    </message>
    <message>
        <source>It may have traded places with another file, and “{0}” cannot be read now. Make that readable, and this goes on by itself.</source>
        <translation>Potrebbe aver scambiato il posto con un altro file, e «{0}» ora non si può leggere. Rendilo leggibile, e qui si prosegue da sé.</translation>
    </message>
    <message>
        <source>Its path is too long.</source>
        <translation>Il percorso è troppo lungo.</translation>
    </message>
    <message>
        <source>Its {0} does not begin with https://, and passwords would travel unprotected.</source>
        <translation>{0} al suo interno non inizia con https://, e le password viaggerebbero senza protezione.</translation>
    </message>
    <message>
        <source>Its {0} is not one.</source>
        <translation>{0} al suo interno non lo è.</translation>
    </message>
    <message>
        <source>Its {0} is not the address of a cloud.</source>
        <translation>{0} al suo interno non è l&apos;indirizzo di un cloud.</translation>
    </message>
    <message>
        <source>Links are not allowed here.</source>
        <translation>I link non sono consentiti qui.</translation>
    </message>
    <message>
        <source>MyDoc Transfer did not start</source>
        <translation>MyDoc Transfer non è stato avviato</translation>
    </message>
    <message>
        <source>MyDoc Transfer is already running on this home. Quit it (or stop `sync`) first.</source>
        <translation>MyDoc Transfer è già in esecuzione con questi dati. Chiudilo (o ferma `sync`) prima.</translation>
    </message>
    <message>
        <source>Network settings</source>
        <translation>Impostazioni di rete</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Nessuna risposta</translation>
    </message>
    <message>
        <source>No deletions are held back.</source>
        <translation>Nessuna eliminazione è in attesa.</translation>
    </message>
    <message>
        <source>No files, and no grant to renew.</source>
        <translation>Nessun file, e nulla da rinnovare.</translation>
    </message>
    <message>
        <source>No folder</source>
        <translation>Nessuna cartella</translation>
    </message>
    <message>
        <source>No folder is chosen yet. Choose one with: folder DIR</source>
        <translation>Non è ancora stata scelta una cartella. Scegline una con: folder DIR</translation>
    </message>
    <message>
        <source>No permission</source>
        <translation>Nessuna autorizzazione</translation>
    </message>
    <message>
        <source>No place to work</source>
        <translation>Nessun posto per lavorare</translation>
    </message>
    <message>
        <source>No such account</source>
        <translation>Account inesistente</translation>
    </message>
    <message>
        <source>No such file</source>
        <translation>File inesistente</translation>
    </message>
    <message>
        <source>Not a folder rule</source>
        <translation>Non è una regola di cartella</translation>
    </message>
    <message>
        <source>Not a lifetime</source>
        <translation>Non è una scadenza</translation>
    </message>
    <message>
        <source>Not a link of ours</source>
        <translation>Non è un nostro link</translation>
    </message>
    <message>
        <source>Not a regular file (a device).</source>
        <translation>Non è un file normale (un dispositivo).</translation>
    </message>
    <message>
        <source>Not a regular file (a pipe).</source>
        <translation>Non è un file normale (una pipe).</translation>
    </message>
    <message>
        <source>Not a regular file (a socket).</source>
        <translation>Non è un file normale (un socket).</translation>
    </message>
    <message>
        <source>Not at login</source>
        <translation>Non all&apos;accesso</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Non connesso</translation>
    </message>
    <message>
        <source>Not everything is in the cloud</source>
        <translation>Non tutto è nel cloud</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>Non trovato</translation>
    </message>
    <message>
        <source>Not in the file manager</source>
        <translation>Non nel gestore di file</translation>
    </message>
    <message>
        <source>Not installed whole</source>
        <translation>Non installato per intero</translation>
    </message>
    <message>
        <source>Not opened</source>
        <translation>Non aperto</translation>
    </message>
    <message>
        <source>Not reset</source>
        <translation>Non reimpostato</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>Non salvato</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Non inviato</translation>
    </message>
    <message>
        <source>Not sent: it was here before. It is sent when you change it.</source>
        <translation>Non inviato: era già qui. Viene inviato quando lo modifichi.</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Accesso non effettuato</translation>
    </message>
    <message>
        <source>Not this folder</source>
        <translation>Non questa cartella</translation>
    </message>
    <message>
        <source>Not understood</source>
        <translation>Non compreso</translation>
    </message>
    <message>
        <source>Nothing can be written into {0} ({1}).</source>
        <translation>In {0} non si può scrivere nulla ({1}).</translation>
    </message>
    <message>
        <source>Nothing can be written into {0} ({1}). Choose another folder.</source>
        <translation>In {0} non si può scrivere nulla ({1}). Scegli un&apos;altra cartella.</translation>
    </message>
    <message>
        <source>Nothing can be written into {0} ({1}). Put that right, or name another place with --home.</source>
        <translation>Non si può scrivere nulla in {0} ({1}). Rimedia, o indica un altro posto con --home.</translation>
    </message>
    <message>
        <source>Nothing can be written into {0}, not even the marker this program needs.</source>
        <translation>In {0} non si può scrivere nulla, nemmeno il contrassegno che serve a questo programma.</translation>
    </message>
    <message>
        <source>Nothing in “{0}” is sent or withdrawn, for it cannot be read, or its .mydocignore cannot. Make that readable, and this goes on by itself.</source>
        <translation>Da «{0}» non viene inviato né ritirato nulla, perché la cartella o il suo .mydocignore non si può leggere. Rendilo leggibile e tutto continua da sé.</translation>
    </message>
    <message>
        <source>Nothing to answer</source>
        <translation>Nulla a cui rispondere</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Only administrators read the audit.</source>
        <translation>Solo gli amministratori leggono il registro.</translation>
    </message>
    <message>
        <source>Only the owner may do this.</source>
        <translation>Può farlo solo chi possiede il documento.</translation>
    </message>
    <message>
        <source>Outside the folder</source>
        <translation>Fuori dalla cartella</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>In pausa</translation>
    </message>
    <message>
        <source>Paused. It is sent when you resume it.</source>
        <translation>In pausa. Viene inviato quando lo riprendi.</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Rifiutato</translation>
    </message>
    <message>
        <source>Register the file again.</source>
        <translation>Registra di nuovo il file.</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>Rimosso</translation>
    </message>
    <message>
        <source>Sent again; not shared again.</source>
        <translation>Inviato di nuovo; non condiviso di nuovo.</translation>
    </message>
    <message>
        <source>Set it (best to be set automatically), then sign in again.</source>
        <translation>Regolalo (meglio se automaticamente), poi accedi di nuovo.</translation>
    </message>
    <message>
        <source>Setting up the second factor took too long. Sign in again to start over.</source>
        <translation>La configurazione del secondo fattore ha richiesto troppo tempo. Accedi di nuovo per ricominciare.</translation>
    </message>
    <message>
        <source>Settings not saved</source>
        <translation>Impostazioni non salvate</translation>
    </message>
    <message>
        <source>Sign in again.</source>
        <translation>Accedi di nuovo.</translation>
    </message>
    <message>
        <source>Signing in was refused ({0}).</source>
        <translation>L&apos;accesso è stato rifiutato ({0}).</translation>
    </message>
    <message>
        <source>Somebody among the recipients has no account here.</source>
        <translation>Qualcuno tra i destinatari non ha un account qui.</translation>
    </message>
    <message>
        <source>Something else than the store answered. Does this network want you to sign in?</source>
        <translation>Ha risposto qualcosa di diverso dall&apos;archivio. Questa rete chiede di accedere?</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Qualcosa è andato storto</translation>
    </message>
    <message>
        <source>Something went wrong inside the application. It will be tried again; the log says more.</source>
        <translation>Qualcosa è andato storto nell&apos;applicazione. Si riproverà; il log dice di più.</translation>
    </message>
    <message>
        <source>Something went wrong inside the application; the log says more.</source>
        <translation>Qualcosa è andato storto nell&apos;applicazione; il log dice di più.</translation>
    </message>
    <message>
        <source>Something went wrong on our side.</source>
        <translation>Qualcosa è andato storto dalla parte del cloud.</translation>
    </message>
    <message>
        <source>Something went wrong that should not have ({0}: {1}).</source>
        <translation>Qualcosa è andato storto in modo imprevisto ({0}: {1}).</translation>
    </message>
    <message>
        <source>Still there</source>
        <translation>Ancora presente</translation>
    </message>
    <message>
        <source>Syncing is paused. Resume it first.</source>
        <translation>L&apos;invio è in pausa. Riprendilo prima.</translation>
    </message>
    <message>
        <source>Syncing stopped because of an error. It will start again by itself.</source>
        <translation>L&apos;invio si è fermato per un errore. Riprenderà da solo.</translation>
    </message>
    <message>
        <source>That is no command.</source>
        <translation>Non è un comando.</translation>
    </message>
    <message>
        <source>That is nothing this window does.</source>
        <translation>Questa finestra non fa nulla del genere.</translation>
    </message>
    <message>
        <source>That is too much for one command.</source>
        <translation>È troppo per un solo comando.</translation>
    </message>
    <message>
        <source>The answer did not come from your cloud. If this network asks you to sign in to it, do that in a browser first.</source>
        <translation>La risposta non veniva dal tuo cloud. Se questa rete chiede di accedere, fallo prima in un browser.</translation>
    </message>
    <message>
        <source>The answer did not come from {0}. If this network asks you to sign in to it, do that in a browser first.</source>
        <translation>La risposta non veniva da {0}. Se questa rete chiede di accedere, fallo prima in un browser.</translation>
    </message>
    <message>
        <source>The answer of the sign-in service was not understood. Is this application up to date?</source>
        <translation>La risposta del servizio di accesso non è stata compresa. Questa applicazione è aggiornata?</translation>
    </message>
    <message>
        <source>The bytes did not arrive whole; they are sent again.</source>
        <translation>I dati non sono arrivati interi; vengono inviati di nuovo.</translation>
    </message>
    <message>
        <source>The cloud does not accept your session. Sign in again.</source>
        <translation>Il cloud non accetta la tua sessione. Accedi di nuovo.</translation>
    </message>
    <message>
        <source>The cloud is busy or being looked after. It is tried again soon.</source>
        <translation>Il cloud è occupato o in manutenzione. Si riproverà presto.</translation>
    </message>
    <message>
        <source>The cloud is busy or being looked after. Try again in a moment.</source>
        <translation>Il cloud è occupato o in manutenzione. Riprova tra un momento.</translation>
    </message>
    <message>
        <source>The cloud of your connection file does not exist any more. Ask for a new file.</source>
        <translation>Il cloud del tuo file di connessione non esiste più. Chiedi un nuovo file.</translation>
    </message>
    <message>
        <source>The cloud on this machine does not run; `mydoctransfer local up` starts it.</source>
        <translation>Il cloud su questo computer non è in funzione; `mydoctransfer local up` lo avvia.</translation>
    </message>
    <message>
        <source>The cloud&apos;s answer was not understood ({0}). Is this application up to date?</source>
        <translation>La risposta del cloud non è stata compresa ({0}). Questa applicazione è aggiornata?</translation>
    </message>
    <message>
        <source>The cloud&apos;s answer was not understood; it will be asked again.</source>
        <translation>La risposta del cloud non è stata compresa; verrà chiesto di nuovo.</translation>
    </message>
    <message>
        <source>The code could not be sent to this address. Check the address and try again.</source>
        <translation>Non è stato possibile inviare il codice a questo indirizzo. Controlla l&apos;indirizzo e riprova.</translation>
    </message>
    <message>
        <source>The code is too old. Have another one sent.</source>
        <translation>Il codice è troppo vecchio. Fattene inviare un altro.</translation>
    </message>
    <message>
        <source>The code is too old. Sign in again.</source>
        <translation>Il codice è troppo vecchio. Accedi di nuovo.</translation>
    </message>
    <message>
        <source>The code is wrong or too old. Check it, or have a new one sent.</source>
        <translation>Il codice è errato o troppo vecchio. Controllalo, o fattene inviare uno nuovo.</translation>
    </message>
    <message>
        <source>The code is wrong or too old. Wait for the next one in the application and enter that.</source>
        <translation>Il codice è errato o troppo vecchio. Attendi il prossimo nell&apos;app e inserisci quello.</translation>
    </message>
    <message>
        <source>The code is wrong. Check it, or have another one sent.</source>
        <translation>Il codice è errato. Controllalo, o fattene inviare un altro.</translation>
    </message>
    <message>
        <source>The code is wrong. Sign in again.</source>
        <translation>Il codice è errato. Accedi di nuovo.</translation>
    </message>
    <message>
        <source>The connection to the store is not secure ({0}).</source>
        <translation>La connessione all&apos;archivio non è sicura ({0}).</translation>
    </message>
    <message>
        <source>The connection to {0} is not secure: {1}. Nothing was sent.</source>
        <translation>La connessione a {0} non è sicura: {1}. Non è stato inviato nulla.</translation>
    </message>
    <message>
        <source>The cursor belongs to another query.</source>
        <translation>Il cursore appartiene a un&apos;altra ricerca.</translation>
    </message>
    <message>
        <source>The directory {0} cannot be made ({1}). Put that right, or name another place with --home.</source>
        <translation>La directory {0} non può essere creata ({1}). Rimedia, o indica un altro posto con --home.</translation>
    </message>
    <message>
        <source>The folder {0} is missing. Nothing is sent or withdrawn until it is back or you choose another.</source>
        <translation>La cartella {0} manca. Nulla viene inviato o ritirato finché non torna o non ne scegli un&apos;altra.</translation>
    </message>
    <message>
        <source>The journal cannot be read or written ({0}). Look whether the disk that it lies on is full or out of order.</source>
        <translation>Il registro interno non può essere letto o scritto ({0}). Controlla se il disco su cui si trova è pieno o guasto.</translation>
    </message>
    <message>
        <source>The leave to download has ended. Try again.</source>
        <translation>Il permesso di scaricare è terminato. Riprova.</translation>
    </message>
    <message>
        <source>The settings could not be written to {0} ({1}). Nothing was changed. Put that right and try again.</source>
        <translation>Non è stato possibile scrivere le impostazioni in {0} ({1}). Nulla è stato cambiato. Rimedia e riprova.</translation>
    </message>
    <message>
        <source>The store is busy. Try again in a moment.</source>
        <translation>L&apos;archivio è occupato. Riprova tra un momento.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} days ahead of the cloud&apos;s.</source>
        <translation>L&apos;orologio di questo computer è avanti di {0} giorni rispetto al cloud.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} days behind the cloud&apos;s.</source>
        <translation>L&apos;orologio di questo computer è indietro di {0} giorni rispetto al cloud.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} minutes ahead of the cloud&apos;s.</source>
        <translation>L&apos;orologio di questo computer è avanti di {0} minuti rispetto al cloud.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} minutes behind the cloud&apos;s.</source>
        <translation>L&apos;orologio di questo computer è indietro di {0} minuti rispetto al cloud.</translation>
    </message>
    <message>
        <source>Too many requests at once. Try again in a moment.</source>
        <translation>Troppe richieste insieme. Riprova tra un momento.</translation>
    </message>
    <message>
        <source>{0} cannot be opened ({1}). Put that right, or name another place with --home.</source>
        <translation>{0} non può essere aperto ({1}). Rimedia, o indica un altro posto con --home.</translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>Il disco è pieno</translation>
    </message>
    <message>
        <source>Another program is downloading it. It is sent when it is there.</source>
        <translation>Un altro programma lo sta scaricando. Verrà inviato quando sarà completo.</translation>
    </message>
    <message>
        <source>Ask {0} to send it again.</source>
        <translation>Chiedi a {0} di inviarlo di nuovo.</translation>
    </message>
    <message>
        <source>Its file is named in .mydocignore: changes to it are not sent.</source>
        <translation>Il suo file è indicato in .mydocignore: le modifiche non vengono inviate.</translation>
    </message>
    <message>
        <source>Moved</source>
        <translation>Spostato</translation>
    </message>
    <message>
        <source>No answer came from the cloud, so it is not known whether this was done. Look with `ls` or in the window, and try again if it was not.</source>
        <translation>Dal cloud non è arrivata risposta: non si sa quindi se l&apos;operazione è stata eseguita. Controlla con `ls` o nella finestra e, se non lo è stata, riprova.</translation>
    </message>
    <message>
        <source>Not there yet</source>
        <translation>Non c&apos;è ancora</translation>
    </message>
    <message>
        <source>Nothing in the folder of “{0}” is sent or withdrawn, for that has more than {1} KB. Make it smaller, and this goes on by itself.</source>
        <translation>Dalla cartella di «{0}» non viene inviato né ritirato nulla, perché supera {1} KB. Riducilo, e tutto continua da sé.</translation>
    </message>
    <message>
        <source>Nothing in the folder of “{0}” is sent or withdrawn, for that is a link, and links are not followed. Put the file itself there, and this goes on by itself.</source>
        <translation>Dalla cartella di «{0}» non viene inviato né ritirato nulla, perché è un collegamento, e i collegamenti non vengono seguiti. Metti lì il file stesso, e tutto continua da sé.</translation>
    </message>
    <message>
        <source>Nothing in the folder of “{0}” is sent or withdrawn, for that is no regular file of yours. Put one there or remove it, and this goes on by itself.</source>
        <translation>Dalla cartella di «{0}» non viene inviato né ritirato nulla, perché non è un tuo file normale. Mettine uno lì o rimuovilo, e tutto continua da sé.</translation>
    </message>
    <message>
        <source>Send it again to have it in the cloud once more.</source>
        <translation>Invialo di nuovo per averlo ancora nel cloud.</translation>
    </message>
    <message>
        <source>Somebody among the recipients has no account here. Check the addresses, or make a link, which needs no account.</source>
        <translation>Uno dei destinatari non ha un account qui. Controlla gli indirizzi oppure crea un link, che non richiede un account.</translation>
    </message>
    <message>
        <source>The disk is read-only.</source>
        <translation>Il disco è di sola lettura.</translation>
    </message>
    <message>
        <source>The disk of {0} is full.</source>
        <translation>Il disco di {0} è pieno.</translation>
    </message>
    <message>
        <source>The disk on which this program keeps what it knows is full. Make room there and try again; no file is lost.</source>
        <translation>Il disco su cui questo programma conserva ciò che sa è pieno. Fai spazio e riprova; nessun file va perso.</translation>
    </message>
    <message>
        <source>The disk on which this program keeps what it knows is full. Make room there; it is tried again by itself, and your files and documents are as they were.</source>
        <translation>Il disco su cui questo programma conserva ciò che sa è pieno. Fai spazio; si riprova da solo, e i tuoi file e documenti sono come prima.</translation>
    </message>
    <message>
        <source>The disk reports an error.</source>
        <translation>Il disco segnala un errore.</translation>
    </message>
    <message>
        <source>The disk with {0} is full. Make room there and try again; your files and documents are as they were.</source>
        <translation>Il disco con {0} è pieno. Fai spazio e riprova; i tuoi file e documenti sono come prima.</translation>
    </message>
    <message>
        <source>The document has expired.</source>
        <translation>Il documento è scaduto.</translation>
    </message>
    <message>
        <source>The document is no longer available.</source>
        <translation>Il documento non è più disponibile.</translation>
    </message>
    <message>
        <source>The document is not removed yet.</source>
        <translation>Il documento non è ancora rimosso.</translation>
    </message>
    <message>
        <source>The document is too large.</source>
        <translation>Il documento è troppo grande.</translation>
    </message>
    <message>
        <source>The document may not be shared with somebody among the recipients.</source>
        <translation>Il documento non può essere condiviso con qualcuno tra i destinatari.</translation>
    </message>
    <message>
        <source>The document may not be shared with somebody among the recipients. Leave them out, or ask whoever runs your cloud.</source>
        <translation>Il documento non può essere condiviso con uno dei destinatari. Escludilo oppure chiedi a chi gestisce il tuo cloud.</translation>
    </message>
    <message>
        <source>The document was removed.</source>
        <translation>Il documento è stato rimosso.</translation>
    </message>
    <message>
        <source>The document would become too old.</source>
        <translation>Il documento diventerebbe troppo vecchio.</translation>
    </message>
    <message>
        <source>The download was cancelled.</source>
        <translation>Lo scaricamento è stato annullato.</translation>
    </message>
    <message>
        <source>The e-mail address or the password is wrong.</source>
        <translation>L&apos;indirizzo e-mail o la password non è corretta.</translation>
    </message>
    <message>
        <source>The field {0} has the wrong type.</source>
        <translation>Il campo {0} ha il tipo sbagliato.</translation>
    </message>
    <message>
        <source>The file changed while it was being sent.</source>
        <translation>Il file è cambiato durante l&apos;invio.</translation>
    </message>
    <message>
        <source>The file has other people or another lifetime by now.</source>
        <translation>Il file ha ormai altre persone o un&apos;altra durata.</translation>
    </message>
    <message>
        <source>The folder could not be looked at; the log says why. It is tried again by itself.</source>
        <translation>La cartella non si è potuta leggere; il log dice perché. Si riprova da solo.</translation>
    </message>
    <message>
        <source>The folder is not there any more.</source>
        <translation>La cartella non c&apos;è più.</translation>
    </message>
    <message>
        <source>The folder lies on a network drive: changes are looked for now and then.</source>
        <translation>La cartella è su un&apos;unità di rete: le modifiche vengono cercate di tanto in tanto.</translation>
    </message>
    <message>
        <source>The folder lies on another disk than before. Nothing is sent or withdrawn until the disk is back or you choose the folder again.</source>
        <translation>La cartella è su un disco diverso da prima. Nulla viene inviato o ritirato finché il disco non torna o non scegli di nuovo la cartella.</translation>
    </message>
    <message>
        <source>The folder {0} cannot be read.</source>
        <translation>La cartella {0} non può essere letta.</translation>
    </message>
    <message>
        <source>The folder&apos;s rules cannot be read. Make them readable, and this goes on by itself.</source>
        <translation>Le regole della cartella non si possono leggere. Rendile leggibili e tutto continua da sé.</translation>
    </message>
    <message>
        <source>The journal cannot be used</source>
        <translation>Il registro interno non è utilizzabile</translation>
    </message>
    <message>
        <source>The journal {0} cannot be read or written ({1}). Put that right, or name another place with --home.</source>
        <translation>Il journal {0} non può essere letto o scritto ({1}). Rimedia, o indica un altro posto con --home.</translation>
    </message>
    <message>
        <source>The journal {0} was damaged. It is put aside and made anew; your files and documents are not touched, but see whether the rules of folders are still there.</source>
        <translation>Il registro interno {0} era danneggiato. Viene messo da parte e creato di nuovo; i tuoi file e documenti restano intatti, ma controlla se le regole delle cartelle ci sono ancora.</translation>
    </message>
    <message>
        <source>The journal {0} was deleted or replaced while it was in use. Your files and documents are not touched, but see whether the rules of folders are still there.</source>
        <translation>Il registro interno {0} è stato eliminato o sostituito durante l&apos;uso. I tuoi file e documenti restano intatti, ma controlla se le regole delle cartelle ci sono ancora.</translation>
    </message>
    <message>
        <source>The journal {0} was written by a newer version of MyDoc Transfer. Install that version again; nothing was changed.</source>
        <translation>Il registro interno {0} è stato scritto da una versione più recente di MyDoc Transfer. Installala di nuovo; nulla è stato cambiato.</translation>
    </message>
    <message>
        <source>The journal {0} would lie on a network drive, where it can be damaged. Choose a local directory with --home.</source>
        <translation>Il registro interno {0} sarebbe su un&apos;unità di rete, dove può danneggiarsi. Scegli una directory locale con --home.</translation>
    </message>
    <message>
        <source>The keyring did not remove {0}. Remove it there.</source>
        <translation>Il portachiavi non ha rimosso {0}. Rimuovilo lì.</translation>
    </message>
    <message>
        <source>The keyring refused ({0}).</source>
        <translation>Il portachiavi ha rifiutato ({0}).</translation>
    </message>
    <message>
        <source>The leave to upload has ended; it is renewed.</source>
        <translation>Il permesso di inviare è terminato; viene rinnovato.</translation>
    </message>
    <message>
        <source>The name is longer than 255 bytes.</source>
        <translation>Il nome supera i 255 byte.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy asks for a name and a password. Put them into the proxy&apos;s address (http://name:password@host:port) and try again.</source>
        <translation>Il proxy della rete chiede nome e password. Mettili nell&apos;indirizzo del proxy (http://name:password@host:port) e riprova.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy cannot be reached, or refuses to connect.</source>
        <translation>Il proxy della rete non è raggiungibile o rifiuta la connessione.</translation>
    </message>
    <message>
        <source>The other account&apos;s window could not be started ({0}).</source>
        <translation>Non è stato possibile avviare la finestra dell&apos;altro account ({0}).</translation>
    </message>
    <message>
        <source>The part of this program that commands talk to stopped. It was started again.</source>
        <translation>La parte di questo programma con cui parlano i comandi si è fermata. È stata riavviata.</translation>
    </message>
    <message>
        <source>The part of this program that notices changes stopped. It was started again, and the whole folder is looked at.</source>
        <translation>La parte di questo programma che nota le modifiche si è fermata. È stata riavviata e si esamina l&apos;intera cartella.</translation>
    </message>
    <message>
        <source>The password is too long.</source>
        <translation>La password è troppo lunga.</translation>
    </message>
    <message>
        <source>The password is too short. Choose a longer one.</source>
        <translation>La password è troppo corta. Scegline una più lunga.</translation>
    </message>
    <message>
        <source>The password is too short. It needs at least {0} characters.</source>
        <translation>La password è troppo corta. Servono almeno {0} caratteri.</translation>
    </message>
    <message>
        <source>The password needs a capital letter.</source>
        <translation>La password richiede una lettera maiuscola.</translation>
    </message>
    <message>
        <source>The password needs a digit.</source>
        <translation>La password richiede una cifra.</translation>
    </message>
    <message>
        <source>The password needs a small letter.</source>
        <translation>La password richiede una lettera minuscola.</translation>
    </message>
    <message>
        <source>The password needs a special character.</source>
        <translation>La password richiede un carattere speciale.</translation>
    </message>
    <message>
        <source>The path is empty or too long.</source>
        <translation>Il percorso è vuoto o troppo lungo.</translation>
    </message>
    <message>
        <source>The path is not spelled as the contract says.</source>
        <translation>Il percorso non è scritto come previsto.</translation>
    </message>
    <message>
        <source>The path leaves the folder.</source>
        <translation>Il percorso esce dalla cartella.</translation>
    </message>
    <message>
        <source>The proxy in the settings is no address. Write it as http://host:port, or leave it empty.</source>
        <translation>Il proxy nelle impostazioni non è un indirizzo. Scrivilo come http://host:port, oppure lascia vuoto.</translation>
    </message>
    <message>
        <source>The query is too long.</source>
        <translation>La ricerca è troppo lunga.</translation>
    </message>
    <message>
        <source>The request is not understood.</source>
        <translation>La richiesta non è stata compresa.</translation>
    </message>
    <message>
        <source>The rule of this folder shares with {0}. {1} Correct the rule.</source>
        <translation>La regola di questa cartella condivide con {0}. {1} Correggi la regola.</translation>
    </message>
    <message>
        <source>The running application ended before it answered. Try again.</source>
        <translation>L&apos;applicazione in esecuzione è terminata prima di rispondere. Riprova.</translation>
    </message>
    <message>
        <source>The running application is busy and did not answer in time.</source>
        <translation>L&apos;applicazione in esecuzione è occupata e non ha risposto in tempo.</translation>
    </message>
    <message>
        <source>The server gave no leave to upload just now.</source>
        <translation>Il server non ha dato ora il permesso di inviare.</translation>
    </message>
    <message>
        <source>The server has other bytes than were sent.</source>
        <translation>Il server ha dati diversi da quelli inviati.</translation>
    </message>
    <message>
        <source>The settings in {0} cannot be read ({1}), and so they were not changed. Put that right and try again.</source>
        <translation>Le impostazioni in {0} non possono essere lette ({1}) e quindi non sono state cambiate. Rimedia e riprova.</translation>
    </message>
    <message>
        <source>The settings in {0} could not be read ({1}).</source>
        <translation>Non è stato possibile leggere le impostazioni in {0} ({1}).</translation>
    </message>
    <message>
        <source>The socket {0} cannot be made ({1}).</source>
        <translation>Il socket {0} non può essere creato ({1}).</translation>
    </message>
    <message>
        <source>The store cannot be reached.</source>
        <translation>L&apos;archivio non è raggiungibile.</translation>
    </message>
    <message>
        <source>The store does not know this upload any more; it begins again.</source>
        <translation>L&apos;archivio non conosce più questo invio; si ricomincia.</translation>
    </message>
    <message>
        <source>The store is busy; it is tried again.</source>
        <translation>L&apos;archivio è occupato; si riprova.</translation>
    </message>
    <message>
        <source>The store refused the file ({0}).</source>
        <translation>L&apos;archivio ha rifiutato il file ({0}).</translation>
    </message>
    <message>
        <source>The upload has not arrived yet.</source>
        <translation>L&apos;invio non è ancora arrivato.</translation>
    </message>
    <message>
        <source>The upload is already published.</source>
        <translation>L&apos;invio è già pubblicato.</translation>
    </message>
    <message>
        <source>The upload is being published.</source>
        <translation>L&apos;invio è in corso di pubblicazione.</translation>
    </message>
    <message>
        <source>The upload was given up.</source>
        <translation>L&apos;invio è stato abbandonato.</translation>
    </message>
    <message>
        <source>There is an account with this address already. Sign in with it; if you forgot its password, choose a new one there.</source>
        <translation>Con questo indirizzo esiste già un account. Accedi con quello; se hai dimenticato la password, scegline lì una nuova.</translation>
    </message>
    <message>
        <source>There is no command {0}.</source>
        <translation>Non esiste un comando {0}.</translation>
    </message>
    <message>
        <source>There is no document {0} in the cloud.</source>
        <translation>Nel cloud non c&apos;è un documento {0}.</translation>
    </message>
    <message>
        <source>There is no file {0} in the folder.</source>
        <translation>Nella cartella non c&apos;è un file {0}.</translation>
    </message>
    <message>
        <source>There is no folder {0}.</source>
        <translation>Non c&apos;è una cartella {0}.</translation>
    </message>
    <message>
        <source>There is no such document.</source>
        <translation>Non c&apos;è un documento simile.</translation>
    </message>
    <message>
        <source>There is no such reason to wait.</source>
        <translation>Non c&apos;è un motivo simile per attendere.</translation>
    </message>
    <message>
        <source>This account cannot be confirmed. Ask the person who runs your cloud.</source>
        <translation>Questo account non può essere confermato. Chiedi a chi gestisce il tuo cloud.</translation>
    </message>
    <message>
        <source>This account was removed meanwhile.</source>
        <translation>Questo account nel frattempo è stato rimosso.</translation>
    </message>
    <message>
        <source>This computer has no keyring to keep your session in. Start one, or sign in with --store file to keep it in a file that your other programs can read.</source>
        <translation>Questo computer non ha un portachiavi per la tua sessione. Avviane uno, o accedi con --store file per conservarla in un file che gli altri tuoi programmi possono leggere.</translation>
    </message>
    <message>
        <source>This computer runs on its battery.</source>
        <translation>Questo computer usa la batteria.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is wrong. Set it, and sending goes on.</source>
        <translation>L&apos;orologio di questo computer è sbagliato. Regolalo, e l&apos;invio prosegue.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} hours ahead of the cloud&apos;s.</source>
        <translation>L&apos;orologio di questo computer è avanti di {0} ore rispetto al cloud.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} hours behind the cloud&apos;s.</source>
        <translation>L&apos;orologio di questo computer è indietro di {0} ore rispetto al cloud.</translation>
    </message>
    <message>
        <source>This is not allowed.</source>
        <translation>Non è consentito.</translation>
    </message>
    <message>
        <source>This is not the folder that was chosen: its marker is missing. Nothing is sent or withdrawn until you bring it back or choose the folder again.</source>
        <translation>Non è la cartella scelta: manca il contrassegno. Nulla viene inviato o ritirato finché non la ripristini o scegli di nuovo la cartella.</translation>
    </message>
    <message>
        <source>This lifetime is not allowed.</source>
        <translation>Questa scadenza non è consentita.</translation>
    </message>
    <message>
        <source>This line is paid for by what it carries.</source>
        <translation>Questa connessione si paga a consumo.</translation>
    </message>
    <message>
        <source>This link asks for something that links must not do, or is damaged. Nothing was done.</source>
        <translation>Questo link chiede qualcosa che i link non devono fare, o è danneggiato. Non è stato fatto nulla.</translation>
    </message>
    <message>
        <source>This name is not allowed.</source>
        <translation>Questo nome non è consentito.</translation>
    </message>
    <message>
        <source>This system does not allow enough watches for so many folders: changes are looked for now and then. Raise fs.inotify.max_user_watches to have them noticed at once.</source>
        <translation>Questo sistema non consente abbastanza osservazioni per così tante cartelle: le modifiche vengono cercate di tanto in tanto. Aumenta fs.inotify.max_user_watches perché siano notate subito.</translation>
    </message>
    <message>
        <source>Today&apos;s amount of data is used up.</source>
        <translation>La quantità di dati di oggi è esaurita.</translation>
    </message>
    <message>
        <source>Too long</source>
        <translation>Troppo lungo</translation>
    </message>
    <message>
        <source>Too many attempts, or the sign-in service is busy. Wait a minute and try again.</source>
        <translation>Troppi tentativi, o il servizio di accesso è occupato. Attendi un minuto e riprova.</translation>
    </message>
    <message>
        <source>Too many documents or people for one exchange of paths.</source>
        <translation>Troppi documenti o persone per uno scambio di percorsi.</translation>
    </message>
    <message>
        <source>Too many files are open; it is tried again.</source>
        <translation>Troppi file sono aperti; si riprova.</translation>
    </message>
    <message>
        <source>Too many recipients in one call.</source>
        <translation>Troppi destinatari alla volta.</translation>
    </message>
    <message>
        <source>Too many requests at once. It is tried again soon.</source>
        <translation>Troppe richieste insieme. Si riproverà presto.</translation>
    </message>
    <message>
        <source>Too many requests. Try again in a moment.</source>
        <translation>Troppe richieste. Riprova tra un momento.</translation>
    </message>
    <message>
        <source>Too much</source>
        <translation>Troppo</translation>
    </message>
    <message>
        <source>Uploads are blocked until tomorrow: an upload was not what it said.</source>
        <translation>Gli invii sono bloccati fino a domani: un invio non era ciò che dichiarava.</translation>
    </message>
    <message>
        <source>What arrived is not what was announced.</source>
        <translation>Ciò che è arrivato non è ciò che era annunciato.</translation>
    </message>
    <message>
        <source>What arrived is not what was sent; it was thrown away.</source>
        <translation>Ciò che è arrivato non è ciò che era stato inviato; è stato scartato.</translation>
    </message>
    <message>
        <source>What came back was not signed by your cloud, so it was not believed. Try again from another network.</source>
        <translation>La risposta non era firmata dal tuo cloud, quindi non è stata creduta. Riprova da un&apos;altra rete.</translation>
    </message>
    <message>
        <source>What is put into the watched folder is sent. Name a directory outside of it.</source>
        <translation>Ciò che entra nella cartella monitorata viene inviato. Indica una directory al di fuori.</translation>
    </message>
    <message>
        <source>What was pasted is neither a set-up link nor the text of a connection file.</source>
        <translation>Ciò che è stato incollato non è né un link di configurazione né il testo di un file di connessione.</translation>
    </message>
    <message>
        <source>You are not signed in. Sign in and try again.</source>
        <translation>Non hai effettuato l&apos;accesso. Accedi e riprova.</translation>
    </message>
    <message>
        <source>You have no permission to make a folder in {0}.</source>
        <translation>Non hai il permesso di creare una cartella in {0}.</translation>
    </message>
    <message>
        <source>You have no permission to read it. Make it readable, and it is sent by itself.</source>
        <translation>Non hai il permesso di leggerlo. Rendilo leggibile e verrà inviato da sé.</translation>
    </message>
    <message>
        <source>You have no permission to read {0}.</source>
        <translation>Non hai il permesso di leggere {0}.</translation>
    </message>
    <message>
        <source>Your account asks for something this version cannot answer. Ask the person who runs your cloud.</source>
        <translation>Il tuo account chiede qualcosa a cui questa versione non può rispondere. Chiedi a chi gestisce il tuo cloud.</translation>
    </message>
    <message>
        <source>Your account is not confirmed yet. Follow the message that was sent to you.</source>
        <translation>Il tuo account non è ancora confermato. Segui il messaggio che hai ricevuto.</translation>
    </message>
    <message>
        <source>Your cloud lets people in with a second factor only, and you have none yet. Sign in once in the window: it sets one up with you.</source>
        <translation>Il tuo cloud fa entrare solo con un secondo fattore, e tu non ne hai ancora uno. Accedi una volta nella finestra: lo configura insieme a te.</translation>
    </message>
    <message>
        <source>Your cloud takes no accounts that people make themselves. Ask the person who runs it for one.</source>
        <translation>Nel tuo cloud non ci si crea un account da soli. Chiedine uno a chi lo gestisce.</translation>
    </message>
    <message>
        <source>Your keyring is locked. Unlock it and try again.</source>
        <translation>Il tuo portachiavi è bloccato. Sbloccalo e riprova.</translation>
    </message>
    <message>
        <source>Your organisation does not allow documents to stay that long.</source>
        <translation>La tua organizzazione non consente che i documenti restino così a lungo.</translation>
    </message>
    <message>
        <source>Your organisation takes no account with this address. Ask the person who runs your cloud.</source>
        <translation>La tua organizzazione non accetta un account con questo indirizzo. Chiedi a chi gestisce il tuo cloud.</translation>
    </message>
    <message>
        <source>Your password was reset. Choose a new one with the code that was sent to you.</source>
        <translation>La tua password è stata reimpostata. Scegline una nuova con il codice che hai ricevuto.</translation>
    </message>
    <message>
        <source>Your present password is wrong.</source>
        <translation>La tua password attuale è errata.</translation>
    </message>
    <message>
        <source>Your session cannot be kept in {0} ({1}).</source>
        <translation>La tua sessione non può essere conservata in {0} ({1}).</translation>
    </message>
    <message>
        <source>Your session has ended. Sign in again.</source>
        <translation>La tua sessione è terminata. Accedi di nuovo.</translation>
    </message>
    <message>
        <source>{0} Ask the person who runs your cloud for the file.</source>
        <translation>{0} Chiedi il file a chi gestisce il tuo cloud.</translation>
    </message>
    <message>
        <source>{0} Choose another folder.</source>
        <translation>{0} Scegli un&apos;altra cartella.</translation>
    </message>
    <message>
        <source>{0} belongs to somebody else. Remove it, or ask them to.</source>
        <translation>{0} appartiene a qualcun altro. Rimuovilo, o chiedi di farlo.</translation>
    </message>
    <message>
        <source>{0} belongs to the system.</source>
        <translation>{0} appartiene al sistema.</translation>
    </message>
    <message>
        <source>{0} broke off before its answer was whole. Try again.</source>
        <translation>{0} ha interrotto prima che la risposta fosse completa. Riprova.</translation>
    </message>
    <message>
        <source>{0} cannot be changed ({1}).</source>
        <translation>{0} non può essere modificato ({1}).</translation>
    </message>
    <message>
        <source>{0} cannot be found. Is this computer online?</source>
        <translation>{0} non si trova. Questo computer è online?</translation>
    </message>
    <message>
        <source>{0} cannot be reached. Check the network and try again.</source>
        <translation>{0} non è raggiungibile. Controlla la rete e riprova.</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}). Sign in again.</source>
        <translation>{0} non si può leggere ({1}). Accedi di nuovo.</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>{0} non si può leggere: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be removed ({1}). Remove it.</source>
        <translation>{0} non può essere rimosso ({1}). Rimuovilo.</translation>
    </message>
    <message>
        <source>{0} cannot be used ({1}). Give yourself the right to it, or name another place with --home.</source>
        <translation>{0} non si può usare ({1}). Concediti il permesso, o indica un altro posto con --home.</translation>
    </message>
    <message>
        <source>{0} cannot stand in an autostart entry. Move it to a plainer path.</source>
        <translation>{0} non può stare in una voce di avvio automatico. Spostalo in un percorso più semplice.</translation>
    </message>
    <message>
        <source>{0} contains your home folder.</source>
        <translation>{0} contiene la tua cartella personale.</translation>
    </message>
    <message>
        <source>{0} could not be made ({1}). Choose another folder.</source>
        <translation>{0} non si è potuta creare ({1}). Scegli un&apos;altra cartella.</translation>
    </message>
    <message>
        <source>{0} could not be sent.</source>
        <translation>Non inviati: {0}.</translation>
    </message>
    <message>
        <source>{0} could not be written ({1}). Choose another place.</source>
        <translation>{0} non si è potuto scrivere ({1}). Scegli un altro posto.</translation>
    </message>
    <message>
        <source>{0} does not answer. Try again in a while.</source>
        <translation>{0} non risponde. Riprova più tardi.</translation>
    </message>
    <message>
        <source>{0} does not lie in the watched folder {1}.</source>
        <translation>{0} non si trova nella cartella monitorata {1}.</translation>
    </message>
    <message>
        <source>{0} has expired.</source>
        <translation>{0} è scaduto.</translation>
    </message>
    <message>
        <source>{0} holds no certificates that could be read. Name a file in PEM form in the settings, or leave it empty.</source>
        <translation>{0} non contiene certificati leggibili. Indica nelle impostazioni un file in formato PEM, oppure lascia vuoto.</translation>
    </message>
    <message>
        <source>{0} holds the folder itself and cannot be copied into it.</source>
        <translation>{0} contiene la cartella stessa e non può esservi copiato.</translation>
    </message>
    <message>
        <source>{0} holds the settings of this installation.</source>
        <translation>{0} contiene le impostazioni di questa installazione.</translation>
    </message>
    <message>
        <source>{0} in {1} cannot be a limit, so there is none. Write a whole number of KiB a second, from 0 (no limit) to {2}.</source>
        <translation>{0} in {1} non può essere un limite, quindi non ce n&apos;è nessuno. Scrivi un numero intero di KiB al secondo, da 0 (nessun limite) a {2}.</translation>
    </message>
    <message>
        <source>{0} is larger than your organisation allows ({1} GB). Split it, or ask the person who runs your cloud.</source>
        <translation>{0} è più grande di quanto consente la tua organizzazione ({1} GB). Dividilo, o chiedi a chi gestisce il tuo cloud.</translation>
    </message>
    <message>
        <source>{0} is no folder any more: something else has its name. Nothing is sent or withdrawn until the folder is back or you choose another.</source>
        <translation>{0} non è più una cartella: qualcos&apos;altro ha il suo nome. Nulla viene inviato o ritirato finché la cartella non torna o non ne scegli un&apos;altra.</translation>
    </message>
    <message>
        <source>{0} is not a connection file.</source>
        <translation>{0} non è un file di connessione.</translation>
    </message>
    <message>
        <source>{0} is not a directory. Name another one.</source>
        <translation>{0} non è una directory. Indicane un&apos;altra.</translation>
    </message>
    <message>
        <source>{0} is not a folder.</source>
        <translation>{0} non è una cartella.</translation>
    </message>
    <message>
        <source>{0} is not a lifetime. Write a number and s, m, h or d, for example 1h or 7d.</source>
        <translation>{0} non è una scadenza. Scrivi un numero e s, m, h o d, per esempio 1h o 7d.</translation>
    </message>
    <message>
        <source>{0} is not a marker of this program. Remove it and choose the folder again.</source>
        <translation>{0} non è un contrassegno di questo programma. Rimuovilo e scegli di nuovo la cartella.</translation>
    </message>
    <message>
        <source>{0} is not an absolute path.</source>
        <translation>{0} non è un percorso assoluto.</translation>
    </message>
    <message>
        <source>{0} is not in the cloud yet. Try again when it has been sent.</source>
        <translation>{0} non è ancora nel cloud. Riprova quando sarà stato inviato.</translation>
    </message>
    <message>
        <source>{0} is open to others. Sign in again.</source>
        <translation>{0} è aperto ad altri. Accedi di nuovo.</translation>
    </message>
    <message>
        <source>{0} is still in the cloud.</source>
        <translation>{0} è ancora nel cloud.</translation>
    </message>
    <message>
        <source>{0} is the file of another document now, and the cloud does not know that yet. Try again in a moment, or after &quot;sync --once&quot; where the program does not run, or give the document&apos;s ID.</source>
        <translation>{0} è ora il file di un altro documento, e il cloud non lo sa ancora. Riprova tra un momento, o dopo «sync --once» dove il programma non è in esecuzione, oppure indica l&apos;ID del documento.</translation>
    </message>
    <message>
        <source>{0} is the whole disk.</source>
        <translation>{0} è l&apos;intero disco.</translation>
    </message>
    <message>
        <source>{0} is where programs keep settings and keys.</source>
        <translation>In {0} i programmi conservano impostazioni e chiavi.</translation>
    </message>
    <message>
        <source>{0} is your home folder, with everything you have in it.</source>
        <translation>{0} è la tua cartella personale, con tutto ciò che hai.</translation>
    </message>
    <message>
        <source>{0} lacks a field.</source>
        <translation>In {0} manca un campo.</translation>
    </message>
    <message>
        <source>{0} lies in a folder that {1} synchronises ({2}).</source>
        <translation>{0} si trova in una cartella che {1} sincronizza ({2}).</translation>
    </message>
    <message>
        <source>{0} lies in the data of another installation in {1}.</source>
        <translation>{0} si trova nei dati di un&apos;altra installazione in {1}.</translation>
    </message>
    <message>
        <source>{0} needs {1}, and {2} are free on that disk.</source>
        <translation>{0} richiede {1}, e su quel disco sono liberi {2}.</translation>
    </message>
    <message>
        <source>{0} overlaps with the data of this installation in {1}.</source>
        <translation>{0} si sovrappone ai dati di questa installazione in {1}.</translation>
    </message>
    <message>
        <source>{0} overlaps with the data of your other account in {1}.</source>
        <translation>{0} si sovrappone ai dati del tuo altro account in {1}.</translation>
    </message>
    <message>
        <source>{0} overlaps with the folder {1} of your other account.</source>
        <translation>{0} si sovrappone alla cartella {1} del tuo altro account.</translation>
    </message>
    <message>
        <source>{0} was removed.</source>
        <translation>{0} è stato rimosso.</translation>
    </message>
    <message>
        <source>{0}, line {1}, is no pattern and ignores nothing: {2}. Correct it or remove it.</source>
        <translation>{0}, riga {1}, non è un modello e non ignora nulla: {2}. Correggila o rimuovila.</translation>
    </message>
    <message>
        <source>{0}. The defaults hold.</source>
        <translation>{0}. Valgono le impostazioni predefinite.</translation>
    </message>
    <message>
        <source>{0}. They were set aside as {1}, and the defaults hold.</source>
        <translation>{0}. Sono state messe da parte come {1}, e valgono le impostazioni predefinite.</translation>
    </message>
    <message>
        <source>{0}: It cannot be read ({1}).</source>
        <translation>{0}: Non si può leggere ({1}).</translation>
    </message>
    <message>
        <source>{0}: It changed while it was being sent.</source>
        <translation>{0}: Cambiato durante l&apos;invio.</translation>
    </message>
    <message>
        <source>{0}: It has changed meanwhile.</source>
        <translation>{0}: Cambiato nel frattempo.</translation>
    </message>
    <message>
        <source>{0}: It is too large.</source>
        <translation>{0}: Troppo grande.</translation>
    </message>
    <message>
        <source>{0}It is not there any more.</source>
        <translation>{0}Non c&apos;è più.</translation>
    </message>
    <message>
        <source>{0}The disk is full.</source>
        <translation>{0}Il disco è pieno.</translation>
    </message>
</context>
<context>
    <name>SetUpCard</name>
    <message>
        <source>Step {n} of {all}</source>
        <translation>Passo {n} di {all}</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>I&amp;ndietro</translation>
    </message>
    <message>
        <source>Cance&amp;l set-up</source>
        <translation>Ann&amp;ulla la configurazione</translation>
    </message>
    <message>
        <source>Other &amp;accounts…</source>
        <translation>Altri &amp;account…</translation>
    </message>
</context>
<context>
    <name>SettingsWindow</name>
    <message>
        <source>Settings</source>
        <translation>Impostazioni</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Generali</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Account</translation>
    </message>
    <message>
        <source>Folder and rules</source>
        <translation>Cartella e regole</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Notifiche</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Rete</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Avanzate</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Chiudi</translation>
    </message>
</context>
<context>
    <name>ShareDialog</name>
    <message numerus="yes">
        <source>%Ln document(s)</source>
        <translation>
            <numerusform>%Ln documento</numerusform>
            <numerusform>%Ln documenti</numerusform>
        </translation>
    </message>
    <message>
        <source>Share {what}</source>
        <translation>Condividi {what}</translation>
    </message>
    <message>
        <source>People to share with</source>
        <translation>Persone con cui condividere</translation>
    </message>
    <message>
        <source>&amp;Share</source>
        <translation>&amp;Condividi</translation>
    </message>
    <message>
        <source>People who have it</source>
        <translation>Persone che ce l&apos;hanno</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Rimuovi</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;Fatto</translation>
    </message>
    <message>
        <source>Share w&amp;ith</source>
        <translation>Condi&amp;vidi con</translation>
    </message>
    <message>
        <source>&amp;Who has it</source>
        <translation>C&amp;hi ce l&apos;ha</translation>
    </message>
    <message>
        <source>Nobody else has it yet.</source>
        <translation>Nessun altro ce l’ha ancora.</translation>
    </message>
    <message>
        <source>Nobody else has all of them yet.</source>
        <translation>Nessun altro li ha ancora tutti.</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>Sign in</source>
        <translation>Accesso</translation>
    </message>
    <message>
        <source>Use the account your organisation gave you.</source>
        <translation>Usa l&apos;account che hai ricevuto dalla tua organizzazione.</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>&amp;Riprova</translation>
    </message>
    <message>
        <source>&amp;Email address</source>
        <translation>Indirizzo &amp;e-mail</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Password</translation>
    </message>
    <message>
        <source>&amp;New password</source>
        <translation>&amp;Nuova password</translation>
    </message>
    <message>
        <source>&amp;Code</source>
        <translation>&amp;Codice</translation>
    </message>
    <message>
        <source>&amp;Sign in</source>
        <translation>&amp;Accedi</translation>
    </message>
    <message>
        <source>&amp;Forgot your password?</source>
        <translation>Password &amp;dimenticata?</translation>
    </message>
    <message>
        <source>Create an &amp;account…</source>
        <translation>Crea un &amp;account…</translation>
    </message>
    <message>
        <source>Your password goes to your organisation&apos;s sign-in only, encrypted.</source>
        <translation>La tua password va, cifrata, solo al servizio di accesso della tua organizzazione.</translation>
    </message>
    <message>
        <source>Please fill in every field.</source>
        <translation>Compila tutti i campi.</translation>
    </message>
    <message>
        <source>Your password was set by an administrator. Choose your own.</source>
        <translation>La tua password è stata impostata dall&apos;amministrazione. Scegline una tua.</translation>
    </message>
    <message>
        <source>Your password was changed. Sign in with it now.</source>
        <translation>La tua password è stata cambiata. Ora usala per accedere.</translation>
    </message>
    <message>
        <source>There is no keyring on this computer to keep the sign-in safe. A file can be read by whoever can read your files.</source>
        <translation>Su questo computer non c&apos;è un portachiavi che custodisca l&apos;accesso. Un file può essere letto da chiunque possa leggere i tuoi file.</translation>
    </message>
    <message>
        <source>Keep in a &amp;file</source>
        <translation>Conserva in un &amp;file</translation>
    </message>
    <message>
        <source>Only until I &amp;quit</source>
        <translation>Solo fino alla chi&amp;usura</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Accesso in corso…</translation>
    </message>
</context>
<context>
    <name>SigningOut</name>
    <message>
        <source>Sign out everywhere?</source>
        <translation>Uscire ovunque?</translation>
    </message>
    <message>
        <source>All your devices are signed out, this one too. Your files and what is in the cloud stay as they are.</source>
        <translation>Tutti i tuoi dispositivi vengono disconnessi, anche questo. I tuoi file e ciò che è nel cloud restano come sono.</translation>
    </message>
    <message>
        <source>Sign out &amp;everywhere</source>
        <translation>Esci &amp;ovunque</translation>
    </message>
</context>
<context>
    <name>SigningUp</name>
    <message>
        <source>Create an account</source>
        <translation>Crea un account</translation>
    </message>
    <message>
        <source>&amp;Email address</source>
        <translation>Indirizzo &amp;e-mail</translation>
    </message>
    <message>
        <source>&amp;First name</source>
        <translation>&amp;Nome</translation>
    </message>
    <message>
        <source>&amp;Last name</source>
        <translation>&amp;Cognome</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Password</translation>
    </message>
    <message>
        <source>C&amp;ode</source>
        <translation>C&amp;odice</translation>
    </message>
    <message>
        <source>Send another &amp;code</source>
        <translation>Invia un altro codi&amp;ce</translation>
    </message>
    <message>
        <source>A code was sent to {address}. Enter it to show that the address is yours.</source>
        <translation>Un codice è stato inviato a {address}. Inseriscilo per mostrare che l&apos;indirizzo è tuo.</translation>
    </message>
    <message>
        <source>Your name and address are shown to the people you share documents with.</source>
        <translation>Il tuo nome e il tuo indirizzo sono mostrati alle persone con cui condividi documenti.</translation>
    </message>
    <message>
        <source>&amp;Create account</source>
        <translation>C&amp;rea account</translation>
    </message>
    <message>
        <source>Con&amp;firm</source>
        <translation>Con&amp;ferma</translation>
    </message>
    <message>
        <source>Another code was sent.</source>
        <translation>È stato inviato un altro codice.</translation>
    </message>
</context>
<context>
    <name>Telling</name>
    <message>
        <source>&amp;OK</source>
        <translation>&amp;OK</translation>
    </message>
</context>
<context>
    <name>TransfersModel</name>
    <message>
        <source>Document</source>
        <translation>Documento</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Inviato</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Velocità</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>Tempo rimasto</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stato</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/s</translation>
    </message>
    <message>
        <source>{percent} % of {size}</source>
        <translation>{percent} % di {size}</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>In scaricamento</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>Invio in corso</translation>
    </message>
    <message>
        <source>Still being written</source>
        <translation>Ancora in scrittura</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>In attesa</translation>
    </message>
</context>
<context>
    <name>TransfersPage</name>
    <message>
        <source>&amp;Try again now</source>
        <translation>&amp;Riprova ora</translation>
    </message>
    <message>
        <source>Transfers</source>
        <translation>Trasferimenti</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>A&amp;nnulla</translation>
    </message>
    <message>
        <source>Pause &amp;all</source>
        <translation>Metti tutto in p&amp;ausa</translation>
    </message>
    <message>
        <source>Resume &amp;all</source>
        <translation>Riprendi &amp;tutto</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Riprendi</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pausa</translation>
    </message>
    <message>
        <source>Nothing is on its way</source>
        <translation>Nessun trasferimento in corso</translation>
    </message>
    <message>
        <source>Drop files onto the window or save them in your folder: you can follow them here until they are in the cloud.</source>
        <translation>Trascina dei file sulla finestra o salvali nella tua cartella: qui puoi seguirli finché non sono nel cloud.</translation>
    </message>
</context>
<context>
    <name>WhichAccount</name>
    <message>
        <source>Which account?</source>
        <translation>Quale account?</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Annulla</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) are to be shared.</source>
        <translation>
            <numerusform>%Ln file sta per essere condiviso.</numerusform>
            <numerusform>%Ln file stanno per essere condivisi.</numerusform>
        </translation>
    </message>
    <message>
        <source>A link is to be opened.</source>
        <translation>Si sta per aprire un link.</translation>
    </message>
</context>
<context>
    <name>Wishes</name>
    <message>
        <source>This document is not among yours</source>
        <translation>Questo documento non è tra i tuoi</translation>
    </message>
    <message>
        <source>The link leads to a document that is not shared with you, or is gone. Ask whoever sent it to share it with the address you sign in with.</source>
        <translation>Il link porta a un documento che non è condiviso con te, o che non c&apos;è più. Chiedi a chi l&apos;ha inviato di condividerlo con l&apos;indirizzo con cui accedi.</translation>
    </message>
    <message>
        <source>Show {name}?</source>
        <translation>Mostrare {name}?</translation>
    </message>
    <message>
        <source>A link that was opened outside of this window asks for it.</source>
        <translation>Lo chiede un link aperto fuori da questa finestra.</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Mostra</translation>
    </message>
    <message>
        <source>This installation is connected already</source>
        <translation>Questa installazione è già connessa</translation>
    </message>
    <message>
        <source>A link cannot change that. To use another cloud beside this one, choose “Add account” in the menu, and paste the link there.</source>
        <translation>Un link non può cambiarlo. Per usare un altro cloud accanto a questo, scegli «Aggiungi account» nel menu e incolla lì il link.</translation>
    </message>
    <message>
        <source>Connect to {host}?</source>
        <translation>Connettersi a {host}?</translation>
    </message>
    <message>
        <source>A link asks for it. Your documents and your password would go there: only go on if the link comes from the person who runs your cloud.</source>
        <translation>Lo chiede un link. I tuoi documenti e la tua password andrebbero lì: prosegui solo se il link viene da chi gestisce il tuo cloud.</translation>
    </message>
    <message>
        <source>&amp;Connect</source>
        <translation>&amp;Connetti</translation>
    </message>
</context>
<context>
    <name>Wizard</name>
    <message>
        <source>Cancel the set-up?</source>
        <translation>Annullare la configurazione?</translation>
    </message>
    <message>
        <source>You are signed out here, the cloud is forgotten, and the application ends. Nothing was sent, and your files were not touched.</source>
        <translation>Esci dall&apos;account su questo computer, il cloud viene dimenticato e il programma termina. Nulla è stato inviato, e i tuoi file non sono stati toccati.</translation>
    </message>
    <message>
        <source>&amp;Cancel set-up</source>
        <translation>&amp;Annulla la configurazione</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Prosegui</translation>
    </message>
</context>
<context>
    <name>_Amounts</name>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln file</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s)</source>
        <translation>
            <numerusform>%Ln documento</numerusform>
            <numerusform>%Ln documenti</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Face</name>
    <message>
        <source>Delete removes it; the arrows lead on.</source>
        <translation>Canc la toglie; le frecce vanno avanti.</translation>
    </message>
</context>
<context>
    <name>_Words</name>
    <message>
        <source>Everything is up to date</source>
        <translation>Tutto è aggiornato</translation>
    </message>
    <message numerus="yes">
        <source>Sending %Ln document(s)</source>
        <translation>
            <numerusform>Invio di %Ln documento</numerusform>
            <numerusform>Invio di %Ln documenti</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for changes</source>
        <translation>Ricerca di modifiche</translation>
    </message>
    <message numerus="yes">
        <source>Paused, %Ln document(s) waiting</source>
        <translation>
            <numerusform>In pausa, %Ln documento in attesa</numerusform>
            <numerusform>In pausa, %Ln documenti in attesa</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>In pausa</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Something needs your attention</source>
        <translation>Qualcosa richiede attenzione</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Accesso non effettuato</translation>
    </message>
    <message numerus="yes">
        <source>Paused until {time}, %Ln document(s) waiting</source>
        <translation>
            <numerusform>In pausa fino a {time}, %Ln documento in attesa</numerusform>
            <numerusform>In pausa fino a {time}, %Ln documenti in attesa</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused until {time}</source>
        <translation>In pausa fino a {time}</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Scaduto</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n} h</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n byte</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n secondo</numerusform>
            <numerusform>%n secondi</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minuto</numerusform>
            <numerusform>%n minuti</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n ora</numerusform>
            <numerusform>%n ore</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n giorno</numerusform>
            <numerusform>%n giorni</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <comment>expires in</comment>
        <translation>
            <numerusform>%n giorno</numerusform>
            <numerusform>%n giorni</numerusform>
        </translation>
    </message>
    <message>
        <source>Good morning, {name}</source>
        <translation>Buongiorno, {name}</translation>
    </message>
    <message>
        <source>Good afternoon, {name}</source>
        <translation>Buon pomeriggio, {name}</translation>
    </message>
    <message>
        <source>Good evening, {name}</source>
        <translation>Buonasera, {name}</translation>
    </message>
    <message>
        <source>Documents stay for {time} at most.</source>
        <translation>I documenti restano al massimo {time}.</translation>
    </message>
    <message>
        <source>You can share with everybody in your organisation.</source>
        <translation>Puoi condividere con tutta la tua organizzazione.</translation>
    </message>
    <message>
        <source>You can share with: {who}.</source>
        <translation>Puoi condividere con: {who}.</translation>
    </message>
    <message>
        <source>Not with: {who}.</source>
        <translation>Non con: {who}.</translation>
    </message>
    <message>
        <source>New account</source>
        <translation>Nuovo account</translation>
    </message>
    <message>
        <source>What is put into {folder} leaves the cloud after {time}.</source>
        <translation>Ciò che si mette in {folder} lascia il cloud dopo {time}.</translation>
    </message>
    <message>
        <source>Nobody else can see it until you share it.</source>
        <translation>Nessun altro lo vede finché non lo condividi.</translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more</source>
        <comment>people</comment>
        <translation>
            <numerusform>e %Ln altra persona</numerusform>
            <numerusform>e altre %Ln persone</numerusform>
        </translation>
    </message>
    <message>
        <source>It is shared at once with {who}.</source>
        <translation>Viene subito condiviso con {who}.</translation>
    </message>
    <message>
        <source>“{name}”</source>
        <comment>a folder&apos;s name in quotation marks</comment>
        <translation>«{name}»</translation>
    </message>
    <message>
        <source>The rule of {folder} says so.</source>
        <translation>Lo dice la regola di {folder}.</translation>
    </message>
    <message>
        <source>The rule holds for files that are new there, in folders within it, too; one of those with a rule of its own follows that alone. What is there already, or is moved there, keeps its time and its people.</source>
        <translation>La regola vale per i file nuovi in quella cartella e nelle cartelle al suo interno; se una di queste ha una regola propria, lì vale solo quella. Ciò che c&apos;è già, o vi viene spostato, mantiene la sua durata e le sue persone.</translation>
    </message>
    <message numerus="yes">
        <source>It holds more than %Ln file(s), {size} or more.</source>
        <translation>
            <numerusform>Contiene più di %Ln file, {size} o più.</numerusform>
            <numerusform>Contiene più di %Ln file, {size} o più.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It holds %Ln file(s), {size}.</source>
        <translation>
            <numerusform>Contiene %Ln file, {size}.</numerusform>
            <numerusform>Contiene %Ln file, {size}.</numerusform>
        </translation>
    </message>
</context>
</TS>
