"""A table that is full already: a person's documents, their feed, the day's audit, everybody else.

The rows are made when they are looked at, so that a million of them cost neither time nor memory;
what they cost in units is counted as for all others. `python -m scripts.bench.growth` prints it.
"""

import json
from bisect import bisect_left, bisect_right
from dataclasses import replace

from chalicelib.connectors.ports import Key, Rows, TableName
from chalicelib.rows import document_row, feed_pk, feed_sk, person_pk, sequence_key
from chalicelib.services import audit
from chalicelib.services.audit import Happened
from mydoctransfer_contract.times import format_time
from tests.backend.fakes import START, FakeStore, World, item_size

ADA = "00000000-0000-4000-8000-000000000001"  # the first person of every world


class FullStore(FakeStore):
    """A store that also holds `mine` documents of Ada and `pool` of a thousand others."""

    def __init__(self, mine: int, pool: int) -> None:
        super().__init__()
        self._body = _a_document()
        others = [f"{n:08d}-0000-4000-8000-000000000000" for n in range(1, 1001)]
        self._sizes = {person_pk(sub): pool // len(others) for sub in others}
        self._sizes |= {person_pk(ADA): mine, feed_pk(ADA): mine}
        self._sizes |= {f"DAY#{format_time(START)[:10]}": mine + pool}
        self.tables[sequence_key(ADA)] = {"n": mine}

    def read(self, keys):
        made = {key: row for key in keys if (row := self._made(key)) is not None}
        found = super().read(keys)
        self.reads += sum(-(-item_size(row) // 4096) - 1 for row in made.values())
        return made | dict(found)

    def page(self, table, pk, *, prefix="", after=None, up_to=None, newest_first=False, limit=100):
        asked = {"prefix": prefix, "after": after, "up_to": up_to, "newest_first": newest_first}
        few = super().page(table, pk, limit=limit, **asked)
        self.reads -= max(1, -(-sum(item_size(row) for row in few.rows) // 4096))
        rows = [*few.rows, *self._some(table, pk, prefix, after, up_to, newest_first, limit)]
        rows.sort(key=lambda row: row["sk"], reverse=newest_first)
        taken = tuple(rows[:limit])
        self.reads += max(1, -(-sum(item_size(row) for row in taken) // 4096))
        is_more = few.after is not None or len(rows) > limit
        return Rows(taken, taken[-1]["sk"] if is_more else None)

    def _some(self, table, pk, prefix, after, up_to, newest_first, limit):
        """Up to one row more than a page of those made here."""
        keys = _Keys(table, pk, self._sizes.get(pk, 0))
        low = 0 if after is None or newest_first else bisect_right(keys, after)
        high = bisect_left(keys, after) if after is not None and newest_first else len(keys)
        if up_to is not None:
            high = min(high, bisect_right(keys, up_to))
        places = range(high - 1, low - 1, -1) if newest_first else range(low, high)
        for place in places[: limit + 1]:
            sk = keys[place]
            if sk.startswith(prefix):
                yield {**self._row(pk, sk, place), "pk": pk, "sk": sk}

    def _made(self, key: Key):
        keys = _Keys(key.table, key.pk, self._sizes.get(key.pk, 0))
        place = bisect_left(keys, key.sk)
        if place < len(keys) and keys[place] == key.sk:
            return self._row(key.pk, key.sk, place)
        return None

    def _row(self, pk: str, sk: str, place: int) -> dict:
        if pk.startswith("F#"):
            return {"n": place + 1, "at": START, "ids": {f"{place:032x}": ADA}}
        if pk.startswith("DAY#"):
            return {"entries": [self._body["entry"]]}
        return {**self._body["document"], "share_id": sk[4:]}


class _Keys:
    """The sort keys of a partition, in order, spelled when asked for."""

    def __init__(self, table: TableName, pk: str, size: int) -> None:
        is_audit = table is TableName.AUDIT
        self._size = size if is_audit == pk.startswith("DAY#") else 0
        self._spelled = feed_sk if pk.startswith("F#") else "DOC#{:032x}".format
        if is_audit:
            self._spelled = "00000000000{:015d}".format
        self._first = 1 if pk.startswith("F#") else 0

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: int) -> str:
        return self._spelled(place + self._first)


def _a_document() -> dict:
    world = World()
    ada = world.person()
    assert ada.sub == ADA
    world.publish(ada)
    (key,) = world.rows("DOC#")
    from chalicelib.rows import read_document

    document = replace(read_document(world.store.tables[key]), expires_at=START + 10**10)
    entry = audit.entry(Happened.UPLOADED, START, ada, document)
    (day,) = [w for w in audit.writes([entry]) if w.key.pk.startswith("DAY#")]
    assert json.loads(day.row["entries"][0])
    return {"document": document_row(document), "entry": day.row["entries"][0]}
