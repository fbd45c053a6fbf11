"""What somebody types must not make the server reach what only the server can reach."""

from __future__ import annotations

import gzip
import socket
import time
from typing import Any

import pytest

from parvis.foundation import outgoing
from parvis.foundation.outgoing import Limits, OutgoingError, check_address, fetch
from tests.foundation.outgoing.elsewhere import answer_names, elsewhere, name_networks, page, redirect


@pytest.fixture
def loopback(settings: Any) -> None:
    """The operator named the loopback address: the tests' stand-in for the internet."""
    name_networks(settings, "127.0.0.1/32")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.1", "0.0.0.0", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254",
        "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255", "168.63.129.16",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b::808:808",
        "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
        "fec0::1", "ff02::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_no_private_or_reserved_address_is_reached(monkeypatch: Any, address: str) -> None:
    answer_names(monkeypatch, inside_example=[[address]])
    with pytest.raises(OutgoingError) as refusal:
        fetch("https://inside.example/")
    assert refusal.value.reason == "address"


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "8.8.8.8"])
def test_the_public_internet_may_be_asked(monkeypatch: Any, address: str) -> None:
    answer_names(monkeypatch, outside_example=[[address]])
    check_address("https://outside.example/")


def test_one_private_address_among_public_ones_refuses_the_name(monkeypatch: Any) -> None:
    answer_names(monkeypatch, mixed_example=[["93.184.215.14", "10.0.0.1"]])
    with pytest.raises(OutgoingError, match="private"):
        check_address("http://mixed.example/")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("//example.org/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("https://user:secret@example.org/", "name"),
        ("https://example.org@127.0.0.1/", "name"),
        ("http:///path", "name"),
        ("http://exa mple.org/", "name"),
        ("http://ex%61mple.org/", "name"),
        ("http://[::1/", "name"),
        ("http://example.org:99999/", "name"),
        ("http://" + "a" * 3000, "name"),
        ("http://example.org:22/", "port"),
        ("http://example.org:6379/", "port"),
        ("http://[::ffff:127.0.0.1]/", "address"),
        ("http://127.0.0.1/", "address"),
    ],
)
def test_other_schemes_ports_and_forms_are_refused(monkeypatch: Any, url: str, reason: str) -> None:
    answer_names(monkeypatch, example_org=[["93.184.215.14"]])
    with pytest.raises(OutgoingError) as refusal:
        fetch(url)
    assert refusal.value.reason == reason


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "017700000001", "localhost"])
def test_other_spellings_of_loopback_are_loopback(host: str) -> None:
    with pytest.raises(OutgoingError) as refusal:
        fetch(f"http://{host}/")
    assert refusal.value.reason in {"address", "name"}


