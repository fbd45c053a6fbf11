"""The three tenant locks: a bound organization, a manager that refuses to guess, and row-level security.

Lock 1 is `organization_scope`: a context variable *and* a transaction that carries the organization to
PostgreSQL. Lock 2 is `TenantManager`: without a bound organization it raises instead of guessing. Lock 3
is `TenantTable` and `TenantForeignKey`, two constraints that every `TenantModel` gets by construction, so
that migrations track them and the database itself refuses a row, or a pointer, of another organization.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models.base import ModelBase
from uuid_utils.compat import uuid7

_bound_organization: ContextVar[UUID | None] = ContextVar("bound_organization", default=None)

Model_co = TypeVar("Model_co", bound=models.Model, covariant=True)


class NoOrganizationBound(RuntimeError):
    """A tenant table was touched outside `organization_scope`: a programming error, never user input."""


def current_organization_id() -> UUID:
    """Return the id of the bound organization; raise `NoOrganizationBound` when there is none."""
    organization_id = _bound_organization.get()
    if organization_id is None:
        raise NoOrganizationBound("No organization is bound: open organization_scope() first.")
    return organization_id


def bound_organization_id() -> UUID | None:
    """Return the id of the bound organization, or None."""
    return _bound_organization.get()


@contextmanager
def rebound(organization_id: UUID | None) -> Iterator[None]:
    """Bind another id to this context alone, for making a statement; the database is told nothing."""
    token = _bound_organization.set(organization_id)
    try:
        yield
    finally:
        _bound_organization.reset(token)


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562): unique everywhere, and ordered by time, so that indexes grow at one end."""
    return uuid7()


@contextmanager
def organization_scope(organization: models.Model | UUID, **settings: str) -> Iterator[None]:
    """Bind an organization (or its id) to this context and open the transaction that tells PostgreSQL.

    The setting is local to the transaction: outside one it would be gone by the next statement and every
    table would read empty. Scopes may nest; leaving one restores the outer one's organization. `settings` are
    more of PostgreSQL's, for a transaction that begins here.
    """
    organization_id = organization if isinstance(organization, UUID) else organization.pk
    outer = _bound_organization.get()
    token = _bound_organization.set(organization_id)
    is_nested = connection.in_atomic_block
    try:
        with transaction.atomic():
            _begin_with("app.organization_id", organization_id, is_nested=is_nested, **settings)
            yield
            # A nested scope shares the outer transaction, whose setting must come back; any other ends with its own.
            if is_nested and outer != organization_id and not connection.needs_rollback:
                _tell_database("app.organization_id", outer)
    finally:
        _bound_organization.reset(token)


@contextmanager
def identity_scope(identity_id: UUID) -> Iterator[None]:
    """Let a signed-in identity find its own persons in every organization (the organization chooser)."""
    with _told("app.identity_id", identity_id):
        yield


@contextmanager
def system_scope() -> Iterator[None]:
    """Read the few tables whose second policy allows the system itself (outbox head, token lookup)."""
    with _told("app.system", "on"):
        yield


@contextmanager
def _told(setting: str, value: UUID | str) -> Iterator[None]:
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        _begin_with(setting, value, is_nested=is_nested)
        yield
        # Else it ends with the transaction.
        if is_nested:
            _tell_database(setting, None)


def _begin_with(setting: str, value: UUID | str, *, is_nested: bool, **settings: str) -> None:
    """Tell PostgreSQL in the same message as BEGIN, where a transaction begins here: one round trip less."""
    if is_nested or not cast(Any, connection).begin_with({setting: str(value), **settings}):
        _tell_database(setting, value)


def _tell_database(setting: str, value: UUID | str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, "" if value is None else str(value)])


class TenantManager(models.Manager[Model_co]):
    """A manager bound to the current organization; it raises when there is none."""

    def get_queryset(self) -> models.QuerySet[Model_co]:
        """Return the rows of the bound organization only."""
        return super().get_queryset().filter(organization_id=current_organization_id())


class DatabaseRule(models.BaseConstraint):
    """A constraint that only PostgreSQL checks, in statements of its own beside CREATE TABLE."""

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Defer: it is never a clause of CREATE TABLE, and what it points at may be created later."""
        assert model is not None and schema_editor is not None
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Nothing to check in Python: PostgreSQL does."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__


class TenantTable(DatabaseRule):
    """Row-level security, forced even for the table's owner: a row exists only for its organization.

    `alternative` is a second condition for the few tables that are looked up before an organization is
    known, e.g. a person by the identity that signed in; it lets read and delete, never write.
    """

    def __init__(self, *, name: str, alternative: str = "") -> None:
        self.alternative = alternative
        super().__init__(name=name)

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Return the statements that protect the table."""
        bound = "organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid"
        readable = f"({bound}) OR ({self.alternative})" if self.alternative else bound
        return _statement(
            "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY; ALTER TABLE %(table)s FORCE ROW LEVEL SECURITY;"
            f' CREATE POLICY "{self.name}" ON %(table)s USING ({readable}) WITH CHECK ({bound})',
            model,
            schema_editor,
        )

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Return the statement that lifts the policy; security stays on, so the table then reads empty."""
        return _statement(f'DROP POLICY "{self.name}" ON %(table)s', model, schema_editor)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration needs to rebuild this constraint."""
        path, args, kwargs = super().deconstruct()
        if self.alternative:
            kwargs["alternative"] = self.alternative
        return path, args, kwargs


