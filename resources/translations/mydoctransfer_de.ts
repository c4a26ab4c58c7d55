<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AccountSettings</name>
    <message>
        <source>Sign &amp;out here</source>
        <translation>Hier a&amp;bmelden</translation>
    </message>
    <message>
        <source>Sign out &amp;everywhere…</source>
        <translation>Überall ab&amp;melden…</translation>
    </message>
    <message>
        <source>&amp;Remove this account…</source>
        <translation>Dieses Konto entfe&amp;rnen…</translation>
    </message>
    <message>
        <source>Change &amp;password…</source>
        <translation>&amp;Passwort ändern…</translation>
    </message>
    <message>
        <source>Set up a second &amp;factor…</source>
        <translation>Zweiten &amp;Faktor einrichten…</translation>
    </message>
    <message>
        <source>Copy set-up &amp;link</source>
        <translation>Einrichtungs-&amp;Link kopieren</translation>
    </message>
    <message>
        <source>The link connects another computer to the same cloud. There is no password in it.</source>
        <translation>Der Link verbindet einen anderen Computer mit derselben Cloud. Ein Passwort enthält er nicht.</translation>
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
        <source>Your password was changed.</source>
        <translation>Ihr Passwort wurde geändert.</translation>
    </message>
    <message>
        <source>Copied. Send it to whoever is to use this cloud.</source>
        <translation>Kopiert. Senden Sie ihn allen, die diese Cloud nutzen sollen.</translation>
    </message>
    <message>
        <source>Turn off the second &amp;factor…</source>
        <translation>Zweiten &amp;Faktor abschalten…</translation>
    </message>
    <message>
        <source>Turn off the second factor?</source>
        <translation>Zweiten Faktor abschalten?</translation>
    </message>
    <message>
        <source>From then on your password alone is enough to sign in.</source>
        <translation>Danach genügt Ihr Passwort allein zum Anmelden.</translation>
    </message>
    <message>
        <source>&amp;Turn off</source>
        <translation>A&amp;bschalten</translation>
    </message>
    <message>
        <source>From now on signing in asks for a code.</source>
        <translation>Von nun an fragt die Anmeldung nach einem Code.</translation>
    </message>
    <message>
        <source>Signing in asks for no code any more.</source>
        <translation>Die Anmeldung fragt nach keinem Code mehr.</translation>
    </message>
</context>
<context>
    <name>AccountsMenu</name>
    <message>
        <source>A&amp;ccounts</source>
        <translation>&amp;Konten</translation>
    </message>
    <message>
        <source>&amp;Add account…</source>
        <translation>Konto &amp;hinzufügen…</translation>
    </message>
    <message>
        <source>&amp;Remove this account…</source>
        <translation>Dieses Konto entfe&amp;rnen…</translation>
    </message>
    <message>
        <source>Remove {name} from this computer?</source>
        <translation>{name} von diesem Computer entfernen?</translation>
    </message>
    <message>
        <source>You are signed out here, and this account&apos;s connection, folder and settings are forgotten on this computer. What stays: all your files, in the folder and among the downloads; what is in the cloud, until its time is up; and the account itself, with which you can sign in again. Other accounts stay as they are.</source>
        <translation>Sie werden hier abgemeldet, und Verbindung, Ordner und Einstellungen dieses Kontos werden auf diesem Computer vergessen. Was bleibt: alle Ihre Dateien, im Ordner und bei den Downloads; was in der Cloud ist, bis seine Zeit abgelaufen ist; und das Konto selbst, mit dem Sie sich wieder anmelden können. Andere Konten bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>&amp;Remove account</source>
        <translation>Konto &amp;entfernen</translation>
    </message>
</context>
<context>
    <name>ActionBar</name>
    <message>
        <source>&amp;Add files…</source>
        <translation>Dateien &amp;hinzufügen…</translation>
    </message>
    <message>
        <source>{act}: not possible with all that is selected</source>
        <translation>{act}: geht nicht mit allem, was ausgewählt ist</translation>
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
        <source>Share as &amp;before</source>
        <translation>Wie &amp;vorher freigeben</translation>
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
        <source>Re&amp;ceipt…</source>
        <translation>&amp;Beleg…</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>R&amp;ule of this folder…</source>
        <translation>Regel dieses &amp;Ordners…</translation>
    </message>
    <message>
        <source>Resume sendi&amp;ng</source>
        <translation>Weiter se&amp;nden</translation>
    </message>
</context>
<context>
    <name>ActivityModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>und %Ln weiteres</numerusform>
            <numerusform>und %Ln weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>Added to the folder</source>
        <translation>Zum Ordner hinzugefügt</translation>
    </message>
    <message>
        <source>Sent to the cloud</source>
        <translation>In die Cloud gesendet</translation>
    </message>
    <message>
        <source>Shared with you</source>
        <translation>Für Sie freigegeben</translation>
    </message>
    <message>
        <source>Shared</source>
        <translation>Freigegeben</translation>
    </message>
    <message>
        <source>No longer shared</source>
        <translation>Nicht mehr freigegeben</translation>
    </message>
    <message>
        <source>Expiry changed</source>
        <translation>Ablauf geändert</translation>
    </message>
    <message>
        <source>Renamed</source>
        <translation>Umbenannt</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>Zurückgezogen</translation>
    </message>
    <message>
        <source>Downloaded</source>
        <translation>Heruntergeladen</translation>
    </message>
    <message>
        <source>Downloaded by</source>
        <translation>Heruntergeladen von</translation>
    </message>
    <message>
        <source>Its time was up</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <source>Everything revoked</source>
        <translation>Alles widerrufen</translation>
    </message>
</context>
<context>
    <name>ActivityPage</name>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
    <message>
        <source>Add or share a document: what you and others do is listed here, and much of it can be undone.</source>
        <translation>Fügen Sie ein Dokument hinzu oder geben Sie eines frei: Hier steht, was Sie und andere tun, und vieles lässt sich rückgängig machen.</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>Noch ist nichts geschehen</translation>
    </message>
    <message>
        <source>&amp;Withdraw…</source>
        <translation>&amp;Zurückziehen…</translation>
    </message>
    <message>
        <source>&amp;Take back</source>
        <translation>&amp;Zurücknehmen</translation>
    </message>
    <message>
        <source>Share &amp;again</source>
        <translation>&amp;Wieder freigeben</translation>
    </message>
    <message>
        <source>&amp;Extend back</source>
        <translation>Zeit &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Send again</source>
        <translation>&amp;Erneut senden</translation>
    </message>
</context>
<context>
    <name>AdvancedSettings</name>
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
        <translation>Die Diagnose enthält Protokolle und Versionsnummern, aber keine Passwörter, Token oder Adressen. Nichts wird gesendet: Sie entscheiden, wer die Datei bekommt.</translation>
    </message>
    <message>
        <source>&amp;Reset…</source>
        <translation>&amp;Zurücksetzen…</translation>
    </message>
    <message>
        <source>Resetting begins anew: connection, folder and settings are forgotten.</source>
        <translation>Zurücksetzen beginnt von vorn: Verbindung, Ordner und Einstellungen werden vergessen.</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>Diagnose speichern</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Gespeichert als {path}.</translation>
    </message>
    <message>
        <source>Reset MyDoc Transfer on this computer?</source>
        <translation>MyDoc Transfer auf diesem Computer zurücksetzen?</translation>
    </message>
    <message>
        <source>You are signed out here, and the connection, the choice of folder and all settings are forgotten. Your files stay where they are, and what is in the cloud stays there until its time is up.</source>
        <translation>Sie werden hier abgemeldet, und Verbindung, Ordnerwahl und alle Einstellungen werden vergessen. Ihre Dateien bleiben, wo sie sind, und was in der Cloud ist, bleibt dort, bis seine Zeit um ist.</translation>
    </message>
    <message>
        <source>&amp;Reset</source>
        <translation>&amp;Zurücksetzen</translation>
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
    <name>Asking</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Please fill in every field.</source>
        <translation>Bitte füllen Sie jedes Feld aus.</translation>
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
        <source>version {n}, not verified</source>
        <translation>Fassung {n}, nicht geprüft</translation>
    </message>
    <message>
        <source>version {n}</source>
        <translation>Fassung {n}</translation>
    </message>
    <message>
        <source>({published} published, {removed} removed by the system)</source>
        <translation>({published} veröffentlicht, {removed} vom System gelöscht)</translation>
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
        <translation>verlängert bis</translation>
    </message>
    <message>
        <source>deleted because expired</source>
        <translation>gelöscht, weil abgelaufen</translation>
    </message>
    <message>
        <source>every version gone</source>
        <translation>alle Fassungen gelöscht</translation>
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
        <translation>Eingang abgelehnt</translation>
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
        <translation>Wer was getan hat, sehen nur Mitglieder der Gruppe „admins“. Fragen Sie die Person, die Ihre Cloud betreut, oder lassen Sie sich in die Gruppe aufnehmen.</translation>
    </message>
    <message>
        <source>The audit is for administrators</source>
        <translation>Das Prüfprotokoll ist der Administration vorbehalten</translation>
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
        <source>&amp;Save as CSV…</source>
        <translation>Als CSV &amp;speichern…</translation>
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
        <source>Save the audit</source>
        <translation>Prüfprotokoll speichern</translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}.</source>
        <translation>{path} konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>The audit was not saved</source>
        <translation>Das Prüfprotokoll wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Gespeichert als {path}.</translation>
    </message>
    <message>
        <source>Entries: {number}</source>
        <translation>Einträge: {number}</translation>
    </message>
    <message>
        <source>What people do with documents is written down here.</source>
        <translation>Hier wird aufgeschrieben, was mit Dokumenten geschieht.</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>Noch ist nichts geschehen</translation>
    </message>
    <message>
        <source>No entry has these letters in this order.</source>
        <translation>Kein Eintrag enthält diese Buchstaben in dieser Reihenfolge.</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>{who}, chosen</source>
        <translation>{who}, ausgewählt</translation>
    </message>
    <message>
        <source>{who}, cannot be chosen</source>
        <translation>{who}, nicht wählbar</translation>
    </message>
    <message>
        <source>Remove {who}</source>
        <translation>{who} entfernen</translation>
    </message>
</context>
<context>
    <name>Choosing</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
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
        <translation>MyDoc Transfer sendet Dokumente über die eigene Cloud Ihrer Organisation. Ist ihre Zeit abgelaufen, verschwinden sie von dort.</translation>
    </message>
    <message>
        <source>&amp;Open connection file…</source>
        <translation>Verbindungsdatei ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>To begin, open the connection file you were given. It is usually called connection.json. Or copy its text or a set-up link, as it came in a message, and paste it.</source>
        <translation>Öffnen Sie zuerst die Verbindungsdatei, die Sie bekommen haben. Meist heißt sie connection.json. Oder kopieren Sie ihren Text oder einen Einrichtungslink aus einer Nachricht und fügen Sie ihn ein.</translation>
    </message>
    <message>
        <source>&amp;Paste text or link</source>
        <translation>Text oder Link &amp;einfügen</translation>
    </message>
    <message>
        <source>&amp;Keep the present cloud</source>
        <translation>Bei der jetzigen Cloud &amp;bleiben</translation>
    </message>
    <message>
        <source>Your new account may be in a cloud that you use already, or in another one. For another one, open its connection file, or copy the file&apos;s text or a set-up link and paste it.</source>
        <translation>Ihr neues Konto kann in einer Cloud sein, die Sie schon nutzen, oder in einer anderen. Für eine andere öffnen Sie ihre Verbindungsdatei, oder kopieren Sie den Text der Datei oder einen Einrichtungslink und fügen Sie ihn ein.</translation>
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
        <source>There is no text to paste. Copy the link or the connection file&apos;s text first.</source>
        <translation>Es gibt keinen Text zum Einfügen. Kopieren Sie zuerst den Link oder den Text der Verbindungsdatei.</translation>
    </message>
</context>
<context>
    <name>DefaultsPage</name>
    <message>
        <source>How it should work</source>
        <translation>Voreinstellungen</translation>
    </message>
    <message>
        <source>You can change all of this later in the settings.</source>
        <translation>Das alles können Sie später in den Einstellungen ändern.</translation>
    </message>
    <message>
        <source>Lifetimes</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>Documents stay in the cloud &amp;for</source>
        <translation>Dokumente bleiben in der Cloud &amp;für</translation>
    </message>
    <message>
        <source>S&amp;tart MyDoc Transfer when I log in</source>
        <translation>MyDoc &amp;Transfer beim Anmelden am Computer starten</translation>
    </message>
    <message>
        <source>Show &amp;notifications</source>
        <translation>Mit&amp;teilungen zeigen</translation>
    </message>
    <message>
        <source>When something was sent, shared with you or downloaded, leaves soon, or is in the way.</source>
        <translation>Wenn etwas gesendet, mit Ihnen geteilt oder heruntergeladen wurde, bald weggeht oder im Weg ist.</translation>
    </message>
    <message>
        <source>Nothing has been sent so far.</source>
        <translation>Bis jetzt wurde nichts gesendet.</translation>
    </message>
    <message>
        <source>&amp;Begin</source>
        <translation>&amp;Beginnen</translation>
    </message>
    <message>
        <source>Bac&amp;k</source>
        <translation>&amp;Zurück</translation>
    </message>
