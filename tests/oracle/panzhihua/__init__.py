"""A second reading of the rulebook of Panzhihua, written from the text alone: plain loops, no caches, nothing shared."""

from tests.oracle.panzhihua.answers import answer

__all__ = ["answer"]
