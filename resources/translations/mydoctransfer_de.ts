<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>ActionBar</name>
    <message>
        <source>&amp;Add files…</source>
        <translation>Dateien &amp;hinzufügen…</translation>
    </message>
    <message>
        <source>{time} from now</source>
        <translation>Ab jetzt {time}</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>&amp;Share…</source>
        <translation>&amp;Freigeben…</translation>
    </message>
    <message>
        <source>Get &amp;link…</source>
        <translation>&amp;Link holen…</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>Herunter&amp;laden</translation>
    </message>
    <message>
        <source>Rena&amp;me…</source>
        <translation>&amp;Umbenennen…</translation>
    </message>
    <message>
        <source>&amp;Extend</source>
        <translation>&amp;Verlängern</translation>
    </message>
    <message>
        <source>Send a&amp;gain</source>
        <translation>Erneut &amp;senden</translation>
    </message>
    <message>
        <source>&amp;Withdraw…</source>
        <translation>&amp;Zurückziehen…</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
</context>
<context>
    <name>AnotherPassword</name>
    <message>
        <source>Change password</source>
        <translation>Passwort ändern</translation>
    </message>
    <message>
        <source>Your devices stay signed in.</source>
        <translation>Ihre Geräte bleiben angemeldet.</translation>
    </message>
    <message>
        <source>&amp;Present password</source>
        <translation>&amp;Bisheriges Passwort</translation>
    </message>
    <message>
        <source>&amp;New password</source>
        <translation>&amp;Neues Passwort</translation>
    </message>
    <message>
        <source>Change &amp;password</source>
        <translation>Passwort än&amp;dern</translation>
    </message>
</context>
<context>
    <name>AuditModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>Email</source>
        <translation>E-Mail</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Vorgang</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <source>The system</source>
        <translation>Das System</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>uploaded</source>
        <translation>gesendet</translation>
    </message>
    <message>
        <source>new version</source>
        <translation>neue Fassung</translation>
    </message>
    <message>
        <source>download link issued</source>
        <translation>Download-Link ausgestellt</translation>
    </message>
    <message>
        <source>downloaded</source>
        <translation>heruntergeladen</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>gelöscht</translation>
    </message>
    <message>
        <source>shared with</source>
        <translation>freigegeben für</translation>
    </message>
    <message>
        <source>unshared</source>
        <translation>Freigabe entzogen</translation>
    </message>
    <message>
        <source>sharing denied</source>
        <translation>Freigabe abgelehnt</translation>
    </message>
    <message>
        <source>renamed to</source>
        <translation>umbenannt in</translation>
    </message>
    <message>
        <source>extended</source>
        <translation>verlängert</translation>
    </message>
    <message>
        <source>deleted because expired</source>
        <translation>gelöscht, weil abgelaufen</translation>
    </message>
    <message>
        <source>every version gone</source>
        <translation>alle Fassungen weg</translation>
    </message>
    <message>
        <source>link created</source>
        <translation>Link erstellt</translation>
    </message>
    <message>
        <source>link changed</source>
        <translation>Link geändert</translation>
    </message>
    <message>
        <source>link revoked</source>
        <translation>Link widerrufen</translation>
    </message>
    <message>
        <source>link used</source>
        <translation>Link benutzt</translation>
    </message>
    <message>
        <source>arrival refused</source>
        <translation>Ankunft abgelehnt</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>everything revoked</source>
        <translation>alles widerrufen</translation>
    </message>
</context>
<context>
    <name>AuditWindow</name>
    <message>
        <source>Audit</source>
        <translation>Prüfprotokoll</translation>
    </message>
    <message>
        <source>Only administrators can read who did what. Ask whoever looks after your cloud, or have yourself added to the group “admins”.</source>
        <translation>Nur die Administration kann lesen, wer was getan hat. Fragen Sie, wer Ihre Cloud betreut, oder lassen Sie sich in die Gruppe „admins“ aufnehmen.</translation>
    </message>
    <message>
        <source>The audit is for administrators</source>
        <translation>Das Prüfprotokoll ist für die Administration</translation>
    </message>
    <message>
        <source>Search everything: a few letters will do</source>
        <translation>Alles durchsuchen: ein paar Buchstaben genügen</translation>
    </message>
    <message>
        <source>Search the audit</source>
        <translation>Prüfprotokoll durchsuchen</translation>
    </message>
    <message>
        <source>&amp;Read again</source>
        <translation>&amp;Neu laden</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>Entries: {number}</source>
        <translation>Einträge: {number}</translation>
    </message>
