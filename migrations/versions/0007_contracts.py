"""Contracts, invoices, money, packages of suppliers.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-30 21:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table('contracts',
    sa.Column('id', ID, nullable=False),
    sa.Column('case_id', ID, nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=True),
    sa.Column('parts', sa.Integer(), nullable=False),
    sa.Column('template_version', sa.Integer(), nullable=True),
    sa.Column('concluded_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('applicant_part', sa.Boolean(), nullable=False),
    sa.Column('filled', sa.JSON(), nullable=False),
    sa.Column('made_by', ID, nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("concluded_on IS NOT NULL OR state NOT IN ('concluded','terminated')", name=op.f('ck_contracts_concluded_has_day')),
    sa.CheckConstraint("state IN ('draft','offered','concluded','annulled','terminated')", name=op.f('ck_contracts_state_known')),
    sa.CheckConstraint('fee IS NULL OR fee > 0', name=op.f('ck_contracts_fee_positive')),
    sa.CheckConstraint('parts BETWEEN 1 AND 12', name=op.f('ck_contracts_parts_known')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_contracts_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['made_by'], ['users.id'], name=op.f('fk_contracts_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contracts')),
    sa.UniqueConstraint('case_id', name=op.f('uq_contracts_case_id')),
    sa.UniqueConstraint('number', name=op.f('uq_contracts_number'))
    )
    op.create_table('invoices',
    sa.Column('id', ID, nullable=False),
    sa.Column('case_id', ID, nullable=False),
    sa.Column('contract_id', ID, nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('payer_inn', sa.String(length=12), nullable=False),
    sa.Column('case_document_id', ID, nullable=True),
    sa.Column('made_by', ID, nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('draft','open','paid','void')", name=op.f('ck_invoices_state_known')),
    sa.CheckConstraint('part BETWEEN 1 AND 12', name=op.f('ck_invoices_part_known')),
    sa.CheckConstraint('total > 0', name=op.f('ck_invoices_total_positive')),
    sa.ForeignKeyConstraint(['case_document_id'], ['case_documents.id'], name=op.f('fk_invoices_case_document_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_invoices_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_invoices_contract_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['made_by'], ['users.id'], name=op.f('fk_invoices_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoices')),
    sa.UniqueConstraint('number', name=op.f('uq_invoices_number'))
    )
    op.create_index('ix_invoices_open', 'invoices', ['state', 'due_on'])
    op.create_index('uq_invoices_case_id_part', 'invoices', ['case_id', 'part'], unique=True, sqlite_where=sa.text("state <> 'void'"), postgresql_where=sa.text("state <> 'void'"))
    op.create_table('payments',
    sa.Column('id', ID, nullable=False),
    sa.Column('case_id', ID, nullable=True),
    sa.Column('invoice_id', ID, nullable=True),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('document', sa.String(length=200), nullable=False),
    sa.Column('payer', sa.String(length=320), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('made_by', ID, nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("source IN ('hand','statement')", name=op.f('ck_payments_source_known')),
    sa.CheckConstraint("state <> 'counted' OR invoice_id IS NOT NULL", name=op.f('ck_payments_counted_has_invoice')),
    sa.CheckConstraint("state IN ('counted','misdirected','returned')", name=op.f('ck_payments_state_known')),
    sa.CheckConstraint('total > 0', name=op.f('ck_payments_total_positive')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_payments_case_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name=op.f('fk_payments_invoice_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['made_by'], ['users.id'], name=op.f('fk_payments_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payments'))
    )
    op.create_index('ix_payments_case_id', 'payments', ['case_id'])
    op.create_index('ix_payments_invoice_id', 'payments', ['invoice_id'])
    op.create_table('payment_claims',
    sa.Column('id', ID, nullable=False),
    sa.Column('case_id', ID, nullable=False),
    sa.Column('invoice_id', ID, nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('answer', sa.String(length=1000), nullable=False),
    sa.Column('claimed_by', ID, nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('answered_by', ID, nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open','found','not_found')", name=op.f('ck_payment_claims_state_known')),
    sa.ForeignKeyConstraint(['answered_by'], ['users.id'], name=op.f('fk_payment_claims_answered_by')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_payment_claims_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['claimed_by'], ['users.id'], name=op.f('fk_payment_claims_claimed_by')),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name=op.f('fk_payment_claims_invoice_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_claims'))
    )
    op.create_index('uq_payment_claims_open', 'payment_claims', ['case_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_table('statement_lines',
    sa.Column('id', ID, nullable=False),
    sa.Column('identity', sa.String(length=80), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('document', sa.String(length=200), nullable=False),
    sa.Column('payer', sa.String(length=320), nullable=False),
    sa.Column('payer_inn', sa.String(length=12), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('payment_id', ID, nullable=True),
    sa.Column('imported_by', ID, nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'new') = (payment_id IS NULL)", name=op.f('ck_statement_lines_decided_has_payment')),
    sa.CheckConstraint("state IN ('new','counted','put_aside')", name=op.f('ck_statement_lines_state_known')),
    sa.CheckConstraint('total > 0', name=op.f('ck_statement_lines_total_positive')),
    sa.ForeignKeyConstraint(['imported_by'], ['users.id'], name=op.f('fk_statement_lines_imported_by')),
    sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_statement_lines_payment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_lines')),
    sa.UniqueConstraint('identity', name=op.f('uq_statement_lines_identity')),
    sa.UniqueConstraint('payment_id', name=op.f('uq_statement_lines_payment_id'))
    )
    op.create_index('ix_statement_lines_state', 'statement_lines', ['state', 'received_on', 'id'])
    op.create_table('supply_packages',
    sa.Column('case_id', ID, nullable=False),
    sa.Column('supplier_id', ID, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('form', sa.String(length=12), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('personal_account', sa.String(length=40), nullable=False),
    sa.Column('requisites', sa.String(length=1000), nullable=False),
    sa.Column('case_document_id', ID, nullable=True),
    sa.Column('placed_by', ID, nullable=True),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'preparing') = (placed_at IS NULL)", name=op.f('ck_supply_packages_placed_has_time')),
    sa.CheckConstraint("form IN ('','contract','requisites')", name=op.f('ck_supply_packages_form_known')),
    sa.CheckConstraint("state IN ('preparing','placed','signed')", name=op.f('ck_supply_packages_state_known')),
    sa.ForeignKeyConstraint(['case_document_id'], ['case_documents.id'], name=op.f('fk_supply_packages_case_document_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_supply_packages_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['placed_by'], ['users.id'], name=op.f('fk_supply_packages_placed_by')),
    sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_supply_packages_supplier_id')),
    sa.PrimaryKeyConstraint('case_id', 'supplier_id', name=op.f('pk_supply_packages'))
    )
    op.create_index('ix_supply_packages_due', 'supply_packages', ['state', 'due_on'])


def downgrade():
    op.drop_table('supply_packages')
    op.drop_table('statement_lines')
    op.drop_table('payment_claims')
    op.drop_table('payments')
    op.drop_table('invoices')
    op.drop_table('contracts')
