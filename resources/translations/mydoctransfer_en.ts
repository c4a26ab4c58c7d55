<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ActivityModel</name>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>and %Ln more</numerusform>
            <numerusform>and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DocumentActs</name>
    <message numerus="yes">
        <source>Withdraw %Ln document(s) from the cloud?</source>
        <translation>
            <numerusform>Withdraw %Ln document from the cloud?</numerusform>
            <numerusform>Withdraw %Ln documents from the cloud?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The same goes for %Ln more document(s).</source>
        <translation>
            <numerusform>The same goes for %Ln more document.</numerusform>
            <numerusform>The same goes for %Ln more documents.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DocumentsPage</name>
    <message numerus="yes">
        <source>&amp;Withdraw %Ln document(s)</source>
        <translation>
            <numerusform>&amp;Withdraw %Ln document</numerusform>
            <numerusform>&amp;Withdraw %Ln documents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) disappeared from your folder.</source>
        <translation>
            <numerusform>%Ln file disappeared from your folder.</numerusform>
            <numerusform>%Ln files disappeared from your folder.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DraggingOut</name>
    <message numerus="yes">
        <source>Downloading %Ln document(s): hold on to them.</source>
        <translation>
            <numerusform>Downloading %Ln document: hold on to it.</numerusform>
            <numerusform>Downloading %Ln documents: hold on to them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) are in your inbox now: drag them again.</source>
        <translation>
            <numerusform>%Ln document is in your inbox now: drag it again.</numerusform>
            <numerusform>%Ln documents are in your inbox now: drag them again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message numerus="yes">
        <source>Drop to send %Ln item(s)</source>
        <translation>
            <numerusform>Drop to send %Ln item</numerusform>
            <numerusform>Drop to send %Ln items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderPage</name>
    <message numerus="yes">
        <source>&amp;Send all %Ln file(s) to the cloud</source>
        <translation>
            <numerusform>&amp;Send %Ln file to the cloud</numerusform>
            <numerusform>&amp;Send all %Ln files to the cloud</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message numerus="yes">
        <source>%Ln item(s) need attention</source>
        <translation>
            <numerusform>%Ln item needs attention</numerusform>
            <numerusform>%Ln items need attention</numerusform>
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
        <source>{used} of %Ln download(s) used</source>
        <translation>
            <numerusform>{used} of %Ln download used</numerusform>
            <numerusform>{used} of %Ln downloads used</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln download(s) so far</source>
        <translation>
            <numerusform>%Ln download so far</numerusform>
            <numerusform>%Ln downloads so far</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainMenu</name>
    <message numerus="yes">
        <source>In the cloud: %Ln document(s), {size}</source>
        <translation>
            <numerusform>In the cloud: %Ln document, {size}</numerusform>
            <numerusform>In the cloud: %Ln documents, {size}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NoticeActions</name>
    <message numerus="yes">
        <source>%Ln document(s) stay for {time}</source>
        <translation>
            <numerusform>%Ln document stays for {time}</numerusform>
            <numerusform>%Ln documents stay for {time}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>%Ln document(s) are in the cloud</source>
        <translation>
            <numerusform>%Ln document is in the cloud</numerusform>
            <numerusform>%Ln documents are in the cloud</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) were shared with you</source>
        <translation>
            <numerusform>%Ln document was shared with you</numerusform>
            <numerusform>%Ln documents were shared with you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) leave the cloud within ten minutes</source>
        <translation>
            <numerusform>%Ln document leaves the cloud within ten minutes</numerusform>
            <numerusform>%Ln documents leave the cloud within ten minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>and %Ln more</numerusform>
            <numerusform>and %Ln more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s) were downloaded</source>
        <translation>
            <numerusform>%Ln document was downloaded</numerusform>
            <numerusform>%Ln documents were downloaded</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) disappeared from your folder</source>
        <translation>
            <numerusform>%Ln file disappeared from your folder</numerusform>
            <numerusform>%Ln files disappeared from your folder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s) need attention</source>
        <translation>
            <numerusform>%Ln item needs attention</numerusform>
            <numerusform>%Ln items need attention</numerusform>
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
        <source>%Ln document(s)</source>
        <translation>
            <numerusform>%Ln document</numerusform>
            <numerusform>%Ln documents</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WhichAccount</name>
    <message numerus="yes">
        <source>%Ln file(s) are to be shared.</source>
        <translation>
            <numerusform>%Ln file is to be shared.</numerusform>
            <numerusform>%Ln files are to be shared.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Amounts</name>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln document(s)</source>
        <translation>
            <numerusform>%Ln document</numerusform>
            <numerusform>%Ln documents</numerusform>
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
        <source>and %Ln more</source>
        <comment>people</comment>
        <translation>
            <numerusform>and %Ln more</numerusform>
            <numerusform>and %Ln more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It holds more than %Ln file(s), {size} or more.</source>
        <translation>
            <numerusform>It holds more than %Ln file, {size} or more.</numerusform>
            <numerusform>It holds more than %Ln files, {size} or more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It holds %Ln file(s), {size}.</source>
        <translation>
            <numerusform>It holds %Ln file, {size}.</numerusform>
            <numerusform>It holds %Ln files, {size}.</numerusform>
        </translation>
    </message>
</context>
</TS>
