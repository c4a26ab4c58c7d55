"""The garbage collector, set for a program that makes many values and hardly a cycle."""

import gc


def collect_rarely() -> None:
    """Have the garbage collector look less often, and never at what the program is made of.

    A look at the folder makes a tuple a file. By Python's own measure it is interrupted every 700
    of them; a tenth of a look's time went there. Only for an engine alone: under a window somebody
    would see how long one collection takes (`ui.application`).
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
