<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="it" sourcelanguage="en">
<context>
    <name>ActionBar</name>
    <message>
        <source>&amp;Add files…</source>
        <translation>&amp;Aggiungi file…</translation>
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
        <source>&amp;Open</source>
        <translation>A&amp;pri</translation>
    </message>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Mostra nella cart&amp;ella</translation>
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
        <translation>I dispositivi restano connessi.</translation>
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
        <translation>prolungato</translation>
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
        <translation>Solo chi amministra può leggere chi ha fatto che cosa. Chiedere a chi gestisce il cloud, o farsi aggiungere al gruppo «admins».</translation>
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
        <source>&amp;Close</source>
        <translation>&amp;Chiudi</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Lettura…</translation>
    </message>
    <message>
        <source>Entries: {number}</source>
        <translation>Voci: {number}</translation>
    </message>
</context>
<context>
    <name>ConnectPage</name>
    <message>
        <source>Welcome</source>
        <translation>Benvenuti</translation>
    </message>
    <message>
        <source>MyDoc Transfer sends documents through your organisation&apos;s own cloud, and they are gone from there when their time is up.</source>
        <translation>MyDoc Transfer invia i documenti attraverso il cloud della propria organizzazione, da cui spariscono alla scadenza.</translation>
    </message>
    <message>
        <source>To begin, open the connection file you were given. It is usually called connection.json. Or copy its text, as it came in a message, and paste it.</source>
        <translation>Per iniziare, aprire il file di connessione ricevuto. Di solito si chiama connection.json. In alternativa, copiarne il testo dal messaggio con cui è arrivato e incollarlo.</translation>
    </message>
    <message>
        <source>&amp;Open connection file…</source>
        <translation>&amp;Apri file di connessione…</translation>
    </message>
    <message>
        <source>&amp;Paste its text</source>
        <translation>&amp;Incolla il testo</translation>
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
        <source>There is no text to paste. Copy the text of the connection file first.</source>
        <translation>Non c&apos;è testo da incollare. Copiare prima il testo del file di connessione.</translation>
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
        <translation>Proprietario</translation>
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
    <message numerus="yes">
        <source>Drop to send %n item(s)</source>
        <translation>
            <numerusform>Rilasciare per inviare %n elemento</numerusform>
            <numerusform>Rilasciare per inviare %n elementi</numerusform>
        </translation>
    </message>
    <message>
        <source>Copies go into “{folder}” and leave the cloud after {time}. Nobody else can see them until you share.</source>
        <translation>Le copie vanno in «{folder}» e lasciano il cloud dopo {time}. Nessun altro può vederle finché non vengono condivise.</translation>
    </message>
    <message>
        <source>Filter by name or person</source>
        <translation>Filtra per nome o persona</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtro</translation>
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
        <source>Needs attention</source>
        <translation>Da verificare</translation>
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
        <translation>Niente di condiviso</translation>
    </message>
    <message>
        <source>When somebody shares a document with you, it appears here.</source>
        <translation>I documenti condivisi da altri appariranno qui.</translation>
    </message>
    <message>
        <source>Nothing is gone</source>
        <translation>Tutto ancora presente</translation>
    </message>
    <message>
        <source>Documents whose time is up are listed here. Your files stay.</source>
        <translation>Qui sono elencati i documenti scaduti. I file restano.</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>Nessun problema</translation>
    </message>
    <message>
        <source>Everything is in order.</source>
        <translation>Tutto è a posto.</translation>
    </message>
    <message>
        <source>Drop files here</source>
        <translation>Trascinare qui i file</translation>
    </message>
    <message>
        <source>Or save them in {folder}. They go to the cloud by themselves.</source>
        <translation>Oppure salvarli in {folder}: vanno nel cloud da soli.</translation>
    </message>
    <message>
        <source>&amp;Keep in the cloud</source>
        <translation>&amp;Conserva nel cloud</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Withdraw %n document(s)</source>
        <translation>
            <numerusform>&amp;Ritira %n documento</numerusform>
            <numerusform>&amp;Ritira %n documenti</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has been withdrawn yet. Should they leave the cloud too?</source>
        <translation>Non è stato ancora ritirato nulla. Devono lasciare anche il cloud?</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) disappeared from your folder.</source>
        <translation>
            <numerusform>%n file è sparito dalla cartella.</numerusform>
            <numerusform>%n file sono spariti dalla cartella.</numerusform>
        </translation>
    </message>
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
        <source>Withdraw %n document(s) from the cloud?</source>
        <translation>
            <numerusform>Ritirare %n documento dal cloud?</numerusform>
            <numerusform>Ritirare %n documenti dal cloud?</numerusform>
        </translation>
    </message>
    <message>
        <source>The people you shared with can no longer get it. Your file stays.</source>
        <translation>Chi ha la condivisione non potrà più scaricarlo. Il file resta.</translation>
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
        <source>The same goes for %n more document(s).</source>
        <translation>
            <numerusform>Lo stesso vale per %n altro documento.</numerusform>
            <numerusform>Lo stesso vale per altri %n documenti.</numerusform>
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
    <name>FolderPage</name>
    <message>
        <source>Choose your folder</source>
        <translation>Scelta della cartella</translation>
    </message>
    <message>
        <source>Whatever you save in this folder goes to the cloud and expires there. Your own files stay where they are, untouched.</source>
        <translation>Tutto ciò che si salva in questa cartella va nel cloud e lì scade. I file originali restano dove sono, intatti.</translation>
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
        <source>Lifetimes</source>
        <translation>Durate</translation>
    </message>
    <message>
        <source>Documents stay in the cloud &amp;for</source>
        <translation>I &amp;documenti restano nel cloud per</translation>
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
        <source>It holds more than %n file(s), {size} or more.</source>
        <translation>
            <numerusform>Contiene più di %n file, {size} o più.</numerusform>
            <numerusform>Contiene più di %n file, {size} o più.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It holds %n file(s), {size}.</source>
        <translation>
            <numerusform>Contiene %n file, {size}.</numerusform>
            <numerusform>Contiene %n file, {size}.</numerusform>
        </translation>
    </message>
    <message>
        <source>They will be sent to the cloud.</source>
        <translation>Tutto verrà inviato al cloud.</translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message numerus="yes">
        <source>%n document(s) need attention</source>
        <translation>
            <numerusform>%n documento da verificare</numerusform>
            <numerusform>%n documenti da verificare</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ForgottenPassword</name>
    <message>
        <source>Choose a new password</source>
        <translation>Scelta di una nuova password</translation>
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
        <translation>All&apos;indirizzo indicato verrà inviato un codice, con cui scegliere una nuova password.</translation>
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
    <name>LinkDialog</name>
    <message>
        <source>Your organisation does not allow links.</source>
        <translation>L&apos;organizzazione non permette link.</translation>
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
        <translation>Scrivere un numero da 1 a {most}, o lasciare vuoto.</translation>
    </message>
    <message>
        <source>End the link to {name}?</source>
        <translation>Terminare il link a {name}?</translation>
    </message>
    <message>
        <source>Its address stops working for everybody, for good.</source>
        <translation>L&apos;indirizzo smette di funzionare per tutti, definitivamente.</translation>
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
    <message>
        <source>{used} of {most} downloads used</source>
        <translation>{used} di {most} download usati</translation>
    </message>
    <message>
        <source>{used} downloads so far</source>
        <translation>{used} download finora</translation>
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
    <name>MainWindow</name>
    <message>
        <source>Starting…</source>
        <translation>Avvio…</translation>
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
        <source>&amp;Pause</source>
        <translation>&amp;Pausa</translation>
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
        <source>Until &amp;tomorrow, {time}</source>
        <translation>Fino a &amp;domani, {time}</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Riprendi</translation>
    </message>
    <message>
        <source>Revoke everything you have shared?</source>
        <translation>Revocare tutto ciò che è condiviso?</translation>
    </message>
    <message>
        <source>All your links stop working, and nobody but you can get your documents any more. What was downloaded already stays where it is. Your files stay too.</source>
        <translation>Tutti i link smettono di funzionare e nessun altro potrà più scaricare i documenti. Ciò che è già stato scaricato resta dov&apos;è. Anche i file restano.</translation>
    </message>
    <message>
        <source>&amp;Revoke everything</source>
        <translation>&amp;Revoca tutto</translation>
    </message>
    <message>
        <source>All your links have ended, and your documents are yours alone.</source>
        <translation>Tutti i link sono terminati e i documenti non sono più condivisi con nessuno.</translation>
    </message>
    <message>
        <source>There is no tray on this desktop, so closing minimises the window. To end the application, choose Quit in the menu.</source>
        <translation>Questo desktop non ha un&apos;area di notifica: la chiusura riduce a icona la finestra. Per terminare l&apos;applicazione, scegliere «Chiudi» nel menu.</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>It goes on in the tray. Click its icon to see your documents.</source>
        <translation>Continua nell&apos;area di notifica. Fare clic sull&apos;icona per vedere i documenti.</translation>
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
        <source>%n document(s) are in the cloud</source>
        <translation>
            <numerusform>%n documento è nel cloud</numerusform>
            <numerusform>%n documenti sono nel cloud</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>e %n altro</numerusform>
            <numerusform>e altri %n</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is in the cloud</source>
        <translation>{name} è nel cloud</translation>
    </message>
    <message>
        <source>{name} is in the cloud until {time}</source>
        <translation>{name} è nel cloud fino alle {time}</translation>
    </message>
    <message>
        <source>Somebody</source>
        <translation>Qualcuno</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) were shared with you</source>
        <translation>
            <numerusform>%n nuovo documento condiviso</numerusform>
            <numerusform>%n nuovi documenti condivisi</numerusform>
        </translation>
    </message>
    <message>
        <source>{who} shared a document with you</source>
        <translation>Nuovo documento condiviso da {who}</translation>
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
        <source>%n document(s) leave the cloud within ten minutes</source>
        <translation>
            <numerusform>%n documento scade entro dieci minuti</numerusform>
            <numerusform>%n documenti scadono entro dieci minuti</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} leaves the cloud at {time}</source>
        <translation>{name} scade: {time}</translation>
    </message>
    <message>
        <source>Shared with {people}.</source>
        <translation>Condiviso con {people}.</translation>
    </message>
    <message>
        <source>Keep for {time}</source>
        <translation>Conserva per {time}</translation>
    </message>
    <message>
        <source>Let go</source>
        <translation>Lascia scadere</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) disappeared from your folder</source>
        <translation>
            <numerusform>%n file è sparito dalla cartella</numerusform>
            <numerusform>%n file sono spariti dalla cartella</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has been withdrawn from the cloud. Please decide what happens.</source>
        <translation>Nulla è stato ritirato dal cloud. Decidere che cosa fare.</translation>
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
        <source>%n document(s) need attention</source>
        <translation>
            <numerusform>%n documento da verificare</numerusform>
            <numerusform>%n documenti da verificare</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QrCode</name>
    <message>
        <source>QR code of the link</source>
        <translation>Codice QR del link</translation>
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
    <name>RenameDialog</name>
    <message>
        <source>Rename</source>
        <translation>Rinomina</translation>
    </message>
    <message>
        <source>&amp;New name</source>
        <translation>&amp;Nuovo nome</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>Nuovo nome</translation>
    </message>
    <message>
        <source>Original name: {name}</source>
        <translation>Nome originale: {name}</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>&amp;Rinomina</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Annulla</translation>
    </message>
    <message>
        <source>People see the new name. Your file keeps its own.</source>
        <translation>Gli altri vedono il nuovo nome. Il file conserva il suo.</translation>
    </message>
