"""The ways in which a state is drawn: colours, languages, directions, sizes."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QTranslator

from mydoctransfer.ui import theme

ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
ARABIC = QLocale(QLocale.Language.Arabic, QLocale.Country.Egypt)


class Longer(QTranslator):
    """Makes every text as long as its German translation tends to be."""

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        """Return the text with more vowels."""
        doubled = (
            part if part.startswith("{") else re.sub(r"(?<=\w)([aeo])", r"\1\1", part)
            for part in re.split(r"(\{\w+\})", text)
        )
        return "".join(doubled).replace("%n", str(n))


@dataclass(frozen=True)
class Look:
    """One way in which a state is drawn. `letters`: how large, in those of the desktop."""

    name: str
    colours: theme.Colours = theme.LIGHT
    locale: QLocale = ENGLISH
    ratio: float = 1.0
    is_longer: bool = False
    letters: float = 1.0


LOOKS = (
    Look("light"),
    Look("dark", theme.DARK),
    Look("twice", ratio=2.0),
    Look("letters", letters=1.5),
    Look("arabic", locale=ARABIC),
    Look("long", is_longer=True),
    Look("german", locale=QLocale(QLocale.Language.German)),
    Look("italian", locale=QLocale(QLocale.Language.Italian)),
)
