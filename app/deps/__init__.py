"""What the doors ask for: who is asking, what day it is, one transaction, a finished answer or a clear problem.

`Asking` is the one dependency of a route. It knows the caller, the language, today, and the journal's revision, and
turns what a query or a service returns into an answer: read once, kept by revision, repeatable, with its ETag.
"""

from app.deps.asking import Ask, Asking
from app.deps.route import Route, needs
from app.deps.tracker import Clock, Tracker

__all__ = ["Ask", "Asking", "Clock", "Route", "Tracker", "needs"]
