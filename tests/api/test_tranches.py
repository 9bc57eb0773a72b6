"""A declared tranche moves the number once, and only when somebody else confirms it."""

from tests import factories
from tests.conftest import People


def test_a_confirmed_tranche_counts_and_a_declared_one_does_not(people: People) -> None:
    declared = people.investor.post("/phases/alpha-1/tranches", factories.declaration(4.2))
    assert declared.status_code == 201
    assert people.anonymous.get("/capacity").json()["operating_mw"] == 0
    assert people.investor.get("/capacity").json()["declared_mw"] == 4.2
    assert people.stranger.get("/capacity").json()["declared_mw"] == 0

    confirmed = people.evn_spc.post(f"/tranches/{declared.json()['code']}/confirmation", factories.letter())
    assert confirmed.status_code == 200
    assert confirmed.json()["status"] == "recognised"
    assert people.anonymous.get("/capacity").json()["operating_mw"] == 4.2
