"""What happens beside the requests, each chore in a file of its own: `house` keeps order, `webhooks` delivers,
`exchanges` pulls.

`tracker serve` runs them inside the web process; `tracker worker` runs them alone, beside any number of web processes.
"""

from app.worker.house import forget, note_uses
from app.worker.running import alone, keep_house

__all__ = ["alone", "forget", "keep_house", "note_uses"]
