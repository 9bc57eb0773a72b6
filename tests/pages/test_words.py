"""What the pages say: every word in both languages, and no two of a family that read the same."""

import importlib
import pkgutil
import unicodedata

import pytest

from app.domain.words import Lang, Term
from app.pages import words

FAMILIES = sorted(
    {
        value
        for found in pkgutil.iter_modules(words.__path__)
        for value in vars(importlib.import_module(f"{words.__name__}.{found.name}")).values()
        if isinstance(value, type) and issubclass(value, Term) and value is not Term
    }
    | set(words.FAMILIES.values()),
    key=lambda family: family.__name__,
)


def test_the_families_are_found() -> None:
    assert {"Ui", "Frame", "Holds", "Land", "Projects", "Said", "Signing"} <= {f.__name__ for f in FAMILIES}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_a_word_has_a_code_of_its_own_and_both_labels(family: type[Term]) -> None:
    assert list(family.__members__) == [word.name for word in family]
    for word in family:
        for lang in Lang:
            assert word.label(lang).strip() == word.label(lang) != "", word
            assert unicodedata.is_normalized("NFC", word.label(lang)), word


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_no_two_words_of_a_family_read_the_same(family: type[Term], lang: Lang) -> None:
    seen: dict[str, Term] = {}
    for word in family:
        assert seen.setdefault(word.label(lang), word) is word, (
            f"{word.name} reads as {seen[word.label(lang)].name}"
        )
