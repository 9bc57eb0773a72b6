"""What the pages say that is no word of the domain, one family an area. `{…}` is filled in by the `label` filter.

Every template knows the families under the names of `FAMILIES`.
"""

from app.domain.words import Term
from app.pages.words.frame import Frame
from app.pages.words.overview import Ui
from app.pages.words.signing import Signing

FAMILIES: dict[str, type[Term]] = {"ui": Ui, "nav": Frame, "signing": Signing}

__all__ = ["FAMILIES", "Frame", "Signing", "Ui"]