</context>
<context>
    <name>DocumentActs</name>
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
        <source>Withdraw %Ln document(s) from the cloud?</source>
        <translation>
            <numerusform>%Ln Dokument aus der Cloud zurückziehen?</numerusform>
            <numerusform>%Ln Dokumente aus der Cloud zurückziehen?</numerusform>
        </translation>
    </message>
    <message>
        <source>The people you shared with can no longer get it. Your file stays.</source>
        <translation>Die Personen, für die es freigegeben ist, können es dann nicht mehr herunterladen. Ihre Datei bleibt.</translation>
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
        <source>The same goes for %Ln more document(s).</source>
        <translation>
            <numerusform>Das gilt auch für %Ln weiteres Dokument.</numerusform>
            <numerusform>Das gilt auch für %Ln weitere Dokumente.</numerusform>
        </translation>
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
    <message>
        <source>Folder and rules</source>
        <translation>Ordner und Regeln</translation>
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
        <source>&amp;Withdraw %Ln document(s)</source>
        <translation>
            <numerusform>%Ln Dokument &amp;zurückziehen</numerusform>
            <numerusform>%Ln Dokumente &amp;zurückziehen</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has been withdrawn yet. Should they leave the cloud too?</source>
        <translation>Noch wurde nichts zurückgezogen. Sollen sie auch aus der Cloud verschwinden?</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) disappeared from your folder.</source>
        <translation>
            <numerusform>%Ln Datei ist aus Ihrem Ordner verschwunden.</numerusform>
            <numerusform>%Ln Dateien sind aus Ihrem Ordner verschwunden.</numerusform>
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
    <name>DonePage</name>
    <message>
        <source>Open &amp;folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;Show my documents</source>
        <translation>Meine &amp;Dokumente zeigen</translation>
    </message>
    <message>
        <source>All is set. Whatever you save in {folder} is sent from now on.</source>
        <translation>Alles ist bereit. Was Sie in {folder} speichern, wird von nun an gesendet.</translation>
    </message>
    <message>
        <source>This icon is in your tray now. Its shape says how things stand, and a click on it opens this window. Closing the window does not end the application.</source>
        <translation>Dieses Symbol finden Sie jetzt im Infobereich. Seine Form zeigt, wie es steht, und ein Klick darauf öffnet dieses Fenster. Wenn Sie das Fenster schließen, läuft das Programm weiter.</translation>
    </message>
    <message>
        <source>There is no tray on this desktop, so closing the window minimises it. To end the application, choose Quit in the menu.</source>
        <translation>Dieser Desktop hat keinen Infobereich. Beim Schließen wird das Fenster deshalb minimiert. Zum Beenden wählen Sie „Beenden“ im Menü.</translation>
    </message>
</context>
<context>
    <name>DraggingOut</name>
    <message>
        <source>These are too many to drag at once: download them first.</source>
        <translation>Das sind zu viele, um sie auf einmal zu ziehen: Laden Sie sie zuerst herunter.</translation>
    </message>
    <message numerus="yes">
        <source>Downloading %Ln document(s): hold on to them.</source>
        <translation>
            <numerusform>%Ln Dokument wird heruntergeladen: Halten Sie es fest.</numerusform>
            <numerusform>%Ln Dokumente werden heruntergeladen: Halten Sie sie fest.</numerusform>
        </translation>
    </message>
    <message>
        <source>Downloading {name}: hold on to it.</source>
        <translation>{name} wird heruntergeladen: Halten Sie es fest.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) are in your inbox now: drag them again.</source>
        <translation>
            <numerusform>%Ln Dokument liegt jetzt in Ihrem Eingang: Ziehen Sie es noch einmal.</numerusform>
            <numerusform>%Ln Dokumente liegen jetzt in Ihrem Eingang: Ziehen Sie sie noch einmal.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is in your inbox now: drag it again.</source>
        <translation>{name} liegt jetzt in Ihrem Eingang: Ziehen Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message numerus="yes">
        <source>Drop to send %Ln item(s)</source>
        <translation>
            <numerusform>Loslassen, um %Ln Element zu senden</numerusform>
            <numerusform>Loslassen, um %Ln Elemente zu senden</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FilterBox</name>
    <message>
        <source>Filter by name or person</source>
        <translation>Nach Name oder Person filtern</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
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
        <source>&amp;Send them all to the cloud</source>
        <translation>Alle in die Cloud &amp;senden</translation>
    </message>
    <message>
        <source>Send only &amp;new files, leave these alone</source>
        <translation>Nur &amp;neue Dateien senden, diese in Ruhe lassen</translation>
    </message>
    <message>
        <source>A file that was here before goes to the cloud only when you change it.</source>
        <translation>Eine Datei, die schon hier war, geht erst in die Cloud, wenn Sie sie ändern.</translation>
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
        <source>&amp;Send all %Ln file(s) to the cloud</source>
        <translation>
            <numerusform>%Ln Datei in die Cloud &amp;senden</numerusform>
            <numerusform>Alle %Ln Dateien in die Cloud &amp;senden</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderSettings</name>
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
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>New documents stay in the cloud &amp;for</source>
        <translation>&amp;Neue Dokumente bleiben in der Cloud für</translation>
    </message>
    <message>
        <source>Watched folder</source>
        <translation>Überwachter Ordner</translation>
    </message>
    <message>
        <source>No folder is chosen yet.</source>
        <translation>Noch ist kein Ordner gewählt.</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>What is there already goes to the cloud now, or only once you change it.</source>
        <translation>Was schon darin ist, geht jetzt in die Cloud oder erst, wenn Sie es ändern.</translation>
    </message>
    <message>
        <source>Send what is in {folder}?</source>
        <translation>Senden, was in {folder} ist?</translation>
    </message>
    <message>
        <source>Only &amp;new files</source>
        <translation>Nur &amp;neue Dateien</translation>
    </message>
    <message>
        <source>&amp;Send them all</source>
        <translation>Alle &amp;senden</translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message numerus="yes">
        <source>%Ln item(s) need attention</source>
        <translation>
            <numerusform>%Ln Eintrag erfordert Ihre Aufmerksamkeit</numerusform>
            <numerusform>%Ln Einträge erfordern Ihre Aufmerksamkeit</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) paused, all else is up to date</source>
        <translation>
            <numerusform>%Ln Dokument angehalten, alles andere ist aktuell</numerusform>
            <numerusform>%Ln Dokumente angehalten, alles andere ist aktuell</numerusform>
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
        <translation>Passwort fest&amp;legen</translation>
    </message>
    <message>
        <source>&amp;Send me a code</source>
        <translation>Code &amp;senden</translation>
    </message>
</context>
<context>
    <name>GeneralSettings</name>
    <message>
        <source>&amp;Start MyDoc Transfer when I log in</source>
        <translation>MyDoc Transfer beim Anmelden am Computer &amp;starten</translation>
    </message>
    <message>
        <source>It begins in the tray, without its window.</source>
        <translation>Es beginnt im Infobereich, ohne Fenster.</translation>
    </message>
    <message>
        <source>Offer “Share with MyDoc Transfer” in the &amp;file manager</source>
        <translation>„Mit MyDoc Transfer freigeben“ im &amp;Dateimanager anbieten</translation>
    </message>
    <message>
        <source>Links that begin with mydoctransfer:// open here, too, after a question.</source>
        <translation>Auch Links, die mit mydoctransfer:// beginnen, öffnen sich hier, nach einer Frage.</translation>
    </message>
</context>
<context>
    <name>Home</name>
    <message>
        <source>Documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>Transfers</source>
        <translation>Übertragungen</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
</context>
<context>
    <name>KnownClouds</name>
    <message>
        <source>&amp;Same cloud as {name}</source>
        <translation>&amp;Gleiche Cloud wie {name}</translation>
    </message>
    <message>
        <source>&amp;Cloud at {host}</source>
        <translation>&amp;Cloud unter {host}</translation>
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
        <source>QR code of the link</source>
        <translation>QR-Code des Links</translation>
    </message>
    <message>
        <source>&amp;No password</source>
        <translation>&amp;Kein Passwort</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Unbegrenzt</translation>
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
        <translation>Wer die Adresse hat, kann das Dokument ohne Konto herunterladen.</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Passwort</translation>
    </message>
    <message>
        <source>&amp;Most downloads</source>
        <translation>&amp;Höchstzahl an Downloads</translation>
    </message>
    <message>
        <source>The link e&amp;xpires</source>
        <translation>Der Link läuft &amp;ab</translation>
    </message>
    <message>
        <source>Write a number of downloads from 1 to {most}, or leave it empty.</source>
        <translation>Geben Sie eine Zahl von 1 bis {most} ein, oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
        <source>End the link to {name}?</source>
        <translation>Link zu {name} beenden?</translation>
    </message>
    <message>
        <source>Its address stops working for everybody, for good.</source>
        <translation>Die Adresse funktioniert dann für niemanden mehr. Das lässt sich nicht rückgängig machen.</translation>
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
    <message numerus="yes">
        <source>{used} of %Ln download(s) used</source>
        <translation>
            <numerusform>{used} von %Ln Download verbraucht</numerusform>
            <numerusform>{used} von %Ln Downloads verbraucht</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln download(s) so far</source>
        <translation>
            <numerusform>bisher %Ln Download</numerusform>
            <numerusform>bisher %Ln Downloads</numerusform>
        </translation>
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
    <name>MainMenu</name>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message numerus="yes">
        <source>In the cloud: %Ln document(s), {size}</source>
        <translation>
            <numerusform>In der Cloud: %Ln Dokument, {size}</numerusform>
            <numerusform>In der Cloud: %Ln Dokumente, {size}</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>&amp;Herunterladen</translation>
    </message>
    <message>
        <source>&amp;Share…</source>
        <translation>Frei&amp;geben…</translation>
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
        <source>&amp;Latest documents</source>
        <translation>&amp;Letzte Dokumente</translation>
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
        <source>Sign out &amp;everywhere…</source>
        <translation>&amp;Überall abmelden…</translation>
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
        <source>Until I &amp;resume</source>
        <translation>Bis zum &amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Until &amp;tomorrow, {time}</source>
        <translation>Bis &amp;morgen, {time}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Starting…</source>
        <translation>Wird gestartet…</translation>
    </message>
    <message>
        <source>There is no tray on this desktop, so closing minimises the window. To end the application, choose Quit in the menu.</source>
        <translation>Dieser Desktop hat keinen Infobereich. Beim Schließen wird das Fenster deshalb minimiert. Zum Beenden wählen Sie „Beenden“ im Menü.</translation>
    </message>
</context>
<context>
    <name>NameEditor</name>
    <message>
        <source>New name</source>
        <translation>Neuer Name</translation>
    </message>
    <message>
        <source>People see the new name. Your file keeps its own.</source>
        <translation>Andere sehen den neuen Namen. Ihre Datei behält ihren.</translation>
    </message>
    <message>
        <source>Original name: {name}</source>
        <translation>Ursprünglicher Name: {name}</translation>
    </message>
</context>
<context>
    <name>NetworkSettings</name>
    <message>
        <source>&amp;Upload at most</source>
        <translation>&amp;Senden mit höchstens</translation>
    </message>
    <message>
        <source>Upload at most</source>
        <translation>Senden mit höchstens</translation>
    </message>
    <message>
        <source>&amp;Download at most</source>
        <translation>&amp;Herunterladen mit höchstens</translation>
    </message>
    <message>
        <source>Download at most</source>
        <translation>Herunterladen mit höchstens</translation>
    </message>
    <message>
        <source>A limit holds for all transfers together, also for those under way.</source>
        <translation>Eine Grenze gilt für alle Übertragungen zusammen, auch für laufende.</translation>
    </message>
    <message>
        <source>Wait while the line is &amp;metered</source>
        <translation>Warten, solange die Verbindung &amp;getaktet ist</translation>
    </message>
    <message>
        <source>Wait while the computer runs on its &amp;battery</source>
        <translation>Warten, solange der Computer im &amp;Akkubetrieb läuft</translation>
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
        <translation>Datei mit Zertifizierungsste&amp;llen</translation>
    </message>
    <message>
        <source>File with certificate authorities</source>
        <translation>Datei mit Zertifizierungsstellen</translation>
    </message>
    <message>
        <source>Empty means: as the system says. Both hold from the application&apos;s next start.</source>
        <translation>Leere Felder: Es gelten die Einstellungen des Systems. Beides gilt ab dem nächsten Start des Programms.</translation>
    </message>
    <message>
        <source> KiB a second</source>
        <translation> KiB pro Sekunde</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Unbegrenzt</translation>
    </message>
</context>
<context>
    <name>NoticeActions</name>
    <message>
        <source>{name} stays for {time}</source>
        <translation>{name} bleibt noch {time}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) stay for {time}</source>
        <translation>
            <numerusform>%Ln Dokument bleibt noch {time}</numerusform>
            <numerusform>%Ln Dokumente bleiben noch {time}</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is in your inbox</source>
        <translation>{name} liegt in Ihrem Eingang</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
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
        <translation>Dieser Desktop hat keinen Infobereich. Das Fenster wurde deshalb minimiert.</translation>
    </message>
    <message>
        <source>MyDoc Transfer is still running</source>
        <translation>MyDoc Transfer läuft weiter</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) are in the cloud</source>
        <translation>
            <numerusform>%Ln Dokument ist in der Cloud</numerusform>
            <numerusform>%Ln Dokumente sind in der Cloud</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>und %Ln weiteres</numerusform>
            <numerusform>und %Ln weitere</numerusform>
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
        <source>%Ln document(s) were shared with you</source>
        <translation>
            <numerusform>%Ln Dokument wurde für Sie freigegeben</numerusform>
            <numerusform>%Ln Dokumente wurden für Sie freigegeben</numerusform>
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
        <source>%Ln document(s) leave the cloud within ten minutes</source>
        <translation>
            <numerusform>%Ln Dokument läuft innerhalb von zehn Minuten ab</numerusform>
            <numerusform>%Ln Dokumente laufen innerhalb von zehn Minuten ab</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} leaves the cloud at {time}</source>
        <translation>{name} läuft ab: {time}</translation>
    </message>
    <message>
        <source>Keep for {time}</source>
        <translation>Noch {time} behalten</translation>
    </message>
    <message>
        <source>Let go</source>
        <translation>Ablaufen lassen</translation>
    </message>
    <message>
        <source>{name}: {sentence}</source>
        <translation>{name}: {sentence}</translation>
    </message>
    <message>
        <source>Not downloaded yet by {people}.</source>
        <translation>Noch nicht heruntergeladen von {people}.</translation>
    </message>
    <message>
        <source>Everybody has downloaded it.</source>
        <translation>Alle haben es heruntergeladen.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) were downloaded</source>
        <translation>
            <numerusform>%Ln Dokument wurde heruntergeladen</numerusform>
            <numerusform>%Ln Dokumente wurden heruntergeladen</numerusform>
        </translation>
    </message>
    <message>
        <source>By {people}.</source>
        <translation>Von {people}.</translation>
    </message>
    <message>
        <source>{name} was downloaded</source>
        <translation>{name} wurde heruntergeladen</translation>
    </message>
    <message>
        <source>{who} downloaded {name}</source>
        <translation>{who} hat {name} heruntergeladen</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) disappeared from your folder</source>
        <translation>
            <numerusform>%Ln Datei ist aus Ihrem Ordner verschwunden</numerusform>
            <numerusform>%Ln Dateien sind aus Ihrem Ordner verschwunden</numerusform>
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
        <source>%Ln item(s) need attention</source>
        <translation>
            <numerusform>%Ln Eintrag erfordert Ihre Aufmerksamkeit</numerusform>
            <numerusform>%Ln Einträge erfordern Ihre Aufmerksamkeit</numerusform>
        </translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