</context>
<context>
    <name>ConnectPage</name>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>MyDoc Transfer sends documents through your organisation&apos;s own cloud, and they are gone from there when their time is up.</source>
        <translation>MyDoc Transfer sendet Dokumente über die eigene Cloud Ihrer Organisation. Wenn ihre Zeit abgelaufen ist, sind sie dort wieder weg.</translation>
    </message>
    <message>
        <source>To begin, open the connection file you were given. It is usually called connection.json. Or copy its text, as it came in a message, and paste it.</source>
        <translation>Öffnen Sie zu Beginn die Verbindungsdatei, die Sie erhalten haben. Sie heißt meist connection.json. Oder kopieren Sie ihren Text aus der Nachricht, mit der er kam, und fügen Sie ihn ein.</translation>
    </message>
    <message>
        <source>&amp;Open connection file…</source>
        <translation>Verbindungsdatei ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>&amp;Paste its text</source>
        <translation>Text &amp;einfügen</translation>
    </message>
    <message>
        <source>Open connection file</source>
        <translation>Verbindungsdatei öffnen</translation>
    </message>
    <message>
        <source>Connection files</source>
        <translation>Verbindungsdateien</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>There is no text to paste. Copy the text of the connection file first.</source>
        <translation>Es gibt keinen Text zum Einfügen. Kopieren Sie zuerst den Text der Verbindungsdatei.</translation>
    </message>
</context>
<context>
    <name>DocumentsModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Shared with</source>
        <translation>Freigegeben für</translation>
    </message>
    <message>
        <source>Expires in</source>
        <translation>Läuft ab in</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Status</translation>
    </message>
</context>
<context>
    <name>DocumentsPage</name>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message numerus="yes">
        <source>Drop to send %n item(s)</source>
        <translation>
            <numerusform>Loslassen, um %n Element zu senden</numerusform>
            <numerusform>Loslassen, um %n Elemente zu senden</numerusform>
        </translation>
    </message>
    <message>
        <source>Copies go into “{folder}” and leave the cloud after {time}. Nobody else can see them until you share.</source>
        <translation>Kopien kommen in „{folder}“ und bleiben {time} in der Cloud. Niemand sonst sieht sie, bis Sie sie freigeben.</translation>
    </message>
    <message>
        <source>Filter by name or person</source>
        <translation>Nach Name oder Person filtern</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Meine</translation>
    </message>
    <message>
        <source>Shared with me</source>
        <translation>Für mich</translation>
    </message>
    <message>
        <source>Gone</source>
        <translation>Nicht mehr da</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Zu klären</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
    <message>
        <source>No document matches your filter.</source>
        <translation>Kein Dokument passt zu Ihrem Filter.</translation>
    </message>
    <message>
        <source>Nothing shared with you</source>
        <translation>Nichts für Sie freigegeben</translation>
    </message>
    <message>
        <source>When somebody shares a document with you, it appears here.</source>
        <translation>Wenn jemand ein Dokument für Sie freigibt, erscheint es hier.</translation>
    </message>
    <message>
        <source>Nothing is gone</source>
        <translation>Alles noch da</translation>
    </message>
    <message>
        <source>Documents whose time is up are listed here. Your files stay.</source>
        <translation>Hier stehen Dokumente, deren Zeit abgelaufen ist. Ihre Dateien bleiben.</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>Keine Probleme</translation>
    </message>
    <message>
        <source>Everything is in order.</source>
        <translation>Alles ist in Ordnung.</translation>
    </message>
    <message>
        <source>Drop files here</source>
        <translation>Dateien hier ablegen</translation>
    </message>
    <message>
        <source>Or save them in {folder}. They go to the cloud by themselves.</source>
        <translation>Oder speichern Sie sie in {folder}. Sie gehen von selbst in die Cloud.</translation>
    </message>
    <message>
        <source>&amp;Keep in the cloud</source>
        <translation>In der Cloud &amp;behalten</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Withdraw %n document(s)</source>
        <translation>
            <numerusform>%n Dokument &amp;zurückziehen</numerusform>
            <numerusform>%n Dokumente &amp;zurückziehen</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has been withdrawn yet. Should they leave the cloud too?</source>
        <translation>Noch wurde nichts zurückgezogen. Sollen sie auch aus der Cloud verschwinden?</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) disappeared from your folder.</source>
        <translation>
            <numerusform>%n Datei ist aus Ihrem Ordner verschwunden.</numerusform>
            <numerusform>%n Dateien sind aus Ihrem Ordner verschwunden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>{name} is in your inbox.</source>
        <translation>{name} liegt in Ihrem Eingang.</translation>
    </message>
    <message>
        <source>Withdraw {name} from the cloud?</source>
        <translation>{name} aus der Cloud zurückziehen?</translation>
    </message>
    <message numerus="yes">
        <source>Withdraw %n document(s) from the cloud?</source>
        <translation>
            <numerusform>%n Dokument aus der Cloud zurückziehen?</numerusform>
            <numerusform>%n Dokumente aus der Cloud zurückziehen?</numerusform>
        </translation>
    </message>
    <message>
        <source>The people you shared with can no longer get it. Your file stays.</source>
        <translation>Wer eine Freigabe hat, kommt dann nicht mehr heran. Ihre Datei bleibt.</translation>
    </message>
    <message>
        <source>&amp;Withdraw</source>
        <translation>&amp;Zurückziehen</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>Dateien hinzufügen</translation>
    </message>
    <message numerus="yes">
        <source>The same goes for %n more document(s).</source>
        <translation>
            <numerusform>Das gilt auch für %n weiteres Dokument.</numerusform>
            <numerusform>Das gilt auch für %n weitere Dokumente.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DocumentsView</name>
    <message>
        <source>Documents</source>
        <translation>Dokumente</translation>
    </message>
