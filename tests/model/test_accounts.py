"""Which account a link or a file is meant for."""

import pytest

from mydoctransfer.model.accounts import KnownAccount, meant
from mydoctransfer.model.links import OpenShare, SetUp
from mydoctransfer.model.trees import ShareId
from mydoctransfer.model.wishes import FollowLink, ShareFiles, Show, Wish

ADA = KnownAccount("a", "ada@example.org", "a.example", "/home/me/Docs")
BOB = KnownAccount("b", "bob@example.org", "b.example", "/home/me/Docs 2")
NEW = KnownAccount("n")

OPEN = FollowLink(OpenShare(ShareId("0" * 32)))
SET_UP = FollowLink(SetUp("{}", "c.example"))


def files(*paths: str) -> ShareFiles:
    return ShareFiles(paths)


@pytest.mark.parametrize(
    ("accounts", "wish", "expected"),
    [
        ((ADA, BOB), Show(), (ADA,)),
        ((NEW, ADA, BOB), Show(), (ADA,)),
        ((NEW, NEW), Show(), (NEW,)),
        ((ADA, BOB), OPEN, (ADA, BOB)),
        ((NEW, ADA, BOB), OPEN, (ADA, BOB)),
        ((NEW, ADA), OPEN, (ADA,)),
        ((NEW,), OPEN, (NEW,)),
        ((ADA, BOB), SET_UP, (ADA,)),
        ((ADA, NEW), SET_UP, (NEW,)),
        ((ADA, BOB), files("/tmp/x"), (ADA, BOB)),
        ((ADA, BOB), files("/home/me/Docs 2/x", "/home/me/Docs 2/y/z"), (BOB,)),
        ((ADA, BOB), files("/home/me/Docs/x", "/home/me/Docs 2/y"), (ADA, BOB)),
        ((ADA, BOB), files("/home/me/Docs"), (ADA, BOB)),
        ((NEW,), files("/tmp/x"), (NEW,)),
    ],
)
def test_who_is_meant_by_a_link_or_a_file(
    accounts: tuple[KnownAccount, ...], wish: Wish, expected: tuple[KnownAccount, ...]
) -> None:
    assert meant(accounts, wish) == expected
