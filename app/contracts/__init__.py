"""Contracts: offers, technical conditions, invoices, payments and acts, from the decision on an application to the connection."""
