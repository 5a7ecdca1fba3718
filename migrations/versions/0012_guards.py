"""Guards of what is signed: a signed slot, the file under a signature on paper, rows that never change.

Revision ID: 0012
Revises: 0011
Create Date: 2026-12-01 05:00:00

"""
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: Rows that are never changed or removed are not emptied at one stroke either (TRUNCATE, PostgreSQL alone).
FROZEN = ("journal_entries", "signatures", "journal_anchors")
#: What was signed stays what it is, on paper too: another file needs another document.
SIGNED = (
    "(EXISTS (SELECT 1 FROM signatures WHERE signatures.case_document_id = OLD.id) OR EXISTS "
    "(SELECT 1 FROM signature_slots WHERE signature_slots.case_document_id = OLD.id AND signature_slots.state = 'signed'))"
)
ELECTRONIC = "EXISTS (SELECT 1 FROM signatures WHERE signatures.case_document_id = OLD.id)"
#: Of a signed slot only the scan may go, with the document that it is.
KEPT = (
    "case_id", "case_document_id", "party", "place", "required", "state", "kind", "signed_on", "signer", "marked_by",
    "marked_at",
)
WORDS = "a signature stays as it was given"


def _postgres():
    return op.get_bind().dialect.name == "postgresql"


def upgrade():
    _guard_files(SIGNED)
    if _postgres():
        changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in KEPT)
        op.execute(
            "CREATE FUNCTION refuse_signed_slot() RETURNS trigger AS $$ BEGIN "
            f"RAISE EXCEPTION '{WORDS}'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            "CREATE TRIGGER signature_slots_signed BEFORE UPDATE ON signature_slots FOR EACH ROW "
            f"WHEN (OLD.state = 'signed' AND ({changed})) EXECUTE FUNCTION refuse_signed_slot()"
        )
        op.execute(
            "CREATE TRIGGER signature_slots_kept BEFORE DELETE ON signature_slots FOR EACH ROW "
            "WHEN (OLD.state = 'signed') EXECUTE FUNCTION refuse_signed_slot()"
        )
        for table in FROZEN:
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in KEPT)
    op.execute(
        f"CREATE TRIGGER signature_slots_signed BEFORE UPDATE ON signature_slots WHEN OLD.state = 'signed' AND ({changed}) "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )
    op.execute(
        "CREATE TRIGGER signature_slots_kept BEFORE DELETE ON signature_slots WHEN OLD.state = 'signed' "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )


def _guard_files(signed):
    """The trigger of 0011, with another condition."""
    if _postgres():
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_other_version() RETURNS trigger AS $$ BEGIN "
            f"IF OLD.document_version_id <> NEW.document_version_id AND {signed} "
            "THEN RAISE EXCEPTION 'a signed document keeps its file'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        return
    op.execute("DROP TRIGGER case_documents_signed")
    op.execute(
        "CREATE TRIGGER case_documents_signed BEFORE UPDATE OF document_version_id ON case_documents FOR EACH ROW "
        f"WHEN OLD.document_version_id <> NEW.document_version_id AND {signed} "
        "BEGIN SELECT RAISE(ABORT, 'a signed document keeps its file'); END"
    )


def downgrade():
    tail = " ON signature_slots" if _postgres() else ""
    for trigger in ("signature_slots_signed", "signature_slots_kept"):
        op.execute(f"DROP TRIGGER {trigger}{tail}")
    if _postgres():
        op.execute("DROP FUNCTION refuse_signed_slot()")
        for table in FROZEN:
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    _guard_files(ELECTRONIC)
