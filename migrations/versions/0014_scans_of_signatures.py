"""A signed slot keeps its scan and the moment it was opened: a scan may go with its document, and is never another one.

Revision ID: 0014
Revises: 0013
Create Date: 2026-12-01 13:30:00

"""
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WORDS = "a signature stays as it was given"
NAME = "signature_slots_scan_kept"


def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE OF scan_id, opened_at ON signature_slots FOR EACH ROW "
            "WHEN (OLD.state = 'signed' AND (OLD.opened_at IS DISTINCT FROM NEW.opened_at OR "
            "(NEW.scan_id IS NOT NULL AND OLD.scan_id IS DISTINCT FROM NEW.scan_id))) "
            "EXECUTE FUNCTION refuse_signed_slot()"
        )
        return
    op.execute(
        f"CREATE TRIGGER {NAME} BEFORE UPDATE OF scan_id, opened_at ON signature_slots "
        "WHEN OLD.state = 'signed' AND (OLD.opened_at IS NOT NEW.opened_at OR "
        "(NEW.scan_id IS NOT NULL AND OLD.scan_id IS NOT NEW.scan_id)) "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )


def downgrade():
    table = " ON signature_slots" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER {NAME}{table}")
