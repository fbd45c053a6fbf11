"""Clients of one conversation that keep a log of what they said and saw, and the judge over all their logs.

They behave as ours do: a message keeps its id until it is acknowledged, a window resumes where it was, and whoever
notices a gap asks for what is missing. What must never happen is said by `faults`.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import random
import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

HOST = "127.0.0.1"
# Longer than any pause of a server that comes back, on a slow machine too.
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Place:
    """Where one client talks: the doors of all servers, whose token, which conversation."""

    ports: Sequence[int]
    slug: str
    token: str
    room: str

    def ask(self, port: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask one server; 0 for one that does not answer."""
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            connection.request(
                method,
                f"/o/{self.slug}/api/v1{path}",
                json.dumps(body) if body is not None else None,
                headers,
            )
            answer = connection.getresponse()
            said = answer.read()
            return answer.status, json.loads(said) if said else None
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None
        finally:
            connection.close()

    def insist(self, method: str, path: str, body: Any = None) -> Any:
        """Ask all servers in turns until one answers."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        for port in itertools.cycle(self.ports):
            status, said = self.ask(port, method, path, body)
            if 200 <= status < 300:
                return said
            if time.monotonic() > deadline:
                raise TimeoutError(f"{method} {path}: {status} {said}")
            time.sleep(0.1)
        raise AssertionError("there is always a next server")


class Talker(threading.Thread):
    """Says one thing after the other; each keeps its id until a server has acknowledged it."""

    def __init__(self, place: Place, pause_seconds: float) -> None:
        super().__init__(daemon=True)
        self.place, self.pause_seconds = place, pause_seconds
        self.stopping = threading.Event()
        # Acknowledged: the id, and the place that each acknowledgement named.
        self.acknowledged: list[tuple[str, int]] = []
        self.unanswered: list[str] = []
        self.tries = 0
        self.longest_seconds = 0.0

    def run(self) -> None:
        """Talk until told to stop; what is under way then is still brought to an end."""
        chance, doors = random.Random(self.place.token), itertools.cycle(self.place.ports)
        while not self.stopping.is_set():
            id = str(uuid.uuid4())
            self._say(id, doors)
            if chance.random() < 0.2:
                # A retry whose first answer was lost on the way.
                self._say(id, doors)
            self.stopping.wait(self.pause_seconds * chance.random() * 2)

    def _say(self, id: str, doors: Iterable[int]) -> None:
        began = time.monotonic()
        for port in doors:
            self.tries += 1
            body = {"id": id, "body": f"Message {id}"}
            status, said = self.place.ask(port, "POST", f"/rooms/{self.place.room}/messages", body)
            waited = time.monotonic() - began
            if status in (200, 201):
                self.acknowledged.append((id, said["seq"]))
                self.longest_seconds = max(self.longest_seconds, waited)
                return
            if waited > PATIENCE_SECONDS:
                self.unanswered.append(id)
                return
            time.sleep(0.05)


class Reader(threading.Thread):
    """One window: resumes after each cut, at the next door, and fills what it notices to be missing."""

    def __init__(self, place: Place, start: int = 0) -> None:
        super().__init__(daemon=True)
        self.place, self._start = place, start
        self.stopping = threading.Event()
        # As shown: the ids in the order in which they appeared, with their places.
        self.shown: list[tuple[int, str]] = []
        self.cuts = 0
        self.reloads = 0
        # Frames that skipped a place though nothing had said “load again”, and frames that came twice.
        self.gaps: list[str] = []
        self.repeated: list[str] = []
        self.is_open = threading.Event()
        self.has_heard_of_leaving = threading.Event()
        self._position = ""
        self._ids: set[str] = set()

    @property
    def last(self) -> int:
        """Return the last place that is shown."""
        return self.shown[-1][0] if self.shown else 0

    def run(self) -> None:
        """Listen until told to stop."""
        for port in itertools.islice(itertools.cycle(self.place.ports), self._start, None):
            if self.stopping.is_set():
                return
            with contextlib.suppress(OSError, WebSocketException, TimeoutError, EOFError):
                self._listen(port)
            self.is_open.clear()
            self.cuts += 1
            time.sleep(0.1 * random.random())

    def _listen(self, port: int) -> None:
        address = f"ws://{HOST}:{port}/o/{self.place.slug}/api/v1/live"
        headers = {"Authorization": f"Bearer {self.place.token}"}
        with connect(
            address, additional_headers=headers, compression=None, proxy=None, open_timeout=10
        ) as window:
            since = {"since": self._position} if self._position else {}
            window.send(json.dumps({"subscribe": [f"room:{self.place.room}", "rooms"], **since}))
            while not self.stopping.is_set():
                with contextlib.suppress(TimeoutError):
                    self._hear(json.loads(window.recv(timeout=0.2)))

    def _hear(self, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        if kind == "reload":
            self.reloads += 1
            self._fill()
        elif kind == "ready":
            if not self._position:
                self._fill()
            self.is_open.set()
        elif kind == "chat.member_left":
            self.has_heard_of_leaving.set()
        elif kind == "chat.message_posted":
            if frame["seq"] > self.last + 1:
                self.gaps.append(f"{frame['seq']} after {self.last}")
                self._fill()
            elif frame["id"] in self._ids:
                self.repeated.append(frame["id"])
            self._show(frame["seq"], frame["id"])
        self._position = frame.get("position", self._position)

    def _fill(self) -> None:
        while True:
            page = self.place.insist("GET", f"/rooms/{self.place.room}/messages?after={self.last}&limit=100")
            for message in page["messages"]:
                self._show(message["seq"], message["id"])
            if not page["has_after"]:
                return

    def _show(self, seq: int, id: str) -> None:
        if id not in self._ids:
            self._ids.add(id)
            self.shown.append((seq, id))


@dataclass
class History:
    """All that was said and seen, and the conversation as it is kept."""

    kept: list[tuple[int, str]]
    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    shown: list[list[tuple[int, str]]] = field(default_factory=list)


def faults(history: History) -> list[str]:
    """Return everything that must not be: lost, doubled, misplaced, missing, or another order than the server's."""
    found = []
    seqs, ids = [seq for seq, _id in history.kept], [id for _seq, id in history.kept]
    if seqs != list(range(1, len(seqs) + 1)):
        found.append("the places of the conversation are not 1, 2, 3 …")
    if len(set(ids)) != len(ids):
        found.append("a message is kept twice")
    places = dict(zip(ids, seqs, strict=True))
    for id, seq in history.acknowledged:
        if id not in places:
            found.append(f"acknowledged and lost: {id}")
        elif places[id] != seq:
            found.append(f"acknowledged at {seq}, kept at {places[id]}: {id}")
    for number, shown in enumerate(history.shown):
        found += [f"window {number} {fault}" for fault in _faults_of_window(history.kept, shown)]
    return found


