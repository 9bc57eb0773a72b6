"""The stylesheet's own promises: every pair of text and ground keeps WCAG 2.2 AA, light and dark, and nothing comes from elsewhere."""

import re

import pytest

from app.pages import assets

CSS = (assets.STATIC / "tracker.css").read_text("utf-8")
# Text on ground. 4.5:1 for text (WCAG 1.4.3).
TEXT = [
    ("ink", "ground"), ("ink", "sheet"), ("ink", "sunken"), ("ink", "goal-soft"), ("quiet", "ground"),
    ("quiet", "sheet"), ("quiet", "sunken"), ("counted", "ground"), ("counted", "sheet"), ("counted", "sunken"),
    ("counted", "goal-soft"), ("on-counted", "counted"), ("goal", "sheet"), ("goal", "goal-soft"),
    ("good", "good-soft"), ("bad", "bad-soft"), ("bad", "sunken"), ("on-top", "top"), ("top", "on-top"),
    ("plan", "sheet"), ("quiet", "goal-soft"),
    ("quiet", "sea"), ("ink", "sea"), ("ink", "counted-soft"),
]  # fmt: skip
# Lines and edges that carry meaning. 3:1 (WCAG 1.4.11).
DRAWN = [
    ("edge", "sheet"), ("edge", "sunken"), ("goal", "sheet"), ("counted", "sheet"), ("plan", "sheet"),
    ("goal", "sunken"), ("counted", "sunken"), ("goal", "ground"),
    ("edge", "sea"), ("counted", "sea"), ("plan", "sea"),
]  # fmt: skip


def palettes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    light, dark, paper = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", block)) for block in blocks)
    return {"light": light, "dark": light | dark, "paper": light | paper}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("palette", ["light", "dark", "paper"])
def test_text_can_be_read_and_lines_seen(palette: str) -> None:
    named = palettes()[palette]
    weak = {
        f"{front} on {ground}": round(found, 2)
        for pairs, least in ((TEXT, 4.5), (DRAWN, 3.0))
        for front, ground in pairs
        if (found := contrast(named[front], named[ground])) < least
    }
    assert not weak


def test_every_colour_is_named_once() -> None:
    rules = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-f]{3,8}\b|rgb|hsl", rules)
    assert set(re.findall(r"var\(--([\w-]+)\)", rules)) <= set(re.findall(r"--([\w-]+):", CSS))


def test_nothing_comes_from_elsewhere() -> None:
    assert not re.findall(r"@import|url\(", CSS)


def test_every_class_of_the_templates_has_its_rule_or_none_is_meant() -> None:
    templates = assets.STATIC.parent / "templates"
    used = {
        name
        for file in templates.glob("*.html")
        for value in re.findall(r'class="([^"{]+)"', file.read_text("utf-8"))
        for name in value.split()
    }
    assert used <= set(re.findall(r"\.([a-z][\w-]*)", CSS))
