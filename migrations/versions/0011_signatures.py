"""Electronic signatures: codes from SMS, certificates, whom they are believed from, the journal's anchors.

Revision ID: 0011
Revises: 0010
Create Date: 2026-12-01 00:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Evidence: no row of these is ever changed or removed.
FROZEN = ("signatures", "journal_anchors")
KIND = "ck_signature_slots_kind_known"
#: What was signed stays what it is: another file needs another document.
SIGNED = "EXISTS (SELECT 1 FROM signatures WHERE signatures.case_document_id = OLD.id)"


def upgrade():
    _slots_know("'','paper','code','certificate'")
    waits = sa.text("state IN ('pending','declined')")
    op.create_index('ix_signature_slots_open', 'signature_slots', ['party', 'case_id'], unique=False, sqlite_where=waits, postgresql_where=waits)
    op.create_table('journal_anchors',
    sa.Column('id', ID, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('chains', sa.Integer(), nullable=False),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('heads', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal_anchors')),
    sa.UniqueConstraint('day', name=op.f('uq_journal_anchors_day'))
    )
    op.create_table('revocation_lists',
    sa.Column('id', ID, nullable=False),
    sa.Column('issuer_sha256', sa.String(length=64), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('der', sa.LargeBinary(), nullable=False),
    sa.Column('this_update', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_update', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revocation_lists')),
    sa.UniqueConstraint('sha256', name=op.f('uq_revocation_lists_sha256'))
    )
    op.create_index('ix_revocation_lists_issuer_sha256_next_update', 'revocation_lists', ['issuer_sha256', 'next_update'], unique=False)
    op.create_table('revocation_sources',
    sa.Column('id', ID, nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('issuer_sha256', sa.String(length=64), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(length=300), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revocation_sources')),
    sa.UniqueConstraint('url', name=op.f('uq_revocation_sources_url'))
    )
    op.create_index(op.f('ix_revocation_sources_issuer_sha256'), 'revocation_sources', ['issuer_sha256'], unique=False)
    op.create_index(op.f('ix_revocation_sources_next_at'), 'revocation_sources', ['next_at'], unique=False)
    op.create_table('trusted_certificates',
    sa.Column('id', ID, nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=500), nullable=False),
    sa.Column('issuer', sa.String(length=500), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('not_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pem', sa.Text(), nullable=False),
    sa.Column('list_urls', sa.JSON(), nullable=False),
    sa.Column('added_by', ID, nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_by', ID, nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('root','intermediate')", name=op.f('ck_trusted_certificates_kind_known')),
    sa.CheckConstraint("source IN ('office','signature')", name=op.f('ck_trusted_certificates_source_known')),
    sa.ForeignKeyConstraint(['added_by'], ['users.id'], name=op.f('fk_trusted_certificates_added_by')),
    sa.ForeignKeyConstraint(['removed_by'], ['users.id'], name=op.f('fk_trusted_certificates_removed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trusted_certificates')),
    sa.UniqueConstraint('sha256', name=op.f('uq_trusted_certificates_sha256'))
    )
    op.create_table('machine_authorities',
    sa.Column('id', ID, nullable=False),
    sa.Column('case_id', ID, nullable=False),
    sa.Column('party', sa.String(length=20), nullable=False),
    sa.Column('user_id', ID, nullable=False),
    sa.Column('number', sa.String(length=100), nullable=False),
    sa.Column('principal_ogrn', sa.String(length=15), nullable=False),
    sa.Column('representative_snils', sa.String(length=11), nullable=False),
    sa.Column('representative_inn', sa.String(length=12), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('document_version_id', ID, nullable=False),
    sa.Column('cms', sa.LargeBinary(), nullable=False),
    sa.Column('verdict', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('remark', sa.String(length=1000), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', ID, nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state <> 'refused' OR remark <> ''", name=op.f('ck_machine_authorities_refused_has_remark')),
    sa.CheckConstraint("state IN ('waiting','accepted','refused')", name=op.f('ck_machine_authorities_state_known')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_machine_authorities_case_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_machine_authorities_decided_by')),
    sa.ForeignKeyConstraint(['document_version_id'], ['document_versions.id'], name=op.f('fk_machine_authorities_document_version_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_machine_authorities_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_machine_authorities'))
    )
    op.create_index(op.f('ix_machine_authorities_case_id'), 'machine_authorities', ['case_id'], unique=False)
    op.create_table('signing_codes',
    sa.Column('id', ID, nullable=False),
    sa.Column('user_id', ID, nullable=False),
    sa.Column('session_id', ID, nullable=False),
    sa.Column('case_id', ID, nullable=False),
    sa.Column('documents', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('consent_id', ID, nullable=False),
    sa.Column('phone', sa.String(length=12), nullable=False),
    sa.Column('salt', sa.String(length=64), server_default='', nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('outbox_id', ID, nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.String(length=60), nullable=False),
    sa.Column('agent', sa.String(length=300), nullable=False),
    sa.CheckConstraint("state IN ('open','used','replaced','spent','expired')", name=op.f('ck_signing_codes_state_known')),
    sa.CheckConstraint('tries >= 0', name=op.f('ck_signing_codes_tries_counted')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_signing_codes_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['consent_id'], ['consents.id'], name=op.f('fk_signing_codes_consent_id')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_signing_codes_outbox_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_signing_codes_session_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_signing_codes_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_codes'))
    )
    op.create_index('ix_signing_codes_address_made_at', 'signing_codes', ['address', 'made_at'], unique=False)
    op.create_index(op.f('ix_signing_codes_case_id'), 'signing_codes', ['case_id'], unique=False)
    op.create_index('ix_signing_codes_phone_made_at', 'signing_codes', ['phone', 'made_at'], unique=False)
    op.create_index('ix_signing_codes_user_id_made_at', 'signing_codes', ['user_id', 'made_at'], unique=False)
    op.create_index('uq_signing_codes_open', 'signing_codes', ['user_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_table('certificate_attempts',
    sa.Column('id', ID, nullable=False),
    sa.Column('slot_id', ID, nullable=False),
    sa.Column('case_id', ID, nullable=False),
    sa.Column('user_id', ID, nullable=False),
    sa.Column('road', sa.String(length=10), nullable=False),
    sa.Column('cms', sa.LargeBinary(), nullable=False),
    sa.Column('cms_sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('verdict', sa.JSON(), nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.Column('authority_id', ID, nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', ID, nullable=True),
    sa.CheckConstraint("(state = 'refused') = (reason <> '')", name=op.f('ck_certificate_attempts_refused_has_reason')),
    sa.CheckConstraint("state IN ('waits_list','waits_authority','accepted','refused')", name=op.f('ck_certificate_attempts_state_known')),
    sa.ForeignKeyConstraint(['authority_id'], ['machine_authorities.id'], name=op.f('fk_certificate_attempts_authority_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_certificate_attempts_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_certificate_attempts_decided_by')),
    sa.ForeignKeyConstraint(['slot_id'], ['signature_slots.id'], name=op.f('fk_certificate_attempts_slot_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_certificate_attempts_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_attempts'))
    )
    op.create_index(op.f('ix_certificate_attempts_case_id'), 'certificate_attempts', ['case_id'], unique=False)
    op.create_index(op.f('ix_certificate_attempts_slot_id'), 'certificate_attempts', ['slot_id'], unique=False)
    op.create_index('ix_certificate_attempts_state', 'certificate_attempts', ['state', 'id'], unique=False)
    op.create_index('uq_certificate_attempts_waiting', 'certificate_attempts', ['slot_id'], unique=True, sqlite_where=sa.text("state IN ('waits_list','waits_authority')"), postgresql_where=sa.text("state IN ('waits_list','waits_authority')"))
    op.create_table('signatures',
    sa.Column('id', ID, nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('package', sa.String(length=20), nullable=False),
    sa.Column('slot_id', ID, nullable=False),
    sa.Column('case_id', ID, nullable=False),
    sa.Column('case_document_id', ID, nullable=False),
    sa.Column('document_version_id', ID, nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('party', sa.String(length=20), nullable=False),
    sa.Column('user_id', ID, nullable=False),
    sa.Column('signer', sa.String(length=200), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.Column('record_sha256', sa.String(length=64), nullable=False),
    sa.Column('cms', sa.LargeBinary(), nullable=True),
    sa.Column('journal_entry_id', ID, nullable=False),
    sa.CheckConstraint("(kind = 'certificate') = (cms IS NOT NULL)", name=op.f('ck_signatures_certificate_has_cms')),
    sa.CheckConstraint("kind IN ('code','certificate')", name=op.f('ck_signatures_kind_known')),
    sa.CheckConstraint("party IN ('applicant','company','supplier')", name=op.f('ck_signatures_party_known')),
    sa.ForeignKeyConstraint(['case_document_id'], ['case_documents.id'], name=op.f('fk_signatures_case_document_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_signatures_case_id')),
    sa.ForeignKeyConstraint(['document_version_id'], ['document_versions.id'], name=op.f('fk_signatures_document_version_id')),
    sa.ForeignKeyConstraint(['journal_entry_id'], ['journal_entries.id'], name=op.f('fk_signatures_journal_entry_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['signature_slots.id'], name=op.f('fk_signatures_slot_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_signatures_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatures')),
    sa.UniqueConstraint('number', name=op.f('uq_signatures_number')),
    sa.UniqueConstraint('slot_id', name=op.f('uq_signatures_slot_id'))
    )
    op.create_index(op.f('ix_signatures_case_id'), 'signatures', ['case_id'], unique=False)
    op.create_index(op.f('ix_signatures_document_version_id'), 'signatures', ['document_version_id'], unique=False)
    op.create_index(op.f('ix_signatures_package'), 'signatures', ['package'], unique=False)
    op.create_index(op.f('ix_signatures_sha256'), 'signatures', ['sha256'], unique=False)
    # By these a certificate is known to be the supplier's.
    for number, length in (('inn', 10), ('ogrn', 13)):
        op.add_column('suppliers', sa.Column(number, sa.String(length=length), server_default='', nullable=False))
    op.add_column('outbox', sa.Column('salt', sa.String(length=64), server_default='', nullable=False))
    op.add_column('outbox', sa.Column('provider', sa.String(length=20), server_default='', nullable=False))
    op.add_column('outbox', sa.Column('provider_id', sa.String(length=80), server_default='', nullable=False))
    op.add_column('outbox', sa.Column('delivery', sa.String(length=12), server_default='', nullable=False))
    op.add_column('outbox', sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('outbox', sa.Column('asked_from', sa.String(length=60), server_default='', nullable=False))
    op.create_index(op.f('ix_outbox_provider_id'), 'outbox', ['provider_id'], unique=False)
    op.create_index('ix_outbox_sms', 'outbox', ['created_at'], unique=False, sqlite_where=sa.text("channel = 'sms'"), postgresql_where=sa.text("channel = 'sms'"))
    _freeze()


def _slots_know(kinds):
    # No table refers to the slots yet, so that SQLite may make theirs anew.
    with op.batch_alter_table("signature_slots") as table:
        table.drop_constraint(op.f(KIND), type_="check")
        table.create_check_constraint(op.f(KIND), f"kind IN ({kinds})")


def _freeze():
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in FROZEN:
        for operation in ("UPDATE", "DELETE"):
            head = f"CREATE TRIGGER {table}_no_{operation.lower()} BEFORE {operation} ON {table}"
            if postgres:
                op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
            else:
                op.execute(f"{head} BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END")
    head = "CREATE TRIGGER case_documents_signed BEFORE UPDATE OF document_version_id ON case_documents FOR EACH ROW"
    if postgres:
        op.execute(
            "CREATE FUNCTION refuse_other_version() RETURNS trigger AS $$ BEGIN "
            f"IF OLD.document_version_id <> NEW.document_version_id AND {SIGNED} "
            "THEN RAISE EXCEPTION 'a signed document keeps its file'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        op.execute(f"{head} EXECUTE FUNCTION refuse_other_version()")
    else:
        op.execute(
            f"{head} WHEN OLD.document_version_id <> NEW.document_version_id AND {SIGNED} "
            "BEGIN SELECT RAISE(ABORT, 'a signed document keeps its file'); END"
        )


def downgrade():
    op.execute("DROP TRIGGER case_documents_signed" + (
        " ON case_documents" if op.get_bind().dialect.name == "postgresql" else ""))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_other_version()")
    op.drop_index('ix_outbox_sms', table_name='outbox', sqlite_where=sa.text("channel = 'sms'"), postgresql_where=sa.text("channel = 'sms'"))
    op.drop_index(op.f('ix_outbox_provider_id'), table_name='outbox')
    op.drop_column('outbox', 'asked_from')
    op.drop_column('outbox', 'delivered_at')
    op.drop_column('outbox', 'delivery')
    op.drop_column('outbox', 'provider_id')
    op.drop_column('outbox', 'provider')
    op.drop_column('outbox', 'salt')
    op.drop_index(op.f('ix_signatures_sha256'), table_name='signatures')
    op.drop_index(op.f('ix_signatures_package'), table_name='signatures')
    op.drop_index(op.f('ix_signatures_document_version_id'), table_name='signatures')
    op.drop_index(op.f('ix_signatures_case_id'), table_name='signatures')
    op.drop_table('signatures')
    op.drop_index('uq_certificate_attempts_waiting', table_name='certificate_attempts', sqlite_where=sa.text("state IN ('waits_list','waits_authority')"), postgresql_where=sa.text("state IN ('waits_list','waits_authority')"))
    op.drop_index('ix_certificate_attempts_state', table_name='certificate_attempts')
    op.drop_index(op.f('ix_certificate_attempts_slot_id'), table_name='certificate_attempts')
    op.drop_index(op.f('ix_certificate_attempts_case_id'), table_name='certificate_attempts')
    op.drop_table('certificate_attempts')
    op.drop_index('uq_signing_codes_open', table_name='signing_codes', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_signing_codes_user_id_made_at', table_name='signing_codes')
    op.drop_index('ix_signing_codes_phone_made_at', table_name='signing_codes')
    op.drop_index(op.f('ix_signing_codes_case_id'), table_name='signing_codes')
    op.drop_index('ix_signing_codes_address_made_at', table_name='signing_codes')
    op.drop_table('signing_codes')
    op.drop_index(op.f('ix_machine_authorities_case_id'), table_name='machine_authorities')
    for number in ('ogrn', 'inn'):
        op.drop_column('suppliers', number)
    op.drop_table('machine_authorities')
    op.drop_table('trusted_certificates')
    op.drop_index(op.f('ix_revocation_sources_next_at'), table_name='revocation_sources')
    op.drop_index(op.f('ix_revocation_sources_issuer_sha256'), table_name='revocation_sources')
    op.drop_table('revocation_sources')
    op.drop_index('ix_revocation_lists_issuer_sha256_next_update', table_name='revocation_lists')
    op.drop_table('revocation_lists')
    op.drop_table('journal_anchors')
    op.drop_index('ix_signature_slots_open', table_name='signature_slots')
    op.execute("DELETE FROM signature_slots WHERE kind NOT IN ('','paper')")
    _slots_know("'','paper'")