</context>
<context>
    <name>NotificationsSettings</name>
    <message>
        <source>A document is in the &amp;cloud</source>
        <translation>Ein Dokument ist in der &amp;Cloud</translation>
    </message>
    <message>
        <source>Somebody &amp;shares a document with me</source>
        <translation>Jemand gibt ein Dokument für mich &amp;frei</translation>
    </message>
    <message>
        <source>Somebody has &amp;downloaded a document of mine</source>
        <translation>Jemand hat ein Dokument von mir heruntergela&amp;den</translation>
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
</context>
<context>
    <name>PeopleField</name>
    <message>
        <source>Name or email address</source>
        <translation>Name oder E-Mail-Adresse</translation>
    </message>
    <message>
        <source>People found</source>
        <translation>Gefundene Personen</translation>
    </message>
    <message>
        <source>This is no email address: {who}.</source>
        <translation>Das ist keine E-Mail-Adresse: {who}.</translation>
    </message>
    <message>
        <source>Your organisation does not allow sharing with {who}.</source>
        <translation>Ihre Organisation erlaubt keine Freigabe für {who}.</translation>
    </message>
    <message>
        <source>Nobody in your organisation has this address: {who}.</source>
        <translation>Niemand in Ihrer Organisation hat diese Adresse: {who}.</translation>
    </message>
    <message>
        <source>{who} is your own address.</source>
        <translation>{who} ist Ihre eigene Adresse.</translation>
    </message>
    <message>
        <source>Has it already: {who}.</source>
        <translation>Hat es bereits: {who}.</translation>
    </message>
    <message>
        <source>Nobody called {who} was found. Write the email address.</source>
        <translation>Niemand namens {who} wurde gefunden. Schreiben Sie die E-Mail-Adresse.</translation>
    </message>
</context>
<context>
    <name>ProblemsModel</name>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Was nicht stimmt</translation>
    </message>
    <message>
        <source>What helps</source>
        <translation>Was hilft</translation>
    </message>
    <message>
        <source>Two versions, both kept</source>
        <translation>Zwei Fassungen, beide behalten</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Nicht gesendet</translation>
    </message>
    <message>
        <source>It is tried again by itself. Mend the cause, then try again now.</source>
        <translation>Es wird von selbst wieder versucht. Beheben Sie die Ursache, und versuchen Sie es dann gleich noch einmal.</translation>
    </message>
    <message>
        <source>Compare the two, and delete the one you do not want.</source>
        <translation>Vergleichen Sie beide und löschen Sie die, die Sie nicht wollen.</translation>
    </message>
    <message>
        <source>To send it anyway, choose “Send again” among the documents.</source>
        <translation>Um sie trotzdem zu senden, wählen Sie bei den Dokumenten „Erneut senden“.</translation>
    </message>
    <message>
        <source>Only files are sent. Put a copy in its place to send it.</source>
        <translation>Nur Dateien werden gesendet. Legen Sie eine Kopie an ihre Stelle.</translation>
    </message>
</context>
<context>
    <name>ProblemsPage</name>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>&amp;Try again now</source>
        <translation>&amp;Jetzt erneut versuchen</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>No document has a problem of its own</source>
        <translation>Kein Dokument hat selbst ein Problem</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>Keine Probleme</translation>
    </message>
    <message>
        <source>Everything is in order. What needs you would stand here, with what helps.</source>
        <translation>Alles ist in Ordnung. Wenn etwas Ihre Hilfe braucht, steht es hier, zusammen mit der Abhilfe.</translation>
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
    <name>ReceiptDialog</name>
    <message>
        <source>Receipt of the deletion</source>
        <translation>Beleg der Löschung</translation>
    </message>
    <message>
        <source>&amp;Save…</source>
        <translation>&amp;Speichern…</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}.</source>
        <translation>{path} konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>The receipt was not saved</source>
        <translation>Der Beleg wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Gespeichert als {path}.</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Fassungen</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>Besitzer</translation>
    </message>
    <message>
        <source>Who had it</source>
        <translation>Wer es hatte</translation>
    </message>
    <message>
        <source>Nobody else</source>
        <translation>Niemand sonst</translation>
    </message>
    <message>
        <source>Who downloaded it</source>
        <translation>Wer es heruntergeladen hat</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>Niemand</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Left the cloud</source>
        <translation>Aus der Cloud entfernt</translation>
    </message>
    <message>
        <source>Last byte deleted</source>
        <translation>Letztes Byte gelöscht</translation>
    </message>
    <message>
        <source>Not yet</source>
        <translation>Noch nicht</translation>
    </message>
    <message>
        <source>{who}, {time}</source>
        <translation>{who}, {time}</translation>
    </message>
    <message>
        <source>Save the receipt</source>
        <translation>Beleg speichern</translation>
    </message>
</context>
<context>
    <name>RequiredFactor</name>
    <message>
        <source>Your organisation asks for a second factor. Scan the picture with an authenticator application on your phone, or type the key into it. Then enter the code it shows. From now on signing in asks for such a code.</source>
        <translation>Ihre Organisation verlangt einen zweiten Faktor. Scannen Sie das Bild mit einer Authentifizierungs-App auf Ihrem Telefon oder tippen Sie den Schlüssel dort ein. Geben Sie dann den angezeigten Code ein. Ab jetzt fragt die Anmeldung nach einem solchen Code.</translation>
    </message>
    <message>
        <source>Sign &amp;in</source>
        <translation>An&amp;melden</translation>
    </message>
</context>
<context>
    <name>Revoking</name>
    <message>
        <source>Revoke everything you have shared?</source>
        <translation>Alle Ihre Freigaben widerrufen?</translation>
    </message>
    <message>
        <source>All your links stop working, and nobody but you can get your documents any more. What was downloaded already stays where it is. Your files stay too.</source>
        <translation>Alle Ihre Links werden ungültig, und nur Sie selbst können Ihre Dokumente noch herunterladen. Was schon heruntergeladen wurde, bleibt, wo es ist. Auch Ihre Dateien bleiben.</translation>
    </message>
    <message>
        <source>&amp;Revoke everything</source>
        <translation>Alles &amp;widerrufen</translation>
    </message>
    <message>
        <source>All your links have ended, and your documents are yours alone.</source>
        <translation>Alle Ihre Links sind beendet, und Ihre Dokumente sind für niemanden mehr freigegeben.</translation>
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
        <source>Share as before</source>
        <translation>Wie vorher freigeben</translation>
    </message>
    <message>
        <source>{who}: not downloaded yet</source>
        <translation>{who}: noch nicht heruntergeladen</translation>
    </message>
    <message>
        <source>{who}: downloaded at {time}</source>
        <translation>{who}: heruntergeladen ({time})</translation>
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
    <message>
        <source>Click or press Return to read what helps.</source>
        <translation>Um zu lesen, was hilft, klicken oder die Eingabetaste drücken.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln byte(s)</source>
        <translation>
            <numerusform>%Ln Byte</numerusform>
            <numerusform>%Ln Byte</numerusform>
        </translation>
    </message>
    <message>
        <source>Whoever has its link, until {time}</source>
        <translation>Wer den Link hat, bis {time}</translation>
    </message>
    <message>
        <source>Expired at {time}</source>
        <translation>Abgelaufen: {time}</translation>
    </message>
    <message>
        <source>Expires at {time}</source>
        <translation>Läuft ab: {time}</translation>
    </message>
    <message>
        <source>Expires at {time}. Click or press Return for more time.</source>
        <translation>Läuft ab: {time}. Für mehr Zeit klicken oder die Eingabetaste drücken.</translation>
    </message>
</context>
<context>
    <name>RuleDialog</name>
    <message>
        <source>New folder rule</source>
        <translation>Neue Ordnerregel</translation>
    </message>
    <message>
        <source>Folder rule</source>
        <translation>Ordnerregel</translation>
    </message>
    <message>
        <source>A folder within the watched one</source>
        <translation>Ein Ordner im überwachten Ordner</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>A&amp;uswählen…</translation>
    </message>
    <message>
        <source>&amp;Save rule</source>
        <translation>Regel &amp;speichern</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>New documents stay in the cloud f&amp;or</source>
        <translation>Neue Dokumente bleiben in der &amp;Cloud für</translation>
    </message>
    <message>
        <source>They are shared w&amp;ith</source>
        <translation>Sie werden f&amp;reigegeben für</translation>
    </message>
    <message>
        <source>As everywhere: {time}</source>
        <translation>Wie überall: {time}</translation>
    </message>
    <message>
        <source>Lifetimes</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Say which folder the rule is for.</source>
        <translation>Geben Sie an, für welchen Ordner die Regel gilt.</translation>
    </message>
    <message>
        <source>The folder has to lie within {folder}.</source>
        <translation>Der Ordner muss in {folder} liegen.</translation>
    </message>
    <message>
        <source>This folder has a rule already. Change that one.</source>
        <translation>Dieser Ordner hat schon eine Regel. Ändern Sie diese.</translation>
    </message>
    <message>
        <source>Take out first who cannot be chosen.</source>
        <translation>Entfernen Sie zuerst die Personen, die nicht gewählt werden können.</translation>
    </message>
    <message>
        <source>The rule says nothing yet. Choose a time, or people.</source>
        <translation>Die Regel legt noch nichts fest. Wählen Sie eine Zeit oder Personen.</translation>
    </message>
</context>
<context>
    <name>RulesList</name>
    <message>
        <source>Folder rules</source>
        <translation>Ordnerregeln</translation>
    </message>
    <message>
        <source>&amp;New rule…</source>
        <translation>&amp;Neue Regel…</translation>
    </message>
    <message>
        <source>&amp;Change…</source>
        <translation>Än&amp;dern…</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>&amp;Entfernen…</translation>
    </message>
    <message>
        <source>Rules of folders &amp;within it</source>
        <translation>Regeln für Ordner &amp;darin</translation>
    </message>
    <message>
        <source>No folder has a rule</source>
        <translation>Kein Ordner hat eine Regel</translation>
    </message>
    <message>
        <source>A rule gives what is put into a folder its own time and people.</source>
        <translation>Eine Regel legt für einen Ordner fest, wie lange Dokumente bleiben und wer sie bekommt.</translation>
    </message>
    <message>
        <source>Remove the rule of {folder}?</source>
        <translation>Die Regel für {folder} entfernen?</translation>
    </message>
    <message>
        <source>New files there follow the rules around them. What is in the cloud already keeps its time and its people.</source>
        <translation>Für neue Dateien gelten dort dann die Regeln der übergeordneten Ordner. Was schon in der Cloud ist, behält seine Zeit und seine Personen.</translation>
    </message>
    <message>
        <source>&amp;Remove rule</source>
        <translation>&amp;Regel entfernen</translation>
    </message>
</context>
<context>
    <name>RulesModel</name>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>New documents stay</source>
        <translation>Dokumente bleiben</translation>
    </message>
    <message>
        <source>Shared with</source>
        <translation>Freigegeben für</translation>
    </message>
    <message>
        <source>As everywhere</source>
        <translation>Wie überall</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>Niemand</translation>
    </message>
