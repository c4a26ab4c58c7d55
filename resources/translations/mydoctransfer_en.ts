<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ActivityModel</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DocumentsPage</name>
    <message numerus="yes">
        <source>&amp;Withdraw %n document(s)</source>
        <translation>
            <numerusform>&amp;Withdraw %n document</numerusform>
            <numerusform>&amp;Withdraw %n documents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) disappeared from your folder.</source>
        <translation>
            <numerusform>%n file disappeared from your folder.</numerusform>
            <numerusform>%n files disappeared from your folder.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Withdraw %n document(s) from the cloud?</source>
        <translation>
            <numerusform>Withdraw %n document from the cloud?</numerusform>
            <numerusform>Withdraw %n documents from the cloud?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The same goes for %n more document(s).</source>
        <translation>
            <numerusform>The same goes for %n more document.</numerusform>
            <numerusform>The same goes for %n more documents.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DraggingOut</name>
    <message numerus="yes">
        <source>Downloading %n document(s): hold on to them.</source>
        <translation>
            <numerusform>Downloading %n document: hold on to it.</numerusform>
            <numerusform>Downloading %n documents: hold on to them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) are in your inbox now: drag them again.</source>
        <translation>
            <numerusform>%n document is in your inbox now: drag it again.</numerusform>
            <numerusform>%n documents are in your inbox now: drag them again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message numerus="yes">
        <source>Drop to send %n item(s)</source>
        <translation>
            <numerusform>Drop to send %n item</numerusform>
            <numerusform>Drop to send %n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderPage</name>
    <message numerus="yes">
        <source>It holds more than %n file(s), {size} or more.</source>
        <translation>
            <numerusform>It holds more than %n file, {size} or more.</numerusform>
            <numerusform>It holds more than %n files, {size} or more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It holds %n file(s), {size}.</source>
        <translation>
            <numerusform>It holds %n file, {size}.</numerusform>
            <numerusform>It holds %n files, {size}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Send all %n file(s) to the cloud</source>
        <translation>
            <numerusform>&amp;Send %n file to the cloud</numerusform>
            <numerusform>&amp;Send all %n files to the cloud</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message numerus="yes">
        <source>%Ln document(s) need attention</source>
        <translation>
            <numerusform>%Ln document needs attention</numerusform>
            <numerusform>%Ln documents need attention</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) paused, all else is up to date</source>
        <translation>
            <numerusform>%Ln document paused, all else is up to date</numerusform>
            <numerusform>%Ln documents paused, all else is up to date</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message numerus="yes">
        <source>{used} of %n download(s) used</source>
        <translation>
            <numerusform>{used} of %n download used</numerusform>
            <numerusform>{used} of %n downloads used</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n download(s) so far</source>
        <translation>
            <numerusform>%n download so far</numerusform>
            <numerusform>%n downloads so far</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainMenu</name>
    <message numerus="yes">
        <source>In the cloud: %n document(s), {size}</source>
        <translation>
            <numerusform>In the cloud: %n document, {size}</numerusform>
            <numerusform>In the cloud: %n documents, {size}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>%n document(s) are in the cloud</source>
        <translation>
            <numerusform>%n document is in the cloud</numerusform>
            <numerusform>%n documents are in the cloud</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) were shared with you</source>
        <translation>
            <numerusform>%n document was shared with you</numerusform>
            <numerusform>%n documents were shared with you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) leave the cloud within ten minutes</source>
        <translation>
            <numerusform>%n document leaves the cloud within ten minutes</numerusform>
            <numerusform>%n documents leave the cloud within ten minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) were downloaded</source>
        <translation>
            <numerusform>%n document was downloaded</numerusform>
            <numerusform>%n documents were downloaded</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) disappeared from your folder</source>
        <translation>
            <numerusform>%n file disappeared from your folder</numerusform>
            <numerusform>%n files disappeared from your folder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) need attention</source>
        <translation>
            <numerusform>%n document needs attention</numerusform>
            <numerusform>%n documents need attention</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RowWords</name>
    <message numerus="yes">
        <source>%Ln byte(s)</source>
        <translation>
            <numerusform>%Ln byte</numerusform>
            <numerusform>%Ln bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShareDialog</name>
    <message numerus="yes">
        <source>%n document(s)</source>
        <translation>
            <numerusform>%n document</numerusform>
            <numerusform>%n documents</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WhichAccount</name>
    <message numerus="yes">
        <source>%n file(s) are to be shared.</source>
        <translation>
            <numerusform>%n file is to be shared.</numerusform>
            <numerusform>%n files are to be shared.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Amounts</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n document(s)</source>
        <translation>
            <numerusform>%n document</numerusform>
            <numerusform>%n documents</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Words</name>
    <message numerus="yes">
        <source>Sending %Ln document(s)</source>
        <translation>
            <numerusform>Sending %Ln document</numerusform>
            <numerusform>Sending %Ln documents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Paused, %Ln document(s) waiting</source>
        <translation>
            <numerusform>Paused, %Ln document waiting</numerusform>
            <numerusform>Paused, %Ln documents waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Paused until {time}, %Ln document(s) waiting</source>
        <translation>
            <numerusform>Paused until {time}, %Ln document waiting</numerusform>
            <numerusform>Paused until {time}, %Ln documents waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n second</numerusform>
            <numerusform>%n seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <comment>expires in</comment>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <comment>people</comment>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
</TS>