</context>
<context>
    <name>RowWords</name>
    <message>
        <source>You</source>
        <translation>Io</translation>
    </message>
    <message>
        <source>Click to share…</source>
        <translation>Condividi…</translation>
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
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n byte</numerusform>
        </translation>
    </message>
    <message>
        <source>Expired at {time}</source>
        <translation>Scaduto: {time}</translation>
    </message>
    <message>
        <source>Expires at {time}</source>
        <translation>Scade: {time}</translation>
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
        <source>Folder</source>
        <translation>Cartella</translation>
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
    <message>
        <source>Nobody is signed in.</source>
        <translation>Nessun accesso effettuato.</translation>
    </message>
    <message>
        <source>You are signed in as {name}.</source>
        <translation>Accesso effettuato come {name}.</translation>
    </message>
    <message>
        <source>No folder is chosen yet.</source>
        <translation>Nessuna cartella è ancora stata scelta.</translation>
    </message>
    <message>
        <source>&amp;Start MyDoc Transfer when I log in</source>
        <translation>&amp;Avvia MyDoc Transfer all&apos;accesso al computer</translation>
    </message>
    <message>
        <source>It begins in the tray, without its window.</source>
        <translation>Parte nell&apos;area di notifica, senza finestra.</translation>
    </message>
    <message>
        <source>Sign &amp;out here</source>
        <translation>&amp;Esci da qui</translation>
    </message>
    <message>
        <source>Sign out &amp;everywhere…</source>
        <translation>Esci &amp;ovunque…</translation>
    </message>
    <message>
        <source>Change &amp;password…</source>
        <translation>Cambia &amp;password…</translation>
    </message>
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
        <translation>Cartella osservata</translation>
    </message>
    <message>
        <source>A document is in the &amp;cloud</source>
        <translation>Un documento è nel c&amp;loud</translation>
    </message>
    <message>
        <source>Somebody &amp;shares a document with me</source>
        <translation>Qualcuno condivide un &amp;documento con me</translation>
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
    <message>
        <source>&amp;Upload at most</source>
        <translation>&amp;Invio al massimo</translation>
    </message>
    <message>
        <source>Upload at most</source>
        <translation>Invio al massimo</translation>
    </message>
    <message>
        <source>&amp;Download at most</source>
        <translation>&amp;Scaricamento al massimo</translation>
    </message>
    <message>
        <source>Download at most</source>
        <translation>Scaricamento al massimo</translation>
    </message>
    <message>
        <source>A limit holds for all transfers together, also for those under way.</source>
        <translation>Il limite vale per tutti i trasferimenti insieme, anche per quelli in corso.</translation>
    </message>
    <message>
        <source> KiB a second</source>
        <translation> KiB al secondo</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Nessun limite</translation>
    </message>
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
        <translation>La diagnostica contiene log e versioni, nessuna password, token o indirizzo. Nulla viene inviato: è l&apos;utente a decidere chi riceve il file.</translation>
    </message>
    <message>
        <source>Your password was changed.</source>
        <translation>La password è stata cambiata.</translation>
    </message>
    <message>
        <source>Sign out everywhere?</source>
        <translation>Uscire ovunque?</translation>
    </message>
    <message>
        <source>All your devices are signed out, this one too. Your files and what is in the cloud stay as they are.</source>
        <translation>Tutti i dispositivi vengono disconnessi, anche questo. I file e ciò che è nel cloud restano come sono.</translation>
    </message>
    <message>
        <source>Sign out &amp;everywhere</source>
        <translation>Esci &amp;ovunque</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Scegli una cartella</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>Salva diagnostica</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Salvato come {path}.</translation>
    </message>
