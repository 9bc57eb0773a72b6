"""The way out goes to public addresses alone, unless it may go elsewhere, and takes no more than its limits."""

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.outside import http
from app.outside.http import Limits, Outside
from tests.receivers import HANG_UP, receiver

QUICK = Limits(connect_s=2.0, read_s=2.0, total_s=2.0, answer_bytes=1000)


def ask(url: str, limits: Limits = QUICK, *, allows_private: bool = True, **more: Any) -> http.Answer:
    async def work() -> http.Answer:
        async with Outside(limits, allows_private=allows_private) as outside:
            return await outside.ask("POST", url, **more)

    return asyncio.run(work())


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names of `.test` lead to the next of `answers` each time they are asked for. Returns what was asked."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def found(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if not name.endswith(".test"):
            return real(host, port, *args, **kwargs)
        told = answers[min(len(asked), len(answers) - 1)]
        asked.append(name)
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in told]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return asked


def test_an_answer_comes_with_its_status_headers_and_body() -> None:
    with receiver() as there:
        there.answer = lambda _: (418, {"X-Kind": "pot"}, b"short")
        answer = ask(there.url, headers={"webhook-id": "m1"}, content=b"{}")
        assert (answer.status, answer.headers["x-kind"], answer.body) == (418, "pot", b"short")
        assert answer.is_whole
        (came,) = there.came
        assert (came.id, came.body, came.headers["accept-encoding"]) == ("m1", b"{}", "identity")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ],
)
def test_addresses_inside_are_refused_in_every_form_and_nothing_is_sent(host: str) -> None:
    with receiver() as there:
        port = there.url.split(":")[2].split("/")[0]
        # An octal address is none to the client, and leads nowhere.
        with pytest.raises(http.HostUnknown if host.startswith("01") else http.AddressRefused):
            ask(f"http://{host}:{port}/", allows_private=False)
        assert there.came == []


@pytest.mark.parametrize(
    "leads_to",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["10.0.0.1"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::7f00:1"],
    ],
)
def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to(
    monkeypatch: pytest.MonkeyPatch, leads_to: list[str]
) -> None:
    resolving(monkeypatch, leads_to)
    with receiver() as there:
        port = there.url.split(":")[2].split("/")[0]
        with pytest.raises(http.AddressRefused):
            ask(f"http://hook.test:{port}/", allows_private=False)
        assert there.came == []


def test_a_name_is_asked_for_once_and_the_connection_goes_to_what_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = resolving(monkeypatch, ["127.0.0.1"], ["192.0.2.1"])
    with receiver() as there:
        port = there.url.split(":")[2].split("/")[0]
        assert ask(f"http://hook.test:{port}/path").status == 200
        assert asked == ["hook.test"]
        assert there.came[0].headers["host"] == f"hook.test:{port}"


def test_the_next_address_is_tried_where_one_takes_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    with receiver() as there:
        port = there.url.split(":")[2].split("/")[0]
        assert ask(f"http://hook.test:{port}/").status == 200


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with receiver() as there, receiver() as inside:
        there.answer = lambda _: (302, {"Location": inside.url}, b"")
        assert ask(there.url).status == 302
        assert (len(there.came), inside.came) == (1, [])


def test_nothing_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with receiver() as there:
        assert ask(there.url).status == 200


def test_of_a_large_answer_only_the_beginning_is_read() -> None:
    with receiver() as there:
        there.answer = lambda _: (200, {}, b"x" * 5_000_000)
        answer = ask(there.url)
        assert (len(answer.body), answer.is_whole) == (1000, False)


def test_whoever_answers_too_late_is_not_waited_for() -> None:
    held = threading.Event()
    with receiver() as there:
        there.answer = lambda _: 200 if held.wait(20) else 500
        with pytest.raises(http.TooSlow):
            ask(there.url, Limits(read_s=0.05, total_s=5.0))
        held.set()


def serving(answer: Callable[[socket.socket], None]) -> tuple[socket.socket, threading.Thread]:
    """A server of one connection that answers as it likes."""
    listening = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            answer(connection)

    thread = threading.Thread(target=work)
    thread.start()
    return listening, thread


def test_whoever_drips_is_not_waited_for_beyond_the_whole_time() -> None:
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            while not stop.wait(0.02):
                connection.sendall(b"x")
        except OSError:
            return

    listening, thread = serving(drip)
    with listening, pytest.raises(http.TooSlow):
        ask(f"http://127.0.0.1:{listening.getsockname()[1]}/", Limits(read_s=1.0, total_s=0.3))
    stop.set()
    thread.join()


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", b"SSH-2.0-x\r\n"])
def test_a_line_that_breaks_or_speaks_something_else_is_told(said: bytes) -> None:
    listening, thread = serving(lambda connection: connection.sendall(said))
    with listening, pytest.raises(http.BrokenOff):
        ask(f"http://127.0.0.1:{listening.getsockname()[1]}/")
    thread.join()


def test_no_server_no_name_and_no_certificate_are_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(http.ConnectionFailed):
        ask(f"http://127.0.0.1:{port}/")
    with pytest.raises(http.HostUnknown):
        ask("http://nobody.invalid/")
    with receiver() as there, pytest.raises(http.NotSecure):
        ask(there.url.replace("http:", "https:"))


def test_a_connection_is_used_again_and_a_broken_one_is_not() -> None:
    async def work(url: str) -> list[int]:
        async with Outside(QUICK, allows_private=True) as outside:
            return [(await outside.ask("POST", url)).status for _ in range(3)]

    with receiver() as there:
        assert asyncio.run(work(there.url)) == [200, 200, 200]
        there.answer = lambda _: HANG_UP
        with pytest.raises(http.BrokenOff):
            ask(there.url)
