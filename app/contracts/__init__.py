"""Contracts with applicants: offers, technical conditions, invoices, payments and acts, up to the connection."""
