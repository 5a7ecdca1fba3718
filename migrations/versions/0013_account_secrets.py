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
CONTACTS = ("email_confirmed_at", "phone_confirmed_at", "phone_changed_at")


def upgrade():
    op.create_table('sent_secrets',
    sa.Column('id', ID, nullable=False),
    sa.Column('user_id', ID, nullable=False),
    sa.Column('purpose', sa.String(length=12), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose IN ('reset','email','invitation','phone')", name=op.f('ck_sent_secrets_purpose_known')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sent_secrets_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sent_secrets')),
    sa.UniqueConstraint('salt', name=op.f('uq_sent_secrets_salt'))
    )
    op.create_index('ix_sent_secrets_user_id', 'sent_secrets', ['user_id'], unique=False)
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
    op.add_column("office_confirmations", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("office_confirmations", sa.Column("revoked_by", ID, nullable=True))
    reason = sa.Column("revoke_reason", sa.String(length=300), nullable=False, server_default="")
    op.add_column("office_confirmations", reason)
    op.add_column("sessions", sa.Column("owes_texts", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in CONTACTS:
        op.add_column("users", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    # Whoever was seen in the office was called there on their number.
    op.execute("UPDATE users SET phone_confirmed_at = confirmed_at WHERE phone <> ''")


def downgrade():
    op.drop_column('sessions', 'owes_texts')
    for name in ("revoke_reason", "revoked_by", "revoked_at"):
        op.drop_column('office_confirmations', name)
    for name in CONTACTS:
        op.drop_column("users", name)
    op.drop_column('users', 'password_temporary')
    op.drop_table('used_recovery_codes')
    op.drop_table('second_factors')
    op.drop_index('ix_sent_secrets_user_id', table_name='sent_secrets')
    op.drop_table('sent_secrets')
