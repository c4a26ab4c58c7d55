"""Carrying out what the engine was told: one generator for each command that asks the world.

Commands only about the engine's own course (pause, sync once, held deletes) are the loop's.
"""

import os.path
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath

from mydoctransfer.engine import answers
from mydoctransfer.engine.observe import DEVICE_KEY, MARKER_KEY
from mydoctransfer.engine.ports import (
    Cloud,
    Disk,
    ExtendOrder,
    Failure,
    FailureKind,
    FolderRule,
    Identity,
    Inbox,
    Journal,
    LinkWish,
    Order,
    Rand,
    RenameOrder,
    Settings,
    WithdrawOrder,
)
from mydoctransfer.engine.session import SESSION_KEY, Presence, Session
from mydoctransfer.engine.tasks import Work, call
from mydoctransfer.model import commands as c
from mydoctransfer.model import otpauth
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.errors import AppError, NotSignedIn, Refused, UsageError
from mydoctransfer.model.trees import (
    Document,
    DocumentState,
    OpId,
    RelPath,
    ShareId,
)

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a command can make the rest of the engine do."""

    folder_chosen: Callable[[str, Disk], None]
    disk: Callable[[], Disk | None]
    documents_changed: Callable[[Sequence[Document]], None]
    files_added: Callable[[Sequence[RelPath]], None]
    row_changed: Callable[[RelPath], None]
    rules_changed: Callable[[], None]
    signed_in: Callable[[], None]
    signed_out: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Commands:
    """Knows how to carry out a command. Raises AppError from inside the generator."""

    journal: Journal
    session: Session
    identity: Identity
    cloud: Cloud
    inbox: Inbox
    settings: Settings
    rand: Rand
    hooks: Hooks

    def carry_out(self, command: c.Command) -> Work[Answer]:
        """Return the generator that answers a command."""
        match command:
            case c.SignIn():
                return self._sign_in(command)
            case c.SignOut(everywhere=everywhere):
                return self._sign_out(everywhere)
            case c.SignUp():
                names = (command.given_name, command.family_name)
                return self._did(self.identity.sign_up, command.email, command.password, *names)
            case c.ConfirmSignUp(email=email, code=code):
                return self._did(self.identity.confirm_sign_up, email, code)
            case c.SendSignUpCode(email=email):
                return self._did(self.identity.send_sign_up_code, email)
            case c.ForgotPassword(email=email):
                return self._did(self.identity.send_code, email)
            case c.ResetPassword(email=email, code=code, new_password=new):
                return self._did(self.identity.reset_password, email, code, new)
            case c.ChangePassword(password=password, new_password=new):
                return self._did(self.identity.change_password, password, new)
            case c.LookAtSecondFactor():
                return self._look_at_second_factor()
            case c.BeginSecondFactor(email=email):
                return self._begin_second_factor(email)
            case c.ConfirmSecondFactor(code=code):
                return self._did(self.identity.confirm_second_factor, code)
            case c.EndSecondFactor():
                return self._did(self.identity.end_second_factor)
            case c.WhoAmI():
                return self._who_am_i()
            case c.ChooseFolder():
                return self._choose_folder(command)
            case c.SetFolderRule():
                return self._set_rule(command)
            case c.AddFiles(sources=sources, into=into):
                return self._add_files(sources, into)
            case c.ListDocuments():
                return self._list(command)
            case c.Share(target=target, people=people):
                return self._share(target, people, ())
            case c.Unshare(target=target, people=people):
                return self._share(target, (), people)
            case c.FindUsers(query=query):
                return self._find_users(query)
            case c.Rename(target=target, name=name):
                return self._rename(target, name)
            case c.Extend(target=target, lifetime=lifetime):
                return self._extend(target, lifetime)
            case c.ChangeLink(target=target):
                wish = LinkWish(command.password, command.max_downloads, command.lifetime)
                return self._give_link(target, wish)
            case c.RevokeLink(target=target):
                return self._give_link(target, None)
            case c.RevokeAll():
                return self._revoke_all()
            case c.Remove(target=target):
                return self._remove(target)
            case c.SendAgain(path=path):
                return self._send_again(path)
            case c.Get(target=target, directory=directory):
                return self._get(target, directory)
            case c.GetReceipt(target=target):
                return self._receipt(target)
            case c.ReadAudit(query=query):
                return self._audit(query)
            case c.ExportAudit():
                return self._export_audit()
            case _:
                raise AssertionError(f"the loop answers {type(command).__name__} itself")

    # --- the account -----------------------------------------------------------------------------

    def _sign_in(self, command: c.SignIn) -> Work[Answer]:
        failure = yield from call(
            self.identity.sign_in,
            command.email,
            command.password,
            command.store,
            command.new_password,
            command.code,
        )
        if failure is not None:
            raise answers.error(failure)
        self.session.signed_in()
        self.journal.put(SESSION_KEY, "1")
        polled = yield from self.session.poll()
        if polled is not None:
            raise answers.error(polled)
        self.hooks.signed_in()
        return answers.OK

    def _sign_out(self, everywhere: bool) -> Work[Answer]:
        failure = yield from call(self.identity.sign_out, everywhere)
        if failure is not None and everywhere and failure.kind is not FailureKind.SIGNED_OUT:
            raise answers.error(failure)
        self.session.signed_out()
        self.journal.put(SESSION_KEY, None)
        self.hooks.signed_out()
        if failure is not None:
            raise answers.error(failure)
        return answers.OK

    def _did(self, ask: Callable[..., Failure | None], *words: str) -> Work[Answer]:
        failure = yield from call(ask, *words)
        if failure is not None:
            raise answers.error(failure)
        return answers.OK

    def _look_at_second_factor(self) -> Work[Answer]:
        found = yield from call(self.identity.has_second_factor)
        if isinstance(found, Failure):
            raise answers.error(found)
        return {"is_on": found}

    def _begin_second_factor(self, email: str) -> Work[Answer]:
        secret = yield from call(self.identity.begin_second_factor)
        if isinstance(secret, Failure):
            raise answers.error(secret)
        return {
            "secret": secret,
            "address": otpauth.address(secret, email or self.settings.email()),
        }

    def _who_am_i(self) -> Work[Answer]:
        yield from self._fresh()
        account = self.session.account
        if account is None:
            raise NotSignedIn()
        return answers.account(account)

    def _signed_in(self) -> Work[None]:
        if self.session.presence is Presence.UNKNOWN:
            failure = yield from self.session.restore()
            if failure is not None:
                raise answers.error(failure)
        if self.session.presence is Presence.SIGNED_OUT:
            raise NotSignedIn()

    def _fresh(self) -> Work[None]:
        """Be signed in, and know what the cloud knows now."""
        yield from self._signed_in()
        failure = yield from self.session.poll()
        if failure is not None:
            raise answers.error(failure)

    # --- the folder ------------------------------------------------------------------------------

    def _choose_folder(self, command: c.ChooseFolder) -> Work[Answer]:
        self._check_lifetime(command.lifetime)
        resolved = yield from call(self.settings.check_folder, command.folder, command.is_new)
        disk = self.settings.open(resolved)
        root = yield from call(disk.mark, self.rand.hex32())
        if isinstance(root, Failure):
            raise answers.error(root)
        since = (self.session.clock.wall_ms() + 1) * 1_000_000 if command.is_only_new else None
        yield from call(self.settings.choose_folder, resolved, command.lifetime, since)
        if (self.journal.get(MARKER_KEY), self.journal.get(DEVICE_KEY)) != (
            root.marker,
            str(root.dev),
        ):
            self.journal.forget_local()
        self.journal.put(MARKER_KEY, root.marker)
        self.journal.put(DEVICE_KEY, str(root.dev))
        self.hooks.folder_chosen(resolved, disk)
        return answers.OK

    def _set_rule(self, command: c.SetFolderRule) -> Work[Answer]:
        self._check_lifetime(command.lifetime)
        path = self._inside(command.path)
        yield from ()
        rule = FolderRule(command.lifetime, command.people)
        self.journal.set_rule(path, rule)
        self.hooks.rules_changed()
        return answers.OK

    def _check_lifetime(self, lifetime: int | None) -> None:
        account = self.session.account
        if lifetime is not None and account and lifetime > account.policy.max_lifetime:
            raise Refused(
                "Too long",
                "Your organisation does not allow documents to stay that long.",
                "lifetime_refused",
            )

    def _add_files(self, sources: Sequence[str], into: str) -> Work[Answer]:
        disk = self.hooks.disk()
        if disk is None:
            raise _no_folder()
        target = self._inside(into) if into else RelPath("")
        added: list[RelPath] = []
        for source in sources:
            paths = yield from call(disk.add, source, target)
            if isinstance(paths, Failure):
                self.hooks.files_added(added)
                raise answers.error(paths)
            added.extend(paths)
        self.hooks.files_added(added)
        return {"added": list(added)}

    def _inside(self, target: str) -> RelPath:
        """Return a path given as on the command line, relative to the folder.

        Raises:
            UsageError: it lies outside.
        """
        folder = self.settings.folder()
        if folder is None:
            raise _no_folder()
        path = PurePath(os.path.normpath(os.path.join(folder, target)))
        if not path.is_relative_to(folder):
            raise UsageError(
                "Outside the folder",
                f"{target} does not lie in the watched folder {folder}.",
                "outside_folder",
            )
        relative = path.relative_to(folder).as_posix()
        return RelPath("" if relative == "." else relative)

    # --- documents -------------------------------------------------------------------------------

    def _list(self, command: c.ListDocuments) -> Work[Answer]:
        # Offline or signed out, what was known last is the answer (design §6).
        with suppress(AppError):
            yield from self._fresh()
        wanted = [
            d
            for d in self.journal.documents()
            if d.is_mine is not command.shared_with_me
            and (command.gone or d.state is DocumentState.LIVE)
        ]
        wanted.sort(key=lambda d: (d.uploaded_at, d.share_id))
        return {"documents": [self._shown(d) for d in wanted]}

    def _shown(self, document: Document) -> Answer:
        return answers.document(document, self.journal.synced_path(document.share_id))

    def _find(self, target: str) -> Document:
        """Return the document a PATH or ID means.

        Raises:
            Refused: there is none, with the server's code.
        """
        if _ID.fullmatch(target):
            document = self.journal.document(ShareId(target))
        else:
            path = self._inside(target)
            synced = self.journal.synced(path)
            document = (
                self.journal.document(synced.share_id) if synced else self.journal.document_at(path)
            )
        if document is None:
            raise Refused(
                "Not found", f"There is no document {target!r} in the cloud.", "not_found"
            )
        return document

    def _find_live(self, target: str) -> Document:
        document = self._find(target)
        if document.state is not DocumentState.LIVE:
            raise gone(document)
        return document

    def _share(self, target: str, add: Sequence[str], remove: Sequence[str]) -> Work[Answer]:
        yield from self._fresh()
        document = self._find_live(target)
        op_id = OpId(self.rand.hex32())
        answer = yield from call(self.cloud.share, op_id, document.share_id, add, remove)
        if isinstance(answer, Failure):
            raise answers.error(answer)
        return self._took(answer)

    def _find_users(self, query: str) -> Work[Answer]:
        yield from self._signed_in()
        users = yield from call(self.cloud.users, query)
        if isinstance(users, Failure):
            raise answers.error(users)
        return {"users": [answers.person(u) for u in users]}

    def _rename(self, target: str, name: str) -> Work[Answer]:
        yield from self._fresh()
        document = self._find_live(target)
        return (
            yield from self._act(lambda op_id: RenameOrder(op_id, document.share_id, name, None))
        )

    def _extend(self, target: str, lifetime: int) -> Work[Answer]:
        yield from self._fresh()
        document = self._find_live(target)
        return (yield from self._act(lambda op_id: ExtendOrder(op_id, document.share_id, lifetime)))

    def _act(self, make: Callable[[OpId], Order]) -> Work[Answer]:
        return self._took((yield from self._ordered(make)))

    def _ordered(self, make: Callable[[OpId], Order]) -> Work[Document]:
        # A command is said once and answered once: its key needs to outlive no crash, because the
        # person says it again, and the second saying is another wish.
        order = make(OpId(self.rand.hex32()))
        results = yield from call(self.cloud.act, [order])
        result = results if isinstance(results, Failure) else results[0]
        if isinstance(result, Failure):
            raise answers.error(result)
        return result

    def _took(self, document: Document) -> Answer:
        self.journal.learn([document], [], None)
        self.hooks.documents_changed([document])
        return {"document": self._shown(document)}

    def _give_link(self, target: str, wish: LinkWish | None) -> Work[Answer]:
        yield from self._fresh()
        document = self._find_live(target)
        op_id = OpId(self.rand.hex32())
        given = yield from call(self.cloud.give_link, op_id, document.share_id, wish)
        if isinstance(given, Failure):
            raise answers.error(given)
        self._took(given.document)
        return answers.link(given.document, given.url)

    def _revoke_all(self) -> Work[Answer]:
        """Call until nothing is left: the cloud ends so many at a time, and each at once."""
        yield from self._signed_in()
        has_more, cursor = True, None
        while has_more:
            revoked = yield from call(self.cloud.revoke_all, cursor)
            if isinstance(revoked, Failure):
                raise answers.error(revoked)
            has_more, cursor = revoked.more, revoked.cursor
        # It is done: whether the rows show it now or at the next look changes nothing.
        yield from self.session.poll()
        return answers.OK

    def _remove(self, target: str) -> Work[Answer]:
        yield from self._fresh()
        document = self._find_live(target)
        path = self.journal.synced_path(document.share_id)
        withdrawn = yield from self._ordered(
            lambda op_id: WithdrawOrder(op_id, document.share_id, None)
        )
        self._took(withdrawn)
        if path is not None:
            self.hooks.row_changed(path)
        return {"removed": document.share_id}

    def _send_again(self, target: str) -> Work[Answer]:
        """Make the next pass publish the file as a new document (R6, R13); answer its path."""
        yield from self._fresh()
        path = self._inside(target)
        synced = self.journal.synced(path)
        seen = self.journal.local(path)
        if seen is None or seen.sha256 is None:
            raise AppError(
                "No such file", f"There is no file {target!r} in the folder.", "no_such_file"
            )
        if synced is not None:
            document = self.journal.document(synced.share_id)
            if document is not None and document.state is DocumentState.LIVE:
                raise Refused("Still there", f"{target} is still in the cloud.", "still_live")
            self.journal.forget_content(path)
        self.hooks.row_changed(path)
        return {"path": path}

    def _get(self, target: str, directory: str | None) -> Work[Answer]:
        yield from self._fresh()
        document = self._find(target)
        if document.state is not DocumentState.LIVE:
            raise gone(document)
        link = yield from call(self.cloud.link, document.share_id)
        if isinstance(link, Failure):
            raise answers.error(link)
        path = yield from call(self.inbox.fetch, link, directory, document.share_id)
        if isinstance(path, Failure):
            raise answers.error(path)
        if not document.is_mine:
            # Only this says "downloaded". The file is here: a failure to say so is no failure.
            yield from call(
                self.cloud.received,
                OpId(self.rand.hex32()),
                document.share_id,
                link.sha256,
                link.version,
            )
        return {"path": path, "sha256": link.sha256, "share_id": document.share_id}

    def _receipt(self, target: str) -> Work[Answer]:
        yield from self._fresh()
        document = self._find(target)
        receipt = yield from call(self.cloud.receipt, document.share_id)
        if isinstance(receipt, Failure):
            raise answers.error(receipt)
        return {"receipt": answers.receipt(receipt)}

    def _audit(self, query: str) -> Work[Answer]:
        yield from self._signed_in()
        entries = yield from call(self.cloud.audit, query)
        if isinstance(entries, Failure):
            raise answers.error(entries)
        return {"entries": [answers.audit_entry(e) for e in entries]}

    def _export_audit(self) -> Work[Answer]:
        yield from self._signed_in()
        csv = yield from call(self.cloud.audit_csv)
        if isinstance(csv, Failure):
            raise answers.error(csv)
        return {"csv": csv}


def gone(document: Document) -> Refused:
    """Return the error for a document that left the cloud."""
    if document.state is DocumentState.EXPIRED:
        return Refused("Expired", f"{document.display_name} has expired.", "expired")
    return Refused("Removed", f"{document.display_name} was removed.", "removed")


def _no_folder() -> AppError:
    return AppError(
        "No folder", "No folder is chosen yet. Choose one with: folder DIR", "no_folder"
    )
