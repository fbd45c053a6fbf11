"""Every setting of Parvis, declared once: name, type, default, meaning.

Read from environment variables `PARVIS_<NAME>`. docs/operations/settings.md is generated from here, and a
wrong value ends in one line that names it. Django's own settings are derived in `parvis/config/settings.py`;
code reads `django.conf.settings.PARVIS`.
"""

from __future__ import annotations

import base64
import binascii
import difflib
import ipaddress
import os
import pathlib
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Literal
from urllib.parse import urlsplit

PREFIX = "PARVIS_"
Role = Literal["all", "front", "web", "live", "worker"]


class WrongSetting(Exception):
    """A setting that cannot be used; its text is the one line shown to whoever starts Parvis."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable


Check = Callable[[Any], str | None]


def _setting(default: Any, meaning: str, *, check: Check | None = None, secret: bool = False) -> Any:
    metadata = {"meaning": meaning, "check": check, "secret": secret}
    if isinstance(default, list):
        return field(default_factory=lambda: tuple(default), metadata=metadata)
    return field(default=default, metadata=metadata)


def _between(low: int, high: int) -> Check:
    return lambda value: None if low <= value <= high else f"must be between {low} and {high}"


def _postgresql(value: str | None) -> str | None:
    if value is None or value.startswith(("postgresql://", "postgres://")):
        return None
    return "must look like postgresql://user:password@host:5432/database"


def _mail_server(value: str | None) -> str | None:
    if value is None or (
        urlsplit(value).scheme in {"smtp", "smtps", "smtp+tls"} and urlsplit(value).hostname
    ):
        return None
    return "must look like smtp://user:password@host:25, smtp+tls://… (STARTTLS) or smtps://… (TLS)"


def _mail_domain(value: str | None) -> str | None:
    mailbox = r"(?:[A-Za-z0-9._-]{1,20}@)?"
    if value is None or re.fullmatch(mailbox + r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}", value):
        return None
    return "must look like reply.example.org, or parvis@example.org (20 characters at most before the @)"


def _mail_listener(value: str | None) -> str | None:
    address = r"(?:(?:lmtp|smtp)://)?(?:\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):\d{1,5}"
    if value is None or re.fullmatch(rf"unix:/.{{1,100}}|{address}", value):
        return None
    return "must look like 127.0.0.1:8024, unix:/run/parvis/lmtp.sock or smtp://127.0.0.1:2525"


def _mailbox(value: str | None) -> str | None:
    if value is None or (
        urlsplit(value).scheme in {"imap", "imaps", "imap+tls"}
        and urlsplit(value).hostname
        and urlsplit(value).username
    ):
        return None
    return "must look like imaps://user:password@host/FOLDER, imap+tls://… (STARTTLS) or imap://…"


def _networks(values: tuple[str, ...]) -> str | None:
    for value in values:
        try:
            ipaddress.ip_network(value, strict=False)
        except ValueError:
            return f"“{value}” is no address or network (CIDR)"
    return None


def _vapid_key(value: str | None) -> str | None:
    """32 bytes in base64url, a number that the curve P-256 takes as a private key."""
    if value is None:
        return None
    try:
        key = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        key = b""
    return None if len(key) == 32 and any(key) else "must be 32 bytes in base64url (43 characters)"


def _web_address(value: str | None) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme in {"http", "https"} and parts.hostname and not parts.path.strip("/"):
        return None
    return "must look like https://parvis.example.org, without a path"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process."""

    data_dir: pathlib.Path | None = _setting(
        None,
        "Folder of everything kept: embedded database, files, secrets, backups. Default `./var`, or "
        "`/var/lib/parvis` when started as root from a folder that the database's user cannot enter.",
    )
    host: str = _setting("127.0.0.1", "Address to listen on. `0.0.0.0` listens on every network.")
    port: int = _setting(8000, "TCP port to listen on.", check=_between(1, 65535))
    role: Role = _setting(
        "all",
        "What this process does: `all`, or on several machines `web` (pages and API), `live` (WebSockets), "
        "`front` (both) or `worker` (jobs).",
    )
    processes: int = _setting(
        1,
        "Processes that answer on this port, since each uses one processor at most. One is enough for some "
        "hundred people at once; two on a machine of two processors answer more than half as much again. Each "
        "further one takes 100 to 150 MB and its own threads.",
        check=_between(1, 64),
    )
    threads: int = _setting(
        5,
        "Threads that answer pages; each keeps one database connection, which grows to 26 MB. More answer no more: "
        "one process uses one processor.",
        check=_between(1, 200),
    )
    worker_threads: int = _setting(2, "Jobs that run at the same time in one process.", check=_between(1, 50))
    base_url: str | None = _setting(
        None,
        "Public address, e.g. `https://parvis.example.org`; used in mails and to decide on secure cookies. "
        "Default: `http://HOST:PORT`.",
        check=_web_address,
    )
    allowed_hosts: tuple[str, ...] = _setting(
        [],
        "Host names answered, separated by commas, besides the one of the base URL, the loopback names and "
        "those that organizations declare. `*` accepts any.",
    )
    trusted_proxies: tuple[str, ...] = _setting(
        [],
        "Addresses or networks (CIDR), separated by commas, of the reverse proxies whose `X-Forwarded-For`, "
        "`X-Forwarded-Proto` and `X-Forwarded-Host` headers are believed. From anyone else they are ignored.",
        check=_networks,
    )
    outgoing_networks: tuple[str, ...] = _setting(
        [],
        "Private addresses or networks (CIDR), separated by commas, that link previews and webhooks may reach, on "
        "any port: an intranet, say. Default: only the public internet, on ports 80 and 443. Name single "
        "services rather than your whole network: every member can have these addresses asked.",
        check=_networks,
    )
    secret_key: str | None = _setting(
        None,
        "Signs sessions and links, 50 characters or more. Default: generated into the data folder. On "
        "several machines all must have the same.",
        check=lambda value: None if value is None or len(value) >= 32 else "must have 32 characters or more",
        secret=True,
    )
    vapid_private_key: str | None = _setting(
        None,
        "Key by which browsers' push services know this installation (VAPID), 32 bytes in base64url. Default: "
        "derived from the secret key, so that machines that share that one need nothing more. With another key "
        "browsers subscribe anew when they next open a page.",
        check=_vapid_key,
        secret=True,
    )
    database_url: str | None = _setting(
        None,
        "PostgreSQL 15 or newer that serves, e.g. `postgresql://parvis_app:…@host:5432/parvis`. Default: an "
        "embedded PostgreSQL in the data folder.",
        check=_postgresql,
        secret=True,
    )
    database_admin_url: str | None = _setting(
        None,
        "The role that owns the tables and migrates. Default: the same as `PARVIS_DATABASE_URL`.",
        check=_postgresql,
        secret=True,
    )
    database_direct_url: str | None = _setting(
        None,
        "The serving role without the transaction pooler (PgBouncer), needed beside one by live updates and "
        "jobs. Setting it also turns prepared statements off on `PARVIS_DATABASE_URL`.",
        check=_postgresql,
        secret=True,
    )
    postgres_bin: pathlib.Path | None = _setting(
        None,
        "Folder of the PostgreSQL programs for the embedded database. Default: those of the version that "
        "made the data, else the newest found on the machine or in the environment.",
    )
    postgres_user: str | None = _setting(
        None,
        "System user that runs the embedded PostgreSQL when Parvis is started as root. Default: the first "
        "that exists of `parvis`, `postgres`, `nobody`.",
    )
    mail_url: str | None = _setting(
        None,
        "SMTP server, e.g. `smtp+tls://user:password@mail.example.org:587`. Default: none; invitations are "
        "then links to copy, and mails are kept as files in the data folder.",
        check=_mail_server,
        secret=True,
    )
    mail_from: str = _setting("Parvis <parvis@localhost>", "Sender of the mails.")
    # Mail that comes in
    mail_domain: str | None = _setting(
        None,
        "Domain whose mail comes in to Parvis, e.g. `reply.example.org`: people then answer and post by mail. "
        "Or a mailbox whose server delivers what is written behind a plus, e.g. `parvis@example.org`. Default: "
        "none; no mail comes in.",
        check=_mail_domain,
    )
    lmtp_listen: str | None = _setting(
        None,
        "Where a mail server hands mails over by LMTP: `127.0.0.1:8024`, or `unix:/run/parvis/lmtp.sock`; "
        "`smtp://0.0.0.0:2525` speaks SMTP instead. The roles `all` and `worker` listen. Whoever reaches it can "
        "deliver: keep it away from the internet. Default: none.",
        check=_mail_listener,
    )
    imap_url: str | None = _setting(
        None,
        "Mailbox to look into each minute, e.g. `imaps://user:password@mail.example.org/INBOX`; with "
        "`?move=Parvis` mails are moved to that folder once they are kept, else marked as read. Default: none.",
        check=_mailbox,
        secret=True,
    )
    mail_authserv_id: str | None = _setting(
        None,
        "Name under which your mail server writes what it found about senders (SPF, DKIM, DMARC) into "
        "`Authentication-Results`, often its host name. What it found to be forged is refused. Default: none; "
        "such headers are not believed.",
    )
    mail_limit_mb: int = _setting(
        25, "Largest mail that comes in, in MiB, with its attachments.", check=_between(1, 200)
    )
    metrics_token: str | None = _setting(
        None,
        "Bearer token that opens `/metrics` to other machines. Default: only this machine reads it.",
        secret=True,
    )
    log_format: Literal["pretty", "json"] = _setting("pretty", "Form of the logs: `pretty` or `json`.")
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "info", "Least severity written to the logs: `debug`, `info`, `warning` or `error`."
    )
    upload_limit_mb: int = _setting(
        4096,
        "Largest file that the server accepts, in MiB; organizations set less. Pages send large files in parts.",
        check=_between(1, 102400),
    )
    api_calls_per_minute: int = _setting(
        600,
        "API calls that one token may make in a minute, all at once if need be; all tokens of one person "
        "together twice as many, callers without a valid token one tenth per address (IPv6: per /64, and a "
        "little more per /56 and /48 around it). All processes count together.",
        check=_between(1, 1_000_000),
    )
    files_s3_bucket: str | None = _setting(
        None,
        "Private bucket of an S3 store for uploaded files, needed on several machines. Default: none; files lie "
        "in the data folder.",
    )
    files_s3_endpoint: str | None = _setting(
        None,
        "Address of the S3 store, e.g. `https://s3.example.org`. Default: Amazon's.",
        check=_web_address,
    )
    files_s3_region: str = _setting("us-east-1", "Region of the bucket.")
    files_s3_key: str | None = _setting(
        None,
        "Access key of the S3 store. Default: as boto3 finds it (role of the machine, `~/.aws`).",
        secret=True,
    )
    files_s3_secret: str | None = _setting(None, "Secret key of the S3 store.", secret=True)
    files_s3_prefix: str = _setting("", "Begin of all keys in the bucket, when it holds other things too.")
    debug: bool = _setting(False, "Development only: error pages with details. Never in production.")


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment; raise `WrongSetting` on the first that cannot be used."""
    environ = os.environ if environ is None else environ
    known = declarations()
    _refuse_misspelt(environ, known)
    annotations = typing.get_type_hints(Settings)
    values = {
        declared.name: _value(variable, environ[variable], annotations[declared.name], declared)
        for variable, declared in known.items()
        if environ.get(variable, "").strip()
    }
    return Settings(**values)


def declarations() -> dict[str, Field[Any]]:
    """Return every setting by the name of its environment variable."""
    return {PREFIX + declared.name.upper(): declared for declared in fields(Settings)}


def _refuse_misspelt(environ: Mapping[str, str], known: Mapping[str, object]) -> None:
    # Unknown names pass (orchestrators inject their own, e.g. PARVIS_SERVICE_HOST) unless they look like a typo.
    for variable in environ:
        if not variable.startswith(PREFIX) or variable in known:
            continue
        close = difflib.get_close_matches(variable, known, n=1, cutoff=0.9)
        if close:
            raise WrongSetting(variable, f"unknown setting; did you mean {close[0]}?")


def _value(variable: str, text: str, annotation: Any, declared: Field[Any]) -> Any:
    value = _parse(variable, text.strip(), annotation)
    problem = declared.metadata["check"](value) if declared.metadata["check"] else None
    if problem:
        shown = "" if declared.metadata["secret"] else f" (it is “{text}”)"
        raise WrongSetting(variable, problem + shown)
    return value


def _parse(variable: str, text: str, annotation: Any) -> Any:
    if typing.get_origin(annotation) is types.UnionType:
        annotation = next(part for part in typing.get_args(annotation) if part is not types.NoneType)
    if typing.get_origin(annotation) is Literal:
        return _one_of(variable, text, typing.get_args(annotation))
    if typing.get_origin(annotation) is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if annotation is bool:
        return _one_of(variable, text.lower(), ("true", "1", "yes", "false", "0", "no")) in {
            "true",
            "1",
            "yes",
        }
    if annotation is int:
        if not text.lstrip("-").isdecimal():
            raise WrongSetting(variable, f"must be a whole number (it is “{text}”)")
        return int(text)
    return annotation(text)


def _one_of(variable: str, text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise WrongSetting(variable, f"must be one of {', '.join(choices)} (it is “{text}”)")
    return text


def described_default(declared: Field[Any]) -> str:
    """Return the default of a setting as its variable would be written."""
    if declared.default is MISSING or declared.default is None:
        return ""
    return str(declared.default).lower() if isinstance(declared.default, bool) else str(declared.default)


def described_type(declared: Field[Any]) -> str:
    """Return the type of a setting in plain words."""
    annotation = typing.get_type_hints(Settings)[declared.name]
    if typing.get_origin(annotation) is types.UnionType:
        annotation = next(part for part in typing.get_args(annotation) if part is not types.NoneType)
    if typing.get_origin(annotation) is Literal:
        return " or ".join(f"`{choice}`" for choice in typing.get_args(annotation))
    if typing.get_origin(annotation) is tuple:
        return "list"
    return {bool: "`true` or `false`", int: "number", pathlib.Path: "path"}.get(annotation, "text")
