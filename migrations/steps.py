"""Going through the history of a database. Whoever imports this loads alembic."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from migrations import FOLDER


def upgrade(connection: Connection) -> None:
    """Takes every step up to the newest revision; none where the database stands there."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
