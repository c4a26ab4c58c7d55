"""A notification service that knows "do not disturb", as Plasma's does: dunst has no `Inhibited`.

It owns org.freedesktop.Notifications and prints the title of whatever it is asked to show. It
begins with nobody to be disturbed; its method `tests.Quiet.Set` changes that. Runs under the
system's Python, which has the bindings.
"""

from gi.repository import Gio, GLib

SERVICE, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
DESCRIPTION = f"""<node><interface name="{SERVICE}">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="as" direction="in"/><arg type="a{{sv}}" direction="in"/>
    <arg type="i" direction="in"/><arg type="u" direction="out"/></method>
  <property name="Inhibited" type="b" access="read"/>
</interface><interface name="tests.Quiet">
  <method name="Set"><arg type="b" direction="in"/></method>
</interface></node>"""


class Service:
    def __init__(self):
        self.is_inhibited = True
        self.shown = 0
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        for interface in Gio.DBusNodeInfo.new_for_xml(DESCRIPTION).interfaces:
            self.bus.register_object(
                PATH, interface, self.answer, lambda *_: self.inhibited(), None
            )
        Gio.bus_own_name_on_connection(self.bus, SERVICE, Gio.BusNameOwnerFlags.NONE, None, None)

    def inhibited(self):
        return GLib.Variant("b", self.is_inhibited)

    def answer(self, _bus, _sender, _path, _interface, method, arguments, invocation):
        if method == "GetCapabilities":
            invocation.return_value(GLib.Variant("(as)", (["body", "actions"],)))
        elif method == "Notify":
            self.shown += 1
            print(arguments.unpack()[3], flush=True)
            invocation.return_value(GLib.Variant("(u)", (self.shown,)))
        else:
            (self.is_inhibited,) = arguments.unpack()
            invocation.return_value(None)
            self.bus.emit_signal(
                None,
                PATH,
                "org.freedesktop.DBus.Properties",
                "PropertiesChanged",
                GLib.Variant("(sa{sv}as)", (SERVICE, {"Inhibited": self.inhibited()}, [])),
            )


if __name__ == "__main__":
    service = Service()
    GLib.MainLoop().run()
