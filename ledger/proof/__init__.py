"""Checkpoints of the log and proofs of answers, signed with Ed25519. See docs/audit.md."""
