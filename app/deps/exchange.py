"""What a door needs to try a record of EVN SPC again: the mapping and the connector's user, as the settings have them."""

from sqlalchemy.orm import Session

from app.deps.asking import Ask
from app.outside import shipped
from app.queries import exchanges
from app.services.exchange_records import Site


def site(session: Session, ask: Ask) -> Site:
    """What records are read by and applied as. RuleBroken where the connector's user is not there."""
    settings = ask.tracker.settings
    actor = exchanges.connector(session, settings.evn_spc_login)
    return Site(shipped.evn_spc_mapping(settings.evn_spc_mapping), actor, ask.today, ask.now)
