"""Profiles: homes of their own that belong together, and never watch each other's folders."""

import os
import threading
from functools import partial
from pathlib import Path

import pytest

from mydoctransfer.adapters import home as homes
from mydoctransfer.adapters import profiles
from mydoctransfer.adapters.connection import pasted
from mydoctransfer.adapters.disk import FolderDisk
from mydoctransfer.adapters.home import Home
from mydoctransfer.adapters.roots import check_root
from mydoctransfer.adapters.settings import HomeSettings
from mydoctransfer.model.accounts import KnownAccount
from mydoctransfer.model.errors import AppError
from mydoctransfer.model.ignore import SIGN

CLOUD = (
    '{"api_url": "https://a.example/api", "region": "eu-central-1", '
    '"user_pool_id": "eu-central-1_Abc", "client_id": "abc123"}'
)


@pytest.fixture
def own(tmp_path: Path) -> Home:
    made = homes.find(str(tmp_path / "home"))
    made.prepare()
    return made


def settings(home: Home) -> HomeSettings:
    """What the program makes of a home."""
    check = partial(check_root, refusal=partial(profiles.refusal, home))
    return HomeSettings(home, FolderDisk, check, partial(profiles.choosing, home))


def used(home: Home, email: str = "ada@example.org") -> Home:
    """The same home once somebody uses it."""
    config = settings(home)
    config.connect(pasted(CLOUD))
    config.signed_in(email, "sub", "file")
    return home


def another(own: Home, email: str = "bob@example.org") -> Home:
    return used(profiles.make(own), email)


def folder(tmp_path: Path, name: str) -> str:
    made = tmp_path / name
    made.mkdir(parents=True, exist_ok=True)
    return str(made)


def test_an_installation_alone_is_its_own_family(own: Home) -> None:
    assert profiles.family(own) == (own,)
    assert profiles.first(own) == own and profiles.number(own) == 1


def test_two_profiles_share_nothing(own: Home) -> None:
    two, three = another(used(own)), another(own, "eve@example.org")
    for part in ("key", "keyring_service", "config_file", "state", "cache", "inbox", "lock"):
        assert len({getattr(one, part) for one in (own, two, three)}) == 3, part
    assert len({one.runtime({}) for one in (own, two, three)}) == 3
    assert [profiles.number(one) for one in (own, two, three)] == [1, 2, 3]
    for one in (own, two, three):
        assert profiles.family(one) == (own, two, three)
        assert profiles.first(one) == own


def test_the_accounts_are_known_by_address_and_cloud(own: Home) -> None:
    two = another(used(own))
    assert [profiles.known(one, two) for one in profiles.family(own)] == [
        KnownAccount(own.key, "ada@example.org", "a.example"),
        KnownAccount(two.key, "bob@example.org", "a.example", None, True),
    ]


def test_a_profile_nobody_uses_is_taken_before_a_new_one_is_made(own: Home) -> None:
    assert profiles.make(own) == own
    two = profiles.make(used(own))
    assert two != own and profiles.make(own) == two
    used(two)
    assert profiles.number(profiles.make(two)) == 3


def test_after_the_first_account_was_removed_the_next_is_made_beside_the_others(
    own: Home,
) -> None:
    two = another(used(own))
    settings(own).reset()
    assert profiles.number(profiles.make(own)) == 3
    assert [profiles.known(one, two).cloud for one in profiles.family(own)] == ["", "a.example", ""]


def test_settings_another_account_cannot_read_are_left_to_that_account(own: Home) -> None:
    two = another(used(own))
    own.config_file.write_text("half = [")
    assert profiles.known(own, two) == KnownAccount(own.key)
    assert own.config_file.read_text() == "half = ["


def test_what_is_no_profile_is_none(own: Home, tmp_path: Path) -> None:
    another(used(own))
    for name in ("notes", "07", "4"):
        (own.profiles / name).mkdir()
    assert len(profiles.family(own)) == 2
    alone = homes.find(str(tmp_path / "profiles" / "2"))
    alone.prepare()
    assert profiles.first(alone) == alone


