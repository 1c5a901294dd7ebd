"""The schema's history, forward only; run by `ledger.store.schema` under a lock."""
