"""The three locks, tried from the wrong side."""

from __future__ import annotations

import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from parvis.content.models import Entry, Reaction
from parvis.foundation.tenancy import (
    NoOrganizationBound,
    TenantForeignKey,
    TenantModel,
    TenantTable,
    organization_scope,
    tenant_models,
)
from parvis.people.models import Person
from parvis.spaces.models import Space
from tests.world import World

pytestmark = pytest.mark.django_db

# The tables that stand above organizations, each with its reason. A new one must argue its way in here.
ABOVE_ORGANIZATIONS = {
    "people_organization": "the tenants themselves: found by slug or host before one is bound",
    "people_identity": "one login may belong to several organizations",
    "foundation_domain_event": "the outbox: one listener reads for all, by a policy of its own (app.system)",
    "foundation_event_horizon": "one row for the whole outbox",
    "foundation_throttle": "attempts of strangers are counted before anything is bound; hashed keys only",
    "search_passage": "terms only: under a policy PostgreSQL cannot use the index; joined back to what it says",
    "search_word": "words without their texts, for weighing and typos; shown only when found in what one may read",
    "search_volume": "how many passages there are each month, for weighing",
    "chat_passage": "terms of messages, as search_passage: joined back to what it says",
    "chat_word": "words of messages, as search_word",
    "chat_volume": "how many messages there are each month, for weighing",
    "django_session": "a session belongs to a login",
    "django_migrations": "Django's own",
    "django_content_type": "Django's own, unused by us",
    "auth_permission": "Django's own, unused by us",
    "auth_group": "Django's own, unused by us",
    "auth_group_permissions": "Django's own, unused by us",
    "account_emailaddress": "addresses of logins (allauth)",
    "account_emailconfirmation": "addresses of logins (allauth)",
    "usersessions_usersession": "sessions of logins (allauth)",
}
QUEUE = "procrastinate_"


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [row[0] for row in cursor.fetchall()]


def test_every_table_is_a_tenants_or_is_listed_with_its_reason() -> None:
    tenant_tables = {model._meta.db_table for model in tenant_models()}
    others = {table for table in _tables() if table not in tenant_tables and not table.startswith(QUEUE)}
    assert others <= set(ABOVE_ORGANIZATIONS)


def test_every_tenant_table_has_forced_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r'"
        )
        secured = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies")
        with_policy = {row[0] for row in cursor.fetchall()}
    tenant_tables = {model._meta.db_table for model in tenant_models()}
    assert tenant_tables <= secured & with_policy


def test_the_tests_run_as_a_role_that_the_policies_bind() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_every_pointer_between_tenant_tables_has_its_composite_key(model: type[TenantModel]) -> None:
    keys = {con.column for con in model._meta.constraints if isinstance(con, TenantForeignKey)}
    pointers = {
        field.column
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantModel)
    }
    assert pointers == keys
    assert any(isinstance(con, TenantTable) for con in model._meta.constraints)


LAYERS = (
    ("foundation",),
    ("people",),
    ("emoji", "worktime"),
    ("spaces",),
    ("content",),
    ("notifications", "search", "moderation"),
    ("imports", "api", "demo", "web"),
)


def test_foreign_keys_point_downwards() -> None:
    level = {label: height for height, labels in enumerate(LAYERS) for label in labels}
    for model in apps.get_models():
        label = model._meta.app_label
        if label not in level:
            continue
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey) or field.name == "organization":
                continue
            target = field.related_model._meta.app_label
            same = target == label
            assert same or level.get(target, -1) < level[label], f"{model._meta.label}.{field.name} points up"


def test_an_unbound_manager_raises_instead_of_guessing() -> None:
    with pytest.raises(NoOrganizationBound):
        Entry.objects.count()


def test_without_the_setting_every_tenant_table_reads_empty(world: World) -> None:
    assert not Entry._base_manager.exists()
    assert not Person._base_manager.exists()


def test_another_organizations_rows_do_not_exist(world: World) -> None:
    with world.bound():
        assert not Entry._base_manager.filter(pk=world.entries["twin post"].pk).exists()
        assert not Space._base_manager.filter(pk=world.spaces["twin_lounge"].pk).exists()
        assert Entry._base_manager.filter(pk=world.entries["twin post"].pk).update(title="x") == 0


def test_a_row_cannot_be_written_for_another_organization(world: World) -> None:
    with world.bound(), pytest.raises(Exception, match="row-level security"), transaction.atomic():
        Space.objects.create(organization=world.twin, kind="network", name="Planted")


def test_a_pointer_across_organizations_is_refused_by_the_database(world: World) -> None:
    foreign = world.entries["twin post"].pk
    with world.bound(), pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012 - checked at commit
        Reaction.objects.create(entry_id=foreign, person=world.bob, emoji="👍")
        connection.check_constraints()


def test_scopes_nest_and_give_the_outer_organization_back(world: World) -> None:
    with world.bound():
        here = Entry._base_manager.count()
        with world.bound_to_twin():
            assert Entry._base_manager.count() != here
        assert Entry._base_manager.count() == here
    assert not Entry._base_manager.exists()


def test_a_scope_that_fails_leaves_nothing_bound(world: World) -> None:
    with pytest.raises(RuntimeError), organization_scope(world.organization):
        raise RuntimeError
    with pytest.raises(NoOrganizationBound):
        Entry.objects.count()


def test_an_organization_that_does_not_exist_is_empty(world: World) -> None:
    with organization_scope(uuid.uuid4()):
        assert not Entry.objects.exists()
