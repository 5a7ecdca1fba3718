"""People and applicants: users, login identifiers, roles, sessions, consents, confirmation at the office."""
