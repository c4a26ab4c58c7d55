"""Draws every window and state into out/screenshots/*.png, without a screen.

python -m scripts.screenshots [WORD]

With a word: only the pictures whose name contains it. Each state is drawn light, dark, at twice the
size, from right to left (in Arabic layout), with texts longer than German ones, in German, in
Italian, and with letters half as large again; the picture's name says which.
"""

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from mydoctransfer.ui import theme
from mydoctransfer.ui.application import make_application, translate_into
from scripts.screenshots.drawing import draw
from scripts.screenshots.looks import ENGLISH, LOOKS, Longer
from scripts.screenshots.states import STAGES

OUT = Path(__file__).parents[2] / "out" / "screenshots"


def main() -> None:
    """Draw them all."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    OUT.mkdir(parents=True, exist_ok=True)
    app = make_application(["screenshots"], ENGLISH)
    longer, font = Longer(), app.font()
    points = font.pointSizeF()
    for look in LOOKS:
        translate_into(app, look.locale)
        font.setPointSizeF(points * look.letters)
        app.setFont(font)
        theme.apply(look.colours)
        if look.is_longer:
            app.installTranslator(longer)
        for stage in STAGES:
            name = f"{stage.__name__.replace('_', '-')}-{look.name}"
            if word in name:
                draw(stage, look).save(str(OUT / f"{name}.png"))
        app.removeTranslator(longer)


if __name__ == "__main__":
    main()
