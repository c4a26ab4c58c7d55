"""Nobody's request grows dearer because there is more: counted, not timed. T48, issue 4."""

import pytest

from tests.backend.growing import FullStore
from tests.backend.test_costs import CALLS, cost, stated  # noqa: F401

ROUTES = sorted(CALLS)


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_a_person_with_a_hundred_thousand_documents_pays_what_one_with_a_thousand_pays(
    route,
    stated,  # noqa: F811
):
    few, many = (cost(CALLS[route], store=FullStore(n, 1_000_000)) for n in (1_000, 100_000))
    assert few == many
    reads, writes = stated[route[0], route[1].partition("#")[0]]
    assert (many[0] <= reads, many[1] <= writes) == (True, True), many


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_a_pool_of_a_million_documents_makes_no_request_dearer(route):
    small, large = (cost(CALLS[route], store=FullStore(300, pool)) for pool in (1_000, 1_000_000))
    assert small == large