</context>
<context>
    <name>SecondFactor</name>
    <message>
        <source>Set up a second factor</source>
        <translation>Zweiten Faktor einrichten</translation>
    </message>
    <message>
        <source>Scan the picture with an authenticator application on your phone, or type the key into it. Then enter the code it shows. From then on signing in asks for a code, so keep the application, or a copy of the key in a safe place.</source>
        <translation>Scannen Sie das Bild mit einer Authentifizierungs-App auf Ihrem Telefon, oder tippen Sie den Schlüssel dort ein. Geben Sie dann den angezeigten Code ein. Danach fragt die Anmeldung nach einem Code: Behalten Sie die App, oder bewahren Sie eine Kopie des Schlüssels an einem sicheren Ort auf.</translation>
    </message>
    <message>
        <source>QR code of the key</source>
        <translation>QR-Code des Schlüssels</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>&amp;Schlüssel</translation>
    </message>
    <message>
        <source>C&amp;ode</source>
        <translation>C&amp;ode</translation>
    </message>
    <message>
        <source>&amp;Turn on</source>
        <translation>E&amp;inschalten</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>A document has at most {0} bytes here.</source>
        <translation>Ein Dokument hat hier höchstens {0} Bytes.</translation>
    </message>
    <message>
        <source>A document stays for 1 second to {0} days here.</source>
        <translation>Ein Dokument bleibt hier zwischen 1 Sekunde und {0} Tagen.</translation>
    </message>
    <message>
        <source>A document stays for 1 second to {0} hours here.</source>
        <translation>Ein Dokument bleibt hier zwischen 1 Sekunde und {0} Stunden.</translation>
    </message>
    <message>
        <source>A document stays for 1 second to {0} seconds here.</source>
        <translation>Ein Dokument bleibt hier zwischen 1 Sekunde und {0} Sekunden.</translation>
    </message>
    <message>
        <source>A link, not a file: links are not followed.</source>
        <translation>Eine Verknüpfung, keine Datei: Verknüpfungen wird nicht gefolgt.</translation>
    </message>
    <message>
        <source>A name needs more than dots and spaces, and no slash.</source>
        <translation>Ein Name braucht mehr als Punkte und Leerzeichen und darf keinen Schrägstrich haben.</translation>
    </message>
    <message>
        <source>A newer version from {0} is in the cloud.</source>
        <translation>Eine neuere Fassung von {0} liegt in der Cloud.</translation>
    </message>
    <message>
        <source>A newer version is in the cloud.</source>
        <translation>Eine neuere Fassung liegt in der Cloud.</translation>
    </message>
    <message>
        <source>A part of this program stopped and could not be started again: the computer is short of memory or of open files. It is tried again; closing other programs helps.</source>
        <translation>Ein Teil dieses Programms ist stehen geblieben und ließ sich nicht neu starten: Dem Computer fehlen Speicher oder offene Dateien. Es wird wieder versucht; andere Programme zu schließen hilft.</translation>
    </message>
    <message>
        <source>A part of this program stopped. It is tried again.</source>
        <translation>Ein Teil dieses Programms ist stehen geblieben. Es wird wieder versucht.</translation>
    </message>
    <message>
        <source>A part of this program that sends and reads files stopped. It was started again, and what it was doing is tried once more.</source>
        <translation>Ein Teil dieses Programms, der Dateien sendet und liest, ist stehen geblieben. Er wurde neu gestartet, und was er gerade tat, wird noch einmal versucht.</translation>
    </message>
    <message>
        <source>A part of this program that sends files stopped. It is started again, and what it was sending is sent once more.</source>
        <translation>Ein Teil dieses Programms, der Dateien sendet, ist stehen geblieben. Er wird neu gestartet, und was er gerade sendete, wird noch einmal gesendet.</translation>
    </message>
    <message>
        <source>A part that this program needs is missing or too old ({0}). Install it again; in a checkout of its sources `make run` does that.</source>
        <translation>Ein Teil, den dieses Programm braucht, fehlt oder ist zu alt ({0}). Installieren Sie es neu; in einem Auszug seiner Quellen tut das `make run`.</translation>
    </message>
    <message>
        <source>A recipient is no e-mail address.</source>
        <translation>Unter den Empfängern ist etwas, das keine E-Mail-Adresse ist.</translation>
    </message>
    <message>
        <source>A rule is for a folder inside the watched folder, which has its own lifetime.</source>
        <translation>Eine Regel gilt für einen Ordner im überwachten Ordner; dieser hat seine eigene Frist.</translation>
    </message>
    <message>
        <source>Already running</source>
        <translation>Läuft schon</translation>
    </message>
    <message>
        <source>An op_id is repeated.</source>
        <translation>Eine op_id kommt doppelt vor.</translation>
    </message>
    <message>
        <source>An upload_id is repeated.</source>
        <translation>Eine upload_id kommt doppelt vor.</translation>
    </message>
    <message>
        <source>Another device has published a newer version.</source>
        <translation>Ein anderes Gerät hat eine neuere Fassung veröffentlicht.</translation>
    </message>
    <message>
        <source>Another document has this path.</source>
        <translation>Ein anderes Dokument hat diesen Pfad.</translation>
    </message>
    <message>
        <source>Another program has locked it; it is tried again.</source>
        <translation>Ein anderes Programm hält sie gesperrt; es wird wieder versucht.</translation>
    </message>
    <message>
        <source>At most {0} files in one call.</source>
        <translation>Höchstens {0} Dateien auf einmal.</translation>
    </message>
    <message>
        <source>At most {0} people in one call.</source>
        <translation>Höchstens {0} Personen auf einmal.</translation>
    </message>
    <message>
        <source>At most {0} people with a new document.</source>
        <translation>Höchstens {0} Personen bei einem neuen Dokument.</translation>
    </message>
    <message>
        <source>At most {0} people.</source>
        <translation>Höchstens {0} Personen.</translation>
    </message>
    <message>
        <source>Cancelled. It is sent when you change it or resume it.</source>
        <translation>Abgebrochen. Es wird gesendet, wenn Sie es ändern oder fortsetzen.</translation>
    </message>
    <message>
        <source>Changes are looked for every 30 seconds.</source>
        <translation>Nach Änderungen wird alle 30 Sekunden gesucht.</translation>
    </message>
    <message>
        <source>Choose a new password to go on.</source>
        <translation>Wählen Sie ein neues Passwort, um fortzufahren.</translation>
    </message>
    <message>
        <source>Connect to your cloud first.</source>
        <translation>Verbinden Sie sich zuerst mit Ihrer Cloud.</translation>
    </message>
    <message>
        <source>Deletions are held back</source>
        <translation>Löschungen warten</translation>
    </message>
    <message>
        <source>Deletions wait for your answer.</source>
        <translation>Löschungen warten auf Ihre Antwort.</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Enter the code of your second factor to go on.</source>
        <translation>Geben Sie den Code Ihres zweiten Faktors ein, um fortzufahren.</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Gone from the cloud, kept here.</source>
        <translation>Nicht mehr in der Cloud, hier behalten.</translation>
    </message>
    <message>
        <source>Gone from the cloud.</source>
        <translation>Nicht mehr in der Cloud.</translation>
    </message>
    <message>
        <source>Gone from the folder.</source>
        <translation>Aus dem Ordner verschwunden.</translation>
    </message>
    <message>
        <source>Gone from the folder; it will leave the cloud too.</source>
        <translation>Aus dem Ordner verschwunden; es wird auch die Cloud verlassen.</translation>
    </message>
    <message>
        <source>Gone from the folder; waits for your answer.</source>
        <translation>Aus dem Ordner verschwunden; wartet auf Ihre Antwort.</translation>
    </message>
    <message>
        <source>In the cloud as {0}.</source>
        <translation>In der Cloud als {0}.</translation>
    </message>
    <message>
        <source>In the cloud only.</source>
        <translation>Nur in der Cloud.</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>Unterbrochen</translation>
    </message>
    <message>
        <source>It cannot be read ({0}).</source>
        <translation>Nicht lesbar ({0}).</translation>
    </message>
    <message>
        <source>It comes from another version of the application.</source>
        <translation>Sie kommt von einer anderen Version der Anwendung.</translation>
    </message>
    <message>
        <source>It did not work</source>
        <translation>Das hat nicht geklappt</translation>
    </message>
    <message>
        <source>It is another name of a file that belongs to somebody else.</source>
        <translation>Das ist ein weiterer Name einer Datei, die jemand anderem gehört.</translation>
    </message>
    <message>
        <source>It is empty, though nobody seems to have written to it: it may be damaged. Restore it, or save it again to send it as it is.</source>
        <translation>Sie ist leer, obwohl anscheinend niemand hineingeschrieben hat: Sie könnte beschädigt sein. Stellen Sie sie wieder her, oder speichern Sie sie noch einmal, um sie so zu senden.</translation>
    </message>
    <message>
        <source>It is not a connection file ({0}).</source>
        <translation>Das ist keine Verbindungsdatei ({0}).</translation>
    </message>
    <message>
        <source>It keeps changing; it will be sent when it comes to rest.</source>
        <translation>Sie ändert sich noch; gesendet wird, wenn sie zur Ruhe kommt.</translation>
    </message>
    <message>
        <source>It lies on another disk that is mounted here.</source>
        <translation>Sie liegt auf einem anderen Laufwerk, das hier eingehängt ist.</translation>
    </message>
    <message>
        <source>It may have traded places with another file, and “{0}” cannot be read now. Make that readable, and this goes on by itself.</source>
        <translation>Sie hat vielleicht mit einer anderen Datei den Platz getauscht, und „{0}“ lässt sich gerade nicht lesen. Machen Sie das lesbar, dann geht es hier von selbst weiter.</translation>
    </message>
    <message>
        <source>Its path is too long.</source>
        <translation>Der Pfad ist zu lang.</translation>
    </message>
    <message>
        <source>Its {0} does not begin with https://, and passwords would travel unprotected.</source>
        <translation>{0} darin beginnt nicht mit https://, und Passwörter wären unterwegs ungeschützt.</translation>
    </message>
    <message>
        <source>Its {0} is not one.</source>
        <translation>{0} darin ist keine.</translation>
    </message>
    <message>
        <source>Its {0} is not the address of a cloud.</source>
        <translation>{0} darin ist nicht die Adresse einer Cloud.</translation>
    </message>
    <message>
        <source>Links are not allowed here.</source>
        <translation>Links sind hier nicht erlaubt.</translation>
    </message>
    <message>
        <source>MyDoc Transfer did not start</source>
        <translation>MyDoc Transfer wurde nicht gestartet</translation>
    </message>
    <message>
        <source>MyDoc Transfer is already running on this home. Quit it (or stop `sync`) first.</source>
        <translation>MyDoc Transfer läuft mit diesen Daten schon. Beenden Sie es (oder `sync`) zuerst.</translation>
    </message>
    <message>
        <source>Network settings</source>
        <translation>Netzwerkeinstellungen</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Keine Antwort</translation>
    </message>
    <message>
        <source>No deletions are held back.</source>
        <translation>Keine Löschungen warten.</translation>
    </message>
    <message>
        <source>No files, and no grant to renew.</source>
        <translation>Keine Dateien, und nichts zu erneuern.</translation>
    </message>
    <message>
        <source>No folder</source>
        <translation>Kein Ordner</translation>
    </message>
    <message>
        <source>No folder is chosen yet. Choose one with: folder DIR</source>
        <translation>Es ist noch kein Ordner gewählt. Wählen Sie einen mit: folder DIR</translation>
    </message>
    <message>
        <source>No permission</source>
        <translation>Keine Berechtigung</translation>
    </message>
    <message>
        <source>No place to work</source>
        <translation>Kein Arbeitsverzeichnis</translation>
    </message>
    <message>
        <source>No such account</source>
        <translation>Kein solches Konto</translation>
    </message>
    <message>
        <source>No such file</source>
        <translation>Keine solche Datei</translation>
    </message>
    <message>
        <source>Not a folder rule</source>
        <translation>Keine Ordnerregel</translation>
    </message>
    <message>
        <source>Not a lifetime</source>
        <translation>Keine Frist</translation>
    </message>
    <message>
        <source>Not a link of ours</source>
        <translation>Kein Link von uns</translation>
    </message>
    <message>
        <source>Not a regular file (a device).</source>
        <translation>Keine gewöhnliche Datei (ein Gerät).</translation>
    </message>
    <message>
        <source>Not a regular file (a pipe).</source>
        <translation>Keine gewöhnliche Datei (eine Pipe).</translation>
    </message>
    <message>
        <source>Not a regular file (a socket).</source>
        <translation>Keine gewöhnliche Datei (ein Socket).</translation>
    </message>
    <message>
        <source>Not at login</source>
        <translation>Nicht bei der Anmeldung</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Nicht verbunden</translation>
    </message>
    <message>
        <source>Not everything is in the cloud</source>
        <translation>Nicht alles ist in der Cloud</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>Nicht gefunden</translation>
    </message>
    <message>
        <source>Not in the file manager</source>
        <translation>Nicht im Dateimanager</translation>
    </message>
    <message>
        <source>Not installed whole</source>
        <translation>Nicht vollständig installiert</translation>
    </message>
    <message>
        <source>Not opened</source>
        <translation>Nicht geöffnet</translation>
    </message>
    <message>
        <source>Not reset</source>
        <translation>Nicht zurückgesetzt</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>Nicht gespeichert</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Nicht gesendet</translation>
    </message>
    <message>
        <source>Not sent: it was here before. It is sent when you change it.</source>
        <translation>Nicht gesendet: Die Datei war schon hier. Wenn Sie sie ändern, wird sie gesendet.</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Nicht angemeldet</translation>
    </message>
    <message>
        <source>Not this folder</source>
        <translation>Nicht dieser Ordner</translation>
    </message>
    <message>
        <source>Not understood</source>
        <translation>Nicht verstanden</translation>
    </message>
    <message>
        <source>Nothing can be written into {0} ({1}).</source>
        <translation>In {0} kann nichts geschrieben werden ({1}).</translation>
    </message>
    <message>
        <source>Nothing can be written into {0} ({1}). Choose another folder.</source>
        <translation>In {0} kann nichts geschrieben werden ({1}). Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Nothing can be written into {0} ({1}). Put that right, or name another place with --home.</source>
        <translation>In {0} kann nichts geschrieben werden ({1}). Beheben Sie das, oder nennen Sie mit --home einen anderen Ort.</translation>
    </message>
    <message>
        <source>Nothing can be written into {0}, not even the marker this program needs.</source>
        <translation>In {0} kann nichts geschrieben werden, nicht einmal die Markierung, die dieses Programm braucht.</translation>
    </message>
    <message>
        <source>Nothing in “{0}” is sent or withdrawn, for it cannot be read, or its .mydocignore cannot. Make that readable, and this goes on by itself.</source>
        <translation>Aus „{0}“ wird nichts gesendet oder zurückgezogen, denn der Ordner oder seine .mydocignore lässt sich nicht lesen. Machen Sie das lesbar, dann geht es von selbst weiter.</translation>
    </message>
    <message>
        <source>Nothing to answer</source>
        <translation>Nichts zu beantworten</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Only administrators read the audit.</source>
        <translation>Das Prüfprotokoll ist der Administration vorbehalten.</translation>
    </message>
    <message>
        <source>Only the owner may do this.</source>
        <translation>Das darf nur, wem das Dokument gehört.</translation>
    </message>
    <message>
        <source>Outside the folder</source>
        <translation>Außerhalb des Ordners</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Paused. It is sent when you resume it.</source>
        <translation>Angehalten. Es wird gesendet, wenn Sie es fortsetzen.</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Register the file again.</source>
        <translation>Melden Sie die Datei noch einmal an.</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>Entfernt</translation>
    </message>
    <message>
        <source>Sent again; not shared again.</source>
        <translation>Wieder gesendet; nicht wieder freigegeben.</translation>
    </message>
    <message>
        <source>Set it (best to be set automatically), then sign in again.</source>
        <translation>Stellen Sie sie (am besten automatisch) und melden Sie sich dann erneut an.</translation>
    </message>
    <message>
        <source>Setting up the second factor took too long. Sign in again to start over.</source>
        <translation>Das Einrichten des zweiten Faktors hat zu lange gedauert. Melden Sie sich noch einmal an, um von vorn zu beginnen.</translation>
    </message>
    <message>
        <source>Settings not saved</source>
        <translation>Einstellungen nicht gespeichert</translation>
    </message>
    <message>
        <source>Sign in again.</source>
        <translation>Melden Sie sich noch einmal an.</translation>
    </message>
    <message>
        <source>Signing in was refused ({0}).</source>
        <translation>Die Anmeldung wurde abgelehnt ({0}).</translation>
    </message>
    <message>
        <source>Somebody among the recipients has no account here.</source>
        <translation>Jemand unter den Empfängern hat hier kein Konto.</translation>
    </message>
    <message>
        <source>Something else than the store answered. Does this network want you to sign in?</source>
        <translation>Etwas anderes als der Speicher hat geantwortet. Verlangt dieses Netz eine Anmeldung?</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>Something went wrong inside the application. It will be tried again; the log says more.</source>
        <translation>In der Anwendung ist etwas schiefgegangen. Es wird wieder versucht; mehr steht im Protokoll.</translation>
    </message>
    <message>
        <source>Something went wrong inside the application; the log says more.</source>
        <translation>In der Anwendung ist etwas schiefgegangen; mehr steht im Protokoll.</translation>
    </message>
    <message>
        <source>Something went wrong on our side.</source>
        <translation>Auf der Seite der Cloud ist etwas schiefgegangen.</translation>
    </message>
    <message>
        <source>Something went wrong that should not have ({0}: {1}).</source>
        <translation>Etwas ist schiefgegangen, das nicht hätte schiefgehen dürfen ({0}: {1}).</translation>
    </message>
    <message>
        <source>Still there</source>
        <translation>Noch da</translation>
    </message>
    <message>
        <source>Syncing is paused. Resume it first.</source>
        <translation>Das Senden ist angehalten. Setzen Sie es zuerst fort.</translation>
    </message>
    <message>
        <source>Syncing stopped because of an error. It will start again by itself.</source>
        <translation>Die Übertragung wurde durch einen Fehler unterbrochen. Sie beginnt von selbst wieder.</translation>
    </message>
    <message>
        <source>That is no command.</source>
        <translation>Das ist kein Befehl.</translation>
    </message>
    <message>
        <source>That is nothing this window does.</source>
        <translation>So etwas tut dieses Fenster nicht.</translation>
    </message>
    <message>
        <source>That is too much for one command.</source>
        <translation>Das ist zu viel für einen Befehl.</translation>
    </message>
    <message>
        <source>The answer did not come from your cloud. If this network asks you to sign in to it, do that in a browser first.</source>
        <translation>Die Antwort kam nicht von Ihrer Cloud. Wenn dieses Netz eine Anmeldung verlangt, melden Sie sich zuerst im Browser an.</translation>
    </message>
    <message>
        <source>The answer did not come from {0}. If this network asks you to sign in to it, do that in a browser first.</source>
        <translation>Die Antwort kam nicht von {0}. Wenn dieses Netz eine Anmeldung verlangt, melden Sie sich zuerst im Browser an.</translation>
    </message>
    <message>
        <source>The answer of the sign-in service was not understood. Is this application up to date?</source>
        <translation>Die Antwort des Anmeldedienstes war nicht zu verstehen. Ist diese Anwendung aktuell?</translation>
    </message>
    <message>
        <source>The bytes did not arrive whole; they are sent again.</source>
        <translation>Die Daten kamen nicht vollständig an; sie werden noch einmal gesendet.</translation>
    </message>
    <message>
        <source>The cloud does not accept your session. Sign in again.</source>
        <translation>Die Cloud nimmt Ihre Sitzung nicht an. Melden Sie sich noch einmal an.</translation>
    </message>
    <message>
        <source>The cloud is busy or being looked after. It is tried again soon.</source>
        <translation>Die Cloud ist beschäftigt oder wird gewartet. Es wird bald wieder versucht.</translation>
    </message>
    <message>
        <source>The cloud is busy or being looked after. Try again in a moment.</source>
        <translation>Die Cloud ist beschäftigt oder wird gewartet. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>The cloud of your connection file does not exist any more. Ask for a new file.</source>
        <translation>Die Cloud Ihrer Verbindungsdatei gibt es nicht mehr. Bitten Sie um eine neue Datei.</translation>
    </message>
    <message>
        <source>The cloud on this machine does not run; `mydoctransfer local up` starts it.</source>
        <translation>Die Cloud auf diesem Computer läuft nicht; `mydoctransfer local up` startet sie.</translation>
    </message>
    <message>
        <source>The cloud&apos;s answer was not understood ({0}). Is this application up to date?</source>
        <translation>Die Antwort der Cloud war nicht zu verstehen ({0}). Ist diese Anwendung aktuell?</translation>
    </message>
    <message>
        <source>The cloud&apos;s answer was not understood; it will be asked again.</source>
        <translation>Die Antwort der Cloud war nicht zu verstehen; sie wird wieder gefragt.</translation>
    </message>
    <message>
        <source>The code could not be sent to this address. Check the address and try again.</source>
        <translation>Der Code konnte nicht an diese Adresse gesendet werden. Prüfen Sie die Adresse und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The code is too old. Have another one sent.</source>
        <translation>Der Code ist zu alt. Lassen Sie sich einen neuen senden.</translation>
    </message>
    <message>
        <source>The code is too old. Sign in again.</source>
        <translation>Der Code ist zu alt. Melden Sie sich noch einmal an.</translation>
    </message>
    <message>
        <source>The code is wrong or too old. Check it, or have a new one sent.</source>
        <translation>Der Code ist falsch oder zu alt. Prüfen Sie ihn, oder lassen Sie sich einen neuen senden.</translation>
    </message>
    <message>
        <source>The code is wrong or too old. Wait for the next one in the application and enter that.</source>
        <translation>Der Code ist falsch oder zu alt. Warten Sie auf den nächsten in der App und geben Sie diesen ein.</translation>
    </message>
    <message>
        <source>The code is wrong. Check it, or have another one sent.</source>
        <translation>Der Code ist falsch. Prüfen Sie ihn oder lassen Sie sich einen neuen senden.</translation>
    </message>
    <message>
        <source>The code is wrong. Sign in again.</source>
        <translation>Der Code ist falsch. Melden Sie sich noch einmal an.</translation>
    </message>
    <message>
        <source>The connection to the store is not secure ({0}).</source>
        <translation>Die Verbindung zum Speicher ist nicht sicher ({0}).</translation>
    </message>
    <message>
        <source>The connection to {0} is not secure: {1}. Nothing was sent.</source>
        <translation>Die Verbindung zu {0} ist nicht sicher: {1}. Es wurde nichts gesendet.</translation>
    </message>
    <message>
        <source>The cursor belongs to another query.</source>
        <translation>Die Fortsetzung gehört zu einer anderen Suche.</translation>
    </message>
    <message>
        <source>The directory {0} cannot be made ({1}). Put that right, or name another place with --home.</source>
        <translation>Das Verzeichnis {0} kann nicht angelegt werden ({1}). Beheben Sie das, oder nennen Sie mit --home einen anderen Ort.</translation>
    </message>
    <message>
        <source>The folder {0} is missing. Nothing is sent or withdrawn until it is back or you choose another.</source>
        <translation>Der Ordner {0} fehlt. Nichts wird gesendet oder zurückgezogen, bis er wieder da ist oder Sie einen anderen wählen.</translation>
    </message>
    <message>
        <source>The journal cannot be read or written ({0}). Look whether the disk that it lies on is full or out of order.</source>
        <translation>Das Journal kann nicht gelesen oder geschrieben werden ({0}). Sehen Sie nach, ob das Laufwerk, auf dem es liegt, voll oder gestört ist.</translation>
    </message>
    <message>
        <source>The leave to download has ended. Try again.</source>
        <translation>Die Erlaubnis zum Herunterladen ist abgelaufen. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The settings could not be written to {0} ({1}). Nothing was changed. Put that right and try again.</source>
        <translation>Die Einstellungen konnten nicht in {0} geschrieben werden ({1}). Nichts wurde geändert. Beheben Sie das, und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>The store is busy. Try again in a moment.</source>
        <translation>Der Speicher ist beschäftigt. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} days ahead of the cloud&apos;s.</source>
        <translation>Die Uhr dieses Rechners geht gegenüber der Cloud {0} Tage vor.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} days behind the cloud&apos;s.</source>
        <translation>Die Uhr dieses Rechners geht gegenüber der Cloud {0} Tage nach.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} minutes ahead of the cloud&apos;s.</source>
        <translation>Die Uhr dieses Rechners geht gegenüber der Cloud {0} Minuten vor.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} minutes behind the cloud&apos;s.</source>
        <translation>Die Uhr dieses Rechners geht gegenüber der Cloud {0} Minuten nach.</translation>
    </message>
    <message>
        <source>Too many requests at once. Try again in a moment.</source>
        <translation>Zu viele Anfragen auf einmal. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>{0} cannot be opened ({1}). Put that right, or name another place with --home.</source>
        <translation>{0} kann nicht geöffnet werden ({1}). Beheben Sie das, oder nennen Sie mit --home einen anderen Ort.</translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>Das Laufwerk ist voll</translation>
    </message>
    <message>
        <source>Another program is downloading it. It is sent when it is there.</source>
        <translation>Ein anderes Programm lädt sie gerade herunter. Sie wird gesendet, sobald sie da ist.</translation>
    </message>
    <message>
        <source>Ask {0} to send it again.</source>
        <translation>Bitten Sie {0}, es noch einmal zu senden.</translation>
    </message>
    <message>
        <source>Its file is named in .mydocignore: changes to it are not sent.</source>
        <translation>Die Datei ist in .mydocignore genannt: Änderungen daran werden nicht gesendet.</translation>
    </message>
    <message>
        <source>Moved</source>
        <translation>Verschoben</translation>
    </message>
    <message>
        <source>No answer came from the cloud, so it is not known whether this was done. Look with `ls` or in the window, and try again if it was not.</source>
        <translation>Von der Cloud kam keine Antwort; ob das ausgeführt wurde, ist daher nicht bekannt. Sehen Sie mit `ls` oder im Fenster nach, und versuchen Sie es noch einmal, wenn nicht.</translation>
    </message>
    <message>
        <source>Not there yet</source>
        <translation>Noch nicht da</translation>
    </message>
    <message>
        <source>Nothing in the folder of “{0}” is sent or withdrawn, for that has more than {1} KB. Make it smaller, and this goes on by itself.</source>
        <translation>Aus dem Ordner von „{0}“ wird nichts gesendet oder zurückgezogen, denn das hat mehr als {1} KB. Verkleinern Sie es, dann geht es von selbst weiter.</translation>
    </message>
    <message>
        <source>Nothing in the folder of “{0}” is sent or withdrawn, for that is a link, and links are not followed. Put the file itself there, and this goes on by itself.</source>
        <translation>Aus dem Ordner von „{0}“ wird nichts gesendet oder zurückgezogen, denn das ist eine Verknüpfung, und Verknüpfungen wird nicht gefolgt. Legen Sie die Datei selbst dorthin, dann geht es von selbst weiter.</translation>
    </message>
    <message>
        <source>Nothing in the folder of “{0}” is sent or withdrawn, for that is no regular file of yours. Put one there or remove it, and this goes on by itself.</source>
        <translation>Aus dem Ordner von „{0}“ wird nichts gesendet oder zurückgezogen, denn das ist keine gewöhnliche Datei von Ihnen. Legen Sie eine dorthin oder entfernen Sie es, dann geht es von selbst weiter.</translation>
    </message>
    <message>
        <source>Send it again to have it in the cloud once more.</source>
        <translation>Senden Sie es noch einmal, um es wieder in der Cloud zu haben.</translation>
    </message>
    <message>
        <source>Somebody among the recipients has no account here. Check the addresses, or make a link, which needs no account.</source>
        <translation>Jemand unter den Empfängern hat hier kein Konto. Prüfen Sie die Adressen, oder erstellen Sie einen Link, der kein Konto braucht.</translation>
    </message>
    <message>
        <source>The disk is read-only.</source>
        <translation>Das Laufwerk ist schreibgeschützt.</translation>
    </message>
    <message>
        <source>The disk of {0} is full.</source>
        <translation>Das Laufwerk von {0} ist voll.</translation>
    </message>
    <message>
        <source>The disk on which this program keeps what it knows is full. Make room there and try again; no file is lost.</source>
        <translation>Das Laufwerk, auf dem dieses Programm sich merkt, was es weiß, ist voll. Schaffen Sie dort Platz und versuchen Sie es noch einmal; keine Datei geht verloren.</translation>
    </message>
    <message>
        <source>The disk on which this program keeps what it knows is full. Make room there; it is tried again by itself, and your files and documents are as they were.</source>
        <translation>Das Laufwerk, auf dem dieses Programm sich merkt, was es weiß, ist voll. Schaffen Sie dort Platz; es wird von selbst wieder versucht, und Ihre Dateien und Dokumente sind, wie sie waren.</translation>
    </message>
    <message>
        <source>The disk reports an error.</source>
        <translation>Das Laufwerk meldet einen Fehler.</translation>
    </message>
    <message>
        <source>The disk with {0} is full. Make room there and try again; your files and documents are as they were.</source>
        <translation>Das Laufwerk mit {0} ist voll. Schaffen Sie dort Platz und versuchen Sie es noch einmal; Ihre Dateien und Dokumente sind, wie sie waren.</translation>
    </message>
    <message>
        <source>The document has expired.</source>
        <translation>Das Dokument ist abgelaufen.</translation>
    </message>
    <message>
        <source>The document is no longer available.</source>
        <translation>Das Dokument ist nicht mehr verfügbar.</translation>
    </message>
    <message>
        <source>The document is not removed yet.</source>
        <translation>Das Dokument ist noch nicht entfernt.</translation>
    </message>
    <message>
        <source>The document is too large.</source>
        <translation>Das Dokument ist zu groß.</translation>
    </message>
    <message>
        <source>The document may not be shared with somebody among the recipients.</source>
        <translation>Das Dokument darf für jemanden unter den Empfängern nicht freigegeben werden.</translation>
    </message>
    <message>
        <source>The document may not be shared with somebody among the recipients. Leave them out, or ask whoever runs your cloud.</source>
        <translation>Das Dokument darf mit jemandem unter den Empfängern nicht geteilt werden. Lassen Sie ihn weg, oder fragen Sie, wer Ihre Cloud betreibt.</translation>
    </message>
    <message>
        <source>The document was removed.</source>
        <translation>Das Dokument wurde entfernt.</translation>
    </message>
    <message>
        <source>The document would become too old.</source>
        <translation>Das Dokument würde zu alt.</translation>
    </message>
    <message>
        <source>The download was cancelled.</source>
        <translation>Das Herunterladen wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The e-mail address or the password is wrong.</source>
        <translation>Die E-Mail-Adresse oder das Passwort ist falsch.</translation>
    </message>
    <message>
        <source>The field {0} has the wrong type.</source>
        <translation>Das Feld {0} hat den falschen Typ.</translation>
    </message>
    <message>
        <source>The file changed while it was being sent.</source>
        <translation>Die Datei hat sich beim Senden geändert.</translation>
    </message>
    <message>
        <source>The file has other people or another lifetime by now.</source>
        <translation>Die Datei hat inzwischen andere Personen oder eine andere Frist.</translation>
    </message>
    <message>
        <source>The folder could not be looked at; the log says why. It is tried again by itself.</source>
        <translation>Der Ordner war nicht zu lesen; den Grund nennt das Protokoll. Es wird von selbst wieder versucht.</translation>
    </message>
    <message>
        <source>The folder is not there any more.</source>
        <translation>Der Ordner ist nicht mehr da.</translation>
    </message>
    <message>
        <source>The folder lies on a network drive: changes are looked for now and then.</source>
        <translation>Der Ordner liegt auf einem Netzlaufwerk: Nach Änderungen wird ab und zu gesucht.</translation>
    </message>
    <message>
        <source>The folder lies on another disk than before. Nothing is sent or withdrawn until the disk is back or you choose the folder again.</source>
        <translation>Der Ordner liegt auf einem anderen Laufwerk als zuvor. Nichts wird gesendet oder zurückgezogen, bis das Laufwerk wieder da ist oder Sie den Ordner neu wählen.</translation>
    </message>
    <message>
        <source>The folder {0} cannot be read.</source>
        <translation>Der Ordner {0} kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>The folder&apos;s rules cannot be read. Make them readable, and this goes on by itself.</source>
        <translation>Die Regeln des Ordners lassen sich nicht lesen. Machen Sie sie lesbar, dann geht es von selbst weiter.</translation>
    </message>
    <message>
        <source>The journal cannot be used</source>
        <translation>Das Journal ist nicht benutzbar</translation>
    </message>
    <message>
        <source>The journal {0} cannot be read or written ({1}). Put that right, or name another place with --home.</source>
        <translation>Das Journal {0} ist nicht zu lesen oder zu schreiben ({1}). Beheben Sie das, oder nennen Sie mit --home einen anderen Ort.</translation>
    </message>
    <message>
        <source>The journal {0} was damaged. It is put aside and made anew; your files and documents are not touched, but see whether the rules of folders are still there.</source>
        <translation>Das Journal {0} war beschädigt. Es wird beiseitegelegt und neu angelegt; Ihre Dateien und Dokumente bleiben unberührt, aber sehen Sie nach, ob die Regeln von Ordnern noch da sind.</translation>
    </message>
    <message>
        <source>The journal {0} was deleted or replaced while it was in use. Your files and documents are not touched, but see whether the rules of folders are still there.</source>
        <translation>Das Journal {0} wurde im Betrieb gelöscht oder ersetzt. Ihre Dateien und Dokumente bleiben unberührt, aber sehen Sie nach, ob die Regeln von Ordnern noch da sind.</translation>
    </message>
    <message>
        <source>The journal {0} was written by a newer version of MyDoc Transfer. Install that version again; nothing was changed.</source>
        <translation>Das Journal {0} stammt von einer neueren Version von MyDoc Transfer. Installieren Sie diese wieder; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>The journal {0} would lie on a network drive, where it can be damaged. Choose a local directory with --home.</source>
        <translation>Das Journal {0} läge auf einem Netzlaufwerk, wo es Schaden nehmen kann. Wählen Sie mit --home ein lokales Verzeichnis.</translation>
    </message>
    <message>
        <source>The keyring did not remove {0}. Remove it there.</source>
        <translation>Der Schlüsselbund hat {0} nicht entfernt. Entfernen Sie es dort.</translation>
    </message>
    <message>
        <source>The keyring refused ({0}).</source>
        <translation>Der Schlüsselbund hat abgelehnt ({0}).</translation>
    </message>
    <message>
        <source>The leave to upload has ended; it is renewed.</source>
        <translation>Die Erlaubnis zum Senden ist abgelaufen; sie wird erneuert.</translation>
    </message>
    <message>
        <source>The name is longer than 255 bytes.</source>
        <translation>Der Name ist länger als 255 Bytes.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy asks for a name and a password. Put them into the proxy&apos;s address (http://name:password@host:port) and try again.</source>
        <translation>Der Proxy des Netzes verlangt Namen und Passwort. Schreiben Sie sie in die Adresse des Proxys (http://name:password@host:port), und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy cannot be reached, or refuses to connect.</source>
        <translation>Der Proxy des Netzes ist nicht erreichbar oder lehnt die Verbindung ab.</translation>
    </message>
    <message>
        <source>The other account&apos;s window could not be started ({0}).</source>
        <translation>Das Fenster des anderen Kontos konnte nicht gestartet werden ({0}).</translation>
    </message>
    <message>
        <source>The part of this program that commands talk to stopped. It was started again.</source>
        <translation>Der Teil dieses Programms, mit dem Befehle sprechen, ist stehen geblieben. Er wurde neu gestartet.</translation>
    </message>
    <message>
        <source>The part of this program that notices changes stopped. It was started again, and the whole folder is looked at.</source>
        <translation>Der Teil dieses Programms, der Änderungen bemerkt, ist stehen geblieben. Er wurde neu gestartet, und der ganze Ordner wird angesehen.</translation>
    </message>
    <message>
        <source>The password is too long.</source>
        <translation>Das Passwort ist zu lang.</translation>
    </message>
    <message>
        <source>The password is too short. Choose a longer one.</source>
        <translation>Das Passwort ist zu kurz. Wählen Sie ein längeres.</translation>
    </message>
    <message>
        <source>The password is too short. It needs at least {0} characters.</source>
        <translation>Das Passwort ist zu kurz. Es braucht mindestens {0} Zeichen.</translation>
    </message>
    <message>
        <source>The password needs a capital letter.</source>
        <translation>Das Passwort braucht einen Großbuchstaben.</translation>
    </message>
    <message>
        <source>The password needs a digit.</source>
        <translation>Das Passwort braucht eine Ziffer.</translation>
    </message>
    <message>
        <source>The password needs a small letter.</source>
        <translation>Das Passwort braucht einen Kleinbuchstaben.</translation>
    </message>
    <message>
        <source>The password needs a special character.</source>
        <translation>Das Passwort braucht ein Sonderzeichen.</translation>
    </message>
    <message>
        <source>The path is empty or too long.</source>
        <translation>Der Pfad ist leer oder zu lang.</translation>
    </message>
    <message>
        <source>The path is not spelled as the contract says.</source>
        <translation>Der Pfad ist nicht so geschrieben wie vereinbart.</translation>
    </message>
    <message>
        <source>The path leaves the folder.</source>
        <translation>Der Pfad führt aus dem Ordner hinaus.</translation>
    </message>
    <message>
        <source>The proxy in the settings is no address. Write it as http://host:port, or leave it empty.</source>
        <translation>Der Proxy in den Einstellungen ist keine Adresse. Schreiben Sie ihn als http://host:port, oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
        <source>The query is too long.</source>
        <translation>Die Suche ist zu lang.</translation>
    </message>
    <message>
        <source>The request is not understood.</source>
        <translation>Die Anfrage wurde nicht verstanden.</translation>
    </message>
    <message>
        <source>The rule of this folder shares with {0}. {1} Correct the rule.</source>
        <translation>Die Regel dieses Ordners gibt frei für {0}. {1} Berichtigen Sie die Regel.</translation>
    </message>
    <message>
        <source>The running application ended before it answered. Try again.</source>
        <translation>Die laufende Anwendung endete, bevor sie antwortete. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The running application is busy and did not answer in time.</source>
        <translation>Die laufende Anwendung ist beschäftigt und hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>The server gave no leave to upload just now.</source>
        <translation>Der Server hat gerade keine Erlaubnis zum Senden gegeben.</translation>
    </message>
    <message>
        <source>The server has other bytes than were sent.</source>
        <translation>Beim Server liegen andere Daten, als gesendet wurden.</translation>
    </message>
    <message>
        <source>The settings in {0} cannot be read ({1}), and so they were not changed. Put that right and try again.</source>
        <translation>Die Einstellungen in {0} sind nicht zu lesen ({1}) und wurden deshalb nicht geändert. Beheben Sie das, und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>The settings in {0} could not be read ({1}).</source>
        <translation>Die Einstellungen in {0} waren nicht zu lesen ({1}).</translation>
    </message>
    <message>
        <source>The socket {0} cannot be made ({1}).</source>
        <translation>Der Socket {0} kann nicht angelegt werden ({1}).</translation>
    </message>
    <message>
        <source>The store cannot be reached.</source>
        <translation>Der Speicher ist nicht erreichbar.</translation>
    </message>
    <message>
        <source>The store does not know this upload any more; it begins again.</source>
        <translation>Der Speicher kennt diese Sendung nicht mehr; sie beginnt von vorn.</translation>
    </message>
    <message>
        <source>The store is busy; it is tried again.</source>
        <translation>Der Speicher ist beschäftigt; es wird wieder versucht.</translation>
    </message>
    <message>
        <source>The store refused the file ({0}).</source>
        <translation>Der Speicher hat die Datei abgelehnt ({0}).</translation>
    </message>
    <message>
        <source>The upload has not arrived yet.</source>
        <translation>Die Sendung ist noch nicht angekommen.</translation>
    </message>
    <message>
        <source>The upload is already published.</source>
        <translation>Die Sendung ist schon veröffentlicht.</translation>
    </message>
    <message>
        <source>The upload is being published.</source>
        <translation>Die Sendung wird gerade veröffentlicht.</translation>
    </message>
    <message>
        <source>The upload was given up.</source>
        <translation>Die Sendung wurde aufgegeben.</translation>
    </message>
    <message>
        <source>There is an account with this address already. Sign in with it; if you forgot its password, choose a new one there.</source>
        <translation>Mit dieser Adresse gibt es schon ein Konto. Melden Sie sich damit an; wenn Sie das Passwort vergessen haben, wählen Sie dort ein neues.</translation>
    </message>
    <message>
        <source>There is no command {0}.</source>
        <translation>Es gibt keinen Befehl {0}.</translation>
    </message>
    <message>
        <source>There is no document {0} in the cloud.</source>
        <translation>In der Cloud gibt es kein Dokument {0}.</translation>
    </message>
    <message>
        <source>There is no file {0} in the folder.</source>
        <translation>Im Ordner gibt es keine Datei {0}.</translation>
    </message>
    <message>
        <source>There is no folder {0}.</source>
        <translation>Es gibt keinen Ordner {0}.</translation>
    </message>
    <message>
        <source>There is no such document.</source>
        <translation>Ein solches Dokument gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no such reason to wait.</source>
        <translation>Einen solchen Grund zu warten gibt es nicht.</translation>
    </message>
    <message>
        <source>This account cannot be confirmed. Ask the person who runs your cloud.</source>
        <translation>Dieses Konto lässt sich nicht bestätigen. Fragen Sie die Person, die Ihre Cloud betreut.</translation>
    </message>
    <message>
        <source>This account was removed meanwhile.</source>
        <translation>Dieses Konto wurde inzwischen entfernt.</translation>
    </message>
    <message>
        <source>This computer has no keyring to keep your session in. Start one, or sign in with --store file to keep it in a file that your other programs can read.</source>
        <translation>Dieser Computer hat keinen Schlüsselbund für Ihre Sitzung. Starten Sie einen, oder melden Sie sich mit --store file an, um sie in einer Datei zu behalten, die Ihre anderen Programme lesen können.</translation>
    </message>
    <message>
        <source>This computer runs on its battery.</source>
        <translation>Dieser Computer läuft im Akkubetrieb.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is wrong. Set it, and sending goes on.</source>
        <translation>Die Uhr dieses Computers geht falsch. Stellen Sie sie, dann geht das Senden weiter.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} hours ahead of the cloud&apos;s.</source>
        <translation>Die Uhr dieses Rechners geht gegenüber der Cloud {0} Stunden vor.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {0} hours behind the cloud&apos;s.</source>
        <translation>Die Uhr dieses Rechners geht gegenüber der Cloud {0} Stunden nach.</translation>
    </message>
    <message>
        <source>This is not allowed.</source>
        <translation>Das ist nicht erlaubt.</translation>
    </message>
    <message>
        <source>This is not the folder that was chosen: its marker is missing. Nothing is sent or withdrawn until you bring it back or choose the folder again.</source>
        <translation>Das ist nicht der gewählte Ordner: Seine Markierung fehlt. Nichts wird gesendet oder zurückgezogen, bis Sie ihn zurückbringen oder den Ordner neu wählen.</translation>
    </message>
    <message>
        <source>This lifetime is not allowed.</source>
        <translation>Diese Frist ist nicht erlaubt.</translation>
    </message>
    <message>
        <source>This line is paid for by what it carries.</source>
        <translation>Diese Verbindung wird nach Datenmenge bezahlt.</translation>
    </message>
    <message>
        <source>This link asks for something that links must not do, or is damaged. Nothing was done.</source>
        <translation>Dieser Link will etwas, das Links nicht dürfen, oder er ist beschädigt. Nichts wurde getan.</translation>
    </message>
    <message>
        <source>This name is not allowed.</source>
        <translation>Dieser Name ist nicht erlaubt.</translation>
    </message>
    <message>
        <source>This system does not allow enough watches for so many folders: changes are looked for now and then. Raise fs.inotify.max_user_watches to have them noticed at once.</source>
        <translation>Dieses System erlaubt für so viele Ordner nicht genug Überwachungen: Nach Änderungen wird ab und zu gesucht. Erhöhen Sie fs.inotify.max_user_watches, damit sie sofort bemerkt werden.</translation>
    </message>
    <message>
        <source>Today&apos;s amount of data is used up.</source>
        <translation>Die Datenmenge für heute ist aufgebraucht.</translation>
    </message>
    <message>
        <source>Too long</source>
        <translation>Zu lang</translation>
    </message>
    <message>
        <source>Too many attempts, or the sign-in service is busy. Wait a minute and try again.</source>
        <translation>Zu viele Versuche, oder der Anmeldedienst ist beschäftigt. Warten Sie eine Minute, und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>Too many documents or people for one exchange of paths.</source>
        <translation>Zu viele Dokumente oder Personen für einen Tausch von Pfaden.</translation>
    </message>
    <message>
        <source>Too many files are open; it is tried again.</source>
        <translation>Zu viele Dateien sind offen; es wird wieder versucht.</translation>
    </message>
    <message>
        <source>Too many recipients in one call.</source>
        <translation>Zu viele Empfänger auf einmal.</translation>
    </message>
    <message>
        <source>Too many requests at once. It is tried again soon.</source>
        <translation>Zu viele Anfragen auf einmal. Es wird bald wieder versucht.</translation>
    </message>
    <message>
        <source>Too many requests. Try again in a moment.</source>
        <translation>Zu viele Anfragen. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>Too much</source>
        <translation>Zu viel</translation>
    </message>
    <message>
        <source>Uploads are blocked until tomorrow: an upload was not what it said.</source>
        <translation>Das Senden ist bis morgen gesperrt: Eine Sendung war nicht, was sie angab.</translation>
    </message>
    <message>
        <source>What arrived is not what was announced.</source>
        <translation>Was ankam, ist nicht, was angekündigt war.</translation>
    </message>
    <message>
        <source>What arrived is not what was sent; it was thrown away.</source>
        <translation>Was ankam, ist nicht, was gesendet wurde; es wurde verworfen.</translation>
    </message>
    <message>
        <source>What came back was not signed by your cloud, so it was not believed. Try again from another network.</source>
        <translation>Die Antwort war nicht von Ihrer Cloud signiert, deshalb wurde ihr nicht geglaubt. Versuchen Sie es aus einem anderen Netz.</translation>
    </message>
    <message>
        <source>What is put into the watched folder is sent. Name a directory outside of it.</source>
        <translation>Was in den überwachten Ordner kommt, wird gesendet. Nennen Sie ein Verzeichnis außerhalb davon.</translation>
    </message>
    <message>
        <source>What was pasted is neither a set-up link nor the text of a connection file.</source>
        <translation>Was eingefügt wurde, ist weder ein Einrichtungslink noch der Text einer Verbindungsdatei.</translation>
    </message>
    <message>
        <source>You are not signed in. Sign in and try again.</source>
        <translation>Sie sind nicht angemeldet. Melden Sie sich an, und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>You have no permission to make a folder in {0}.</source>
        <translation>Sie haben keine Berechtigung, in {0} einen Ordner anzulegen.</translation>
    </message>
    <message>
        <source>You have no permission to read it. Make it readable, and it is sent by itself.</source>
        <translation>Sie haben keine Leseberechtigung dafür. Machen Sie die Datei lesbar, dann wird sie von selbst gesendet.</translation>
    </message>
    <message>
        <source>You have no permission to read {0}.</source>
        <translation>Sie haben keine Leseberechtigung für {0}.</translation>
    </message>
    <message>
        <source>Your account asks for something this version cannot answer. Ask the person who runs your cloud.</source>
        <translation>Ihr Konto verlangt etwas, das diese Version nicht beantworten kann. Fragen Sie die Person, die Ihre Cloud betreut.</translation>
    </message>
    <message>
        <source>Your account is not confirmed yet. Follow the message that was sent to you.</source>
        <translation>Ihr Konto ist noch nicht bestätigt. Folgen Sie der Nachricht, die Sie erhalten haben.</translation>
    </message>
    <message>
        <source>Your cloud lets people in with a second factor only, and you have none yet. Sign in once in the window: it sets one up with you.</source>
        <translation>Ihre Cloud lässt nur mit einem zweiten Faktor ein, und Sie haben noch keinen. Melden Sie sich einmal im Fenster an: Dort wird er mit Ihnen eingerichtet.</translation>
    </message>
    <message>
        <source>Your cloud takes no accounts that people make themselves. Ask the person who runs it for one.</source>
        <translation>In Ihrer Cloud kann man Konten nicht selbst anlegen. Bitten Sie die Person, die sie betreut, um eines.</translation>
    </message>
    <message>
        <source>Your keyring is locked. Unlock it and try again.</source>
        <translation>Ihr Schlüsselbund ist gesperrt. Entsperren Sie ihn, und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>Your organisation does not allow documents to stay that long.</source>
        <translation>Ihre Organisation erlaubt nicht, dass Dokumente so lange bleiben.</translation>
    </message>
    <message>
        <source>Your organisation takes no account with this address. Ask the person who runs your cloud.</source>
        <translation>Ihre Organisation nimmt kein Konto mit dieser Adresse an. Fragen Sie die Person, die Ihre Cloud betreut.</translation>
    </message>
    <message>
        <source>Your password was reset. Choose a new one with the code that was sent to you.</source>
        <translation>Ihr Passwort wurde zurückgesetzt. Wählen Sie ein neues mit dem Code, den Sie erhalten haben.</translation>
    </message>
    <message>
        <source>Your present password is wrong.</source>
        <translation>Ihr jetziges Passwort ist falsch.</translation>
    </message>
    <message>
        <source>Your session cannot be kept in {0} ({1}).</source>
        <translation>Ihre Sitzung kann nicht in {0} behalten werden ({1}).</translation>
    </message>
    <message>
        <source>Your session has ended. Sign in again.</source>
        <translation>Ihre Sitzung ist beendet. Melden Sie sich noch einmal an.</translation>
    </message>
    <message>
        <source>{0} Ask the person who runs your cloud for the file.</source>
        <translation>{0} Bitten Sie die Person, die Ihre Cloud betreut, um die Datei.</translation>
    </message>
    <message>
        <source>{0} Choose another folder.</source>
        <translation>{0} Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{0} belongs to somebody else. Remove it, or ask them to.</source>
        <translation>{0} gehört jemand anderem. Entfernen Sie es, oder bitten Sie darum.</translation>
    </message>
    <message>
        <source>{0} belongs to the system.</source>
        <translation>{0} gehört dem System.</translation>
    </message>
    <message>
        <source>{0} broke off before its answer was whole. Try again.</source>
        <translation>{0} hat abgebrochen, bevor die Antwort vollständig war. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{0} cannot be changed ({1}).</source>
        <translation>{0} kann nicht geändert werden ({1}).</translation>
    </message>
    <message>
        <source>{0} cannot be found. Is this computer online?</source>
        <translation>{0} ist nicht zu finden. Ist dieser Computer online?</translation>
    </message>
    <message>
        <source>{0} cannot be reached. Check the network and try again.</source>
        <translation>{0} ist nicht erreichbar. Prüfen Sie das Netz, und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}). Sign in again.</source>
        <translation>{0} ist nicht lesbar ({1}). Melden Sie sich noch einmal an.</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>{0} ist nicht lesbar: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be removed ({1}). Remove it.</source>
        <translation>{0} kann nicht entfernt werden ({1}). Entfernen Sie es.</translation>
    </message>
    <message>
        <source>{0} cannot be used ({1}). Give yourself the right to it, or name another place with --home.</source>
        <translation>{0} kann nicht benutzt werden ({1}). Geben Sie sich das Recht dazu, oder nennen Sie mit --home einen anderen Ort.</translation>
    </message>
    <message>
        <source>{0} cannot stand in an autostart entry. Move it to a plainer path.</source>
        <translation>{0} kann in keinem Autostart-Eintrag stehen. Verschieben Sie es an einen einfacheren Pfad.</translation>
    </message>
    <message>
        <source>{0} contains your home folder.</source>
        <translation>{0} enthält Ihren persönlichen Ordner.</translation>
    </message>
    <message>
        <source>{0} could not be made ({1}). Choose another folder.</source>
        <translation>{0} konnte nicht angelegt werden ({1}). Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{0} could not be sent.</source>
        <translation>Nicht gesendet: {0}.</translation>
    </message>
    <message>
        <source>{0} could not be written ({1}). Choose another place.</source>
        <translation>{0} konnte nicht geschrieben werden ({1}). Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>{0} does not answer. Try again in a while.</source>
        <translation>{0} antwortet nicht. Versuchen Sie es später wieder.</translation>
    </message>
    <message>
        <source>{0} does not lie in the watched folder {1}.</source>
        <translation>{0} liegt nicht im überwachten Ordner {1}.</translation>
    </message>
    <message>
        <source>{0} has expired.</source>
        <translation>{0} ist abgelaufen.</translation>
    </message>
    <message>
        <source>{0} holds no certificates that could be read. Name a file in PEM form in the settings, or leave it empty.</source>
        <translation>{0} enthält keine lesbaren Zertifikate. Nennen Sie in den Einstellungen eine Datei in PEM-Form, oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
        <source>{0} holds the folder itself and cannot be copied into it.</source>
        <translation>{0} enthält den Ordner selbst und kann nicht in ihn kopiert werden.</translation>
    </message>
    <message>
        <source>{0} holds the settings of this installation.</source>
        <translation>{0} enthält die Einstellungen dieser Installation.</translation>
    </message>
    <message>
        <source>{0} in {1} cannot be a limit, so there is none. Write a whole number of KiB a second, from 0 (no limit) to {2}.</source>
        <translation>{0} in {1} kann keine Grenze sein, also gibt es keine. Schreiben Sie eine ganze Zahl von KiB je Sekunde, von 0 (keine Grenze) bis {2}.</translation>
    </message>
    <message>
        <source>{0} is larger than your organisation allows ({1} GB). Split it, or ask the person who runs your cloud.</source>
        <translation>{0} ist größer, als Ihre Organisation erlaubt ({1} GB). Teilen Sie die Datei, oder fragen Sie die Person, die Ihre Cloud betreut.</translation>
    </message>
    <message>
        <source>{0} is no folder any more: something else has its name. Nothing is sent or withdrawn until the folder is back or you choose another.</source>
        <translation>{0} ist kein Ordner mehr: Etwas anderes trägt seinen Namen. Nichts wird gesendet oder zurückgezogen, bis der Ordner wieder da ist oder Sie einen anderen wählen.</translation>
    </message>
    <message>
        <source>{0} is not a connection file.</source>
        <translation>{0} ist keine Verbindungsdatei.</translation>
    </message>
    <message>
        <source>{0} is not a directory. Name another one.</source>
        <translation>{0} ist kein Verzeichnis. Nennen Sie ein anderes.</translation>
    </message>
    <message>
        <source>{0} is not a folder.</source>
        <translation>{0} ist kein Ordner.</translation>
    </message>
    <message>
        <source>{0} is not a lifetime. Write a number and s, m, h or d, for example 1h or 7d.</source>
        <translation>{0} ist keine Frist. Schreiben Sie eine Zahl und s, m, h oder d, zum Beispiel 1h oder 7d.</translation>
    </message>
    <message>
        <source>{0} is not a marker of this program. Remove it and choose the folder again.</source>
        <translation>{0} ist keine Markierung dieses Programms. Entfernen Sie sie, und wählen Sie den Ordner neu.</translation>
    </message>
    <message>
        <source>{0} is not an absolute path.</source>
        <translation>{0} ist kein absoluter Pfad.</translation>
    </message>
    <message>
        <source>{0} is not in the cloud yet. Try again when it has been sent.</source>
        <translation>{0} ist noch nicht in der Cloud. Versuchen Sie es noch einmal, wenn es gesendet ist.</translation>
    </message>
    <message>
        <source>{0} is open to others. Sign in again.</source>
        <translation>{0} ist für andere offen. Melden Sie sich noch einmal an.</translation>
    </message>
    <message>
        <source>{0} is still in the cloud.</source>
        <translation>{0} ist noch in der Cloud.</translation>
    </message>
    <message>
        <source>{0} is the file of another document now, and the cloud does not know that yet. Try again in a moment, or after &quot;sync --once&quot; where the program does not run, or give the document&apos;s ID.</source>
        <translation>{0} ist jetzt die Datei eines anderen Dokuments, und die Cloud weiß das noch nicht. Versuchen Sie es gleich noch einmal, oder nach „sync --once“, wo das Programm nicht läuft, oder geben Sie die ID des Dokuments an.</translation>
    </message>
    <message>
        <source>{0} is the whole disk.</source>
        <translation>{0} ist das ganze Laufwerk.</translation>
    </message>
    <message>
        <source>{0} is where programs keep settings and keys.</source>
        <translation>In {0} legen Programme Einstellungen und Schlüssel ab.</translation>
    </message>
    <message>
        <source>{0} is your home folder, with everything you have in it.</source>
        <translation>{0} ist Ihr persönlicher Ordner mit allem, was Sie haben.</translation>
    </message>
    <message>
        <source>{0} lacks a field.</source>
        <translation>In {0} fehlt ein Feld.</translation>
    </message>
    <message>
        <source>{0} lies in a folder that {1} synchronises ({2}).</source>
        <translation>{0} liegt in einem Ordner, den {1} synchronisiert ({2}).</translation>
    </message>
    <message>
        <source>{0} lies in the data of another installation in {1}.</source>
        <translation>{0} liegt in den Daten einer anderen Installation in {1}.</translation>
    </message>
    <message>
        <source>{0} needs {1}, and {2} are free on that disk.</source>
        <translation>{0} braucht {1}, und {2} sind auf dem Laufwerk frei.</translation>
    </message>
    <message>
        <source>{0} overlaps with the data of this installation in {1}.</source>
        <translation>{0} überschneidet sich mit den Daten dieser Installation in {1}.</translation>
    </message>
    <message>
        <source>{0} overlaps with the data of your other account in {1}.</source>
        <translation>{0} überschneidet sich mit den Daten Ihres anderen Kontos in {1}.</translation>
    </message>
    <message>
        <source>{0} overlaps with the folder {1} of your other account.</source>
        <translation>{0} überschneidet sich mit dem Ordner {1} Ihres anderen Kontos.</translation>
    </message>
    <message>
        <source>{0} was removed.</source>
        <translation>{0} wurde entfernt.</translation>
    </message>
    <message>
        <source>{0}, line {1}, is no pattern and ignores nothing: {2}. Correct it or remove it.</source>
        <translation>{0}, Zeile {1}, ist kein Muster und ignoriert nichts: {2}. Berichtigen oder entfernen Sie sie.</translation>
    </message>
    <message>
        <source>{0}. The defaults hold.</source>
        <translation>{0}. Es gelten die Voreinstellungen.</translation>
    </message>
    <message>
        <source>{0}. They were set aside as {1}, and the defaults hold.</source>
        <translation>{0}. Sie wurden als {1} beiseitegelegt, und es gelten die Voreinstellungen.</translation>
    </message>
    <message>
        <source>{0}: It cannot be read ({1}).</source>
        <translation>{0}: Nicht lesbar ({1}).</translation>
    </message>
    <message>
        <source>{0}: It changed while it was being sent.</source>
        <translation>{0}: Beim Senden geändert.</translation>
    </message>
    <message>
        <source>{0}: It has changed meanwhile.</source>
        <translation>{0}: Inzwischen geändert.</translation>
    </message>
    <message>
        <source>{0}: It is too large.</source>
        <translation>{0}: Zu groß.</translation>
    </message>
    <message>
        <source>{0}It is not there any more.</source>
        <translation>{0}Nicht mehr da.</translation>
    </message>
    <message>
        <source>{0}The disk is full.</source>
        <translation>{0}Das Laufwerk ist voll.</translation>
    </message>
