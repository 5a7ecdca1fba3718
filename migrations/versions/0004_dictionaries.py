"""Dictionaries of the company, versions of suppliers, who has changed a setting, trial letters found at once.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-25 02:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "appeal_topics",
        sa.Column("id", ID, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_topics")),
        sa.UniqueConstraint("title", name=op.f("uq_appeal_topics_title")),
    )
    op.create_table(
        "document_kinds",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_kinds")),
        sa.UniqueConstraint("code", name=op.f("uq_document_kinds_code")),
        sa.UniqueConstraint("title", name=op.f("uq_document_kinds_title")),
    )
    op.add_column("suppliers", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("settings", sa.Column("set_by", ID))
    trial = sa.text("kind = 'trial'")
    op.create_index("ix_outbox_trial", "outbox", ["id"], sqlite_where=trial, postgresql_where=trial)


def downgrade():
    op.drop_index("ix_outbox_trial", "outbox")
    op.drop_column("settings", "set_by")
    op.drop_column("suppliers", "version")
    op.drop_table("document_kinds")
    op.drop_table("appeal_topics")
