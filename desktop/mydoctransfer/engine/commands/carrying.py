"""Which command is carried out by whom.

Commands only about the engine's own course (pause, sync once, held deletes) are `steering`'s.
"""

from dataclasses import dataclass

from mydoctransfer.engine.commands.account import AccountCommands
from mydoctransfer.engine.commands.audit import AuditCommands
from mydoctransfer.engine.commands.documents import DocumentsCommands
from mydoctransfer.engine.commands.folder import FolderCommands
from mydoctransfer.engine.commands.ground import Ground
from mydoctransfer.engine.commands.people import PeopleCommands
from mydoctransfer.engine.downloads import Downloads
from mydoctransfer.engine.ports import Identity, LinkWish
from mydoctransfer.engine.removing import Removals
from mydoctransfer.engine.tasks import Work
from mydoctransfer.model import commands as c
from mydoctransfer.model.commands import Answer
from mydoctransfer.model.rules import FolderRule


@dataclass(frozen=True, slots=True)
class Commands:
    """Knows who carries out a command. Raises AppError from inside the generator."""

    account: AccountCommands
    folder: FolderCommands
    documents: DocumentsCommands
    people: PeopleCommands
    audit: AuditCommands

    @classmethod
    def on(
        cls, ground: Ground, identity: Identity, downloads: Downloads, removals: Removals
    ) -> "Commands":
        """Return what carries out commands with these parts."""
        return cls(
            AccountCommands(ground, identity),
            FolderCommands(ground),
            DocumentsCommands(ground, downloads, removals),
            PeopleCommands(ground),
            AuditCommands(ground),
        )

    def carry_out(self, command: c.Command) -> Work[Answer]:
        """Return the generator that answers a command."""
        match command:
            case c.SignIn():
                return self.account.sign_in(command)
            case c.SignOut(everywhere=everywhere):
                return self.account.sign_out(everywhere)
            case c.SignUp():
                names = (command.given_name, command.family_name)
                sign_up = self.account.identity.sign_up
                return self.account.did(sign_up, command.email, command.password, *names)
            case c.ConfirmSignUp(email=email, code=code):
                return self.account.did(self.account.identity.confirm_sign_up, email, code)
            case c.SendSignUpCode(email=email):
                return self.account.did(self.account.identity.send_sign_up_code, email)
            case c.ForgotPassword(email=email):
                return self.account.did(self.account.identity.send_code, email)
            case c.ResetPassword(email=email, code=code, new_password=new):
                return self.account.did(self.account.identity.reset_password, email, code, new)
            case c.ChangePassword(password=password, new_password=new):
                return self.account.did(self.account.identity.change_password, password, new)
            case c.LookAtSecondFactor():
                return self.account.look_at_second_factor()
            case c.BeginSecondFactor(email=email):
                return self.account.begin_second_factor(email)
            case c.ConfirmSecondFactor(code=code):
                return self.account.did(self.account.identity.confirm_second_factor, code)
            case c.EndSecondFactor():
                return self.account.did(self.account.identity.end_second_factor)
            case c.WhoAmI():
                return self.account.who_am_i()
            case c.ChooseFolder():
                return self.folder.choose_folder(command)
            case c.SetFolderRule(path=path):
                return self.folder.set_rule(path, FolderRule(command.lifetime, command.people))
            case c.RemoveFolderRule(path=path):
                return self.folder.set_rule(path, None)
            case c.AddFiles(sources=sources, into=into):
                return self.folder.add_files(sources, into)
            case c.ListDocuments():
                return self.documents.list(command)
            case c.Share(target=target, people=people):
                return self.people.share(target, people, ())
            case c.Unshare(target=target, people=people):
                return self.people.share(target, (), people)
            case c.FindUsers(query=query):
                return self.people.find_users(query)
            case c.Rename(target=target, name=name):
                return self.documents.rename(target, name)
            case c.Extend(target=target, lifetime=lifetime):
                return self.documents.extend(target, lifetime)
            case c.ChangeLink(target=target):
                wish = LinkWish(command.password, command.max_downloads, command.lifetime)
                return self.people.give_link(target, wish)
            case c.RevokeLink(target=target):
                return self.people.give_link(target, None)
            case c.RevokeAll():
                return self.people.revoke_all()
            case c.Remove(target=target):
                return self.documents.remove(target)
            case c.SendAgain(path=path):
                return self.documents.send_again(path)
            case c.Get(target=target, directory=directory):
                return self.documents.get(target, directory)
            case c.GetReceipt(target=target):
                return self.documents.receipt(target)
            case c.ReadAudit(query=query):
                return self.audit.audit(query)
            case c.ExportAudit():
                return self.audit.export_audit()
            case _:
                raise AssertionError(f"steering answers {type(command).__name__} itself")
