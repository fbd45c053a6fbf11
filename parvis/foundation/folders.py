"""Where Parvis keeps things: one data folder, and the secrets in it."""

from __future__ import annotations

import os
import pathlib
import secrets

from parvis.foundation.postgres.accounts import database_account
from parvis.foundation.settings import Settings, WrongSetting

SYSTEM_FOLDER = pathlib.Path("/var/lib/parvis")
PACKAGE = pathlib.Path(__file__).resolve().parent.parent


def base_folder() -> pathlib.Path:
    """Return the checkout's folder, or the current one when Parvis is installed as a package."""
    checkout = PACKAGE.parent
    return checkout if (checkout / "pyproject.toml").exists() else pathlib.Path.cwd()


def data_folder(settings: Settings) -> pathlib.Path:
    """Return the data folder, without creating it."""
    if settings.data_dir is not None:
        return settings.data_dir.expanduser().resolve()
    local = base_folder() / "var"
    if os.geteuid() != 0 or settings.database_url is not None:
        return local
    # As root the database runs as somebody else, who may be locked out of e.g. /root.
    account = database_account(settings.postgres_user)
    return local if account.can_enter(base_folder()) else SYSTEM_FOLDER


def prepare_data_folder(folder: pathlib.Path) -> None:
    """Create the data folder, closed to other users except for passing through to the database's own part."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for name in ("files", "backups", "mail"):
            (folder / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise WrongSetting("PARVIS_DATA_DIR", f"cannot be used: {error.strerror} ({folder})") from None


def kept_secret(folder: pathlib.Path, name: str) -> str:
    """Return a secret of this installation, made at its first use and readable by us alone."""
    path = folder / "secrets" / name
    if not path.exists():
        prepare_data_folder(folder)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()


def _write_once(path: pathlib.Path, text: str) -> None:
    # Several processes may start at once: whoever links first wins, and nobody reads half a secret.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