</context>
<context>
    <name>FolderPage</name>
    <message>
        <source>Choose your folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Whatever you save in this folder goes to the cloud and expires there. Your own files stay where they are, untouched.</source>
        <translation>Was Sie in diesem Ordner speichern, geht in die Cloud und läuft dort ab. Ihre eigenen Dateien bleiben unberührt, wo sie sind.</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>&amp;Wählen…</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>Lifetimes</source>
        <translation>Laufzeiten</translation>
    </message>
    <message>
        <source>Documents stay in the cloud &amp;for</source>
        <translation>&amp;Dokumente bleiben in der Cloud</translation>
    </message>
    <message>
        <source>&amp;Use this folder</source>
        <translation>Diesen Ordner &amp;verwenden</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird geprüft…</translation>
    </message>
    <message>
        <source>{free} free</source>
        <translation>{free} frei</translation>
    </message>
    <message>
        <source>It will be made for you.</source>
        <translation>Er wird für Sie angelegt.</translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation>Er ist leer.</translation>
    </message>
    <message numerus="yes">
        <source>It holds more than %n file(s), {size} or more.</source>
        <translation>
            <numerusform>Er enthält mehr als %n Datei, {size} oder mehr.</numerusform>
            <numerusform>Er enthält mehr als %n Dateien, {size} oder mehr.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It holds %n file(s), {size}.</source>
        <translation>
            <numerusform>Er enthält %n Datei, {size}.</numerusform>
            <numerusform>Er enthält %n Dateien, {size}.</numerusform>
        </translation>
    </message>
    <message>
        <source>They will be sent to the cloud.</source>
        <translation>Das alles wird in die Cloud gesendet.</translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message numerus="yes">
        <source>%n document(s) need attention</source>
        <translation>
            <numerusform>%n Dokument ist zu klären</numerusform>
            <numerusform>%n Dokumente sind zu klären</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ForgottenPassword</name>
    <message>
        <source>Choose a new password</source>
        <translation>Neues Passwort wählen</translation>
    </message>
    <message>
        <source>&amp;Email address</source>
        <translation>&amp;E-Mail-Adresse</translation>
    </message>
    <message>
        <source>C&amp;ode</source>
        <translation>&amp;Code</translation>
    </message>
    <message>
        <source>&amp;New password</source>
        <translation>&amp;Neues Passwort</translation>
    </message>
    <message>
        <source>Send another &amp;code</source>
        <translation>Noch einen Code s&amp;enden</translation>
    </message>
    <message>
        <source>If there is an account for this address, a code was sent to it.</source>
        <translation>Wenn es zu dieser Adresse ein Konto gibt, wurde ihr ein Code gesendet.</translation>
    </message>
    <message>
        <source>A code is sent to your address. With it you choose a new password.</source>
        <translation>An Ihre Adresse wird ein Code gesendet. Damit wählen Sie ein neues Passwort.</translation>
    </message>
    <message>
        <source>&amp;Set password</source>
        <translation>Passwort &amp;setzen</translation>
    </message>
    <message>
        <source>&amp;Send me a code</source>
        <translation>Code &amp;senden</translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message>
        <source>Your organisation does not allow links.</source>
        <translation>Ihre Organisation erlaubt keine Links.</translation>
    </message>
    <message>
        <source>Link to {name}</source>
        <translation>Link zu {name}</translation>
    </message>
    <message>
        <source>Address of the link</source>
        <translation>Adresse des Links</translation>
    </message>
    <message>
        <source>&amp;No password</source>
        <translation>&amp;Kein Passwort</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Keine Grenze</translation>
    </message>
    <message>
        <source>{time} from now</source>
        <translation>Ab jetzt {time}</translation>
    </message>
    <message>
        <source>&amp;End the link…</source>
        <translation>Link &amp;beenden…</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;Fertig</translation>
    </message>
    <message>
        <source>Whoever has the address can download it, without an account.</source>
        <translation>Wer die Adresse hat, kann es ohne Konto herunterladen.</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Passwort</translation>
    </message>
    <message>
        <source>&amp;Most downloads</source>
        <translation>&amp;Höchstzahl Downloads</translation>
    </message>
    <message>
        <source>The link e&amp;xpires</source>
        <translation>Der Link läuft &amp;ab</translation>
    </message>
    <message>
        <source>Write a number of downloads from 1 to {most}, or leave it empty.</source>
        <translation>Schreiben Sie eine Zahl von 1 bis {most}, oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
        <source>End the link to {name}?</source>
        <translation>Link zu {name} beenden?</translation>
    </message>
    <message>
        <source>Its address stops working for everybody, for good.</source>
        <translation>Seine Adresse funktioniert für niemanden mehr, endgültig.</translation>
    </message>
    <message>
        <source>&amp;End it</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>The link has ended.</source>
        <translation>Der Link ist beendet.</translation>
    </message>
    <message>
        <source>Copied!</source>
        <translation>Kopiert!</translation>
    </message>
    <message>
        <source>{used} of {most} downloads used</source>
        <translation>{used} von {most} Downloads verbraucht</translation>
    </message>
    <message>
        <source>{used} downloads so far</source>
        <translation>bisher {used} Downloads</translation>
    </message>
    <message>
        <source>with a password</source>
        <translation>mit Passwort</translation>
    </message>
    <message>
        <source>without password</source>
        <translation>ohne Passwort</translation>
    </message>
    <message>
        <source>Works until {time}, {counted}, {secured}.</source>
        <translation>Gilt bis {time}, {counted}, {secured}.</translation>
    </message>
    <message>
        <source>Unchanged</source>
        <translation>Unverändert</translation>
    </message>
    <message>
        <source>No password</source>
        <translation>Kein Passwort</translation>
    </message>
    <message>
        <source>As it is now</source>
        <translation>Wie es jetzt ist</translation>
    </message>
    <message>
        <source>With the document</source>
        <translation>Mit dem Dokument</translation>
    </message>
    <message>
        <source>&amp;Change</source>
        <translation>Än&amp;dern</translation>
    </message>
    <message>
        <source>&amp;Make a link</source>
        <translation>&amp;Link erstellen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Starting…</source>
        <translation>Startet…</translation>
    </message>
    <message>
        <source>&amp;Open MyDoc Transfer</source>
        <translation>MyDoc Transfer ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Open &amp;folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>Open &amp;inbox</source>
        <translation>&amp;Eingang öffnen</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>E&amp;instellungen…</translation>
    </message>
    <message>
        <source>&amp;Audit…</source>
        <translation>&amp;Prüfprotokoll…</translation>
    </message>
    <message>
        <source>&amp;Revoke everything…</source>
        <translation>Alles &amp;widerrufen…</translation>
    </message>
    <message>
        <source>&amp;Sign out</source>
        <translation>&amp;Abmelden</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Pause for a &amp;while</source>
        <translation>Für eine &amp;Weile pausieren</translation>
    </message>
    <message>
        <source>For &amp;30 minutes</source>
        <translation>Für &amp;30 Minuten</translation>
    </message>
    <message>
        <source>Until &amp;tomorrow, {time}</source>
        <translation>Bis &amp;morgen, {time}</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Revoke everything you have shared?</source>
        <translation>Alle Ihre Freigaben widerrufen?</translation>
    </message>
    <message>
        <source>All your links stop working, and nobody but you can get your documents any more. What was downloaded already stays where it is. Your files stay too.</source>
        <translation>Alle Ihre Links hören auf zu funktionieren, und nur Sie kommen noch an Ihre Dokumente. Was schon heruntergeladen wurde, bleibt, wo es ist. Auch Ihre Dateien bleiben.</translation>
    </message>
    <message>
        <source>&amp;Revoke everything</source>
        <translation>Alles &amp;widerrufen</translation>
    </message>
    <message>
        <source>All your links have ended, and your documents are yours alone.</source>
        <translation>Alle Ihre Links sind beendet, und Ihre Dokumente gehören nur noch Ihnen.</translation>
    </message>
    <message>
        <source>There is no tray on this desktop, so closing minimises the window. To end the application, choose Quit in the menu.</source>
        <translation>Dieser Desktop hat keinen Infobereich. Schließen verkleinert deshalb das Fenster. Zum Beenden wählen Sie „Beenden“ im Menü.</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>It goes on in the tray. Click its icon to see your documents.</source>
        <translation>Es läuft im Infobereich weiter. Klicken Sie auf das Symbol, um Ihre Dokumente zu sehen.</translation>
    </message>
    <message>
        <source>There is no tray on this desktop, so the window was minimised.</source>
        <translation>Dieser Desktop hat keinen Infobereich. Das Fenster wurde deshalb verkleinert.</translation>
    </message>
    <message>
        <source>MyDoc Transfer is still running</source>
        <translation>MyDoc Transfer läuft weiter</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) are in the cloud</source>
        <translation>
            <numerusform>%n Dokument ist in der Cloud</numerusform>
            <numerusform>%n Dokumente sind in der Cloud</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weiteres</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is in the cloud</source>
        <translation>{name} ist in der Cloud</translation>
    </message>
    <message>
        <source>{name} is in the cloud until {time}</source>
        <translation>{name} ist bis {time} in der Cloud</translation>
    </message>
    <message>
        <source>Somebody</source>
        <translation>Jemand</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) were shared with you</source>
        <translation>
            <numerusform>%n Dokument wurde für Sie freigegeben</numerusform>
            <numerusform>%n Dokumente wurden für Sie freigegeben</numerusform>
        </translation>
    </message>
    <message>
        <source>{who} shared a document with you</source>
        <translation>{who} hat ein Dokument für Sie freigegeben</translation>
    </message>
    <message>
        <source>{name}, until {time}</source>
        <translation>{name}, bis {time}</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) leave the cloud within ten minutes</source>
        <translation>
            <numerusform>%n Dokument läuft in zehn Minuten ab</numerusform>
            <numerusform>%n Dokumente laufen in zehn Minuten ab</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} leaves the cloud at {time}</source>
        <translation>{name} läuft ab: {time}</translation>
    </message>
    <message>
        <source>Shared with {people}.</source>
        <translation>Freigegeben für {people}.</translation>
    </message>
    <message>
        <source>Keep for {time}</source>
        <translation>Noch {time} behalten</translation>
    </message>
    <message>
        <source>Let go</source>
        <translation>Ablaufen lassen</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) disappeared from your folder</source>
        <translation>
            <numerusform>%n Datei ist aus Ihrem Ordner verschwunden</numerusform>
            <numerusform>%n Dateien sind aus Ihrem Ordner verschwunden</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has been withdrawn from the cloud. Please decide what happens.</source>
        <translation>Aus der Cloud wurde nichts zurückgezogen. Bitte entscheiden Sie, was geschehen soll.</translation>
    </message>
    <message>
        <source>Keep in the cloud</source>
        <translation>In der Cloud behalten</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>Entscheiden…</translation>
    </message>
    <message>
        <source>{name} could not be sent</source>
        <translation>{name} konnte nicht gesendet werden</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) need attention</source>
        <translation>
            <numerusform>%n Dokument ist zu klären</numerusform>
            <numerusform>%n Dokumente sind zu klären</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QrCode</name>
    <message>
        <source>QR code of the link</source>
        <translation>QR-Code des Links</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
