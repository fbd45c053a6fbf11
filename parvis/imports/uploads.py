"""An uploaded archive as a reader wants it: a file with its name, in the worker's own folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parvis.foundation.files import open_stored
from parvis.foundation.tenancy import organization_scope
from parvis.imports.actions import fail_run
from parvis.imports.archive import open_archive
from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.mattermost.reader import SUFFIXES, opened_export
from parvis.imports.mbox.reader import MailArchive
from parvis.imports.models import ImportRun
from parvis.imports.slack.reader import SlackExport
from parvis.imports.source import Privacy, Source
from parvis.people.models import Organization


@contextmanager
def opened(organization: Organization, run: ImportRun) -> Iterator[Source]:
    """Open the archive that was uploaded for a run; a fault ends the run and says where it lies."""
    try:
        with tempfile.TemporaryDirectory(prefix="parvis-import-") as folder:
            path = _copied(organization, run, Path(folder))
            if run.source == ImportRun.Source.MBOX:
                yield _mail(run, path)
                return
            if run.source == ImportRun.Source.MATTERMOST:
                with open_archive(path, lone=SUFFIXES) as archive, opened_export(archive) as export:
                    yield export
                return
            with open_archive(path) as archive:
                yield SlackExport(archive)
    except Exception as problem:
        fail_run(organization, run, problem)
        raise


def _copied(organization: Organization, run: ImportRun, folder: Path) -> Path:
    """Copy the upload beside nothing else: readers name it in what they say, and name lists after it."""
    path = folder / _harmless(run.label)
    with organization_scope(organization):
        if run.archive is None:
            raise ArchiveFault(run.label, Reason.ABSENT)
        stored = open_stored(run.archive)
    with stored as source, path.open("wb") as target:
        shutil.copyfileobj(source, target, 1024 * 1024)
    return path


def _harmless(label: str) -> str:
    name = label.replace("/", "_").replace("\0", "").lstrip(".")[-100:]
    return name or "archive"


def _mail(run: ImportRun, path: Path) -> MailArchive:
    privacy = run.options.get("privacy", str(Privacy.CLOSED))
    return MailArchive([path], space=run.options.get("space", ""), privacy=Privacy(privacy))
