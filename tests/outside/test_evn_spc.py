"""The pull client against the simulated service over real HTTP: both keep the contract, and every answer that cannot be used
has its reason."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from app import register
from app.domain.vocabulary import Stream
from app.outside.evn_spc import EvnSpc, NotTaken, Patience
from app.simulator import Upstream, tell
from tests import exchanges
from tests.exchanges import STARTS_AT, TICK, TOKEN, running, simulator

CONTRACT = yaml.safe_load(register.EVN_SPC_CONTRACT.read_text("utf-8"))
NOW = datetime(2023, 2, 7, tzinfo=UTC)


def client(url: str, waits: list[float] | None = None, token: str | None = TOKEN) -> EvnSpc:
    told = [] if waits is None else waits
    return EvnSpc(url, token, Patience(told.append, lambda: 0.0, lambda: NOW, exchanges.TIMEOUT_S))


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(
        {**schema, "components": CONTRACT["components"]}, format_checker=FormatChecker()
    )


@pytest.mark.parametrize("stream", list(Stream))
def test_the_simulated_service_answers_as_the_contract_says(stream: Stream) -> None:
    upstream = Upstream(STARTS_AT, TICK)
    exchanges.build(upstream)
    upstream.put(Stream.ENERGISATIONS, "E-1", **exchanges.energised())
    tell(upstream)
    page, one = (validator({"$ref": f"#/components/schemas/{name}"}) for name in ("Page", "One"))
    with running(simulator(upstream, rows=50)) as url:
        http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False)
        with http:
            token: str | None = ""
            while token is not None:
                asked = {"page_token": token} if token else {}
                answer = http.get(f"/v1/{stream.value}", params=asked)
                said = answer.json()
                page.validate(said)
                assert ("etag" in answer.headers) == (not token)
                for item in said["items"][:3]:
                    one.validate(http.get(f"/v1/{stream.value}/{item['id']}").json())
                token = said["next_page_token"]
            for path, status in {
                f"/v1/{stream.value}?limit=0": 400,
                f"/v1/{stream.value}?x=1": 400,
                "/v1/no": 404,
            }.items():
                answer = http.get(path)
                assert answer.status_code == status
                validator({"$ref": "#/components/schemas/Error"}).validate(answer.json())


def test_the_client_asks_as_the_contract_says() -> None:
    upstream = Upstream(STARTS_AT, TICK)
    exchanges.build(upstream)
    served = simulator(upstream)
    with running(served) as url:
        line = client(url)
        first = line.page(Stream.TOWERS, "2023-01-01T00:00:00+00:00")
        assert first is not None
        assert first.following is not None
        assert first.etag is not None
        assert line.page(Stream.TOWERS, "2023-01-01T00:00:00+00:00", first.following) is not None
        assert line.page(Stream.TOWERS, "2023-01-01T00:00:00+00:00", etag=first.etag) is None
        assert line.record(Stream.TOWERS, "CT-1-1-0") is not None
        assert line.record(Stream.TOWERS, "a/b c") is None
        line.close()
    assert len(served.questions) == 5
    for question in served.questions:
        path = next(
            p
            for p in CONTRACT["paths"]
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", p), question.path) or p.count("/") == 3
        )
        known = {p["name"]: p for p in CONTRACT["paths"][path]["get"].get("parameters", ())}
        assert set(question.query) <= {name for name, p in known.items() if p["in"] == "query"}
        for name, value in question.query.items():
            told = int(value) if known[name]["schema"]["type"] == "integer" else value
            validator(known[name]["schema"]).validate(told)
        assert question.headers["authorization"] == f"Bearer {TOKEN}"
        assert question.headers["accept"] == "application/json"


def answer(status: int = 200, body: bytes = b"{}", kind: str = "application/json", **headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status} X",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def saying(*answers: bytes) -> Iterator[tuple[str, Callable[[], int]]]:
    """A service that says these bytes one after the other, the last again and again, and how often it was asked."""
    asked: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def work() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    line.recv(65_536)
                    said = answers[min(len(asked), len(answers) - 1)]
                    asked.append(1)
                    line.sendall(said)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", lambda: len(asked)
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


PAGE = b'{"as_of": "2023-02-06T00:00:00+00:00", "total": 0, "items": [], "next_page_token": null}'


@pytest.mark.parametrize(
    ("said", "problem", "times"),
    [
        (answer(body=b"<html>", kind="text/html"), "exchange_is_html", 1),
        (answer(body=b"  <!doctype html>"), "exchange_is_html", 1),
        (answer(body=PAGE[:40]), "exchange_not_json", 1),
        (answer(body=PAGE.replace(b"0,", b"NaN,")), "exchange_not_json", 1),
        (answer(body=b"[" * 100_000), "exchange_not_json", 1),
        (answer(body='{"ten": "Ba Tri – Đ"}'.encode("cp1258", "replace")), "exchange_wrong_encoding", 1),
        (answer(body="\ufeff{}".encode("utf-16")), "exchange_wrong_encoding", 1),
        (answer(body=b"[]"), "exchange_wrong_shape", 1),
        (answer(body=PAGE.replace(b'"items": []', b'"items": {}')), "exchange_wrong_shape", 1),
        (answer(body=PAGE.replace(b"null", b"7")), "exchange_wrong_shape", 1),
        (answer(body=PAGE.replace(b"+00:00", b"")), "exchange_wrong_shape", 1),
        (answer(body=PAGE.replace(b"[]", b"[" + b"1," * 5_000 + b"1]")), "exchange_wrong_shape", 1),
        (answer(body=b" " * 5_000_001), "exchange_too_large", 1),
        (answer(302, Location="http://127.0.0.1:1/"), "exchange_redirected", 1),
        (answer(401), "exchange_key_refused", 1),
        (answer(400), "exchange_request_refused", 1),
        (answer(404), "exchange_not_there", 1),
        (answer(429), "exchange_overloaded", 5),
        (answer(500), "exchange_server_error", 5),
        (answer(503, Retry_After="3600"), "exchange_overloaded", 1),
        (b"", "exchange_no_answer", 5),
        (answer(body=PAGE).replace(b"Length: 88", b"Length: 99"), "exchange_no_answer", 5),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_used_has_its_reason(said: bytes, problem: str, times: int) -> None:
    with saying(said) as (url, asked):
        line = client(url)
        with pytest.raises(NotTaken) as error:
            line.page(Stream.TOWERS, None)
        line.close()
        assert (error.value.problem.value, asked()) == (problem, times)


@pytest.mark.parametrize(
    ("given", "waited"),
    [({}, 0.5), ({"Retry_After": "7"}, 7.0), ({"Retry_After": "Tue, 07 Feb 2023 00:00:20 GMT"}, 20.0), ({"Retry_After": "soon"}, 0.5)],
)  # fmt: skip
def test_a_service_is_left_alone_as_long_as_it_asks(given: dict[str, str], waited: float) -> None:
    waits: list[float] = []
    with saying(answer(429, **given), answer(body=PAGE)) as (url, asked):
        line = client(url, waits)
        assert line.page(Stream.TOWERS, None) is not None
        line.close()
    assert (waits, asked()) == ([waited], 2)


def test_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    line = client(f"http://127.0.0.1:{port}")
    with pytest.raises(NotTaken) as error:
        line.page(Stream.TOWERS, None)
    line.close()
    assert error.value.problem.value == "exchange_no_answer"


def test_an_answer_that_drips_and_does_not_end_is_none() -> None:
    """Each piece comes in time, and the page would never be whole."""
    whole = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            line, _ = listening.accept()
            with line, contextlib.suppress(OSError):
                line.recv(65_536)
                line.sendall(answer(body=b" " * 100_000)[:200])
                while not whole.wait(0.02):
                    line.sendall(b" ")

        threads = [threading.Thread(target=drip) for _ in range(5)]
        for thread in threads:
            thread.start()
        patience = Patience(lambda _: None, lambda: 0.0, lambda: NOW, exchanges.TIMEOUT_S, total_s=0.1)
        line = EvnSpc(f"http://127.0.0.1:{listening.getsockname()[1]}", TOKEN, patience)
        with pytest.raises(NotTaken) as error:
            line.page(Stream.TOWERS, None)
        line.close()
        whole.set()
        for thread in threads:
            thread.join()
    assert error.value.problem.value == "exchange_no_answer"
