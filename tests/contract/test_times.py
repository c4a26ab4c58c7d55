"""Instants on the wire."""

from hypothesis import example, given
from hypothesis import strategies as st

from mydoctransfer_contract.times import format_time, parse_time

YEAR_9999 = 253_402_300_799_999


@given(st.integers(0, YEAR_9999))
@example(2**31 * 1000)  # 2038
@example(1_483_228_799_999)  # before a leap second
@example(1_774_746_000_000)  # summer time begins in Europe
@example(YEAR_9999)
def test_every_instant_survives_being_written_and_read(ms):
    """K14."""
    text = format_time(ms)
    assert text.endswith("Z")
    assert parse_time(text) == ms
