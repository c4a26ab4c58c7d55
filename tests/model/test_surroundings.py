"""Whether sending waits because of what the computer runs on."""

import pytest

from mydoctransfer.model.preferences import Network
from mydoctransfer.model.surroundings import Reason, Surroundings, reason_to_wait


@pytest.mark.parametrize(
    ("wanted", "now", "reason"),
    [
        (Network(), Surroundings(True, True), Reason.NONE),
        (Network(pause_on_metered=True), Surroundings(True, False), Reason.METERED),
        (Network(pause_on_metered=True), Surroundings(False, True), Reason.NONE),
        (Network(pause_on_battery=True), Surroundings(True, True), Reason.BATTERY),
        (Network(0, 0, True, True), Surroundings(True, False), Reason.METERED),
        (Network(0, 0, True, True), Surroundings(), Reason.NONE),
    ],
)
def test_only_what_the_person_asked_for_makes_it_wait(
    wanted: Network, now: Surroundings, reason: Reason
) -> None:
    assert reason_to_wait(wanted, now) is reason
