"""The shared web kit: who may do what where, how errors are told, headers. Knows no subject."""
