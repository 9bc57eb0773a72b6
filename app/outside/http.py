"""The one way out: HTTP requests to addresses that somebody else has named.

The name is resolved once, every address it leads to is checked, and the connection goes to exactly one of those that
were checked: a name that answers otherwise a moment later (DNS rebinding) changes nothing. The host's name still stands
in the `Host` header and in TLS. No redirect is followed, no proxy and nothing of the environment is used, and an answer
is read only as far as the limit says.
"""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

import anyio
import httpcore
import httpx

from app.domain.addresses import is_public

# How long a connection is kept that nobody uses, in seconds.
KEPT_S = 15.0
BROKEN = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ConnectionNotAvailable)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take: seconds to connect, between two pieces of the answer, and in all; bytes of the answer
    that are read."""

    connect_s: float = 5.0
    read_s: float = 10.0
    total_s: float = 10.0
    answer_bytes: int = 16_384


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its status, its headers (names in lower case), and its body as it came, up to the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True


class Failed(Exception):
    """There is no answer."""


class AddressRefused(Failed):
    """The host's name leads to an address that is not public."""


class HostUnknown(Failed):
    """The host's name leads nowhere."""


class ConnectionFailed(Failed):
    """Nobody takes the connection."""


class NotSecure(Failed):
    """TLS could not be agreed on, or the certificate does not hold."""


class TooSlow(Failed):
    """A limit of time has passed."""


class BrokenOff(Failed):
    """The connection ended before the answer did, or what came is no HTTP."""


class Outside:
    """A client that keeps its connections, for one event loop. `allows_private` lets it go to addresses inside."""

    def __init__(self, limits: Limits, *, allows_private: bool = False) -> None:
        self._limits = limits
        self._client = httpx.AsyncClient(
            transport=_Lines(_Checked(allows_private=allows_private)),
            timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def ask(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes = b""
    ) -> Answer:
        """One request and its answer, whatever its status. Raises one of the kinds of `Failed` where there is none."""
        # Compressed answers could be far larger than the limit, and nobody here needs them.
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        try:
            async with (
                asyncio.timeout(self._limits.total_s),
                self._client.stream(method, url, headers=sent, content=content) as answer,
            ):
                body, is_whole = await self._body(answer)
                return Answer(answer.status_code, answer.headers, body, is_whole)
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise TooSlow from error
        except httpx.InvalidURL as error:
            raise HostUnknown from error
        except httpcore.ConnectError as error:
            secured = isinstance(error.__context__, ssl.SSLError)
            raise (NotSecure if secured else ConnectionFailed)() from error
        except (httpx.HTTPError, httpx.StreamError, *BROKEN) as error:
            raise BrokenOff from error

    async def _body(self, answer: httpx.Response) -> tuple[bytes, bool]:
        """The beginning of the body, and whether it is all of it."""
        body = b""
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > self._limits.answer_bytes:
                return body[: self._limits.answer_bytes], False
        return body, True


class _Lines(httpx.AsyncBaseTransport):
    """httpx's transport: connections that are kept for each origin, and carry one request at a time.

    httpcore's own pool looks at every connection for every request; with a few dozen under way that alone costs more than
    sending does.
    """

    def __init__(self, network: httpcore.AsyncNetworkBackend) -> None:
        self._network = network
        self._secured = httpx.create_ssl_context(trust_env=False)
        self._idle: dict[str, list[httpcore.AsyncHTTPConnection]] = {}
        self._swept = time.monotonic()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request on a connection that nobody else uses."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        await self._sweep()
        line = await self._line(url.origin)
        sent = httpcore.Request(
            request.method,
            url,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            answer = await line.handle_async_request(sent)
        except BaseException:
            await line.aclose()
            raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, lambda: self._give_back(url.origin, line)),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Ends every connection that is kept."""
        for lines in self._idle.values():
            for line in lines:
                await line.aclose()
        self._idle.clear()

    async def _line(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        lines = self._idle.get(str(origin), [])
        while lines:
            line = lines.pop()
            if not line.has_expired():
                return line
            await line.aclose()
        return httpcore.AsyncHTTPConnection(
            origin=origin,
            ssl_context=self._secured,
            keepalive_expiry=KEPT_S,
            network_backend=self._network,
        )

    async def _give_back(self, origin: httpcore.Origin, line: httpcore.AsyncHTTPConnection) -> None:
        if line.is_idle():
            self._idle.setdefault(str(origin), []).append(line)
        else:
            await line.aclose()

    async def _sweep(self) -> None:
        """Now and then ends what has been kept for too long."""
        if time.monotonic() - self._swept < KEPT_S:
            return
        self._swept = time.monotonic()
        for origin, lines in list(self._idle.items()):
            over = [line for line in lines if line.has_expired()]
            self._idle[origin] = [line for line in lines if line not in over]
            if not self._idle[origin]:
                del self._idle[origin]
            for line in over:
                await line.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer; closing it frees the connection."""

    def __init__(self, answer: httpcore.Response, give_back: Callable[[], Awaitable[None]]) -> None:
        self._answer, self._give_back = answer, give_back

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._answer.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()
        await self._give_back()


class _Checked(httpcore.AsyncNetworkBackend):
    """Resolves a name once and connects to what it has checked."""

    def __init__(self, *, allows_private: bool) -> None:
        self._allows_private = allows_private
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Tries the addresses of the host in the order in which they were found, within the time there is for all."""
        try:
            async with asyncio.timeout(timeout):
                for address in await self._addresses(host, port):
                    with contextlib.suppress(httpcore.ConnectError):
                        return await self._plain.connect_tcp(
                            address, port, timeout, local_address, socket_options
                        )
        except TimeoutError as late:
            raise httpcore.ConnectTimeout from late
        raise httpcore.ConnectError

    async def _addresses(self, host: str, port: int) -> list[str]:
        """Every address of a host. AddressRefused where one of them is not public: such a name is not to be trusted."""
        try:
            found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise HostUnknown from error
        addresses = [str(entry[4][0]) for entry in found]
        if not self._allows_private and not all(is_public(ip_address(each)) for each in addresses):
            raise AddressRefused
        return list(dict.fromkeys(addresses))

    async def sleep(self, seconds: float) -> None:
        await self._plain.sleep(seconds)
