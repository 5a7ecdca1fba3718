"""Versions of the texts that papers are made from; categories of applicants.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-30 21:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table('document_templates',
    sa.Column('id', ID, nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', ID, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_templates')),
    sa.UniqueConstraint('code', 'version', name=op.f('uq_document_templates_code_version'))
    )
    op.create_table('connection_categories',
    sa.Column('id', ID, nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('clause', sa.String(length=100), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('mode', sa.String(length=1), nullable=False),
    sa.Column('watts_most', sa.BigInteger(), nullable=True),
    sa.Column('conditions', sa.JSON(), nullable=False),
    sa.Column('works_term', sa.String(length=40), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.CheckConstraint("mode IN ('A','B')", name=op.f('ck_connection_categories_mode_known')),
    sa.CheckConstraint('watts_most IS NULL OR watts_most > 0', name=op.f('ck_connection_categories_watts_positive')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_connection_categories')),
    sa.UniqueConstraint('code', 'valid_from', name=op.f('uq_connection_categories_code_valid_from'))
    )
    op.add_column("cases", sa.Column("category", sa.String(40), nullable=False, server_default=""))


def downgrade():
    op.drop_column("cases", "category")
    op.drop_table('connection_categories')
    op.drop_table('document_templates')
