"""exchanges"""

import sqlalchemy as sa
from alembic import op

revision = 'a1d0c9e1f003'
down_revision = 'a1d0c9e1f002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exchange_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('differences', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_report'))
    )

    op.create_table('exchange_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('trigger', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('released', sa.Integer(), nullable=False),
    sa.Column('problem', sa.String(length=40), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['report_id'], ['exchange_report.id'], name=op.f('fk_exchange_run_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_run'))
    )
    with op.batch_alter_table('exchange_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exchange_run_started_at'), ['started_at'], unique=False)

    op.create_table('exchange_pass',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('stream', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('is_whole', sa.Boolean(), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('records', sa.Integer(), nullable=False),
    sa.Column('applied', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('older', sa.Integer(), nullable=False),
    sa.Column('quarantined', sa.Integer(), nullable=False),
    sa.Column('unknown', sa.String(length=2000), nullable=True),
    sa.Column('problem', sa.String(length=40), nullable=True),
    sa.Column('details', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['exchange_run.id'], name=op.f('fk_exchange_pass_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_pass')),
    sa.UniqueConstraint('run_id', 'stream', name=op.f('uq_exchange_pass_run_id_stream'))
    )

    op.create_table('exchange_cursor',
    sa.Column('stream', sa.String(length=40), nullable=False),
    sa.Column('cursor_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('whole_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked', sa.String(length=60), nullable=True),
    sa.Column('etag', sa.String(length=200), nullable=True),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('stream', name=op.f('pk_exchange_cursor'))
    )

    op.create_table('exchange_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('stream', sa.String(length=40), nullable=False),
    sa.Column('record_id', sa.String(length=90), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_record')),
    sa.UniqueConstraint('stream', 'record_id', name=op.f('uq_exchange_record_stream_record_id'))
    )

    op.create_table('quarantined_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('stream', sa.String(length=40), nullable=False),
    sa.Column('record_id', sa.String(length=90), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('raw', sa.Text(), nullable=False),
    sa.Column('is_cut', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('problem', sa.String(length=40), nullable=False),
    sa.Column('field', sa.String(length=80), nullable=True),
    sa.Column('details', sa.JSON(), nullable=True),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=2000), nullable=True),
    sa.ForeignKeyConstraint(['closed_by_id'], ['app_user.id'], name=op.f('fk_quarantined_record_closed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantined_record'))
    )
    with op.batch_alter_table('quarantined_record', schema=None) as batch_op:
        batch_op.create_index('ix_quarantined_record_record', ['stream', 'record_id'], unique=False)
        batch_op.create_index('ix_quarantined_record_state', ['state', 'id'], unique=False)

    op.create_table('exchange_lease',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('holder', sa.String(length=64), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_exchange_lease'))
    )


def downgrade() -> None:
    op.drop_table('exchange_lease')
    with op.batch_alter_table('quarantined_record', schema=None) as batch_op:
        batch_op.drop_index('ix_quarantined_record_state')
        batch_op.drop_index('ix_quarantined_record_record')

    op.drop_table('quarantined_record')
    op.drop_table('exchange_record')
    op.drop_table('exchange_cursor')
    op.drop_table('exchange_pass')
    with op.batch_alter_table('exchange_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exchange_run_started_at'))

    op.drop_table('exchange_run')
    op.drop_table('exchange_report')
