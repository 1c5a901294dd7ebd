"""Checkpoints and proofs: what an outsider can check, and what nobody can forge."""
