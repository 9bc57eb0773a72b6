"""A receiver of webhooks in a process of its own that may be killed; it keeps what it has taken in a file.

python -m tests.whole.receiving DESCRIPTOR FILE
"""

import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Keeping(BaseHTTPRequestHandler):
    """Applies each id once: the line in the file is the receiver's state, and comes before its answer."""

    protocol_version = "HTTP/1.1"
    file: Path
    lock = threading.Lock()

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["data"]
        id = self.headers["webhook-id"]
        with self.lock:
            sys.stdout.write("came\n")
            sys.stdout.flush()
            taken = [line.split()[0] for line in self.file.read_text().splitlines()]
            if id not in taken:
                with self.file.open("a") as lines:
                    lines.write(f"{id} {said['code']} {said['revision']} {said['position']}\n")
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """The other end was killed."""


def receive(descriptor: int, file: str) -> None:
    """A receiver on a socket that already listens."""
    handler = type("Handler", (Keeping,), {"file": Path(file)})
    server = Server(("127.0.0.1", 0), handler, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=descriptor)
    server.serve_forever()


if __name__ == "__main__":
    receive(int(sys.argv[1]), sys.argv[2])
