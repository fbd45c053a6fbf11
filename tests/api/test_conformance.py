"""The API does what its description says, whatever it is sent: a sample here, 200 examples with `bin/test --api`."""

from __future__ import annotations

import pathlib
import re
import subprocess

import pytest

from parvis.api.tokens import create_token
from tests.api import schemathesis
from tests.api.furnishing import MANY, cursors, furnish, known
from tests.journeys.conftest import House
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(scope="session", autouse=True)
def _environment() -> None:
    try:
        schemathesis.install()
    except subprocess.CalledProcessError as error:
        pytest.skip(f"schemathesis cannot be installed here: {error}")


def _token(world: World, name: str) -> str:
    with world.bound():
        return create_token(person=getattr(world, name), name="conformance", scopes=("read", "write"))[1]


@pytest.mark.parametrize("actor", ["administrator", "member", "stranger"])
def test_no_server_error_and_no_undocumented_answer(
    tireless_house: House,
    nobody_answers: None,
    tmp_path: pathlib.Path,
    request: pytest.FixtureRequest,
    actor: str,
) -> None:
    world = tireless_house.world
    token = {"administrator": "alice", "member": "bob"}.get(actor)
    examples: int = request.config.getoption("--api-examples")
    if examples < 100 and actor != "member":
        pytest.skip("the everyday sample is one actor's: half a minute each; all three with bin/test --api")
    paths = _chosen(schemathesis.paths_of_description(), request.config)
    run = schemathesis.run(
        tmp_path,
        address=tireless_house.address,
        token=_token(world, token) if token else "parvis_nobody",
        known=_known(world, token, examples),
        examples=examples,
        paths=paths,
        phases=_phases(examples, is_stranger=token is None),
    )
    if examples >= 100:
        chosen = [request.config.getoption(name) for name in ("--api-part", "--api-paths")]
        _keep(" ".join([actor, *filter(None, chosen)]), run)
    assert run.has_passed, run.said
    if token is None:
        assert run.statuses <= {401, 404, 405}, "without a token nothing is told, but that an address is none"


def _phases(examples: int, *, is_stranger: bool) -> str:
    # Of a stranger nothing is read: to them no field has an edge, and no step leads to a next one.
    return "fuzzing" if is_stranger or examples < 100 else "examples,coverage,fuzzing,stateful"


def _known(world: World, name: str | None, examples: int) -> dict[str, list[str]]:
    """Return what there is: for a stranger who sees nothing what the cast has is enough."""
    if name is None:
        return {**known(world), "cursor": ["walrus"]}
    # Of one example each hardly anything is deleted on the way.
    return {**furnish(world, times=MANY if examples >= 100 else 1), "cursor": cursors(world, name)}


def _keep(name: str, run: schemathesis.Run) -> None:
    """Keep what was answered beside the installation's data: a part that ran need not run again."""
    folder = schemathesis.ROOT / "var/conformance"
    folder.mkdir(parents=True, exist_ok=True)
    said = "passed" if run.has_passed else f"FAILED\n{run.said}"
    # A choice of many paths is longer than a file may be called.
    (folder / (re.sub(r"[^\w]+", "-", name)[:100] + ".txt")).write_text(f"{run.table()}\n\n{said}\n")


def _chosen(paths: list[str], config: pytest.Config) -> list[str]:
    part: str = config.getoption("--api-part")
    wanted = re.compile(config.getoption("--api-paths"))
    found = [path for path in (schemathesis.part_of(paths, part) if part else paths) if wanted.search(path)]
    return found or pytest.skip("nothing of the API is at such an address")
