"""The large counts, run by `scripts/soak`."""
