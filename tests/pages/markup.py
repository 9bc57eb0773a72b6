"""What every page's HTML must be: balanced, with ids that are one of a kind, labels that reach, and nothing inline."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})
# Drawn elements may close themselves; nothing else may.
DRAWN = frozenset({"image", "line", "path", "rect", "circle"})


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Markup(HTMLParser):
    """A parsed page. Reading it fails where a tag is not closed in its turn."""

    elements: list[Element] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = []

    def __hash__(self) -> int:
        return id(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> repeats an attribute"
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in DRAWN, f"<{tag}/> closes itself"
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        element = self.open.pop()
        if tag in ("td", "th"):
            self.tables[-1][-1].append(" ".join(element.text.split()))

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of one tag with these attributes; `class_` finds one class among several."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            e
            for e in self.elements
            if e.tag == tag
            and all(value in (e.attributes.get(n) or "").split() for n, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} {attributes}>"
        return found[0]

    def says(self, tag: str, **attributes: str) -> str:
        return " ".join(self.one(tag, **attributes).text.split())


def read(page: str) -> Markup:
    """Parses a page and checks what holds for all of them."""
    assert page.startswith("<!doctype html>")
    found = Markup()
    found.feed(page)
    found.close()
    assert not found.open, f"left open: {[e.tag for e in found.open]}"
    ids = [e.attributes["id"] for e in found.elements if "id" in e.attributes]
    assert len(set(ids)) == len(ids), "an id occurs twice"
    for element in found.elements:
        inline = [n for n in element.attributes if n == "style" or n.startswith("on")]
        assert not inline, f"<{element.tag}> carries {inline}"
        for name in ("for", "aria-labelledby", "aria-describedby"):
            for reached in (element.attributes.get(name) or "").split():
                assert reached in ids, f"{name} reaches no {reached}"
        address = element.attributes.get("href") or ""
        assert not address.startswith("#") or address[1:] in ids, f"{address} leads nowhere"
    assert not found.all("script")
    assert not found.all("style")
    labelled = {e.attributes["for"] for e in found.all("label")}
    for control in (*found.all("input"), *found.all("select")):
        assert control.attributes.get("type") == "hidden" or control.attributes["id"] in labelled
    assert len(found.all("h1")) == 1
    assert all(row for table in found.tables for row in table)
    return found
