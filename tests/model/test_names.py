"""File names this client makes: harmless everywhere, free, and never too long."""

import os
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mydoctransfer.model.checksums import composite_crc32
from mydoctransfer.model.names import NAME_MAX, numbered, safe_name, shortened

anything = st.text(st.characters(exclude_categories=()), max_size=300)
nasty = st.text(
    st.sampled_from(
        "./\\:~ -%2eEfF\0\n\r\u202e\u2215\uff0f\u0301a.CONcomLPT1\u00b9\udcff\U0001f600"
    ),
    max_size=40,
)


def length(name: str) -> int:
    return len(name.encode("utf-8", "surrogatepass"))


@given(name=anything | nasty)
@settings(max_examples=2000)
@example("..")
@example("\u1100" * 100)
@example("~-.")
@example("CON .txt")
@example("a" * 250 + ". .txt")
def test_a_safe_name_is_one_harmless_component(name: str) -> None:
    """T58, D10, D12."""
    safe = safe_name(name)
    assert safe not in ("", ".", "..")
    assert not set(safe) & set('/\\:*?"<>|\0\n\r\t\u2215\uff0f\u202e')
    assert length(safe) <= NAME_MAX
    assert safe[0] not in " .-~"
    assert safe[-1] not in " ."
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in safe)
    assert os.path.basename(os.path.normpath(os.path.join("/in/box", safe))) == safe
    assert safe_name(safe) == safe
    safe.encode("utf-8")


@pytest.mark.parametrize(
    "name",
    ["report.pdf", "r\u00e9sum\u00e9 2.txt", "\u65e5\u672c\u8a9e.docx", "a b.c.d", "_x",
     "\U0001f469\u200d\U0001f469\u200d\U0001f467.png", "aux-cable.txt", "company.com"],
)  # fmt: skip
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("..\\x", "_._x"),
        ("/abs", "_abs"),
        ("C:\\x", "C__x"),
        ("~/.bashrc", "__.bashrc"),
        ("%2e%2e%2fx", "___x"),
        ("CON", "_CON"),
        ("com\u00b9.txt", "_com\u00b9.txt"),
        ("aux.h", "_aux.h"),
        ("a::$DATA", "a__$DATA"),
        ("x. . ", "x"),
        ("-rf", "_rf"),
        ("annexe\u202efdp.exe", "annexe_fdp.exe"),
        ("a\u2028b", "a b"),
        ("...", "_"),
        ("", "_"),
        ("fo\u0301o", "f\u00f3o"),
        ("a\udcffb", "a_b"),
    ],
)
def test_a_dangerous_name_loses_what_is_dangerous(name: str, safe: str) -> None:
    """T58, T65, D10."""
    assert safe_name(name) == safe


@given(name=anything.map(safe_name), number=st.integers(2, 10**6))
@settings(max_examples=500)
def test_a_numbered_name_is_safe_distinct_and_short(name: str, number: int) -> None:
    """D12, D16."""
    second = numbered(name, number)
    assert length(second) <= NAME_MAX
    assert second != name
    assert numbered(name, number + 1) != second
    second.encode("utf-8")


def test_a_number_stands_before_the_extension() -> None:
    assert numbered("a.tar.gz", 2) == "a.tar (2).gz"
    assert numbered("a", 3) == "a (3)"
    assert numbered(".bashrc", 2) == ".bashrc (2)"
    assert numbered("a (2).txt", 2) == "a (2) (2).txt"
    assert numbered("a.txt", 1) == "a.txt"
    assert numbered("The end. It is a sentence of many words", 2).endswith("words (2)")


def test_a_name_is_cut_at_a_characters_boundary_and_keeps_its_extension() -> None:
    """D12."""
    assert numbered("\u20ac" * 83 + ".pdf", 2) == "\u20ac" * 82 + " (2).pdf"
    assert shortened("\U0001f600" * 100 + ".png", 255) == "\U0001f600" * 62 + ".png"


def test_the_composite_checksum_is_the_one_s3_computes() -> None:
    """H02. Known answers; the suite over the real store compares with what it keeps."""
    assert composite_crc32([0]) == "IUTfHA==-1"
    assert composite_crc32([1, 2, 2**32 - 1]).endswith("-3")
