"""Tables of the foundation: the outbox of domain events, and stored files."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from parvis.foundation.tenancy import TenantModel, TenantTable

# The listener and the pruner work for all organizations at once; everybody else sees their own rows only.
SYSTEM_MAY = "current_setting('app.system', true) = 'on'"


class TransactionIdField(models.Field):  # type: ignore[type-arg]  # not subscriptable when running
    """PostgreSQL's 64-bit transaction id (`xid8`), which is never reused; Python sees its decimal text."""

    def db_type(self, connection: Any) -> str:
        """Return the column's type."""
        return "xid8"


class CurrentTransactionId(models.Func):
    """`pg_current_xact_id()`, as a column default."""

    function = "pg_current_xact_id"
    arity = 0
    output_field: ClassVar[Any] = TransactionIdField()


class RecordedEvent(models.Model):
    """The outbox: one row per domain event, written in the transaction of the change itself.

    `txid` orders rows safely: identifiers are taken before commit, so that a smaller id may become visible
    after a larger one, but no transaction below `pg_snapshot_xmin` can still be running.
    """

    id = models.BigAutoField(primary_key=True)
    organization_id = models.UUIDField()
    type = models.CharField(max_length=120)
    payload = models.JSONField()
    topics = ArrayField(models.TextField())
    actor_id = models.UUIDField(null=True)
    space_id = models.UUIDField(null=True)
    occurred_at = models.DateTimeField(db_default=Now())
    txid = TransactionIdField(db_default=CurrentTransactionId())
    # The thing whose content the frame carries. A column: an index into the payload is of no use under a policy.
    carried_id = models.UUIDField(null=True)

    class Meta:
        db_table = "foundation_domain_event"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["txid", "id"], name="foundation_event_position"),
            # What is carried of one thing: to be taken out when it is deleted.
            models.Index(
                fields=["carried_id"],
                condition=models.Q(carried_id__isnull=False),
                name="foundation_event_carried",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            TenantTable(name="foundation_domain_event_tenant", alternative=SYSTEM_MAY),
        ]


class EventHorizon(models.Model):
    """One row: events up to this transaction were pruned, so that nobody can resume from before it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    pruned_txid = TransactionIdField()

    class Meta:
        db_table = "foundation_event_horizon"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="foundation_event_horizon_single"),
        ]


class StoredFile(TenantModel):
    """One upload. The bytes are kept under their SHA-256, once; readable exactly where something readable shows it."""

    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    # Judged by content, never by what the browser claimed.
    media_type = models.CharField(max_length=127)
    name = models.CharField(max_length=255)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    created_by_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "sha256"], name="foundation_file_content"),
            models.Index(fields=["organization", "created_by_id"], name="foundation_file_owner"),
        ]

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown as an image, in smaller sizes too."""
        return self.width is not None and self.media_type.startswith("image/")


class Upload(TenantModel):
    """A large file that comes in parts and becomes a stored file when it is whole.

    How much of it is here, the storage knows: it tells the truth even after a crash.
    """

    name = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
    # What the sender says of the whole; empty when nothing was said.
    sha256 = models.CharField(max_length=64, blank=True)
    created_by_id = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Each part that comes moves it.
    expires_at = models.DateTimeField()
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "expires_at"], name="foundation_upload_expiry"),
        ]


class Throttle(models.Model):
    """How full one bucket is (parvis/foundation/throttle.py). Above organizations: most attempts come before one.

    Unlogged: a crash empties it, and no attempt waits for a disk.
    """

    key = models.UUIDField(primary_key=True)
    # No index: updates then stay within their page, and the table is small.
    empty_at = models.DateTimeField()

    class Meta:
        db_table = "foundation_throttle"


class AuditRecord(TenantModel):
    """Who did what, kept for proof (parvis/foundation/audit.py). The database refuses to change or remove rows.

    `number` and `hash` are filled once, when the record is sealed: they chain it to the one before.
    """

    action = models.CharField(max_length=120)
    actor_id = models.UUIDField(null=True)
    target_type = models.CharField(max_length=80, blank=True)
    target_id = models.CharField(max_length=80, blank=True)
    details = models.JSONField(default=dict)
    occurred_at = models.DateTimeField(db_default=Now())
    number = models.BigIntegerField(null=True)
    hash = models.CharField(max_length=64, null=True)  # noqa: DJ001 - null is "not sealed yet"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organization", "number"], name="foundation_audit_number"),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True, hash__isnull=True)
                | models.Q(number__isnull=False, hash__isnull=False),
                name="foundation_audit_sealed_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "target_type", "target_id"], name="foundation_audit_target"),
            models.Index(
                fields=["organization", "id"],
                condition=models.Q(number__isnull=True),
                name="foundation_audit_unsealed",
            ),
        ]
