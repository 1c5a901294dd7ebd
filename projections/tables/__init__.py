"""The tables that cache the folds: every row carries its subject and both time axes."""
