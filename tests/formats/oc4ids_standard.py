"""lib-cove-oc4ids with its schema files kept here: they come to it from a server on this machine. See `oc4ids_schema/README.md`."""

import contextlib
import json
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from libcoveoc4ids.api import oc4ids_json_output
from libcoveoc4ids.config import LibCoveOC4IDSConfig

HERE = Path(__file__).parent / "oc4ids_schema"
FIELDS = json.loads((HERE / "fields.json").read_text("utf-8"))
CODELISTS = json.loads((HERE / "codelists.json").read_text("utf-8"))
DRAFT = "http://json-schema.org/draft-04/schema#"
_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "minLength": 1},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date-time": {"type": "string", "format": "date-time"},
    "uri": {"type": "string", "format": "uri"},
    "email": {"type": "string", "format": "email", "minLength": 1},
    "version": {"type": "string", "pattern": r"^(\d+\.)(\d+)$"},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
    "coordinates": {"type": "array", "items": {"type": ["number", "array"], "minItems": 1}, "minItems": 1},
    "text/number": {"type": ["string", "number"], "minLength": 1},
    "text/null": {"type": ["string", "null"]},
    "uri/null": {"type": ["string", "null"], "format": "uri"},
}


def _object(fields: dict[str, Any], host: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object",
        "properties": {name.rstrip("!"): _field(said, host) for name, said in fields.items()},
        "minProperties": 1,
    }
    required = [name.rstrip("!") for name in fields if name.endswith("!")]
    return made | ({"required": required} if required else {})


def _field(said: str | dict[str, Any], host: str) -> dict[str, Any]:
    if isinstance(said, dict):
        return _object(said, host)
    if said.startswith("["):
        item = _field(said[1:-1], host)
        codelist = {name: item.pop(name) for name in ("codelist", "openCodelist") if name in item}
        return {"type": "array", "items": item, "minItems": 1, "uniqueItems": True, **codelist}
    if said == "@@project":
        return {"$ref": f"{host}project-schema.json"}
    if said.startswith("@"):
        return {"$ref": f"#/definitions/{said[1:]}"}
    kind, _, rest = said.partition(":")
    if kind not in ("open", "closed"):
        return dict(_TYPES[said])
    name, _, codes = rest.partition(":")
    closed = {"enum": codes.split()} if kind == "closed" else {"minLength": 1}
    return {"type": "string", **closed, "codelist": f"{name}.csv", "openCodelist": kind == "open"}


def files(host: str) -> dict[str, str]:
    """The files of the standard by their names below `host`."""
    definitions = {name: _object(fields, host) for name, fields in FIELDS["definitions"].items()}
    project = {"$schema": DRAFT, "id": f"{host}project-schema.json", **_object(FIELDS["project"], host), "definitions": definitions}  # fmt: skip
    package = {"$schema": DRAFT, "id": f"{host}project-package-schema.json", **_object(FIELDS["package"], host)}  # fmt: skip
    return {
        "project-schema.json": json.dumps(project),
        "project-package-schema.json": json.dumps(package),
        **{f"codelists/{name}": _csv(codes) for name, codes in _codelists().items()},
    }


@cache
def _codelists() -> dict[str, list[str]]:
    """The codes of every codelist by its file; an open one we use nothing of has none."""
    found: dict[str, list[str]] = {}

    def look(said: Any) -> None:
        for each in said.values() if isinstance(said, dict) else ():
            look(each)
        if isinstance(said, str) and said.strip("[").startswith(("open:", "closed:")):
            _, name, *codes = said.strip("[]").split(":")
            found[f"{name}.csv"] = codes[0].split() if codes else CODELISTS.get(name, [])

    look(FIELDS)
    return found


def _csv(codes: list[str]) -> str:
    return "Code,Title\n" + "".join(f"{code},{code}\n" for code in codes)


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address at which the files of the standard are, for as long as this lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = files(self.server.host).get(self.path.lstrip("/"))  # type: ignore[attr-defined]
            self.send_response(404 if text is None else 200)
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.host = f"http://127.0.0.1:{server.server_port}/"  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.host  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


def review(package: dict[str, Any]) -> dict[str, Any]:
    """What lib-cove-oc4ids says of a package."""
    with served() as host:
        config = LibCoveOC4IDSConfig(
            {
                "schema_host": host,
                "schema_version_choices": {"0.9.5": ("0.9.5", host)},
                "schema_codelists": {"0.9": f"{host}codelists/"},
                "cache_all_requests": True,
            }
        )
        found: dict[str, Any] = oc4ids_json_output(json_data=package, lib_cove_oc4ids_config=config)
        return found
