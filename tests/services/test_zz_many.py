from datetime import datetime, UTC
from tests import exchanges, factories
from app.services import exchange_records
from app.services.exchange_records import Site
from app.domain.vocabulary import Stream
from tests.factories import TODAY
import time
def test_many(world):
    exchanges.furnish(world)
    site = Site(exchanges.mapping(), world.evn_spc, TODAY, factories.at())
    for n in (5000, 70000):
        items=[{"id":str(i)} for i in range(n)]
        t=time.time()
        with world.database.changing(factories.stamp()) as session:
            tally=exchange_records.take(session, site, Stream.TOWERS, items, exchanges.STARTS_AT)
        print(n,tally.quarantined,round(time.time()-t,1))
