"""`mydoctransfer://` links and wishes: two things can be asked for, in one spelling each."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydoctransfer.model import links, wishes
from mydoctransfer.model.errors import UsageError
from mydoctransfer.model.links import OpenShare, SetUp
from mydoctransfer.model.trees import ShareId
from mydoctransfer.model.wishes import FollowLink, ShareFiles, Show

ID = "0123456789abcdef" * 2
ids = st.text("0123456789abcdef", min_size=32, max_size=32).map(ShareId)
hosts = st.from_regex(r"[a-z0-9]{1,20}(\.[a-z]{2,5}){0,2}(:[0-9]{2,4})?", fullmatch=True)
paths = st.text(min_size=1).map(lambda name: "/" + name.replace("\0", ""))


@given(ids)
def test_a_link_to_a_document_comes_back_as_it_was(share_id: ShareId) -> None:
    assert links.parse(links.to_text(OpenShare(share_id))) == OpenShare(share_id)


@given(hosts, st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=5))
def test_a_setup_link_comes_back_as_it_was(host: str, more: dict[str, str]) -> None:
    text = json.dumps({**more, "api_url": f"https://{host}/api"}, ensure_ascii=False)
    made = links.to_set_up(text)
    assert links.parse(links.to_text(made)) == made == SetUp(text, host)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mydoctransfer:",
        "mydoctransfer://",
        "mydoctransfer://open",
        f"mydoctransfer://delete?share={ID}",
        f"mydoctransfer://open?share={ID}&share={ID}",
        f"mydoctransfer://open?share={ID}&people=eve@example.org",
        f"mydoctransfer://open?share={ID}#x",
        f"mydoctransfer://open?share={ID}\n",
        f" mydoctransfer://open?share={ID}",
        f"mydoctransfer://open?share={ID.upper()}",
        f"mydoctransfer://open?share={ID}0",
        "mydoctransfer://open?share=" + "٣" * 32,
        f"mydoctransfer://me@open?share={ID}",
        f"mydoctransfer://open/../setup?share={ID}",
        f"https://open?share={ID}",
        "file:///etc/passwd",
        "--home=/tmp/x",
        "mydoctransfer://open?share=../../etc/passwd",
        "mydoctransfer://open?share=%30" + "0" * 30,
        "mydoctransfer://setup",
        "mydoctransfer://setup?connection=",
        "mydoctransfer://setup?connection=e30",
        "mydoctransfer://setup?connection=W10",
        "mydoctransfer://setup?connection=_w",
        "mydoctransfer://setup?connection=a",
        "mydoctransfer://setup?url=https://evil.example/connection.json",
        "mydoctransfer://setup?connection=" + "A" * links.LONGEST,
    ],
)
def test_what_is_not_spelled_so_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        links.parse(text)
    assert refused.value.code == "link_refused"


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example",
        "https://me@a.example",
        "https://\u0430.example",
        "https://",
        "a.example",
        "x" * 9,
    ],
)
def test_a_setup_link_shows_plainly_where_passwords_would_go(address: str) -> None:
    with pytest.raises(UsageError):
        links.to_set_up(json.dumps({"api_url": address}))


@given(st.text(string.printable, max_size=200) | st.text(max_size=100))
def test_noise_is_refused_and_breaks_nothing(text: str) -> None:
    for noise in (text, f"mydoctransfer://open?share={text}", f"mydoctransfer://{text}"):
        try:
            link = links.parse(noise)
        except UsageError:
            continue
        assert links.parse(links.to_text(link)) == link


def test_a_document_named_in_a_setup_link_is_not_shown_in_a_log() -> None:
    assert "secret" not in repr(SetUp('{"secret": 1}', "a.example"))


@given(
    st.just(Show())
    | ids.map(lambda i: FollowLink(OpenShare(i)))
    | st.lists(paths, min_size=1, max_size=5).map(lambda p: ShareFiles(tuple(p)))
)
def test_a_wish_crosses_the_socket_as_it_is(wish: wishes.Wish) -> None:
    line = wishes.to_line(wish)
    assert b"\n" not in line
    assert wishes.from_line(line) == wish


@given(
    st.binary(max_size=100)
    | st.recursive(
        st.none() | st.text() | st.integers(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    ).map(lambda value: json.dumps(value).encode())
)
def test_t74_nothing_else_is_a_wish(line: bytes) -> None:
    try:
        wish = wishes.from_line(line)
    except UsageError:
        return
    assert wishes.from_line(wishes.to_line(wish)) == wish


@pytest.mark.parametrize(
    "line",
    [
        b'{"share": []}',
        b'{"share": ["relative"]}',
        b'{"share": ["/a\\u0000b"]}',
        b'{"share": [1]}',
        b'{"share": "/a"}',
        b'{"share": ["/a"], "people": ["eve@example.org"]}',
        json.dumps({"share": ["/a"] * (wishes.MOST_FILES + 1)}).encode(),
    ],
)
def test_a_strange_wish_to_share_is_refused(line: bytes) -> None:
    with pytest.raises(UsageError):
        wishes.from_line(line)
