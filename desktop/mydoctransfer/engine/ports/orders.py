"""What the owner of a document can order: another name, its end, a later end."""

from dataclasses import dataclass

from mydoctransfer.model.trees import OpId, RelPath, ShareId


@dataclass(frozen=True, slots=True)
class RenameOrder:
    """Move or rename a document in the cloud."""

    op_id: OpId
    share_id: ShareId
    display_name: str | None
    path: RelPath | None


@dataclass(frozen=True, slots=True)
class WithdrawOrder:
    """Withdraw a document; refused when its version is not the expected one (None: any)."""

    op_id: OpId
    share_id: ShareId
    expected_version: int | None


@dataclass(frozen=True, slots=True)
class ExtendOrder:
    """Let a document expire `lifetime` seconds from now."""

    op_id: OpId
    share_id: ShareId
    lifetime: int


Order = RenameOrder | WithdrawOrder | ExtendOrder