</context>
<context>
    <name>RenameDialog</name>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>&amp;New name</source>
        <translation>&amp;Neuer Name</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>Neuer Name</translation>
    </message>
    <message>
        <source>Original name: {name}</source>
        <translation>Ursprünglicher Name: {name}</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>&amp;Umbenennen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>People see the new name. Your file keeps its own.</source>
        <translation>Andere sehen den neuen Namen. Ihre Datei behält ihren.</translation>
    </message>
</context>
<context>
    <name>RowWords</name>
    <message>
        <source>You</source>
        <translation>Ihnen</translation>
    </message>
    <message>
        <source>Click to share…</source>
        <translation>Freigeben…</translation>
    </message>
    <message>
        <source>Sending {percent} %</source>
        <translation>{percent} % gesendet</translation>
    </message>
    <message>
        <source>Its time is up</source>
        <translation>Zeit abgelaufen</translation>
    </message>
    <message>
        <source>In the cloud</source>
        <translation>In der Cloud</translation>
    </message>
    <message>
        <source>Ready to download</source>
        <translation>Bereit zum Herunterladen</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>Wird gesendet</translation>
    </message>
    <message>
        <source>Still being written</source>
        <translation>Wird noch geschrieben</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Nicht gesendet</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Gone from the cloud, kept here</source>
        <translation>Nur noch hier, nicht in der Cloud</translation>
    </message>
    <message>
        <source>Gone from the cloud</source>
        <translation>Nicht mehr in der Cloud</translation>
    </message>
    <message>
        <source>Two versions, both kept</source>
        <translation>Zwei Fassungen, beide behalten</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n Byte</numerusform>
            <numerusform>%n Bytes</numerusform>
        </translation>
    </message>
    <message>
        <source>Expired at {time}</source>
        <translation>Abgelaufen: {time}</translation>
    </message>
    <message>
        <source>Expires at {time}</source>
        <translation>Läuft ab: {time}</translation>
    </message>
