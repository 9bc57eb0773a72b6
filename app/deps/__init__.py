"""What the doors ask for: who is asking, what day it is, one transaction, a finished answer or a clear problem.

`Ask` is the one parameter of a route besides what it takes from the address and the body. It knows the caller, the language, today, and the journal's revision, and
turns what a query or a service returns into an answer: read once, kept by revision, repeatable, with its ETag.
"""

from app.deps.asking import Ask
from app.deps.route import Route, needs
from app.deps.tracker import Clock, Tracker

__all__ = ["Ask", "Clock", "Route", "Tracker", "needs"]
