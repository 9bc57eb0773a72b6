"""What the pages say that is no word of the domain, one family an area. `{…}` is filled in by the `label` filter.

Every template knows the families under the names of `FAMILIES`.
"""

from app.domain.words import Term
from app.pages.words.administration import Administration
from app.pages.words.deciding import Committing, Deciding, Weekly
from app.pages.words.exchange import Exchange
from app.pages.words.frame import Frame
from app.pages.words.grid import Grid, Holds
from app.pages.words.journal import About, Journal, Said
from app.pages.words.land import Land, Promises
from app.pages.words.map import Geo
from app.pages.words.overview import Ui
from app.pages.words.projects import Projects
from app.pages.words.reporting import Doing, Filling, Reporting
from app.pages.words.signing import Signing
from app.pages.words.situation import Now
from app.pages.words.webhooks import Hooks
from app.pages.words.workbooks import Workbooks

FAMILIES: dict[str, type[Term]] = {
    "admin": Administration,
    "journal": Journal,
    "ui": Ui,
    "exchange": Exchange,
    "nav": Frame,
    "now": Now,
    "geo": Geo,
    "signing": Signing,
    "grid": Grid,
    "holds": Holds,
    "land": Land,
    "promises": Promises,
    "projects": Projects,
    "reporting": Reporting,
    "doing": Doing,
    "filling": Filling,
    "deciding": Deciding,
    "weekly": Weekly,
    "committing": Committing,
    "workbooks": Workbooks,
    "hooks": Hooks,
}

__all__ = [
    "FAMILIES",
    "About",
    "Administration",
    "Committing",
    "Deciding",
    "Doing",
    "Exchange",
    "Filling",
    "Frame",
    "Geo",
    "Grid",
    "Holds",
    "Hooks",
    "Journal",
    "Land",
    "Now",
    "Projects",
    "Promises",
    "Reporting",
    "Said",
    "Signing",
    "Ui",
    "Weekly",
    "Workbooks",
]
