"""The HTTP service: the same ledger for programs, with tokens, limits and problem details (docs/service.md)."""
