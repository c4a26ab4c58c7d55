"""What a person is told when something cannot be done: a sentence that says what to do."""

import pytest

from mydoctransfer.engine import answers
from mydoctransfer.model.trees import Document, DocumentState, Person, ShareId


@pytest.mark.parametrize(
    ("is_mine", "state", "said"),
    [
        (
            True,
            DocumentState.EXPIRED,
            "a.txt has expired. Send it again to have it in the cloud once more.",
        ),
        (
            True,
            DocumentState.REMOVED,
            "a.txt was removed. Send it again to have it in the cloud once more.",
        ),
        (
            False,
            DocumentState.EXPIRED,
            "a.txt has expired. Ask ada@example.org to send it again.",
        ),
        (
            False,
            DocumentState.REMOVED,
            "a.txt was removed. Ask ada@example.org to send it again.",
        ),
    ],
)
def test_of_what_is_gone_it_is_said_how_to_have_it_again(
    is_mine: bool, state: DocumentState, said: str
) -> None:
    document = Document(
        share_id=ShareId("0" * 32),
        owner=Person("ada@example.org", "Ada", "Byron"),
        is_mine=is_mine,
        path=None,
        display_name="a.txt",
        size=1,
        sha256="0" * 64,
        version=1,
        revision=1,
        state=state,
        uploaded_at=0,
        expires_at=0,
        people=(),
        link=None,
        host="",
        fetched=(),
    )
    error = answers.gone(document)
    assert (error.message, error.code) == (said, state.value)
