"""A receiver of webhooks on loopback: it answers as it is told, and keeps what it has taken by the id of each message."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

OK = 200
# What a receiver does instead of answering: it takes the message and hangs up.
HANG_UP = 0


@dataclass(frozen=True)
class Message:
    """One request as it came."""

    id: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """Whether the public library takes the signature."""
        try:
            Webhook(secret).verify(self.body, dict(self.headers))
        except WebhookVerificationError:
            return False
        return True


Answer = int | tuple[int, dict[str, str], bytes]


@dataclass
class Receiver:
    """`answer` says what a message gets; what got 2xx, or was taken before the line broke, is applied once by its id."""

    answer: Callable[[Message], Answer] = lambda _: OK
    came: list[Message] = field(default_factory=list)
    applied: dict[str, Message] = field(default_factory=dict)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, message: Message) -> Answer:
        with self.lock:
            self.came.append(message)
        given = self.answer(message)
        status = given if isinstance(given, int) else given[0]
        if status == HANG_UP or 200 <= status < 300:
            with self.lock:
                self.applied.setdefault(message.id, message)
        return given

    @property
    def told(self) -> list[tuple[str, str]]:
        """Kind and subject's code of what was applied, in order."""
        return [(each.said["type"], each.said["data"].get("code", "")) for each in self.applied.values()]

    def places(self, code: str) -> list[tuple[int, int]]:
        """Where in the journal what was applied of one subject stands, in the order in which it was applied."""
        said = [each.said["data"] for each in self.applied.values()]
        return [(each["revision"], each["position"]) for each in said if each.get("code") == code]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        given = self.receiver.take(Message(headers.get("webhook-id", ""), headers, body))
        status, more, content = (given, {}, b"") if isinstance(given, int) else given
        if status == HANG_UP:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked has gone: that is what these tests are about."""


@contextlib.contextmanager
def receiver(port: int = 0) -> Iterator[Receiver]:
    """A receiver that listens for as long as the block runs, on a free port unless one is given."""
    made = Receiver()
    handler = type("Handler", (_Handler,), {"receiver": made})
    with _Server(("127.0.0.1", port), handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/hook"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
