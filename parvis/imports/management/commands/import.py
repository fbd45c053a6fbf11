"""`parvis import …`: bring in an archive of another system, list imports, undo one."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.foundation.errors import DomainError, NotFound
from parvis.foundation.tenancy import organization_scope
from parvis.foundation.ui.formats import number as grouped
from parvis.imports import report
from parvis.imports.actions import run_import, undo_import
from parvis.imports.archive import open_archive
from parvis.imports.choice import Choice
from parvis.imports.faults import ArchiveFault, printable
from parvis.imports.mattermost.reader import SUFFIXES, opened_export
from parvis.imports.mbox.reader import MailArchive
from parvis.imports.models import ImportRun
from parvis.imports.queries import find_run, runs
from parvis.imports.rehearsal import Rehearsal
from parvis.imports.slack.reader import SlackExport
from parvis.imports.source import Privacy, Source
from parvis.people.models import LANGUAGES, Organization


class _Refused(Exception):
    """What was asked for cannot be done, in one sentence."""


class Command(BaseCommand):
    """Bring in an archive of another system; list imports; undo one."""

    help = "Bring in an archive of another system; list imports; undo one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the subcommands."""
        with _spoken_language():
            commands = parser.add_subparsers(
                dest="command", required=True, metavar="slack|mattermost|mbox|list|undo"
            )
            slack = commands.add_parser("slack", help=_("a Slack export: a zip or an unpacked folder"))
            slack.add_argument("path", type=Path)
            mattermost = commands.add_parser(
                "mattermost", help=_("a Mattermost bulk export: its JSONL, alone or in a zip with its files")
            )
            mattermost.add_argument("path", type=Path)
            for source in (slack, mattermost):
                source.add_argument(
                    "--chat", default="none", metavar="all|none|NAME,…",
                    help=_("channels whose messages go to chat; the others go to the wall"),
                )  # fmt: skip
            mbox = commands.add_parser(
                "mbox", help=_("mail archives: files, folders, zips; one list is one space")
            )
            mbox.add_argument("paths", type=Path, nargs="+", metavar="path")
            mbox.add_argument("--space", default="", metavar="NAME", help=_("put everything into one space"))
            mbox.add_argument(
                "--privacy", choices=[str(value) for value in Privacy], default=str(Privacy.CLOSED),
                help=_("who may read it (closed: its authors)"),
            )  # fmt: skip
            for source in (slack, mattermost, mbox):
                source.add_argument("--organization", required=True, metavar="SLUG")
                source.add_argument(
                    "--dry-run", action="store_true", help=_("only say what would come and what would not")
                )
            listing = commands.add_parser("list", help=_("list running and past imports"))
            listing.add_argument("--organization", default="", metavar="SLUG")
            undo = commands.add_parser("undo", help=_("take away what an import brought"))
            undo.add_argument("number", type=int, metavar="ID")
            undo.add_argument("--organization", default="", metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one subcommand; what is wrong ends in one line."""
        with _spoken_language():
            try:
                getattr(self, f"_{options['command']}")(argparse.Namespace(**options))
            except ArchiveFault as fault:
                self._refuse(_("%(fault)s Nothing was imported.") % {"fault": fault})
            except KeyboardInterrupt:
                self._refuse(_("Stopped. Nothing was imported."), status=130)
            except (DomainError, _Refused) as problem:
                self._refuse(printable(str(problem), 1000))

    def _refuse(self, text: str, status: int = 1) -> None:
        self.stderr.write(f"parvis: {text}", self.style.NOTICE)
        sys.exit(status)

    def _slack(self, options: argparse.Namespace) -> None:
        organization = _organization(options.organization)
        with open_archive(options.path) as archive:
            self._bring(organization, SlackExport(archive), options.dry_run, _words(options.chat))

    def _mattermost(self, options: argparse.Namespace) -> None:
        organization = _organization(options.organization)
        with open_archive(options.path, lone=SUFFIXES) as archive, opened_export(archive) as source:
            self._bring(organization, source, options.dry_run, _words(options.chat))

    def _mbox(self, options: argparse.Namespace) -> None:
        organization = _organization(options.organization)
        source = MailArchive(options.paths, space=options.space, privacy=Privacy(options.privacy))
        self._bring(organization, source, options.dry_run)

    def _bring(
        self, organization: Organization, source: Source, is_rehearsal: bool, chat: Sequence[str] = ()
    ) -> None:
        progress = _Progress()
        started = time.monotonic()
        if is_rehearsal:
            rehearsal = Rehearsal(organization=organization, source=source, choice=Choice.of(chat))
            rehearsal.rehearse(lambda step: progress.show(step.read))
            progress.end(rehearsal.read)
            for line in report.plan_lines(rehearsal):
                self.stdout.write(line)
            return
        run = run_import(
            organization=organization,
            source=source,
            chat=chat,
            progress=lambda stager: progress.show(stager.read),
        )
        progress.end(run.items_read)
        self._say(run, time.monotonic() - started)

    def _say(self, run: ImportRun, seconds: float) -> None:
        came = report.what_came_in_a_sentence(run.counts)
        self.stdout.write(_("Import %(number)s: %(what)s.") % {"number": run.number, "what": came})
        if line := report.already_here(run.counts):
            self.stdout.write(line)
        left_out = report.left_out_of(run)
        if left_out:
            self.stdout.write(_("Left out:"))
        for line in report.left_out_lines(left_out):
            self.stdout.write(f"  {line}")
        self.stdout.write(
            _("%(seconds).1f s. To take it away again: parvis import undo %(number)s")
            % {"seconds": seconds, "number": run.number}
        )

    def _list(self, options: argparse.Namespace) -> None:
        for organization in _organizations(options.organization):
            with organization_scope(organization):
                for run in runs():
                    self.stdout.write(_line(organization, run))

    def _undo(self, options: argparse.Namespace) -> None:
        organization, run = _find(options.number, options.organization)
        run = undo_import(organization=organization, run=run)
        self.stdout.write(
            _("Import %(number)s: %(state)s.")
            % {"number": run.number, "state": run.get_state_display().lower()}
        )
        if line := report.kept_line(run.kept):
            self.stdout.write(line)


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word.strip()]


def _organization(slug: str) -> Organization:
    found = Organization.objects.filter(slug=slug).first()
    if found is None:
        raise _Refused(_("There is no organization “%(slug)s”.") % {"slug": printable(slug)})
    return found


def _organizations(slug: str) -> list[Organization]:
    return [_organization(slug)] if slug else list(Organization.objects.order_by("slug"))


def _find(number: int, slug: str) -> tuple[Organization, ImportRun]:
    found = []
    for organization in _organizations(slug):
        with organization_scope(organization):
            try:
                found.append((organization, find_run(number)))
            except NotFound:
                continue
    if not found:
        raise _Refused(_("There is no import %(number)s.") % {"number": number})
    if len(found) > 1:
        raise _Refused(_("Several organizations have an import %(number)s: name one.") % {"number": number})
    return found[0]


def _line(organization: Organization, run: ImportRun) -> str:
    detail = report.what_went_wrong(run) or report.what_came_in_a_sentence(run.counts)
    started = run.started_at.strftime("%Y-%m-%d %H:%M")
    state = run.get_state_display()
    return f"{run.number:>4}  {organization.slug}  {started}  {run.source}  {printable(run.label)}  {state}  {detail}"


@contextmanager
def _spoken_language() -> Iterator[None]:
    """Speak the language of the shell."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    wanted = next((name for name in names if name), "")[:2].lower()
    with translation.override(wanted if wanted in dict(LANGUAGES) else "en"):
        yield


class _Progress:
    """How far the reading is, on the error stream: one line that moves, or one every few seconds in a log."""

    SECONDS = {True: 0.2, False: 5.0}

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._started = self._said = time.monotonic()

    def show(self, read: int) -> None:
        now = time.monotonic()
        if now - self._said < self.SECONDS[self._is_terminal]:
            return
        self._said = now
        text = _("%(read)s items read, %(speed)s per second") % {
            "read": grouped(read),
            "speed": grouped(int(read / max(now - self._started, 0.001))),
        }
        sys.stderr.write(f"\r{text}\x1b[K" if self._is_terminal else f"{text}\n")
        sys.stderr.flush()

    def end(self, read: int) -> None:
        """Say how much was read in all."""
        text = ngettext("%(read)s item read", "%(read)s items read", read) % {"read": grouped(read)}
        sys.stderr.write(f"\r{text}\x1b[K\n" if self._is_terminal else f"{text}\n")
        sys.stderr.flush()
