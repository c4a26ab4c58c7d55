"""How many connections a sending process has, by how soon the store answers."""

AT_FIRST = 4  # connections
AT_MOST = 128
FAR = 0.008  # seconds until the store answers, from which more connections are worth a try
_LOOK_EVERY = 8  # answers
_BUSY = 1.25  # times as long as with half as many connections
_PATIENCE, _MOST_PATIENCE = 4, 64  # looks


class Growth:
    """How many connections are worth having.

    More when every answer takes long, for then the store is far away. If the answers of twice as
    many take longer in proportion, it is busy and not far: as many as before, and the more seldom
    another try, the more often it was none. More would only stand in line before it, and in the
    way of who asks it one thing after another: the functions that register and complete.
    """

    def __init__(self) -> None:
        self.wanted = AT_FIRST
        self._seen: list[float] = []
        self._before = 0.0  # seconds an answer took half as many connections; 0: these are proven
        self._patience = _PATIENCE
        self._rests = 0  # looks until another try

    def answered(self, seconds: float) -> None:
        """Take note of how long an answer took."""
        self._seen.append(seconds)
        if len(self._seen) >= max(_LOOK_EVERY, 2 * self.wanted):
            seen, self._seen = sorted(self._seen), []
            # Not the mean: some wait for this machine's processor, and not for the store.
            self._look(seen[0], seen[len(seen) // 2])

    def _look(self, shortest: float, usual: float) -> None:
        before, self._before = self._before, 0.0
        if before and usual > _BUSY * before:
            self.wanted //= 2
            self._rests = self._patience
            self._patience = min(2 * self._patience, _MOST_PATIENCE)
        elif self._rests:
            self._rests -= 1
        elif shortest > FAR and self.wanted < AT_MOST:
            self._before = usual
            self.wanted = min(AT_MOST, 2 * self.wanted)
