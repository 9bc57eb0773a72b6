"""Every page on PostgreSQL, as everybody who may open it, in both languages; on SQLite a browser does the same."""

import pytest

from tests.conftest import serve
from tests.pages.conftest import browser, nobody
from tests.pages.everywhere import PAGES, PASSWORD, tell


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_answers_on_postgresql(postgres_url: str, lang: str) -> None:
    tell(postgres_url)
    with serve(nobody(postgres_url)) as people:
        wrong = []
        for who, paths in PAGES.items():
            own = browser(people)
            if who is not None:
                assert own.post("/sign-in", {"login": who, "password": PASSWORD}).status_code == 303
            for path in paths:
                answer = own.get(f"{path}{'&' if '?' in path else '?'}lang={lang}")
                if answer.status_code != 200 or f'<html lang="{lang}">' not in answer.text:
                    wrong.append((who, path, answer.status_code))
        assert wrong == []
