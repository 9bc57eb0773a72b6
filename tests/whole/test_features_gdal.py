"""GDAL reads the service as OGC API - Features over real HTTP: types by the schemas, letters right, nothing invented."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import pytest

from app.db import Database
from tests import factories, open_world
from tests.whole import processes

EXPECTED = {
    "phase": ("OFTString", "OFSTNone"),
    "nominal_mw": ("OFTReal", "OFSTNone"),
    "approved_mw": ("OFTReal", "OFSTNone"),  # of which nothing is known
    "turbine_count": ("OFTInteger", "OFSTNone"),
    "planned_cod_on": ("OFTDate", "OFSTNone"),
    "in_totals": ("OFTInteger", "OFSTBoolean"),
    "sources": ("OFTString", "OFSTNone"),
}


@pytest.fixture
def address(
    sqlite_database: Database, sqlite_url: str, tmp_path: Path
) -> Iterator[tuple[str, factories.World]]:
    """The service in a process of its own: GDAL holds this one while it asks."""
    world = factories.world(sqlite_database)
    open_world.furnish(world)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        command = [sys.executable, "-m", processes.__name__, "serve", str(listening.fileno()), sqlite_url]
        with subprocess.Popen(command, pass_fds=[listening.fileno()]) as service:
            try:
                yield f"OAPIF:http://127.0.0.1:{listening.getsockname()[1]}/api/v1/features", world
            finally:
                service.terminate()


def read(address: str, layer: str, **more: Any) -> dict[str, Any]:
    """The columns of a layer, and its geometries under an empty name."""
    meta, _, geometry, columns = pyogrio.raw.read(address, layer=layer, **more)
    return {**dict(zip(meta["fields"], columns, strict=True)), "": geometry}


def test_gdal_reads_types_letters_and_places(
    address: tuple[str, factories.World], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, world = address
    assert [name for name, _ in pyogrio.list_layers(url)] == ["projects", "phases", "grid-works"]
    info = pyogrio.read_info(url, layer="phases")
    types = dict(zip(info["fields"], zip(info["ogr_types"], info["ogr_subtypes"], strict=True), strict=True))
    assert types | EXPECTED == types
    assert info["geometry_type"] == "Point"
    phases = read(url, "phases")
    assert list(phases["phase_name"]) == ["Giai đoạn alpha-1", "Giai đoạn beta-1"]
    assert list(phases["nominal_mw"]) == [30, 20.5]
    assert phases["operating_mw"][0] == 4.2
    assert numpy.isnan(phases["operating_mw"][1])
    # Well-known binary: the first has a point, the second has none.
    assert [geometry is not None for geometry in phases[""]] == [True, False]
    x, y = numpy.frombuffer(phases[""][0][5:], "<f8")
    assert (x, y) == (106.7, 9.925)
    # With a key, which GDAL takes from a file.
    headers = tmp_path / "headers"
    headers.write_text(f"Authorization: Bearer {world.keys['evn_spc']}\n")
    monkeypatch.setenv("GDAL_HTTP_HEADER_FILE", str(headers))
    assert len(pyogrio.list_layers(url)) == 5
    turbines = read(url, "turbines")
    assert list(turbines["turbine"]) == ["T1", "T2", "T3"]
    assert turbines["installed_on"].dtype == numpy.dtype("datetime64[D]")
    assert str(turbines["installed_on"][0]) == "2022-04-01"
    assert pyogrio.read_info(url, layer="grid-works")["geometry_type"] == "LineString"
    # A box is asked of the service; GDAL itself leaves out what has no place.
    assert list(read(url, "towers", bbox=(106, 10.15, 107, 10.25))["tower"]) == ["T2"]
    # Pages: two features at a time.
    assert list(read(url, "towers", PAGE_SIZE=2)["tower"]) == ["T1", "T2", "T3"]
