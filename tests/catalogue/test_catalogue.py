"""The catalogues, the tests that name their lines, and the pages that say so."""

import pytest

from scripts import catalogue


@pytest.fixture(scope="module")
def named() -> dict[str, list[catalogue.Test]]:
    return catalogue.named_in_tests()


@pytest.mark.parametrize("name", catalogue.CATALOGUES)
def test_every_line_has_a_test_or_a_reason(name, named):
    assert catalogue.problems(catalogue.read(name), named) == []


@pytest.mark.parametrize("name", catalogue.CATALOGUES)
def test_the_page_is_what_the_script_writes(name, named):
    page = (catalogue.ROOT / "docs" / f"{name}.md").read_text("utf-8")
    fresh = catalogue.written(catalogue.read(name), named)
    assert page == fresh, "run: python -m scripts.catalogue"


def test_no_test_names_a_line_that_is_not_there(named):
    known = {line for name in catalogue.CATALOGUES for line in catalogue.read(name).lines}
    assert sorted(set(named) - known) == []


@pytest.mark.parametrize(
    ("function", "docstring", "lines"),
    [
        ("test_g09_g10_a_portal", "", {"G09", "G10"}),
        ("test_an_edit", "A18, E02: seen.", {"A18", "E02"}),
        ("test_an_edit", "L04, invariants I12 and I14.", {"L04"}),
        ("test_an_edit", "I12, R14, I9.", {"I12"}),
        ("test_a10_b", "A100 and XA10.", {"A10"}),
    ],
)
def test_names_are_read_from_the_front_and_from_the_docstring(function, docstring, lines):
    assert catalogue.names_in(function, docstring) == lines


def test_a_line_without_a_test_is_found():
    line = catalogue.Line("P", "It holds.", "")
    one = catalogue.Catalogue("One", {"A": "Group"}, {"A01": line})
    assert catalogue.problems(one, {}) == ["A01 has neither a test nor a reason"]
    gate = catalogue.Test("tests/x.py", "test_it", True)
    assert catalogue.problems(one, {"A01": [gate]}) == [
        "A01 is a property and tested in `make gates` only"
    ]
