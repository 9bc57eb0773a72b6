"""identities"""

import sqlalchemy as sa
from alembic import op

revision = 'a1d0c9e1f001'
down_revision = 'e70381448f1a'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
