"""The tests, and what they share: real servers (postgres.py), fixtures, and the house rules."""
