"""The accounts of one installation, and which of them a link or a file is meant for."""

from collections.abc import Sequence
from dataclasses import dataclass

from mydoctransfer.model.links import SetUp
from mydoctransfer.model.trees import is_beneath
from mydoctransfer.model.wishes import FollowLink, ShareFiles, Show, Wish


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """One account of this installation, as the others see it.

    Attributes:
        key: stands for it, for as long as it is there.
        email: who signed in there last; "" if nobody ever did.
        cloud: the host of its cloud, which tells two accounts of one address apart; "" without.
        folder: absolute path of its watched folder, if it has one.
        is_current: it is the one that asks.
    """

    key: str
    email: str = ""
    cloud: str = ""
    folder: str | None = None
    is_current: bool = False


def meant(accounts: Sequence[KnownAccount], wish: Wish) -> tuple[KnownAccount, ...]:
    """Return who may be meant by a wish that names nobody; several: the person has to say.

    | wish                                  | meant                                               |
    |---------------------------------------|-----------------------------------------------------|
    | show the window                       | the first with a cloud; without any, the first      |
    | connect to a cloud                    | the first without one; else the first, which says no |
    | share files, all in one's folder      | whose folder it is                                  |
    | anything else                         | everybody with a cloud; without any, the first      |

    Args:
        accounts: at least one, the installation's first account first.
    """
    connected = tuple(account for account in accounts if account.cloud)
    match wish:
        case Show():
            return (connected or tuple(accounts))[:1]
        case FollowLink(SetUp()):
            return (next((a for a in accounts if not a.cloud), accounts[0]),)
        case ShareFiles(paths):
            owners = tuple(a for a in connected if a.folder and _lie_all_in(paths, a.folder))
            return owners[:1] or connected or tuple(accounts[:1])
    return connected or tuple(accounts[:1])


def other_clouds(accounts: Sequence[KnownAccount]) -> tuple[KnownAccount, ...]:
    """Return one account for each cloud that the one who asks does not use, but another does."""
    known = {account.cloud for account in accounts if account.is_current} | {""}
    found: list[KnownAccount] = []
    for account in accounts:
        if account.cloud not in known:
            known.add(account.cloud)
            found.append(account)
    return tuple(found)


def _lie_all_in(paths: Sequence[str], folder: str) -> bool:
    return all(is_beneath(path, folder) for path in paths)