def test_an_answer_comes_back_with_its_head_and_body(loopback: None) -> None:
    with elsewhere(page("é".encode(), more="X-Told: yes\r\n")) as there:
        answer = fetch(f"{there.url}/a b?q=é")
    assert (answer.status, answer.body, answer.headers["x-told"]) == (200, "é".encode(), "yes")
    assert answer.media_type == "text/html"
    request = there.asked[0]
    assert request.startswith("GET /a%20b?q=%C3%A9 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{there.port}\r\n" in request
    assert "User-Agent: Parvis/" in request and "Cookie" not in request and "Referer" not in request


def test_a_webhook_is_posted_once_and_never_redirected(loopback: None) -> None:
    with elsewhere(redirect("http://127.0.0.1/elsewhere")) as there:
        answer = fetch(there.url, method="POST", body=b"{}", headers={"X-Signature": "abc"})
    assert answer.status == 302
    assert there.asked[0].startswith("POST / HTTP/1.1\r\n")
    assert "X-Signature: abc" in there.asked[0] and there.asked[0].endswith("\r\n\r\n{}")


def test_the_environments_proxy_is_not_asked(loopback: None, monkeypatch: Any) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with elsewhere(page(b"direct")) as there:
        assert fetch(there.url).body == b"direct"


def test_a_redirect_to_a_private_address_is_refused(settings: Any, monkeypatch: Any) -> None:
    name_networks(settings, "127.0.0.1/32")
    answer_names(monkeypatch, inside_example=[["127.0.0.2"]])
    for location in (
        "http://inside.example/",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "http://10.0.0.1",
    ):
        with elsewhere(redirect(location)) as there, pytest.raises(OutgoingError) as refusal:
            fetch(there.url)
        assert refusal.value.reason in {"address", "scheme"}


def test_redirects_are_followed_three_times_and_no_more(loopback: None) -> None:
    with elsewhere(redirect("/1"), redirect("/2"), redirect("/3"), page(b"there")) as there:
        answer = fetch(there.url)
    assert (answer.body, answer.url) == (b"there", f"{there.url}/3")
    with elsewhere(*[redirect("/again")] * 4) as there, pytest.raises(OutgoingError) as refusal:
        fetch(there.url)
    assert refusal.value.reason == "redirects"


def test_own_headers_do_not_follow_to_another_host(loopback: None, monkeypatch: Any) -> None:
    with elsewhere(page(b"")) as second, elsewhere(redirect(second.url)) as first:
        fetch(first.url, headers={"Authorization": "Bearer secret"})
    assert "secret" in first.asked[0] and "secret" not in second.asked[0]


def test_the_address_that_was_judged_is_the_one_connected_to(loopback: None, monkeypatch: Any) -> None:
    """A name that answers differently the second time gains nothing: it is asked once."""
    asked = answer_names(monkeypatch, rebinding_example=[["127.0.0.1"], ["127.0.0.2"]])
    with elsewhere(page(b"judged")) as there:
        answer = fetch(f"http://rebinding.example:{there.port}/")
    assert answer.body == b"judged" and asked == ["rebinding.example"]
    assert f"Host: rebinding.example:{there.port}" in there.asked[0]


def test_a_name_rebound_between_redirects_is_judged_again(loopback: None, monkeypatch: Any) -> None:
    answer_names(monkeypatch, rebinding_example=[["127.0.0.1"], ["127.0.0.2"]])
    with elsewhere(redirect("/again")) as there, pytest.raises(OutgoingError) as refusal:
        fetch(f"http://rebinding.example:{there.port}/")
    assert refusal.value.reason == "address"


def drip(piece: bytes) -> Any:
    def write(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n")
        started = time.monotonic()
        while time.monotonic() - started < 5:
            connection.sendall(piece)
            time.sleep(0.05)

    return write


@pytest.mark.parametrize("piece", [b"X-Slow: 1\r\n", b"x", b"\r\nx"])
def test_a_slow_drip_does_not_lengthen_the_whole(loopback: None, piece: bytes) -> None:
    started = time.monotonic()
    with elsewhere(drip(piece)) as there, pytest.raises(OutgoingError):
        fetch(there.url, limits=Limits(seconds=0.4))
    assert time.monotonic() - started < 4


def test_a_resolver_that_hangs_is_left(monkeypatch: Any) -> None:
    monkeypatch.setattr(outgoing.addresses, "resolve", lambda host, port: time.sleep(2) or [])
    with pytest.raises(OutgoingError) as refusal:
        fetch("http://slow.example/", limits=Limits(seconds=0.1))
    assert refusal.value.reason == "time"


def test_a_long_answer_is_refused_or_only_begun(loopback: None) -> None:
    limits = {"size_bytes": 1000}
    with elsewhere(page(b"x" * 50_000)) as there, pytest.raises(OutgoingError) as refusal:
        fetch(there.url, limits=Limits(**limits))
    assert refusal.value.reason == "size"
    with elsewhere(page(b"x" * 50_000)) as there:
        assert len(fetch(there.url, limits=Limits(**limits, whole=False)).body) == 1000


def test_a_packed_bomb_unpacks_to_the_bound_only(loopback: None) -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    packed = page(bomb, more="Content-Encoding: gzip\r\n")
    with elsewhere(packed) as there, pytest.raises(OutgoingError) as refusal:
        fetch(there.url, limits=Limits(size_bytes=100_000))
    assert refusal.value.reason == "size"
    with elsewhere(packed) as there:
        answer = fetch(there.url, limits=Limits(size_bytes=100_000, whole=False))
    assert answer.body == b"\0" * 100_000


@pytest.mark.parametrize(
    "answer",
    [
        page(b"not gzip", more="Content-Encoding: gzip\r\n"),
        page(b"x", more="Content-Encoding: br\r\n"),
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 9999999999 what\r\n\r\n",
        b"",
    ],
)
def test_what_is_no_proper_answer_is_an_outgoing_error(loopback: None, answer: bytes) -> None:
    with elsewhere(answer) as there, pytest.raises(OutgoingError) as refusal:
        fetch(there.url, limits=Limits(seconds=5, size_bytes=10_000))
    assert refusal.value.reason in {"answer", "size", "unreachable"}


def test_a_closed_port_is_unreachable(loopback: None) -> None:
    with elsewhere() as there:
        pass
    with pytest.raises(OutgoingError) as refusal:
        fetch(there.url)
    assert refusal.value.reason == "unreachable"


def test_a_server_without_a_trusted_certificate_is_not_believed(loopback: None) -> None:
    with elsewhere(b"not TLS at all") as there, pytest.raises(OutgoingError):
        fetch(f"https://127.0.0.1:{there.port}/")
