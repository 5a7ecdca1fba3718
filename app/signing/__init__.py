"""Signatures of documents: who has to sign what, in which order, and how it was done."""