class TenantForeignKey(DatabaseRule):
    """The composite foreign key `(organization_id, x_id)` beside Django's own `x_id`.

    It refuses a pointer into another organization even from code that runs with the wrong one bound.
    `to` is a model label such as "spaces.Space".
    """

    def __init__(self, *, name: str, column: str, to: str) -> None:
        self.column, self.to = column, to
        super().__init__(name=name)

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Return the ALTER TABLE that adds the key, checked at commit like Django's own."""
        assert model is not None
        target = model._meta.apps.get_model(self.to)._meta.db_table
        return _statement(
            f'ALTER TABLE %(table)s ADD CONSTRAINT "{self.name}" FOREIGN KEY (organization_id, "{self.column}")'
            f' REFERENCES "{target}" (organization_id, id) DEFERRABLE INITIALLY DEFERRED',
            model,
            schema_editor,
        )

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Return the ALTER TABLE that drops the key."""
        return _statement(f'ALTER TABLE %(table)s DROP CONSTRAINT "{self.name}"', model, schema_editor)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Return what a migration needs to rebuild this constraint."""
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "column": self.column, "to": self.to}


def _statement(
    template: str, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
) -> str:
    assert model is not None and schema_editor is not None
    # Django speaks of text here and keeps statements, which follow a table that is renamed.
    statement: Any = Statement(template, table=Table(model._meta.db_table, schema_editor.quote_name))
    text: str = statement
    return text


class TenantBase(ModelBase):
    """Adds the tenant constraints to each concrete tenant model, so that nobody can forget one."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> type:
        meta = attrs.get("Meta")
        if not getattr(meta, "abstract", False) and "__qualname__" in attrs:
            attrs["Meta"] = _with_tenant_constraints(name, attrs, meta)
        return super().__new__(mcs, name, bases, attrs, **kwargs)


def _with_tenant_constraints(name: str, attrs: dict[str, Any], meta: type | None) -> type:
    prefix = f"{attrs['__module__'].split('.')[1]}_{name.lower()}"
    constraints: list[models.BaseConstraint] = [
        models.UniqueConstraint(fields=["organization", "id"], name=f"{prefix}_tenant_key"),
        TenantTable(name=f"{prefix}_tenant", alternative=getattr(meta, "tenant_alternative", "")),
    ]
    for field_name, field in attrs.items():
        if isinstance(field, models.ForeignKey) and (to := _tenant_label(field, attrs, name)):
            constraints.append(
                TenantForeignKey(name=f"{prefix}_{field_name}_tenant_fk", column=f"{field_name}_id", to=to)
            )
    declared = {key: value for key, value in vars(meta).items() if not key.startswith("__")} if meta else {}
    declared.pop("tenant_alternative", None)
    declared["constraints"] = [*declared.get("constraints", []), *constraints]
    return type("Meta", (), declared)


# Foreign keys out of tenant tables that point above organizations, where no composite key can exist.
ABOVE_ORGANIZATIONS = frozenset({"people.Organization", "people.Identity"})


def _tenant_label(field: models.ForeignKey[Any, Any], attrs: dict[str, Any], name: str) -> str | None:
    target: Any = field.remote_field.model
    app_label = attrs["__module__"].split(".")[1]
    if target == "self":
        label = f"{app_label}.{name}"
    elif isinstance(target, str):
        label = target if "." in target else f"{app_label}.{target}"
    else:
        label = target._meta.label
    return None if label in ABOVE_ORGANIZATIONS else label


class TenantModel(models.Model, metaclass=TenantBase):
    """A row that belongs to exactly one organization, the bound one unless told otherwise.

    Subclasses may set `Meta.tenant_alternative`, the second row-level-security condition of `TenantTable`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # The one foreign key that points upwards in the tree: every layer knows *that* there are tenants.
    organization = models.ForeignKey(
        "people.Organization",
        on_delete=models.CASCADE,
        default=current_organization_id,
        editable=False,
        related_name="+",
        db_index=False,
    )

    objects: ClassVar[TenantManager[Any]] = TenantManager()

    class Meta:
        abstract = True


def tenant_models() -> list[type[TenantModel]]:
    """Return every concrete tenant model: tests, exports and erasures iterate over them."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]
