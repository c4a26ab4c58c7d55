"""How values are written for people: names, sizes, times, people, lifetimes.

Names come from anywhere (other people's machines, file systems): control characters and the
characters that turn the reading direction are shown escaped, and `isolated` keeps a piece of text
from rearranging its surroundings. Everything returned here is plain text, never markup.
"""

import re
import unicodedata

from PySide6.QtCore import QDateTime, QLocale, QObject

from mydoctransfer.model.trees import Person

_FSI, _PDI = "\u2068", "\u2069"
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HIDDEN = frozenset({"Cc", "Zl", "Zp", "Cs", "Co"})
_INVISIBLE = frozenset("\u200b\u2060\ufeff\u00ad\u115f\u1160\u3164\uffa0")
# Marks above and below letters: Latin and Greek, Hebrew, Arabic. By ranges, for speed: asking of
# every character whether it combines takes twice as long, and is done for 100,000 names at a time.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+"
)
LONGEST = 300
SOON_MS = 10 * 60 * 1000


class _Words(QObject):
    """Amounts in words; an object because only `tr` of an object knows plurals."""

    def expired(self) -> str:
        return self.tr("Expired")

    def short_minutes(self, number: int) -> str:
        return self.tr("{n} min").format(n=number)

    def short_hours(self, number: int) -> str:
        return self.tr("{n} h").format(n=number)

    def bytes(self, number: int) -> str:
        return self.tr("%n byte(s)", "", number)

    def seconds(self, number: int) -> str:
        return self.tr("%n second(s)", "", number)

    def minutes(self, number: int) -> str:
        return self.tr("%n minute(s)", "", number)

    def hours(self, number: int) -> str:
        return self.tr("%n hour(s)", "", number)

    def days(self, number: int) -> str:
        return self.tr("%n day(s)", "", number)

    def days_left(self, number: int) -> str:
        return self.tr("%n day(s)", "expires in", number)


_WORDS = _Words()


def shown(name: str, longest: int = LONGEST) -> str:
    """Return a name as it may be shown: one line, nothing invisible, the extension readable."""
    if not name.isascii() or not name.isprintable():
        name = "".join(_visible(char) for char in name[: 4 * longest] + _tail(name, longest))
    return middle(name, longest)


def middle(text: str, longest: int) -> str:
    """Return the text with its middle left out where it is longer than that many characters."""
    if len(text) <= longest:
        return text
    tail = longest // 2
    return f"{text[: longest - tail - 1]}…{text[-tail:]}"


def folded(text: str) -> str:
    """Return the text as it is searched and sorted: no capitals, no accents, however composed."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def isolated(text: str) -> str:
    """Return the text so that its direction stays its own affair."""
    return f"{_FSI}{text}{_PDI}"


def size(number: int) -> str:
    """Return bytes as people read them: 512 bytes, 1.2 MiB."""
    if number < 1000:
        return _WORDS.bytes(number)
    value, unit = number / 1024, 1
    while value >= 999.5 and unit < 4:
        value, unit = value / 1024, unit + 1
    digits = 1 if value < 9.95 else 0
    return f"{QLocale().toString(value, 'f', digits)} {('B', 'KiB', 'MiB', 'GiB', 'TiB')[unit]}"


def tip(words: str) -> str:
    """Return plain words as a tooltip, which Qt would otherwise take for markup if it looks so."""
    for char, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\n", "<br>")):
        words = words.replace(char, written)
    return f"<qt>{words}</qt>"


def full_name(person: Person) -> str:
    """Return the name, or the address of somebody without one."""
    name = shown(f"{person.given_name} {person.family_name}".strip(), 80)
    return name or shown(person.email, 80)


def described(person: Person) -> str:
    """Return name and address."""
    name = full_name(person)
    return name if name == person.email else f"{name} ({shown(person.email, 80)})"


def initials(person: Person) -> str:
    """Return one or two letters for a circle."""
    letters = [part.strip()[:1] for part in (person.given_name, person.family_name)]
    text = "".join(letters) or person.email[:1]
    return shown(text.upper(), 2) or "?"


def clock(at_ms: int, now_ms: int) -> str:
    """Return a local time, with the day where it is not today: 15:20, or 24 Nov, 15:20."""
    at, now = QDateTime.fromMSecsSinceEpoch(at_ms), QDateTime.fromMSecsSinceEpoch(now_ms)
    locale = QLocale()
    time = locale.toString(at.time(), QLocale.FormatType.ShortFormat)
    if at.date() == now.date():
        return time
    form = day_form(locale, at.date().year() != now.date().year())
    return f"{locale.toString(at.date(), form)}, {time}"


def moment(at_ms: int) -> str:
    """Return a local time to the second, with its day and year, for what is kept and compared."""
    at, locale = QDateTime.fromMSecsSinceEpoch(at_ms), QLocale()
    form = locale.timeFormat(QLocale.FormatType.ShortFormat)
    exact = form if "s" in form else re.sub(r"(\W)mm", r"\1mm\1ss", form)
    return (
        f"{locale.toString(at.date(), day_form(locale, True))}, {locale.toString(at.time(), exact)}"
    )


def day_form(locale: QLocale, has_year: bool) -> str:
    """Return how that locale writes a day, its short month and perhaps its year.

    Made from its long form, which has the order and the marks between; the weekday is left out.
    """
    form = re.sub(r"^dddd\W*|\W*dddd$", "", locale.dateFormat(QLocale.FormatType.LongFormat))
    if not has_year:
        form = re.sub(r"^y+[^M]*|(,?\s*'[^']*')?[,\s]*y+.*$", "", form)
    return form.replace("MMMM", "MMM")


def countdown(left_ms: int) -> str:
    """Return the time left: 2 days 3 h, 58 min, 9:41 under ten minutes."""
    seconds = max(0, -(-left_ms // 1000))
    if seconds == 0:
        return _WORDS.expired()
    if seconds < 600:
        return f"{seconds // 60}:{seconds % 60:02d}"
    minutes = seconds // 60
    if minutes < 60:
        return _WORDS.short_minutes(minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return (
            f"{_WORDS.short_hours(hours)} {_WORDS.short_minutes(minutes)}"
            if minutes
            else _WORDS.short_hours(hours)
        )
    days, hours = divmod(hours, 24)
    whole = _WORDS.days_left(days)
    return f"{whole} {_WORDS.short_hours(hours)}" if hours and days < 10 else whole


def lifetime(seconds: int) -> str:
    """Return a lifetime in words: 1 hour, 7 days, 90 minutes."""
    days, hours, minutes = seconds // 86_400, seconds // 3600, seconds // 60
    if seconds % 86_400 == 0:
        return _WORDS.days(days)
    if seconds % 3600 == 0:
        return _WORDS.hours(hours)
    if seconds % 60 == 0:
        return _WORDS.minutes(minutes)
    return _WORDS.seconds(seconds)


def _visible(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # a byte that is no UTF-8
    if char in _TURNING or char in _INVISIBLE or unicodedata.category(char) in _HIDDEN:
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char, f"\\u{code:04x}")
    return char


def _tail(name: str, longest: int) -> str:
    return name[4 * longest :][-longest:]