</context>
<context>
    <name>SettingsWindow</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Mitteilungen</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>Nobody is signed in.</source>
        <translation>Niemand ist angemeldet.</translation>
    </message>
    <message>
        <source>You are signed in as {name}.</source>
        <translation>Sie sind angemeldet als {name}.</translation>
    </message>
    <message>
        <source>No folder is chosen yet.</source>
        <translation>Noch ist kein Ordner gewählt.</translation>
    </message>
    <message>
        <source>&amp;Start MyDoc Transfer when I log in</source>
        <translation>MyDoc Transfer beim Anmelden am Computer &amp;starten</translation>
    </message>
    <message>
        <source>It begins in the tray, without its window.</source>
        <translation>Es beginnt im Infobereich, ohne Fenster.</translation>
    </message>
    <message>
        <source>Sign &amp;out here</source>
        <translation>Hier a&amp;bmelden</translation>
    </message>
    <message>
        <source>Sign out &amp;everywhere…</source>
        <translation>Überall ab&amp;melden…</translation>
    </message>
    <message>
        <source>Change &amp;password…</source>
        <translation>&amp;Passwort ändern…</translation>
    </message>
    <message>
        <source>Choose &amp;another…</source>
        <translation>Anderen &amp;wählen…</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Lifetimes</source>
        <translation>Laufzeiten</translation>
    </message>
    <message>
        <source>New documents stay in the cloud &amp;for</source>
        <translation>&amp;Neue Dokumente bleiben in der Cloud</translation>
    </message>
    <message>
        <source>Watched folder</source>
        <translation>Überwachter Ordner</translation>
    </message>
    <message>
        <source>A document is in the &amp;cloud</source>
        <translation>Ein Dokument ist in der &amp;Cloud</translation>
    </message>
    <message>
        <source>Somebody &amp;shares a document with me</source>
        <translation>Jemand gibt ein Dokument für mich &amp;frei</translation>
    </message>
    <message>
        <source>A document &amp;leaves the cloud soon</source>
        <translation>Ein Dokument läuft bald &amp;ab</translation>
    </message>
    <message>
        <source>A document could not be se&amp;nt</source>
        <translation>Ein Dokument konnte nicht gesendet &amp;werden</translation>
    </message>
    <message>
        <source>Your desktop&apos;s “do not disturb” holds for all of them.</source>
        <translation>„Nicht stören“ Ihres Desktops gilt für alle.</translation>
    </message>
    <message>
        <source>Tell me when</source>
        <translation>Mitteilen, wenn</translation>
    </message>
    <message>
        <source>&amp;Upload at most</source>
        <translation>&amp;Senden höchstens</translation>
    </message>
    <message>
        <source>Upload at most</source>
        <translation>Senden höchstens</translation>
    </message>
    <message>
        <source>&amp;Download at most</source>
        <translation>&amp;Herunterladen höchstens</translation>
    </message>
    <message>
        <source>Download at most</source>
        <translation>Herunterladen höchstens</translation>
    </message>
    <message>
        <source>A limit holds for all transfers together, also for those under way.</source>
        <translation>Eine Grenze gilt für alle Übertragungen zusammen, auch für laufende.</translation>
    </message>
    <message>
        <source> KiB a second</source>
        <translation> KiB pro Sekunde</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Keine Grenze</translation>
    </message>
    <message>
        <source>Open &amp;logs</source>
        <translation>&amp;Protokolle öffnen</translation>
    </message>
    <message>
        <source>&amp;Save diagnostics…</source>
        <translation>&amp;Diagnose speichern…</translation>
    </message>
    <message>
        <source>The diagnostics hold logs and versions, no passwords, tokens or addresses. Nothing is sent: you decide who gets the file.</source>
        <translation>Die Diagnose enthält Protokolle und Versionen, keine Passwörter, Token oder Adressen. Nichts wird gesendet: Sie entscheiden, wer die Datei bekommt.</translation>
    </message>
    <message>
        <source>Your password was changed.</source>
        <translation>Ihr Passwort wurde geändert.</translation>
    </message>
    <message>
        <source>Sign out everywhere?</source>
        <translation>Überall abmelden?</translation>
    </message>
    <message>
        <source>All your devices are signed out, this one too. Your files and what is in the cloud stay as they are.</source>
        <translation>Alle Ihre Geräte werden abgemeldet, auch dieses. Ihre Dateien und was in der Cloud ist, bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Sign out &amp;everywhere</source>
        <translation>Überall ab&amp;melden</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>Diagnose speichern</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Gespeichert als {path}.</translation>
    </message>
