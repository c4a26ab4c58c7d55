"""Answers questions about the accessibility tree, one JSON line each.

Runs under the system's Python, the only one that has the AT-SPI bindings, inside the session whose
applications are asked about; `a11y.py` is its client. It uses the standard library and `gi` only.
A question is `{"do": verb, …}`; the answer `{"is": value}` or `{"error": sentence}`; an accessible
travels as a number, valid while the server runs.
"""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

TABLES = {"table", "tree table", "tree", "list"}
known = []


def main():
    Atspi.init()
    Atspi.set_timeout(3000, 3000)
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer = {"is": VERBS[question.pop("do")](**question)}
        except GLib.Error as error:
            answer = {"error": str(error.message)}
        except (LookupError, AttributeError, TypeError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def applications():
    """Number, name and process of every application on the bus."""
    desktop = Atspi.get_desktop(0)
    _fresh(desktop)
    found = []
    for child in _children(desktop):
        try:
            found.append([_number(child), _name(child), child.get_process_id()])
        except GLib.Error:
            continue  # it is just ending, or does not answer yet
    return found


def find(root, id=None, role=None, name=None, showing=True, limit=1):
    """The accessibles below `root` that match everything given, nearest to the root first."""
    found = []
    level = list(_children(known[root]))
    while level and len(found) < limit:
        below = []
        for accessible in level:
            try:
                if _matches(accessible, id, role, name, showing):
                    found.append(_number(accessible))
                if _role(accessible) not in TABLES:
                    below += _children(accessible)
            except GLib.Error:
                continue  # gone meanwhile
        level = below
    return found[:limit]


def describe(it):
    """What a screen reader could say about one accessible."""
    accessible = _fresh(known[it])
    return {
        "id": _id(accessible),
        "name": _name(accessible),
        "description": accessible.get_description() or "",
        "role": _role(accessible),
        "text": _text(accessible),
        "states": sorted(_states(accessible)),
        "extents": _extents(accessible),
        "value": _value(accessible),
    }


def children(it):
    return [_number(child) for child in _children(_fresh(known[it]))]


def act(it, action=None):
    """Do an action: the first one, or the one with this name."""
    accessible = _fresh(known[it])
    names = [
        accessible.get_action_name(number).lower() for number in range(accessible.get_n_actions())
    ]
    if not names:
        raise LookupError(f"{_name(accessible)!r} offers no action")
    number = names.index(action.lower()) if action else 0
    return bool(accessible.do_action(number))


def focus(it):
    return bool(known[it].grab_focus())


def write(it, text):
    return bool(known[it].set_text_contents(text))


def set_value(it, value):
    return bool(known[it].set_current_value(value))


def select(it, child):
    return bool(known[it].select_child(child))


def table(it):
    """Rows, columns and column headers of a table."""
    grid = _fresh(known[it]).get_table_iface()
    columns = grid.get_n_columns()
    return {
        "rows": grid.get_n_rows(),
        "columns": columns,
        "headers": [grid.get_column_description(column) or "" for column in range(columns)],
    }


def cell(it, row, column):
    found = _fresh(known[it]).get_table_iface().get_accessible_at(row, column)
    if found is None:
        raise LookupError(f"no cell at row {row}, column {column}")
    return _number(found)


def cells(it, first, count):
    """The texts of `count` rows from row `first` on."""
    grid = _fresh(known[it]).get_table_iface()
    last = min(grid.get_n_rows(), first + count)
    return [
        [_name(grid.get_accessible_at(row, column)) for column in range(grid.get_n_columns())]
        for row in range(first, last)
    ]


def tree(root, depth=40):
    """An indented picture of the tree, for a failed test to print."""
    lines = []

    def walk(accessible, level):
        states = " ".join(sorted(_states(accessible) & {"focused", "enabled", "showing"}))
        lines.append(
            f"{'  ' * level}{_role(accessible)} {_name(accessible)!r} "
            f"#{_id(accessible).rpartition('.')[2]} [{states}]"
        )
        if level >= depth:
            return
        if _role(accessible) in TABLES and accessible.get_child_count() > 60:
            lines.append(f"{'  ' * level}  … {accessible.get_child_count()} children")
            return
        for child in _children(accessible):
            walk(child, level + 1)

    walk(known[root], 0)
    return "\n".join(lines)


def forget():
    known.clear()
    return True


def _number(accessible):
    known.append(accessible)
    return len(known) - 1


def _fresh(accessible):
    """Drop what the bindings remember: without a main loop they would never hear of a change."""
    accessible.clear_cache()
    return accessible


def _children(accessible):
    _fresh(accessible)
    for number in range(accessible.get_child_count()):
        try:
            child = accessible.get_child_at_index(number)
        except GLib.Error:
            continue  # gone meanwhile
        if child is not None:
            yield _fresh(child)


def _matches(accessible, id, role, name, showing):
    return (
        (id is None or _id(accessible).rpartition(".")[2] == id)
        and (role is None or _role(accessible) == role)
        and (name is None or _name(accessible) == name)
        and (not showing or "showing" in _states(accessible))
    )


def _id(accessible):
    try:
        return accessible.get_accessible_id() or ""
    except GLib.Error:
        return ""


def _name(accessible):
    return (accessible.get_name() or "") if accessible is not None else ""


def _role(accessible):
    return accessible.get_role_name() or ""


def _text(accessible):
    if "Text" not in accessible.get_interfaces():
        return None
    return Atspi.Text.get_text(accessible, 0, Atspi.Text.get_character_count(accessible))


def _states(accessible):
    return {state.value_nick for state in accessible.get_state_set().get_states()}


def _extents(accessible):
    if "Component" not in accessible.get_interfaces():
        return None
    box = accessible.get_extents(Atspi.CoordType.SCREEN)
    return [box.x, box.y, box.width, box.height]


def _value(accessible):
    if "Value" not in accessible.get_interfaces():
        return None
    return accessible.get_current_value()


VERBS = {
    verb.__name__: verb
    for verb in (
        *(applications, find, describe, children, act, focus, write, set_value, select),
        *(table, cell, cells, tree, forget),
    )
}

if __name__ == "__main__":
    main()
