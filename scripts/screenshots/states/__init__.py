"""Every state that is drawn: a function that brings the window there."""

from scripts.screenshots.stage import Stage
from scripts.screenshots.states import (
    accounts,
    documents,
    first_run,
    menus,
    places,
    settings,
    sharing,
)

STAGES: tuple[Stage, ...] = (
    *first_run.STAGES,
    *accounts.STAGES,
    *documents.STAGES,
    *places.STAGES,
    *sharing.STAGES,
    *menus.STAGES,
    *settings.STAGES,
)