</context>
<context>
    <name>ShareDialog</name>
    <message numerus="yes">
        <source>%n document(s)</source>
        <translation>
            <numerusform>%n Dokument</numerusform>
            <numerusform>%n Dokumente</numerusform>
        </translation>
    </message>
    <message>
        <source>Share {what}</source>
        <translation>{what} freigeben</translation>
    </message>
    <message>
        <source>Name or email address</source>
        <translation>Name oder E-Mail-Adresse</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>People to share with</source>
        <translation>Personen für die Freigabe</translation>
    </message>
    <message>
        <source>People found</source>
        <translation>Gefundene Personen</translation>
    </message>
    <message>
        <source>People who have it</source>
        <translation>Personen, die es haben</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;Fertig</translation>
    </message>
    <message>
        <source>&amp;Share with</source>
        <translation>Freigeben fü&amp;r</translation>
    </message>
    <message>
        <source>&amp;Who has it</source>
        <translation>&amp;Wer es hat</translation>
    </message>
    <message>
        <source>Documents stay for {time} at most.</source>
        <translation>Dokumente bleiben höchstens {time}.</translation>
    </message>
    <message>
        <source>You can share with everybody in your organisation.</source>
        <translation>Sie können für alle in Ihrer Organisation freigeben.</translation>
    </message>
    <message>
        <source>You can share with: {who}.</source>
        <translation>Sie können freigeben für: {who}.</translation>
    </message>
    <message>
        <source>Not with: {who}.</source>
        <translation>Nicht für: {who}.</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Use the account your organisation gave you.</source>
        <translation>Verwenden Sie das Konto, das Sie von Ihrer Organisation haben.</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>Noch einmal &amp;versuchen</translation>
    </message>
    <message>
        <source>&amp;Email address</source>
        <translation>&amp;E-Mail-Adresse</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Passwort</translation>
    </message>
    <message>
        <source>&amp;New password</source>
        <translation>&amp;Neues Passwort</translation>
    </message>
    <message>
        <source>&amp;Code</source>
        <translation>&amp;Code</translation>
    </message>
    <message>
        <source>&amp;Sign in</source>
        <translation>&amp;Anmelden</translation>
    </message>
    <message>
        <source>&amp;Forgot your password?</source>
        <translation>Passwort &amp;vergessen?</translation>
    </message>
    <message>
        <source>Your password goes to your organisation&apos;s sign-in only, encrypted.</source>
        <translation>Ihr Passwort geht nur an die Anmeldung Ihrer Organisation, verschlüsselt.</translation>
    </message>
    <message>
        <source>Please fill in every field.</source>
        <translation>Bitte füllen Sie alle Felder aus.</translation>
    </message>
    <message>
        <source>Your password was set by an administrator. Choose your own.</source>
        <translation>Ihr Passwort hat eine Administratorin oder ein Administrator gesetzt. Wählen Sie ein eigenes.</translation>
    </message>
    <message>
        <source>Your password was changed. Sign in with it now.</source>
        <translation>Ihr Passwort wurde geändert. Melden Sie sich jetzt damit an.</translation>
    </message>
    <message>
        <source>There is no keyring on this computer to keep the sign-in safe. A file can be read by whoever can read your files.</source>
        <translation>Auf diesem Computer gibt es keinen Schlüsselbund, der die Anmeldung sicher aufbewahrt. Eine Datei kann lesen, wer Ihre Dateien lesen kann.</translation>
    </message>
    <message>
        <source>Keep in a &amp;file</source>
        <translation>In einer &amp;Datei behalten</translation>
    </message>
    <message>
        <source>Only until I &amp;quit</source>
        <translation>Nur bis zum &amp;Beenden</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Anmeldung läuft…</translation>
    </message>
