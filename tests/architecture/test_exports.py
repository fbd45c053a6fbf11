"""An organization can leave: no table of a tenant is forgotten in its export."""

from __future__ import annotations

from django.apps import apps

from parvis.foundation.export import declarations
from parvis.foundation.tenancy import tenant_models


def test_every_tenant_table_is_exported_or_says_why_not() -> None:
    declared = set(declarations())
    tables = {model._meta.label for model in tenant_models()}
    assert tables - declared == set(), "declare these in their app's exports.py"
    assert declared - tables == set(), "these are declared and exist no more"


def test_columns_left_out_exist() -> None:
    for declaration in declarations().values():
        columns = {field.name for field in apps.get_model(declaration.model)._meta.get_fields()}
        assert declaration.without <= columns, declaration.model
