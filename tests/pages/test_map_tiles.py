"""Tiles below the map: off unless an address is set, the right ones in the right place, and from that origin alone."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from app.main import create_app
from app.pages import map_drawing as drawing
from app.pages import map_tiles
from app.pages.map_drawing import Frame, Window
from tests.conftest import serve, settings
from tests.pages.conftest import look, nobody
from tests.pages.markup import read

ADDRESS = "https://tiles.example.vn:8443/vung/{z}/{x}/{y}.png?k=1&lop=a"
ORIGIN = "https://tiles.example.vn:8443"


@pytest.mark.parametrize(
    ("longitude", "latitude", "zoom", "number"),
    [
        # The world is one tile; then its corners; then places whose tiles are written down elsewhere.
        (0.0, 0.0, 0, (0, 0)),
        (-179.9, 85.0, 1, (0, 0)),
        (179.9, -85.0, 1, (1, 1)),
        (-0.1276, 51.5072, 10, (511, 340)),
        (2.2945, 48.8584, 12, (2074, 1409)),
        (-73.9857, 40.7484, 15, (9649, 12315)),
    ],
)
def test_a_place_lies_in_its_tile(
    longitude: float, latitude: float, zoom: int, number: tuple[int, int]
) -> None:
    assert map_tiles.number(longitude, latitude, zoom) == number


@pytest.mark.parametrize(
    ("width", "at", "size"), [(256, 0, 256.0), (257, 1, 128.5), (512, 1, 256.0), (760, 2, 190.0)]
)
def test_the_whole_world_is_covered_exactly(width: int, at: int, size: float) -> None:
    edge = 85.0511287798
    frame = Frame(Window(-180, -edge, 180, edge), width)
    found = map_tiles.tiles(frame, "{z}/{x}/{y}")
    assert map_tiles.zoom(frame) == at
    assert abs(frame.height - width) <= 1
    assert [tile.address for tile in found] == [f"{at}/{x}/{y}" for y in range(2**at) for x in range(2**at)]
    first = found[0]
    assert (first.x, round(first.y, 1), round(first.size, 1)) == (0, 0, size)


@pytest.mark.parametrize("width", [drawing.WIDE_PX, drawing.NARROW_PX])
def test_the_province_is_covered_without_a_gap_and_without_waste(width: int) -> None:
    frame = drawing.ground(width).frame
    found = map_tiles.tiles(frame, "{z}/{x}/{y}")
    size = found[0].size
    assert 128 < size <= 256
    xs, ys = sorted({tile.x for tile in found}), sorted({tile.y for tile in found})
    assert len(found) == len(xs) * len(ys) <= 40
    for starts, end in ((xs, frame.width), (ys, frame.height)):
        assert -size < starts[0] <= 0
        assert end <= starts[-1] + size + 1 <= end + size + 1
        assert all(abs(b - a - size) < 0.02 for a, b in pairwise(starts))


def test_a_place_is_drawn_where_its_tile_shows_it() -> None:
    frame = drawing.ground(drawing.WIDE_PX).frame
    longitude, latitude = 106.6, 10.0
    at = map_tiles.zoom(frame)
    x, y = map_tiles.number(longitude, latitude, at)
    tile = next(t for t in map_tiles.tiles(frame, "{z}/{x}/{y}") if t.address == f"{at}/{x}/{y}")
    assert tile.x <= frame.x(longitude) < tile.x + tile.size
    assert tile.y <= frame.y(latitude) < tile.y + tile.size


def test_without_an_address_nothing_is_asked_of_anybody(real_file: Path, tmp_path: Path) -> None:
    with serve(nobody(f"sqlite:///{shutil.copy(real_file, tmp_path / 'real.db')}")) as people:
        answer = look(people.anonymous, "/map")
    assert "<image" not in answer.text
    assert "img-src 'self' data:;" in answer.headers["content-security-policy"]


def test_with_one_the_map_alone_may_show_images_of_that_origin(real_file: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{shutil.copy(real_file, tmp_path / 'real.db')}"
    with serve(nobody(url), tile_address=ADDRESS, tile_attribution="© Bản đồ <nền>") as people:
        answer = look(people.anonymous, "/map")
        again = look(people.anonymous, "/map", If_None_Match=answer.headers["etag"])
        other = look(people.anonymous, "/")
    asked = f"img-src 'self' data: {ORIGIN};"
    assert asked in answer.headers["content-security-policy"]
    assert (again.status_code, asked in again.headers["content-security-policy"]) == (304, True)
    assert ORIGIN not in other.headers["content-security-policy"] + other.text
    read(answer.text)
    addresses = re.findall(r'<image href="([^"]+)"', answer.text)
    assert addresses
    assert all(
        re.fullmatch(r"https://tiles\.example\.vn:8443/vung/\d+/\d+/\d+\.png\?k=1&amp;lop=a", a)
        for a in addresses
    )
    assert "© Bản đồ &lt;nền&gt;" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.example.vn/{z}/{x}/{y}.png",
        "https://tiles.example.vn/{z}/{x}.png",
        "https://{s}.tiles.example.vn/{z}/{x}/{y}.png",
        "https://tiles.example.vn/{z}/{x}/{y}/{y}.png",
        "https://tiles.example.vn; script-src *//{z}/{x}/{y}.png",
        "https://user@tiles.example.vn/{z}/{x}/{y}.png",
        "/tiles/{z}/{x}/{y}.png",
        "javascript:{z}{x}{y}",
    ],
)
def test_an_address_that_is_none_stops_the_start(sqlite_url: str, address: str) -> None:
    with pytest.raises(ValueError, match="TILE_ADDRESS"):
        create_app(settings(sqlite_url, tile_address=address))