</context>
<context>
    <name>_Asking</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Please fill in every field.</source>
        <translation>Bitte füllen Sie alle Felder aus.</translation>
    </message>
</context>
<context>
    <name>_Words</name>
    <message>
        <source>Everything is up to date</source>
        <translation>Alles ist auf dem neuesten Stand</translation>
    </message>
    <message numerus="yes">
        <source>Sending %n document(s)</source>
        <translation>
            <numerusform>%n Dokument wird gesendet</numerusform>
            <numerusform>%n Dokumente werden gesendet</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for changes</source>
        <translation>Es wird nach Änderungen gesucht</translation>
    </message>
    <message numerus="yes">
        <source>Paused, %n document(s) waiting</source>
        <translation>
            <numerusform>Pausiert, %n Dokument wartet</numerusform>
            <numerusform>Pausiert, %n Dokumente warten</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Something needs your attention</source>
        <translation>Etwas ist zu klären</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Nicht angemeldet</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} Min.</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n} Std.</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n Byte</numerusform>
            <numerusform>%n Bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n Sekunde</numerusform>
            <numerusform>%n Sekunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n Minute</numerusform>
            <numerusform>%n Minuten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n Stunde</numerusform>
            <numerusform>%n Stunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n Tag</numerusform>
            <numerusform>%n Tage</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <comment>expires in</comment>
        <translation>
            <numerusform>%n Tag</numerusform>
            <numerusform>%n Tagen</numerusform>
        </translation>
    </message>
</context>
</TS>
