"""What the engine needs of the world, as it needs it. Import from here.

`Journal`, `Clock`, `Rand` and `Reserve` are called by the sync thread directly. `Disk`, `Watch`,
`Cloud`, `Objects`, `Identity`, `Inbox` and `Settings` are called from the transfer pool: the engine
hands them a `Call` (see `tasks.py`) and hears of the result later. The sync thread itself calls
what returns at once: `Watch.check`, `Objects.expect`, `Cloud.clock_offset_ms`, `Inbox.allow` and
`cancel`, and of `Settings` what is not said to belong in the pool. They answer with values; what
can go wrong on an ordinary day is a `Failure`, not an exception.
"""

from mydoctransfer.engine.ports.chance import Clock, Rand
from mydoctransfer.engine.ports.cloud import (
    Answers,
    AuditEntry,
    Changes,
    Cloud,
    Documents,
    DownloadLink,
    GivenLink,
    LinkWish,
    Receipt,
    Revoked,
    Stretch,
)
from mydoctransfer.engine.ports.disk import (
    Along,
    Disk,
    Entry,
    Hashed,
    Listing,
    Root,
    Watch,
)
from mydoctransfer.engine.ports.failures import Failure, FailureKind
from mydoctransfer.engine.ports.identity import Identity
from mydoctransfer.engine.ports.journal import (
    Journal,
    JournalBroken,
    JournalLost,
    Note,
    Seen,
    Settled,
    Transfer,
)
from mydoctransfer.engine.ports.objects import (
    Arrived,
    Digest,
    Inbox,
    Objects,
    Part,
    PartPut,
    SmallPut,
)
from mydoctransfer.engine.ports.orders import ExtendOrder, Order, RenameOrder, WithdrawOrder
from mydoctransfer.engine.ports.reserve import Reserve
from mydoctransfer.engine.ports.settings import Settings
from mydoctransfer.engine.ports.uploads import (
    Completion,
    Grant,
    Registered,
    Registration,
    UploadRequest,
)

__all__ = [
    "Along",
    "Answers",
    "Arrived",
    "AuditEntry",
    "Changes",
    "Clock",
    "Cloud",
    "Completion",
    "Digest",
    "Disk",
    "Documents",
    "DownloadLink",
    "Entry",
    "ExtendOrder",
    "Failure",
    "FailureKind",
    "GivenLink",
    "Grant",
    "Hashed",
    "Identity",
    "Inbox",
    "Journal",
    "JournalBroken",
    "JournalLost",
    "LinkWish",
    "Listing",
    "Note",
    "Objects",
    "Order",
    "Part",
    "PartPut",
    "Rand",
    "Receipt",
    "Registered",
    "Registration",
    "RenameOrder",
    "Reserve",
    "Revoked",
    "Root",
    "Seen",
    "Settings",
    "Settled",
    "SmallPut",
    "Stretch",
    "Transfer",
    "UploadRequest",
    "Watch",
    "WithdrawOrder",
]
