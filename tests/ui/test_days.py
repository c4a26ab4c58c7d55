"""Days as people write them: in the order and with the marks of their own locale."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QDate, QLocale

from mydoctransfer.ui import text


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("name", "this_year", "another"),
    [
        ("en_GB", "24 Nov", "24 Nov 2026"),
        ("en_US", "Nov 24", "Nov 24, 2026"),
        ("de_DE", "24. Nov.", "24. Nov. 2026"),
        ("it_IT", "24 nov", "24 nov 2026"),
        ("es_ES", "24 de nov", "24 de nov de 2026"),
        ("ja_JP", "11月24日", "2026年11月24日"),
        ("hu_HU", "nov. 24", "2026. nov. 24"),
        ("ar_EG", "٢٤ نوفمبر", "٢٤ نوفمبر ٢٠٢٦"),
    ],
)
def test_a_day_is_written_as_its_readers_write_it(name: str, this_year: str, another: str) -> None:
    locale, day = QLocale(name), QDate(2026, 11, 24)
    assert locale.toString(day, text.day_form(locale, False)).rstrip(".") == this_year.rstrip(".")
    assert locale.toString(day, text.day_form(locale, True)).rstrip(".") == another.rstrip(".")


@pytest.mark.parametrize(
    ("name", "ending"), [("en_GB", ":13:20"), ("de_DE", ":13:20"), ("fi_FI", ".13.20")]
)
def test_a_moment_is_exact_to_the_second(name: str, ending: str) -> None:
    QLocale.setDefault(QLocale(name))
    assert text.moment(1_790_000_000_000).endswith(ending)
    assert "2026" in text.moment(1_790_000_000_000)
