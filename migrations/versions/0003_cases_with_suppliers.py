"""Cases that suppliers answer, appeals, assignees, what each side has read, who looks at a case, messages taken back.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-25 02:00:00

"""
import sqlalchemy as sa
from alembic import op

from app.extensions import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Indexes over cases: name, columns, unique, which rows.
INDEXES = (
    ("ix_cases_supplier_updated", ("supplier_id", "updated_at", "id"), False, None),
    ("uq_cases_supplier_number", ("supplier_id", "supplier_number"), True, "supplier_number IS NOT NULL"),
    ("ix_cases_open_assignee", ("assignee_id", "status", "due_on", "id"), False, "archived_at IS NULL"),
)


def add_reference(table: str, column: str, target: str) -> None:
    """A column with a foreign key, in words that both databases take without making the table anew."""
    number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    name = f"fk_{table}_{column}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {number} CONSTRAINT {name} REFERENCES {target} (id)")


def key_of_marks(columns: list[str]) -> None:
    """Another primary key for the unread marks; nothing refers to their rows."""
    with op.batch_alter_table("case_marks") as table:
        table.drop_constraint(op.f("pk_case_marks"), type_="primary")
        table.create_primary_key(op.f("pk_case_marks"), columns)


def upgrade():
    recipient = sa.CheckConstraint("recipient IN ('company','supplier')", name=op.f("ck_cases_recipient_known"))
    op.add_column("cases", sa.Column("recipient", sa.String(10), recipient, nullable=False, server_default="company"))
    op.add_column("cases", sa.Column("topic", sa.String(200), nullable=False, server_default=""))
    add_reference("cases", "assignee_id", "users")
    op.add_column("cases", sa.Column("supplier_number", sa.String(40)))
    op.add_column("cases", sa.Column("supplier_archived_at", UtcDateTime()))
    op.drop_index("ix_cases_supplier_id", "cases")
    for name, columns, unique, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, "cases", list(columns), unique=unique, sqlite_where=where, postgresql_where=where)

    add_reference("messages", "supplier_id", "suppliers")
    op.add_column("messages", sa.Column("removed_at", UtcDateTime()))
    op.add_column("case_documents", sa.Column("channel", sa.String(20), nullable=False, server_default=""))
    add_reference("case_documents", "supplier_id", "suppliers")
    op.execute(
        "UPDATE case_documents SET channel = (SELECT channel FROM messages WHERE messages.id = message_id)"
        " WHERE message_id IS NOT NULL"
    )

    op.create_table(
        "case_reads",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("party", sa.String(20), nullable=False),
        sa.Column("upto", ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_reads_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_reads_user_id")),
        sa.PrimaryKeyConstraint("case_id", "channel", "user_id", name=op.f("pk_case_reads")),
    )
    op.create_table(
        "case_viewers",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_viewers_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_viewers_user_id")),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_case_viewers")),
    )


    # The company and the supplier may both have something new in one case.
    key_of_marks(["user_id", "case_id", "kind", "side"])


def downgrade():
    op.execute(
        "DELETE FROM case_marks WHERE EXISTS (SELECT 1 FROM case_marks AS other WHERE other.user_id = case_marks.user_id"
        " AND other.case_id = case_marks.case_id AND other.kind = case_marks.kind AND other.side < case_marks.side)"
    )
    key_of_marks(["user_id", "case_id", "kind"])
    op.drop_table("case_viewers")
    op.drop_table("case_reads")
    for table, column in (
        ("case_documents", "supplier_id"),
        ("case_documents", "channel"),
        ("messages", "removed_at"),
        ("messages", "supplier_id"),
    ):
        op.drop_column(table, column)
    for name, *_ in INDEXES:
        op.drop_index(name, "cases")
    op.create_index("ix_cases_supplier_id", "cases", ["supplier_id"])
    for column in ("supplier_archived_at", "supplier_number", "assignee_id", "topic", "recipient"):
        op.drop_column("cases", column)
