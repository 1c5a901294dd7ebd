"""The oracle: a second evaluator per city, written from the rulebook alone, that must agree with the ledger."""
