"""Documents made from data: what is asked for, and what became of it.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-30 21:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "'new','making','retry','done','failed','dropped'"


def upgrade():
    op.create_table(
        "renderings",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("layout", sa.String(40), nullable=False),
        sa.Column("template_version", sa.Integer()),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("lease_owner", sa.String(100)),
        sa.Column("error", sa.String(500), nullable=False),
        sa.Column("case_document_id", ID),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_renderings_state_known")),
        sa.CheckConstraint(
            "(state = 'done') = (case_document_id IS NOT NULL)", name=op.f("ck_renderings_done_has_document")
        ),
        sa.CheckConstraint(
            "side IN ('applicant','company','supplier')", name=op.f("ck_renderings_side_known")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_renderings_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["case_document_id"],
            ["case_documents.id"],
            name=op.f("fk_renderings_case_document_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_renderings_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renderings")),
    )
    op.create_index("ix_renderings_due", "renderings", ["state", "next_at"])
    op.create_index("ix_renderings_case_id", "renderings", ["case_id", "id"])


def downgrade():
    op.drop_table("renderings")
