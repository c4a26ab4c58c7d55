"""The organisation's policy in words, said before anything is shared."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from mydoctransfer.model.trees import Policy
from mydoctransfer.ui import text


class _Words(QObject):
    """An object because it brings `tr`."""

    def of(self, policy: Policy) -> str:
        longest = self.tr("Documents stay for {time} at most.").format(
            time=text.lifetime(policy.max_lifetime)
        )
        whom = self.tr("You can share with everybody in your organisation.")
        if policy.allowed_recipients:
            allowed = _listed(policy.allowed_recipients)
            whom = self.tr("You can share with: {who}.").format(who=allowed)
        if policy.refused_recipients:
            refused = _listed(policy.refused_recipients)
            whom += " " + self.tr("Not with: {who}.").format(who=refused)
        return f"{whom} {longest}"


_WORDS = _Words()


def policy_words(policy: Policy) -> str:
    """Return whom one may share with, and for how long."""
    return _WORDS.of(policy)


def _listed(addresses: Sequence[str]) -> str:
    return ", ".join(text.isolated(text.shown(one, 60)) for one in addresses)