def test_the_usual_installation_s_profiles_download_where_people_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path / "Downloads"))
    usual = homes.find(environ={})
    usual.prepare()
    two = profiles.make(used(usual))
    assert profiles.family(two) == (usual, two)
    assert two.inbox == usual.inbox.with_name(f"{usual.inbox.name} 2")
    assert two.state.is_relative_to(tmp_path / "DATA")


def test_a_removed_profile_leaves_downloads_and_other_accounts(own: Home) -> None:
    two = another(used(own))
    three = another(own, "eve@example.org")
    (two.prepare_inbox() / "letter.txt").write_text("mine")
    (two.state / "journal.sqlite").write_text("x")
    profiles.remove(two)
    assert profiles.family(own) == (own, three)
    assert (two.inbox / "letter.txt").read_text() == "mine"
    assert sorted(os.listdir(two.config_file.parent)) == ["inbox"]
    profiles.remove(three)
    assert not three.config_file.parent.exists()
    # A directory with somebody's downloads is nobody else's to begin in.
    assert profiles.number(profiles.make(own)) == 3


def test_a_profile_whose_settings_were_damaged_is_not_taken_for_an_unused_one(own: Home) -> None:
    two = another(used(own))
    two.journal.write_bytes(b"journal")
    two.config_file.write_text("half = [")
    assert settings(two).config.connection is None
    profiles.remove(two)
    assert two.journal.read_bytes() == b"journal"
    (aside,) = two.config_file.parent.glob("*.broken-1")
    assert aside.read_text() == "half = ["


def test_the_first_account_s_home_is_never_removed(own: Home) -> None:
    another(used(own))
    profiles.remove(own)
    assert own.config_file.exists() and (own.state / SIGN).exists()


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [("docs", "docs"), ("docs", "docs/deeper"), ("docs/deeper/still", "docs"), ("docs", "link/x")],
)
def test_two_profiles_never_share_or_nest_a_folder(
    own: Home, tmp_path: Path, theirs: str, mine: str
) -> None:
    two = another(used(own))
    folder(tmp_path, "docs/x")
    (tmp_path / "link").symlink_to(tmp_path / "docs")
    taken, wanted = folder(tmp_path, theirs), folder(tmp_path, mine)
    for one, other in ((own, two), (two, own)):
        settings(one).choose_folder(taken, None, None)
        with pytest.raises(AppError, match="of your other account") as refused:
            settings(other).check_folder(wanted)
        assert refused.value.code == "bad_folder"
        settings(one).forget_folder()
    settings(two).check_folder(wanted)


def test_a_folder_beside_the_other_account_s_is_free(own: Home, tmp_path: Path) -> None:
    two = another(used(own))
    settings(own).choose_folder(folder(tmp_path, "docs"), None, None)
    beside = folder(tmp_path, "docs 2")
    assert settings(two).check_folder(beside) == beside
    assert settings(own).check_folder(folder(tmp_path, "docs/deeper"))


def test_another_account_s_data_is_no_folder_and_no_part_of_one(own: Home, tmp_path: Path) -> None:
    two = another(used(own))
    two.prepare_inbox()
    for place in (two.inbox, two.state, own.profiles, two.config_file.parent):
        with pytest.raises(AppError):
            settings(own).check_folder(str(place))
    for place in (own.state, own.config_file.parent, tmp_path):
        with pytest.raises(AppError):
            settings(two).check_folder(str(place))


def test_of_two_profiles_that_choose_one_folder_at_once_one_gets_it(
    own: Home, tmp_path: Path
) -> None:
    two = another(used(own))
    wanted = folder(tmp_path, "docs")
    both = [settings(own), settings(two)]
    for one in both:
        one.check_folder(wanted)  # neither has it yet
    refused: list[AppError] = []

    def choose(one: HomeSettings) -> None:
        try:
            one.choose_folder(wanted, None, None)
        except AppError as exc:
            refused.append(exc)

    threads = [threading.Thread(target=choose, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [exc.code for exc in refused] == ["bad_folder"]
    assert sorted(settings(one).folder() or "" for one in (own, two)) == ["", wanted]
