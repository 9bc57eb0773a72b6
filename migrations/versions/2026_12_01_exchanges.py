"""exchanges"""

import sqlalchemy as sa
from alembic import op

revision = 'a1d0c9e1f003'
down_revision = 'a1d0c9e1f002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
