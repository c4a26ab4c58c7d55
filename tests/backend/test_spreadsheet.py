"""The audit as CSV: whatever people call their files, a spreadsheet sees text. T57."""

import csv
import io
import re
import unicodedata
from urllib.parse import parse_qs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.controllers.auditing import entries as entries_of
from chalicelib.rows import DAY_MS
from chalicelib.wire import csv_page
from mydoctransfer_contract.documents import AuditEntry, Person
from mydoctransfer_contract.spreadsheet import COLUMNS, cell, csv_text
from tests.backend.fakes import World
from tests.backend.test_api import act, publish

START = r"\s*[=+\-@＝＋－＠]"  # noqa: RUF001
HOSTILE = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "a;=1", 'a",=1', "\r\n=1"]
HOSTILE += ["＝1", "\x1b[2Jx", "\u202egpj.exe", "\u2028x", "\x00", "'=1", "\ufeff=1"]  # noqa: RUF001

texts = st.text() | st.sampled_from(HOSTILE) | st.text("=+-@;,\"' \t\r\na")
people = st.none() | st.builds(Person, texts, texts, texts)
entries = st.builds(
    AuditEntry,
    id=texts,
    at=texts,
    actor=people,
    action=texts,
    share_id=texts,
    display_name=texts,
    detail=texts,
    source=texts,
    expired=st.booleans(),
)


@given(texts)
@example("''=1")
def test_no_cell_starts_a_formula_or_holds_what_is_not_seen(value):
    made = cell(value)
    assert not re.match(START, made)
    assert not re.search(r"[;,\"]" + START, made)
    assert not [c for c in made if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@given(st.text("abc äöü漢 =+-@;,\"'.", max_size=40))
def test_what_is_read_back_differs_by_apostrophes_only(value):
    assert cell(value).replace("'", "") == value.replace("'", "")


@given(st.text(st.characters(categories=("L", "N", "Zs"))))
def test_an_ordinary_name_stays_as_it_is(value):
    assert cell(value) == value


@given(st.lists(entries, max_size=5))
def test_every_entry_is_one_line_of_as_many_cells(some):
    text = csv_text(some)
    assert len(text.splitlines()) == len(some) + 1
    rows = list(csv.reader(io.StringIO(text), strict=True))
    assert [len(row) for row in rows] == [len(COLUMNS)] * (len(some) + 1)


def test_the_deployed_audit_comes_as_a_file_to_administrators(cloud):
    root, ada = cloud.person("Root", admin=True), cloud.person()
    document = publish(ada, b"x", "a.txt")
    act(ada, document.share_id, "rename", display_name="=1+1,x")
    path = f"/audit?format=csv&query={document.share_id}"
    answer = cloud.call("GET", path, root.token)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["action"] for row in rows] == ["renamed to", "uploaded"]
    assert rows[0]["detail"] == "'=1+1,x"
    assert rows[0]["email"] == ada.email
    assert cloud.call("GET", path, ada.token).json["code"] == "forbidden"


@pytest.mark.parametrize("form", ["xml", "", "CSV"])
def test_another_format_is_refused(cloud, person, form):
    assert cloud.call("GET", f"/audit?format={form}", person.token).status == 400


def test_the_pages_of_the_export_hold_every_entry_once_as_csv_and_as_json():
    world = World()
    ada, root = world.person(), world.person("Root", groups=("admins",))
    names = []
    for n in range(60):
        names.append(world.publish(ada, path=f'{n},"{n}"').display_name)
        world.now += DAY_MS // 2  # over thirty days
    listed, lines, cursor = [], [], None
    while True:
        page = entries_of(world.parts, root, world.now, "uploaded", cursor)
        file = csv_page(page, "uploaded")
        listed += [entry.id for entry in page.entries]
        lines += csv.DictReader(io.StringIO(file.text), strict=True)
        if page.cursor is None:
            break
        cursor = page.cursor
        (linked,) = parse_qs(file.headers["Link"].partition("?")[2].partition(">")[0])["cursor"]
        assert linked == cursor
    assert cursor is not None and "Link" not in file.headers  # more than one page, and the last
    assert [line["display_name"] for line in lines] == names[::-1]
    assert [line["id"] for line in lines] == listed
    assert len(set(listed)) == 60