</context>
<context>
    <name>SetUpCard</name>
    <message>
        <source>Step {n} of {all}</source>
        <translation>Schritt {n} von {all}</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>Cance&amp;l set-up</source>
        <translation>Einrichtung abb&amp;rechen</translation>
    </message>
    <message>
        <source>Other &amp;accounts…</source>
        <translation>Andere &amp;Konten…</translation>
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
        <source>Folder and rules</source>
        <translation>Ordner und Regeln</translation>
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
</context>
<context>
    <name>ShareDialog</name>
    <message numerus="yes">
        <source>%Ln document(s)</source>
        <translation>
            <numerusform>%Ln Dokument</numerusform>
            <numerusform>%Ln Dokumente</numerusform>
        </translation>
    </message>
    <message>
        <source>Share {what}</source>
        <translation>{what} freigeben</translation>
    </message>
    <message>
        <source>People to share with</source>
        <translation>Personen für die Freigabe</translation>
    </message>
    <message>
        <source>&amp;Share</source>
        <translation>&amp;Freigeben</translation>
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
        <source>Share w&amp;ith</source>
        <translation>Frei&amp;geben für</translation>
    </message>
    <message>
        <source>&amp;Who has it</source>
        <translation>&amp;Wer es hat</translation>
    </message>
    <message>
        <source>Nobody else has it yet.</source>
        <translation>Noch hat es niemand sonst.</translation>
    </message>
    <message>
        <source>Nobody else has all of them yet.</source>
        <translation>Noch hat niemand sonst alle davon.</translation>
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
        <translation>Erneut &amp;versuchen</translation>
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
        <source>Create an &amp;account…</source>
        <translation>&amp;Konto anlegen…</translation>
    </message>
    <message>
        <source>Your password goes to your organisation&apos;s sign-in only, encrypted.</source>
        <translation>Ihr Passwort geht verschlüsselt und nur an den Anmeldedienst Ihrer Organisation.</translation>
    </message>
    <message>
        <source>Please fill in every field.</source>
        <translation>Bitte füllen Sie alle Felder aus.</translation>
    </message>
    <message>
        <source>Your password was set by an administrator. Choose your own.</source>
        <translation>Ihr Passwort wurde von der Administration vergeben. Wählen Sie ein eigenes.</translation>
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
    <name>SigningOut</name>
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
</context>
<context>
    <name>SigningUp</name>
    <message>
        <source>Create an account</source>
        <translation>Konto anlegen</translation>
    </message>
    <message>
        <source>&amp;Email address</source>
        <translation>&amp;E-Mail-Adresse</translation>
    </message>
    <message>
        <source>&amp;First name</source>
        <translation>&amp;Vorname</translation>
    </message>
    <message>
        <source>&amp;Last name</source>
        <translation>&amp;Nachname</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Passwort</translation>
    </message>
    <message>
        <source>C&amp;ode</source>
        <translation>C&amp;ode</translation>
    </message>
    <message>
        <source>Send another &amp;code</source>
        <translation>Neuen &amp;Code senden</translation>
    </message>
    <message>
        <source>A code was sent to {address}. Enter it to show that the address is yours.</source>
        <translation>An {address} wurde ein Code gesendet. Geben Sie ihn ein, um zu zeigen, dass die Adresse Ihnen gehört.</translation>
    </message>
    <message>
        <source>Your name and address are shown to the people you share documents with.</source>
        <translation>Ihr Name und Ihre Adresse werden den Menschen gezeigt, mit denen Sie Dokumente teilen.</translation>
    </message>
    <message>
        <source>&amp;Create account</source>
        <translation>Konto an&amp;legen</translation>
    </message>
    <message>
        <source>Con&amp;firm</source>
        <translation>&amp;Bestätigen</translation>
    </message>
    <message>
        <source>Another code was sent.</source>
        <translation>Ein neuer Code wurde gesendet.</translation>
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
        <translation>Dokument</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>Restzeit</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/s</translation>
    </message>
    <message>
        <source>{percent} % of {size}</source>
        <translation>{percent} % von {size}</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Wird heruntergeladen</translation>
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
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
</context>
<context>
    <name>TransfersPage</name>
    <message>
        <source>&amp;Try again now</source>
        <translation>&amp;Jetzt erneut versuchen</translation>
    </message>
    <message>
        <source>Transfers</source>
        <translation>Übertragungen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>A&amp;bbrechen</translation>
    </message>
    <message>
        <source>Pause &amp;all</source>
        <translation>Alles an&amp;halten</translation>
    </message>
    <message>
        <source>Resume &amp;all</source>
        <translation>Alles fort&amp;setzen</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Nothing is on its way</source>
        <translation>Nichts ist unterwegs</translation>
    </message>
    <message>
        <source>Drop files onto the window or save them in your folder: you can follow them here until they are in the cloud.</source>
        <translation>Ziehen Sie Dateien auf das Fenster oder speichern Sie sie in Ihrem Ordner: Hier können Sie sie verfolgen, bis sie in der Cloud sind.</translation>
    </message>
