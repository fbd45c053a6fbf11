"""The checks of `parvis doctor`."""

from __future__ import annotations

import os
import pathlib
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.db import connection

from parvis import __version__
from parvis.config import migrating
from parvis.foundation.settings import Settings

# Words without their texts, apart from any policy: docs/adr/0008-search-terms-apart.md.
_APART = {f"{app}_{table}" for app in ("search", "chat") for table in ("passage", "word", "volume")}
_LEAST_FREE_BYTES = 1024**3


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the report."""

    subject: str
    text: str
    sign: str = "✓"

    @property
    def is_broken(self) -> bool:
        """Whether this keeps Parvis from working."""
        return self.sign == "✗"


def well(subject: str, text: str) -> Finding:
    """Something is as it should be."""
    return Finding(subject=subject, text=text)


def advice(subject: str, text: str) -> Finding:
    """Something works and could be better."""
    return Finding(subject=subject, text=text, sign="!")


def broken(subject: str, text: str) -> Finding:
    """Something does not work."""
    return Finding(subject=subject, text=text, sign="✗")


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings."""
    for check in CHECKS:
        yield check(settings)


def _version(_settings: Settings) -> Finding:
    return well("version", f"Parvis {__version__} on Python {sys.version.split()[0]}")


def _server(settings: Settings) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_user")
        version, user = cursor.fetchone()
    kind = "embedded" if settings.database_url is None else "external"
    return well("database", f"{kind} PostgreSQL {version}, serving as {user}")


def _migrations(_settings: Settings) -> Finding:
    if migrating.is_current():
        return well("migrations", "all applied")
    return broken("migrations", "the database is of another version; run `parvis migrate`")


def _durability(_settings: Settings) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
            " AND setting = 'off'"
        )
        off = [name for (name,) in cursor.fetchall()]
    if off:
        return broken("durability", f"{', '.join(off)} is off: a power cut may lose what was acknowledged")
    return well("durability", "what is acknowledged is on disk")


def _row_security(_settings: Settings) -> Finding:
    query = """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attname = 'organization_id'
          AND NOT a.attisdropped AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
        ORDER BY c.relname
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [name for (name,) in cursor.fetchall() if name not in _APART]
    if names:
        return broken("row-level security", f"not on {', '.join(names)}")
    return well("row-level security", "on every table of an organization")


def _audit_trail(_settings: Settings) -> Finding:
    from parvis.foundation.audit import verify
    from parvis.foundation.tenancy import organization_scope
    from parvis.people.models import Organization

    sealed = 0
    for organization in Organization.objects.order_by("slug"):
        with organization_scope(organization):
            found = verify()
        if not found.is_intact:
            return broken(
                "audit trail",
                f"the chain of {organization.slug} breaks at record {found.broken_at}: it, or one before, was changed"
                " or removed by hand; compare with the heads in the log and with a backup",
            )
        sealed += found.sealed
    return well("audit trail", f"{sealed:,} sealed records, each chained to the one before")


def _jobs(_settings: Settings) -> Finding:
    from parvis.foundation.jobs import failed_jobs, queue_figures, trigger

    talkative = trigger.talkative_triggers()
    if talkative:
        return advice("jobs", f"{', '.join(talkative)} slows every write down; run `parvis migrate`")
    figures = queue_figures()
    if figures.failed:
        newest = failed_jobs(limit=1)[0]
        return advice(
            "jobs", f"{figures.failed} failed for good, the newest {newest.name} ({newest.id}); see the log"
        )
    return well("jobs", f"{figures.due} due, {figures.later} for later, {figures.running} running")


def _data_folder(_settings: Settings) -> Finding:
    data = pathlib.Path(django_settings.DATA_FOLDER)
    free = shutil.disk_usage(data).free
    text = f"{data}, {free // 1024**2:,} MiB free"
    return (
        well("data folder", text) if free > _LEAST_FREE_BYTES else advice("data folder", f"{text}: soon full")
    )


def _files(settings: Settings) -> Finding:
    from parvis.foundation.files.trial import try_storage

    if settings.files_s3_bucket is None:
        return well("files", f"in {django_settings.MEDIA_ROOT}")
    place = f"bucket {settings.files_s3_bucket}"
    try:
        try_storage()
    except ModuleNotFoundError:
        return broken("files", "boto3 is not installed; run bin/install with PARVIS_FILES_S3_BUCKET set")
    except Exception as error:
        return broken("files", f"{place}: {error}")
    return well("files", f"{place}: written, read and removed")


def _secrets(settings: Settings) -> Finding:
    folder = pathlib.Path(django_settings.DATA_FOLDER) / "secrets"
    open_files = [
        path.name for path in folder.glob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]  # fmt: skip
    if open_files:
        return broken("secrets", f"others can read {', '.join(open_files)}; run chmod 600 on them")
    return well(
        "secrets", "from the settings" if settings.secret_key else "in the data folder, closed to others"
    )


def _front_end(_settings: Settings) -> Finding:
    from parvis.foundation.folders import PACKAGE

    if (PACKAGE / "foundation/ui/static/dist/manifest.json").exists():
        return well("front end", "built")
    return broken("front end", "not built; run bin/install")


def _address(settings: Settings) -> Finding:
    base = urlsplit(django_settings.BASE_URL)
    if settings.host not in {"127.0.0.1", "localhost", "::1"} and settings.base_url is None:
        return advice("address", "PARVIS_BASE_URL is not set: links in mails would lead to the wrong place")
    if base.scheme != "https" and base.hostname not in {"127.0.0.1", "localhost", "::1"}:
        return advice(
            "address", f"{django_settings.BASE_URL} is not encrypted; put a proxy with TLS in front"
        )
    return well("address", django_settings.BASE_URL)


def _mail(settings: Settings) -> Finding:
    if settings.mail_url is None:
        return advice("mail", "PARVIS_MAIL_URL is not set: invitations are links to copy, nobody gets mail")
    return well("mail", f"sent by {urlsplit(settings.mail_url).hostname}")


def _user(_settings: Settings) -> Finding:
    if os.geteuid() == 0:
        return advice(
            "system user", "started as root; a system user of its own is safer (the database never is root)"
        )
    return well("system user", "not root")


CHECKS: list[Callable[[Settings], Finding]] = [
    _version, _server, _migrations, _durability, _row_security, _audit_trail, _jobs, _data_folder, _files,
    _secrets, _front_end, _address,
    _mail, _user,
]  # fmt: skip
