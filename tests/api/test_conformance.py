"""The API does what its description says, whatever it is sent: a sample here, 200 examples with `bin/test --api`."""

from __future__ import annotations

import pathlib
import subprocess
from uuid import uuid4

import pytest

from parvis.api.tokens import create_token
from parvis.foundation.outgoing import addresses
from tests.api import schemathesis
from tests.chat.cast import make_talk
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


def _known(world: World) -> dict[str, list[str]]:
    with world.bound():
        talk = make_talk(world)
    return {
        "room_id": [str(room.id) for room in talk.rooms.values()] + [str(uuid4())],
        "message_id": [str(message.id) for message in talk.messages.values()] + [str(uuid4())],
        "entry_id": [str(entry.id) for entry in world.entries.values()] + [str(uuid4())],
        "space_id": [str(space.id) for space in world.spaces.values()] + [str(uuid4())],
        "person_id": [str(person.id) for person in world.people.values()] + [str(uuid4())],
        "emoji": ["👍", "🎉", "x"],
    }


@pytest.fixture(autouse=True)
def _no_name_resolves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Webhooks are registered for made-up addresses: no resolver is asked for them."""

    def resolve(host: str, port: int) -> list[str]:
        raise OSError(host)

    monkeypatch.setattr(addresses, "resolve", resolve)


@pytest.mark.parametrize("actor", ["administrator", "member", "stranger"])
def test_no_server_error_and_no_undocumented_answer(
    tireless_house: House, tmp_path: pathlib.Path, request: pytest.FixtureRequest, actor: str
) -> None:
    world = tireless_house.world
    token = {"administrator": "alice", "member": "bob"}.get(actor)
    examples: int = request.config.getoption("--api-examples")
    if examples < 100 and actor != "member":
        pytest.skip("the everyday sample is one actor's: half a minute each; all three with bin/test --api")
    run = schemathesis.run(
        tmp_path,
        address=tireless_house.address,
        token=_token(world, token) if token else "parvis_nobody",
        known=_known(world),
        examples=examples,
        paths=request.config.getoption("--api-paths"),
        phases="examples,coverage,fuzzing,stateful" if examples >= 100 else "fuzzing",
    )
    if examples >= 100:
        print(run.stdout)
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-5_000:]
