"""Lines for signatures under documents.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-30 21:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table('signature_slots',
    sa.Column('id', ID, nullable=False),
    sa.Column('case_id', ID, nullable=False),
    sa.Column('case_document_id', ID, nullable=False),
    sa.Column('party', sa.String(length=20), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('signer', sa.String(length=200), nullable=False),
    sa.Column('scan_id', ID, nullable=True),
    sa.Column('marked_by', ID, nullable=True),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'signed') = (kind <> '')", name=op.f('ck_signature_slots_signed_has_kind')),
    sa.CheckConstraint("(state = 'signed') = (signed_on IS NOT NULL)", name=op.f('ck_signature_slots_signed_has_day')),
    sa.CheckConstraint("kind IN ('','paper')", name=op.f('ck_signature_slots_kind_known')),
    sa.CheckConstraint("party IN ('applicant','company','supplier')", name=op.f('ck_signature_slots_party_known')),
    sa.CheckConstraint("state IN ('pending','signed','declined','superseded')", name=op.f('ck_signature_slots_state_known')),
    sa.ForeignKeyConstraint(['case_document_id'], ['case_documents.id'], name=op.f('fk_signature_slots_case_document_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_signature_slots_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['marked_by'], ['users.id'], name=op.f('fk_signature_slots_marked_by')),
    sa.ForeignKeyConstraint(['scan_id'], ['case_documents.id'], name=op.f('fk_signature_slots_scan_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature_slots')),
    sa.UniqueConstraint('case_document_id', 'party', 'place', name=op.f('uq_signature_slots_case_document_id_party_place'))
    )
    op.create_index('ix_signature_slots_case_id', 'signature_slots', ['case_id'])


def downgrade():
    op.drop_table('signature_slots')
