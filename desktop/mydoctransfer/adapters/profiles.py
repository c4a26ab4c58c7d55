"""The profiles of one installation: each account has a home of its own.

The first account's is the installation's own home. The others' are numbered directories in
`profiles` beside its data, each of which `--home` opens as well. What is there is all that says
which accounts there are: no list can be wrong about them.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from mydoctransfer.adapters import home as homes
from mydoctransfer.adapters import instance
from mydoctransfer.adapters.config import glance
from mydoctransfer.adapters.home import Home
from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.ignore import SIGN

_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
_PATIENCE = 10.0  # seconds another account may take to write down its folder


def first(home: Home) -> Home:
    """Return the installation that a home is a profile of: itself, if it is none."""
    return homes.owner(home) or home


def number(home: Home) -> int:
    """Return 1 for the installation's own home, and a profile's number."""
    return 1 if homes.owner(home) is None else int(home.config_file.parent.name)


def family(home: Home) -> tuple[Home, ...]:
    """Return all homes of an installation, its own first."""
    own = first(home)
    try:
        names = [name for name in os.listdir(own.profiles) if _NUMBER.fullmatch(name)]
    except OSError:
        return (own,)
    places = (own.profiles / name for name in sorted(names, key=int))
    return (own, *(homes.find(str(place)) for place in places if (place / SIGN).is_file()))


def known(home: Home, current: Home) -> KnownAccount:
    """Return a home's account, as `current` sees it."""
    config = glance(home.config_file)
    cloud = "" if config.connection is None else urlsplit(config.connection.api_url).netloc
    return KnownAccount(home.key, config.email, cloud, config.folder, home.key == current.key)


def make(home: Home) -> Home:
    """Return a home for one more account: one nobody uses yet, or a new one.

    The installation's own is only for the first of all: without an account a start opens it for
    whoever has one.

    Raises:
        AppError: it cannot be made.
    """
    own, *others = family(home)
    unused = [one for one in (own, *others) if glance(one.config_file).connection is None]
    is_first_of_all = len(unused) == 1 + len(others)
    free = next((one for one in unused if one is not own or is_first_of_all), None)
    found = free or _new(own)
    found.prepare()
    return found


def remove(home: Home) -> None:
    """Remove what a profile remembers; what was downloaded stays. Its engine has ended.

    What cannot be removed is an unused profile, which nobody sees and the next account takes. So is
    one whose settings were set aside because they could not be understood: they may be mended.
    """
    root = home.config_file.parent
    if homes.owner(home) is None or any(root.glob(f"{home.config_file.name}.broken-*")):
        return
    for directory in (home.state, home.cache):
        shutil.rmtree(directory, ignore_errors=True)
    for file in (*root.glob(f"{home.config_file.name}*"), root / SIGN):
        file.unlink(missing_ok=True)
    if not os.listdir(root):
        root.rmdir()


def refusal(home: Home, folder: Path) -> str | None:
    """Return why a home must not watch a folder: its own data, or anything of another account."""
    if reason := home.refusal(folder):
        return reason
    real = Path(os.path.realpath(folder))
    for other in family(home):
        if other.key == home.key:
            continue
        account = known(other, home)
        if account.folder is not None and _overlap(real, Path(account.folder)):
            return f"{folder} overlaps with the folder {account.folder} of your other account."
        if data := other.data_at(real):
            return f"{folder} overlaps with the data of your other account in {data}."
    return None


@contextmanager
def choosing(home: Home) -> Iterator[None]:
    """Hold off the other accounts while this one looks at their folders and writes down its own.

    Raises:
        AppError: another one holds this off for too long.
    """
    with instance.held(first(home).state / "folders.lock", _PATIENCE):
        yield


def _new(own: Home) -> Home:
    homes.make_private(own.profiles)
    candidate = 2
    while True:
        place = own.profiles / str(candidate)
        try:
            place.mkdir(mode=0o700)
        except FileExistsError:
            candidate += 1
        else:
            return homes.find(str(place))


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)
