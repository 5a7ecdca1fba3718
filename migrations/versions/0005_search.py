"""The search: words of cases by audience, and each database's own index over them.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-25 02:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# The texts hold words of letters and digits with spaces between: the tokenizer leaves them whole, letters are in lower
# case already. Applicants search their own few rows without an index. There are no phrases, so positions are not kept.
# A beginning whose length has an index of its own is read from the newest case on; any other is first gathered from all.
FULL_TEXT = (
    "CREATE VIRTUAL TABLE case_words USING fts5("
    "company_text, supplier_text, content='case_search', content_rowid='case_id',"
    " tokenize='ascii', prefix='2 3 4 5 6 7 8 9 10 11 12 13', detail='column')"
)


def upgrade():
    op.create_table(
        "case_search",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("applicant_text", sa.Text(), nullable=False),
        sa.Column("company_text", sa.Text(), nullable=False),
        sa.Column("supplier_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_search_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_search")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(FULL_TEXT)
        return
    for audience in ("company", "supplier"):
        op.execute(
            f"ALTER TABLE case_search ADD COLUMN case_words_{audience} tsvector"
            f" GENERATED ALWAYS AS (array_to_tsvector(string_to_array({audience}_text, ' '))) STORED"
        )
        op.execute(
            f"CREATE INDEX ix_case_words_{audience} ON case_search USING gin (case_words_{audience})"
            " WITH (fastupdate = off)"
        )


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE case_words")
    op.drop_table("case_search")
