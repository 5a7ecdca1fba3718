"""Links of letters, the second factor, first passwords that have to be changed.

Revision ID: 0013
Revises: 0012
Create Date: 2026-12-01 08:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table('secret_links',
    sa.Column('id', ID, nullable=False),
    sa.Column('user_id', ID, nullable=False),
    sa.Column('purpose', sa.String(length=12), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose IN ('reset','email','invitation')", name=op.f('ck_secret_links_purpose_known')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_secret_links_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_secret_links')),
    sa.UniqueConstraint('salt', name=op.f('uq_secret_links_salt'))
    )
    op.create_index('ix_secret_links_user_id', 'secret_links', ['user_id'], unique=False)
    op.create_table('second_factors',
    sa.Column('user_id', ID, nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.Column('recovery_salt', sa.String(length=64), nullable=False),
    sa.Column('recovery_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_second_factors_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_second_factors'))
    )
    op.create_table('used_recovery_codes',
    sa.Column('user_id', ID, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['second_factors.user_id'], name=op.f('fk_used_recovery_codes_user_id_second_factors')),
    sa.PrimaryKeyConstraint('user_id', 'number', name=op.f('pk_used_recovery_codes'))
    )
    op.add_column("users", sa.Column("password_temporary", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    op.drop_column('users', 'password_temporary')
    op.drop_table('used_recovery_codes')
    op.drop_table('second_factors')
    op.drop_index('ix_secret_links_user_id', table_name='secret_links')
    op.drop_table('secret_links')
