"""A list is read item by item, and what is wrong with it has a line."""

from __future__ import annotations

import io
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.imports import json_stream
from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.json_stream import json_objects


def items(data: bytes) -> list[tuple[int, dict[str, object]]]:
    return list(json_objects(io.BytesIO(data), "day.json"))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.dictionaries(st.text(), values)), st.sampled_from([None, 1]), st.integers(1, 40))
def test_it_reads_what_json_reads(rows: list[dict[str, object]], indent: int | None, chunk: int) -> None:
    before, json_stream.CHUNK_BYTES = json_stream.CHUNK_BYTES, chunk
    try:
        data = json.dumps(rows, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if b"\xed" not in data:
            assert [row for _, row in items(data)] == rows
    finally:
        json_stream.CHUNK_BYTES = before


def test_each_item_knows_its_line() -> None:
    assert [line for line, _ in items(b'[\n {"a": 1},\n\n {"b":\n 2}, {"c": 3}]')] == [2, 4, 5]


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (b'[\n{"a": 1},\n{"b": "unfin', Reason.TRUNCATED, 3),
        (b'[\n{"a": 1},\n', Reason.TRUNCATED, 3),
        (b"", Reason.TRUNCATED, 1),
        (b'[{"a": 1}\n', Reason.TRUNCATED, 2),
        (b'[\n{"a": 1}\n{"b": 2}]', Reason.SYNTAX, 3),
        (b'[{"a":\n nonsense}' + b" " * 100 + b"]", Reason.SYNTAX, 2),
        (b'{"a": 1}', Reason.SHAPE, 1),
        (b"[{},\n 12]", Reason.SHAPE, 2),
        (b'[{"a": "caf\xe9"}]', Reason.CHARSET, 1),
        (b'[\n{},\n{"a": "\n\xff"}]', Reason.CHARSET, 4),
        (b'[{"a": ' + b"[" * 200_000, Reason.TOO_DEEP, 1),
        (b'[{"a": ' + b"9" * 20_000 + b"}]", Reason.SYNTAX, 1),
    ],
)
def test_what_is_wrong_has_a_place(data: bytes, reason: Reason, line: int) -> None:
    with pytest.raises(ArchiveFault) as raised:
        items(data)
    assert (raised.value.path, raised.value.reason, raised.value.line) == ("day.json", reason, line)


def test_one_endless_item_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "ITEM_CHARACTERS", 100_000)
    with pytest.raises(ArchiveFault) as raised:
        items(b'[{"a": "' + b"x" * 1_000_000)
    assert raised.value.reason is Reason.ITEM_TOO_LARGE


def test_memory_does_not_grow_with_the_file() -> None:
    row = json.dumps({"text": "x" * 200}).encode()
    data = b"[" + b",".join([row] * 50_000) + b"]"
    tracemalloc.start()
    count = sum(1 for _ in json_objects(io.BytesIO(data), "day.json"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 50_000
    assert peak < 2_000_000
