"""What one revision found is given again for it alone, to the same question alone, and never without bound."""

from itertools import count

from app.deps.tracker import Findings


def test_a_finding_is_made_once_a_revision_and_question() -> None:
    findings, made = Findings(), count()
    assert findings.once(7, ("a", 1), lambda: next(made)) == 0
    assert findings.once(7, ("a", 1), lambda: next(made)) == 0
    assert findings.once(7, ("a", 2), lambda: next(made)) == 1, "another question"
    assert findings.once(8, ("a", 1), lambda: next(made)) == 2, "another revision"
    assert findings.once(8, ("a", 1), lambda: next(made)) == 2


def test_an_older_revision_is_answered_and_not_kept() -> None:
    findings, made = Findings(), count()
    findings.once(8, "a", lambda: next(made))
    assert findings.once(7, "a", lambda: next(made)) == 1
    assert findings.once(8, "a", lambda: next(made)) == 0


def test_the_oldest_gives_way() -> None:
    findings, made = Findings(most=2), count()
    for name in ("a", "b", "c"):
        findings.once(1, name, lambda: next(made))
    assert findings.once(1, "c", lambda: next(made)) == 2
    assert findings.once(1, "a", lambda: next(made)) == 3


def test_nothing_is_a_finding_too() -> None:
    findings, made = Findings(), count()

    def find() -> None:
        next(made)

    for _ in range(3):
        assert findings.once(1, "a", find) is None
    assert next(made) == 1
