"""A case says since when its term is paused; a term keeps its own length and what pauses have added to it.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-30 22:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('cases', sa.Column('paused_on', sa.Date(), nullable=True))
    op.create_index('ix_cases_paused', 'cases', ['paused_on', 'id'], unique=False,
                    sqlite_where=sa.text('paused_on IS NOT NULL'), postgresql_where=sa.text('paused_on IS NOT NULL'))
    op.add_column('case_clock', sa.Column('length', sa.Integer(), nullable=True))
    op.add_column('case_clock', sa.Column('unit', sa.String(length=20), nullable=True))
    op.add_column('case_clock', sa.Column('paused_days', sa.Integer(), server_default='0', nullable=False))


def downgrade():
    op.drop_column('case_clock', 'paused_days')
    op.drop_column('case_clock', 'unit')
    op.drop_column('case_clock', 'length')
    op.drop_index('ix_cases_paused', table_name='cases')
    op.drop_column('cases', 'paused_on')
