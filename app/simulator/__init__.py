"""EVN SPC's progress service, simulated: it speaks the contract `register/evn_spc.openapi.yaml` over real HTTP, and can be
told to misbehave as such services do. For the demo and the tests; everything it says is illustrative and marked so.

`upstream` keeps the records, `story` fills it for the demo, `faults` decides what goes wrong, `service` answers.
"""

from app.simulator.faults import Fault, Faults
from app.simulator.service import Simulator, serve, server
from app.simulator.story import tell
from app.simulator.upstream import Upstream

__all__ = ["Fault", "Faults", "Simulator", "Upstream", "serve", "server", "tell"]
