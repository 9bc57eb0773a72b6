"""The stylesheet and the icon, from the package itself: addressed by their content, so a browser may keep them."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent.parent / "static"
FOREVER = "public, max-age=31536000, immutable"


@cache
def version(name: str) -> str:
    """What stands for the content of a static file: another content, another address."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def address(name: str) -> str:
    """Where a page finds a static file."""
    return f"/static/{name}?v={version(name)}"


class Assets(StaticFiles):
    """Static files; one asked for by its own version is kept for good, any other is asked for again each time."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v")
        if response.status_code in (200, 304) and asked == [version(path)]:
            response.headers["Cache-Control"] = FOREVER
        return response
