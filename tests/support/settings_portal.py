"""Tells applications whether the desktop is dark, as the desktop portal of a real session does.

It owns org.freedesktop.portal.Desktop and answers only for the colour scheme. Each line on standard
input ("dark" or "light") changes it. Runs under the system's Python, which has the bindings.
"""

import sys

from gi.repository import Gio, GLib

INTERFACE = "org.freedesktop.portal.Settings"
NAMESPACE, KEY = "org.freedesktop.appearance", "color-scheme"
SCHEMES = {"dark": 1, "light": 2}
DESCRIPTION = f"""<node><interface name="{INTERFACE}">
  <method name="Read"><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="v" direction="out"/></method>
  <method name="ReadOne"><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="v" direction="out"/></method>
  <method name="ReadAll"><arg type="as" direction="in"/>
    <arg type="a{{sa{{sv}}}}" direction="out"/></method>
  <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
  <property name="version" type="u" access="read"/>
</interface></node>"""


class Portal:
    def __init__(self, scheme):
        self.scheme = scheme
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        interface = Gio.DBusNodeInfo.new_for_xml(DESCRIPTION).interfaces[0]
        self.bus.register_object(
            "/org/freedesktop/portal/desktop", interface, self.answer, lambda *_: version(), None
        )
        Gio.bus_own_name_on_connection(
            self.bus, "org.freedesktop.portal.Desktop", Gio.BusNameOwnerFlags.NONE, None, None
        )

    def value(self):
        return GLib.Variant("u", SCHEMES[self.scheme])

    def answer(self, _bus, _sender, _path, _interface, method, arguments, invocation):
        if method == "ReadAll":
            everything = {NAMESPACE: {KEY: self.value()}}
            invocation.return_value(GLib.Variant("(a{sa{sv}})", (everything,)))
        elif arguments.unpack() != (NAMESPACE, KEY):
            invocation.return_dbus_error(
                "org.freedesktop.portal.Error.NotFound", "Requested setting not found"
            )
        elif method == "Read":  # the old call wraps its answer twice
            invocation.return_value(GLib.Variant("(v)", (GLib.Variant("v", self.value()),)))
        else:
            invocation.return_value(GLib.Variant("(v)", (self.value(),)))

    def hear(self, stream, _condition):
        line = stream.readline().strip()
        if not line:
            return False
        self.scheme = line
        self.bus.emit_signal(
            None,
            "/org/freedesktop/portal/desktop",
            INTERFACE,
            "SettingChanged",
            GLib.Variant("(ssv)", (NAMESPACE, KEY, self.value())),
        )
        return True


def version():
    return GLib.Variant("u", 2)


if __name__ == "__main__":
    portal = Portal(sys.argv[1])
    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, portal.hear)
    GLib.MainLoop().run()