</context>
<context>
    <name>WhichAccount</name>
    <message>
        <source>Which account?</source>
        <translation>Welches Konto?</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) are to be shared.</source>
        <translation>
            <numerusform>%Ln Datei soll freigegeben werden.</numerusform>
            <numerusform>%Ln Dateien sollen freigegeben werden.</numerusform>
        </translation>
    </message>
    <message>
        <source>A link is to be opened.</source>
        <translation>Ein Link soll geöffnet werden.</translation>
    </message>
</context>
<context>
    <name>Wishes</name>
    <message>
        <source>This document is not among yours</source>
        <translation>Dieses Dokument gehört nicht zu Ihren</translation>
    </message>
    <message>
        <source>The link leads to a document that is not shared with you, or is gone. Ask whoever sent it to share it with the address you sign in with.</source>
        <translation>Der Link führt zu einem Dokument, das nicht für Sie freigegeben ist oder nicht mehr existiert. Bitten Sie die Person, die ihn geschickt hat, es für die Adresse freizugeben, mit der Sie sich anmelden.</translation>
    </message>
    <message>
        <source>Show {name}?</source>
        <translation>{name} zeigen?</translation>
    </message>
    <message>
        <source>A link that was opened outside of this window asks for it.</source>
        <translation>Ein Link, der außerhalb dieses Fensters geöffnet wurde, verlangt das.</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Zeigen</translation>
    </message>
    <message>
        <source>This installation is connected already</source>
        <translation>Diese Installation ist schon verbunden</translation>
    </message>
    <message>
        <source>A link cannot change that. To use another cloud beside this one, choose “Add account” in the menu, and paste the link there.</source>
        <translation>Ein Link kann das nicht ändern. Um daneben eine andere Cloud zu benutzen, wählen Sie im Menü „Konto hinzufügen“ und fügen dort den Link ein.</translation>
    </message>
    <message>
        <source>Connect to {host}?</source>
        <translation>Mit {host} verbinden?</translation>
    </message>
    <message>
        <source>A link asks for it. Your documents and your password would go there: only go on if the link comes from the person who runs your cloud.</source>
        <translation>Ein Link verlangt das. Ihre Dokumente und Ihr Passwort gingen dorthin: Fahren Sie nur fort, wenn der Link von der Person kommt, die Ihre Cloud betreut.</translation>
    </message>
    <message>
        <source>&amp;Connect</source>
        <translation>&amp;Verbinden</translation>
    </message>
