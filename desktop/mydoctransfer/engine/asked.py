"""Who waits for an answer of the engine: each is answered once, also when the engine ends first."""

from collections.abc import Callable

from mydoctransfer.engine.messages import Reply


class Asked:
    """Everybody who was not answered yet."""

    def __init__(self) -> None:
        self._waiting: dict[int, Callable[[Reply], None]] = {}
        self._number = 0

    def one(self, reply: Callable[[Reply], None]) -> Callable[[Reply], None]:
        """Return what answers this one; a second answer is not given."""
        self._number += 1
        number = self._number
        self._waiting[number] = reply

        def answer(given: Reply) -> None:
            if self._waiting.pop(number, None) is not None:
                reply(given)

        return answer

    def all(self, answer: Reply) -> None:
        """Answer everybody who still waits."""
        waiting, self._waiting = self._waiting, {}
        for reply in waiting.values():
            reply(answer)