</context>
<context>
    <name>ShareDialog</name>
    <message numerus="yes">
        <source>%n document(s)</source>
        <translation>
            <numerusform>%n documento</numerusform>
            <numerusform>%n documenti</numerusform>
        </translation>
    </message>
    <message>
        <source>Share {what}</source>
        <translation>Condividi {what}</translation>
    </message>
    <message>
        <source>Name or email address</source>
        <translation>Nome o indirizzo e-mail</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Aggiungi</translation>
    </message>
    <message>
        <source>People to share with</source>
        <translation>Persone con cui condividere</translation>
    </message>
    <message>
        <source>People found</source>
        <translation>Persone trovate</translation>
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
        <source>&amp;Share with</source>
        <translation>&amp;Condividi con</translation>
    </message>
    <message>
        <source>&amp;Who has it</source>
        <translation>C&amp;hi ce l&apos;ha</translation>
    </message>
    <message>
        <source>Documents stay for {time} at most.</source>
        <translation>I documenti restano al massimo {time}.</translation>
    </message>
    <message>
        <source>You can share with everybody in your organisation.</source>
        <translation>È possibile condividere con tutta l&apos;organizzazione.</translation>
    </message>
    <message>
        <source>You can share with: {who}.</source>
        <translation>È possibile condividere con: {who}.</translation>
    </message>
    <message>
        <source>Not with: {who}.</source>
        <translation>Non con: {who}.</translation>
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
        <translation>Usare l&apos;account ricevuto dalla propria organizzazione.</translation>
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
        <source>Your password goes to your organisation&apos;s sign-in only, encrypted.</source>
        <translation>La password va solo al servizio di accesso dell&apos;organizzazione, cifrata.</translation>
    </message>
    <message>
        <source>Please fill in every field.</source>
        <translation>Compilare tutti i campi.</translation>
    </message>
    <message>
        <source>Your password was set by an administrator. Choose your own.</source>
        <translation>La password è stata impostata dall&apos;amministrazione. Sceglierne una propria.</translation>
    </message>
    <message>
        <source>Your password was changed. Sign in with it now.</source>
        <translation>La password è stata cambiata. Ora usarla per accedere.</translation>
    </message>
    <message>
        <source>There is no keyring on this computer to keep the sign-in safe. A file can be read by whoever can read your files.</source>
        <translation>Su questo computer non c&apos;è un portachiavi che custodisca l&apos;accesso. Un file può essere letto da chiunque possa leggere i file dell&apos;utente.</translation>
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
    <name>_Asking</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Annulla</translation>
    </message>
    <message>
        <source>Please fill in every field.</source>
        <translation>Compilare tutti i campi.</translation>
    </message>
</context>
<context>
    <name>_Words</name>
    <message>
        <source>Everything is up to date</source>
        <translation>Tutto è aggiornato</translation>
    </message>
    <message numerus="yes">
        <source>Sending %n document(s)</source>
        <translation>
            <numerusform>Invio di %n documento</numerusform>
            <numerusform>Invio di %n documenti</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for changes</source>
        <translation>Ricerca di modifiche</translation>
    </message>
    <message numerus="yes">
        <source>Paused, %n document(s) waiting</source>
        <translation>
            <numerusform>In pausa, %n documento in attesa</numerusform>
            <numerusform>In pausa, %n documenti in attesa</numerusform>
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
</context>
</TS>