def _faults_of_window(kept: list[tuple[int, str]], shown: list[tuple[int, str]]) -> list[str]:
    found = []
    if len({id for _seq, id in shown}) != len(shown):
        found.append("shows a message twice")
    if [seq for seq, _id in shown] != sorted(seq for seq, _id in shown):
        found.append("shows another order")
    if missing := set(kept) - set(shown):
        found.append(f"misses {len(missing)}: {sorted(missing)[:3]}")
    if invented := set(shown) - set(kept):
        found.append(f"shows what is not there: {sorted(invented)[:3]}")
    return found


def kept_by(place: Place) -> list[tuple[int, str]]:
    """Return the whole conversation as the server has it."""
    kept: list[tuple[int, str]] = []
    while True:
        after = kept[-1][0] if kept else 0
        page = place.insist("GET", f"/rooms/{place.room}/messages?after={after}&limit=100")
        kept += [(message["seq"], message["id"]) for message in page["messages"]]
        if not page["has_after"]:
            return kept


class Conversation:
    """Talkers and windows of a cast, spread over all servers."""

    def __init__(
        self, cast: dict[str, Any], ports: Sequence[int], *, talkers: int, readers: int, pause: float
    ) -> None:
        def place(number: int) -> Place:
            turned = [*ports[number % len(ports) :], *ports[: number % len(ports)]]
            return Place(turned, cast["slug"], cast["tokens"][number % len(cast["tokens"])], cast["room"])

        self.talkers = [Talker(place(number), pause) for number in range(talkers)]
        self.readers = [Reader(place(number)) for number in range(readers)]
        self.place = place(0)

    def begin(self) -> None:
        """Open the windows, then talk."""
        for reader in self.readers:
            reader.start()
        for reader in self.readers:
            if not reader.is_open.wait(PATIENCE_SECONDS):
                raise TimeoutError("a window did not open")
        for talker in self.talkers:
            talker.start()

    def said(self) -> int:
        """Return how much was acknowledged so far."""
        return sum(len(talker.acknowledged) for talker in self.talkers)

    def wait_for_more(self, number: int) -> float:
        """Wait until so much more was acknowledged; return the seconds."""
        began, wanted = time.monotonic(), self.said() + number
        while self.said() < wanted:
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise TimeoutError("nothing was acknowledged any more")
            time.sleep(0.02)
        return time.monotonic() - began

    def end(self) -> History:
        """Let everything be said and seen, and return it."""
        for talker in self.talkers:
            talker.stopping.set()
        for talker in self.talkers:
            talker.join(2 * PATIENCE_SECONDS)
        kept = kept_by(self.place)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(reader.last < kept[-1][0] for reader in self.readers) and time.monotonic() < deadline:
            time.sleep(0.05)
        for reader in self.readers:
            reader.stopping.set()
        for reader in self.readers:
            reader.join(PATIENCE_SECONDS)
        acknowledged = [pair for talker in self.talkers for pair in talker.acknowledged]
        return History(kept, acknowledged, [reader.shown for reader in self.readers])
