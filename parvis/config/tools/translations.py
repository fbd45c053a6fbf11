"""Catalogues of translations, one per app: extracted from Python and Jinja2, completed, checked, compiled.

`bin/translate` updates parvis/<app>/locale/fr/LC_MESSAGES/django.po; `bin/translate --check` fails on a
message that is missing, fuzzy, obsolete, empty or translated in two ways; bin/install compiles. No msgfmt is needed.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = pathlib.Path(__file__).resolve().parents[3]
LANGUAGES = ("fr",)
_METHODS = [
    ("**/migrations/**", "ignore"),
    ("**/locale/**", "ignore"),
    ("**/static/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
]
_OPTIONS = {
    "**/templates/**.html": {
        "extensions": "jinja2.ext.do,parvis.foundation.ui.nonces.NonceExtension", "silent": "false",
                             "trimmed": "true", "newstyle_gettext": "true"},
    "**/templates/**.txt": {"silent": "false", "trimmed": "true", "newstyle_gettext": "true"},
}  # fmt: skip
_KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3), "N_": None,
}  # fmt: skip


def main() -> int:
    """Update the catalogues, or only check them."""
    parser = argparse.ArgumentParser(prog="bin/translate", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail where a translation is missing"
    )
    parser.add_argument("apps", nargs="*", help="only these, e.g. people; default: all")
    arguments = parser.parse_args()
    folders = [folder for folder in app_folders() if not arguments.apps or folder.name in arguments.apps]
    if arguments.check:
        problems = [problem for folder in folders for problem in problems_of(folder)]
        problems += disagreements()
        print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
        return 1 if problems else 0
    for folder in folders:
        for language in LANGUAGES:
            _update(folder, language)
    compile_all()
    return 0


def app_folders() -> list[pathlib.Path]:
    """Return the folders of the apps; foundation/ui is within foundation."""
    return [path.parent for path in sorted(ROOT.glob("parvis/*/__init__.py"))]


def problems_of(folder: pathlib.Path) -> Iterator[str]:
    """Yield what is wrong with an app's catalogues."""
    wanted = {_key(message): message for message in extract(folder) if message.id}
    for language in LANGUAGES:
        path = catalogue_path(folder, language)
        catalogue = _read(path, language)
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        for key, message in wanted.items():
            yield from _problems(str(name), catalogue.get(*key), message)
        known = {_key(message) for message in catalogue if message.id}
        for text, _context in known - wanted.keys():
            yield f"{name}: no longer used: {text!r}"


def disagreements() -> Iterator[str]:
    """Yield each text that two apps translate differently: all catalogues become one, where the last would win."""
    said: dict[tuple[str, tuple[str, str | None]], dict[str, list[str]]] = {}
    for folder in app_folders():
        for language in LANGUAGES:
            for message in _read(catalogue_path(folder, language), language):
                if message.id:
                    meanings = said.setdefault((language, _key(message)), {})
                    meanings.setdefault(str(message.string), []).append(folder.name)
    for (language, (text, _context)), meanings in said.items():
        if len(meanings) > 1:
            yield f"{language}: agree, or tell them apart by pgettext: {text!r} is {meanings}"


def _problems(name: str, found: Message | None, wanted: Message) -> Iterator[str]:
    where = ", ".join(f"{file}:{line}" for file, line in wanted.locations[:2])
    if found is None:
        yield f"{name}: missing ({where}): {wanted.id!r}"
    elif found.fuzzy:
        yield f"{name}: fuzzy ({where}): {wanted.id!r}"
    elif not all(found.string if isinstance(found.string, tuple | list) else [found.string]):
        yield f"{name}: not translated ({where}): {wanted.id!r}"
    else:
        for error in found.check(Catalog(locale="fr")):
            yield f"{name}: {error} ({where}): {wanted.id!r}"


def _key(message: Message) -> tuple[str, str | None]:
    text = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return str(text), message.context


def extract(folder: pathlib.Path) -> Catalog:
    """Return the messages that an app's code and templates hold."""
    catalogue = Catalog(project="Parvis", charset="utf-8")
    found = extract_from_dir(
        folder, _METHODS, _OPTIONS, _KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for file, line, message, comments, context in found:
        place = (folder / file).relative_to(ROOT) if folder.is_relative_to(ROOT) else pathlib.Path(file)
        catalogue.add(message, None, [(str(place), line)], auto_comments=comments, context=context)
    return catalogue


def catalogue_path(folder: pathlib.Path, language: str) -> pathlib.Path:
    """Return where the catalogue of an app is kept."""
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def _read(path: pathlib.Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, project="Parvis", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _update(folder: pathlib.Path, language: str) -> None:
    template = extract(folder)
    path = catalogue_path(folder, language)
    if not len(template) and not path.exists():
        return
    catalogue = _read(path, language)
    # No guesses: a near match that nobody read is worse than a gap that the check shows.
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # Without line numbers: they would make every catalogue a conflict between branches.
        write_po(file, catalogue, width=100, sort_output=True, no_location=True, omit_header=False)


def compile_all() -> None:
    """Compile the catalogues that are newer than their compiled form."""
    for path in [
        *ROOT.glob("parvis/*/locale/*/LC_MESSAGES/*.po"),
        *ROOT.glob("parvis/*/*/locale/*/LC_MESSAGES/*.po"),
    ]:
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as source:
            catalogue = read_po(source, locale=path.parts[-3])
        draft = compiled.with_suffix(".mo.new")
        with draft.open("wb") as target:
            write_mo(target, catalogue)
        draft.rename(compiled)


if __name__ == "__main__":
    sys.exit(main())
