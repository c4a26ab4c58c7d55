"""People and links: who else gets a document."""

from collections.abc import Sequence
from dataclasses import dataclass

from mydoctransfer.engine import answers
from mydoctransfer.engine.commands.ground import Ground
from mydoctransfer.engine.ports import Failure, LinkWish
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.trees import OpId


@dataclass(frozen=True, slots=True)
class PeopleCommands:
    """What is said of whom a document is for."""

    ground: Ground

    def share(self, target: str, add: Sequence[str], remove: Sequence[str]) -> Work[Answer]:
        """Share with these people, and with those no longer."""
        yield from self.ground.fresh()
        document = yield from self.ground.find_live(target)
        op_id = OpId(self.ground.rand.hex32())
        answer = yield from call(self.ground.cloud.share, op_id, document.share_id, add, remove)
        if isinstance(answer, Failure):
            raise answers.error(answer)
        return self.ground.took(answer)

    def find_users(self, query: str) -> Work[Answer]:
        """Answer with people to share with."""
        yield from self.ground.signed_in()
        users = yield from call(self.ground.cloud.users, query)
        if isinstance(users, Failure):
            raise answers.error(users)
        return {"users": [answers.person(u) for u in users]}

    def give_link(self, target: str, wish: LinkWish | None) -> Work[Answer]:
        """Make, change or show a document's link; None ends it."""
        yield from self.ground.fresh()
        document = yield from self.ground.find_live(target)
        op_id = OpId(self.ground.rand.hex32())
        given = yield from call(self.ground.cloud.give_link, op_id, document.share_id, wish)
        if isinstance(given, Failure):
            raise answers.error(given)
        self.ground.took(given.document)
        return answers.link(given.document, given.url)

    def revoke_all(self) -> Work[Answer]:
        """Call until nothing is left: the cloud ends so many at a time, and each at once."""
        yield from self.ground.signed_in()
        has_more, cursor = True, None
        while has_more:
            revoked = yield from call(self.ground.cloud.revoke_all, cursor)
            if isinstance(revoked, Failure):
                raise answers.error(revoked)
            has_more, cursor = revoked.more, revoked.cursor
        # It is done: whether the rows show it now or at the next look changes nothing.
        yield from self.ground.session.poll()
        return answers.OK
