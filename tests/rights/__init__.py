"""Tokens, roles, cities, identifiers; the rights of the service in the database."""