</context>
<context>
    <name>Wizard</name>
    <message>
        <source>Cancel the set-up?</source>
        <translation>Einrichtung abbrechen?</translation>
    </message>
    <message>
        <source>You are signed out here, the cloud is forgotten, and the application ends. Nothing was sent, and your files were not touched.</source>
        <translation>Sie werden hier abgemeldet, die Cloud wird vergessen, und das Programm endet. Nichts wurde gesendet, und Ihre Dateien wurden nicht angerührt.</translation>
    </message>
    <message>
        <source>&amp;Cancel set-up</source>
        <translation>Einrichtung &amp;abbrechen</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Fortfahren</translation>
    </message>
</context>
<context>
    <name>_Amounts</name>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln Datei</numerusform>
            <numerusform>%Ln Dateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s)</source>
        <translation>
            <numerusform>%Ln Dokument</numerusform>
            <numerusform>%Ln Dokumente</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Face</name>
    <message>
        <source>Delete removes it; the arrows lead on.</source>
        <translation>Entf nimmt sie heraus; die Pfeile führen weiter.</translation>
    </message>
</context>
<context>
    <name>_Words</name>
    <message>
        <source>Everything is up to date</source>
        <translation>Alles ist auf dem neuesten Stand</translation>
    </message>
    <message numerus="yes">
        <source>Sending %Ln document(s)</source>
        <translation>
            <numerusform>%Ln Dokument wird gesendet</numerusform>
            <numerusform>%Ln Dokumente werden gesendet</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for changes</source>
        <translation>Es wird nach Änderungen gesucht</translation>
    </message>
    <message numerus="yes">
        <source>Paused, %Ln document(s) waiting</source>
        <translation>
            <numerusform>Pausiert, %Ln Dokument wartet</numerusform>
            <numerusform>Pausiert, %Ln Dokumente warten</numerusform>
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
        <translation>Etwas erfordert Ihre Aufmerksamkeit</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Nicht angemeldet</translation>
    </message>
    <message numerus="yes">
        <source>Paused until {time}, %Ln document(s) waiting</source>
        <translation>
            <numerusform>Pausiert bis {time}, %Ln Dokument wartet</numerusform>
            <numerusform>Pausiert bis {time}, %Ln Dokumente warten</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused until {time}</source>
        <translation>Pausiert bis {time}</translation>
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
    <message>
        <source>Good morning, {name}</source>
        <translation>Guten Morgen, {name}</translation>
    </message>
    <message>
        <source>Good afternoon, {name}</source>
        <translation>Guten Tag, {name}</translation>
    </message>
    <message>
        <source>Good evening, {name}</source>
        <translation>Guten Abend, {name}</translation>
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
    <message>
        <source>New account</source>
        <translation>Neues Konto</translation>
    </message>
    <message>
        <source>What is put into {folder} leaves the cloud after {time}.</source>
        <translation>Was in {folder} gelegt wird, bleibt {time} in der Cloud.</translation>
    </message>
    <message>
        <source>Nobody else can see it until you share it.</source>
        <translation>Niemand sonst sieht es, bis Sie es freigeben.</translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more</source>
        <comment>people</comment>
        <translation>
            <numerusform>und %Ln weitere Person</numerusform>
            <numerusform>und %Ln weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>It is shared at once with {who}.</source>
        <translation>Es wird sofort freigegeben für {who}.</translation>
    </message>
    <message>
        <source>“{name}”</source>
        <comment>a folder&apos;s name in quotation marks</comment>
        <translation>„{name}“</translation>
    </message>
    <message>
        <source>The rule of {folder} says so.</source>
        <translation>So bestimmt es die Regel für {folder}.</translation>
    </message>
    <message>
        <source>The rule holds for files that are new there, in folders within it, too; one of those with a rule of its own follows that alone. What is there already, or is moved there, keeps its time and its people.</source>
        <translation>Die Regel gilt für Dateien, die dort neu sind, auch in Ordnern darin; hat einer davon eine eigene Regel, gilt dort nur diese. Was schon da ist oder dorthin verschoben wird, behält seine Zeit und seine Personen.</translation>
    </message>
    <message numerus="yes">
        <source>It holds more than %Ln file(s), {size} or more.</source>
        <translation>
            <numerusform>Er enthält mehr als %Ln Datei, {size} oder mehr.</numerusform>
            <numerusform>Er enthält mehr als %Ln Dateien, {size} oder mehr.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It holds %Ln file(s), {size}.</source>
        <translation>
            <numerusform>Er enthält %Ln Datei, {size}.</numerusform>
            <numerusform>Er enthält %Ln Dateien, {size}.</numerusform>
        </translation>
    </message>
</context>
</TS>
