"""Who is on which side: transcripts by the hash of their id, dialects by whole families."""

import hashlib

VALIDATION_PERCENT = 4
TEST_PERCENT = 6

HELD_OUT_FAMILIES = frozenset(
    {
        "exaone",
        "xai",
        "mathcoder",
        "rubra",
        "octopus",
        "search-o1",
        "r1-searcher",
        "dspy",
        "langgraph",
        "semantic-kernel",
        "toolalpaca",
        "crewai-console",
        "gptme",
        "voyager",
        "restgpt",
        "api-bank",
    }
)
"""Families that no training message shows, from outside of the catalogue: the test of what is new."""

READ_FAMILIES = frozenset(
    {
        "mathcoder",
        "rubra",
        "r1-searcher",
        "dspy",
        "semantic-kernel",
        "gptme",
        "voyager",
        "api-bank",
    }
)
"""Those held-out families whose mistakes have been read, for what they say of the data. The others are blind."""


def split_of(transcript_id: str) -> str:
    """`train`, `validation` or `test`, by the SHA-256 of a transcript's id."""
    percent = int.from_bytes(hashlib.sha256(transcript_id.encode()).digest()[:4], "big") % 100
    if percent < TEST_PERCENT:
        return "test"
    return "validation" if percent < TEST_PERCENT + VALIDATION_PERCENT else "train"


def is_held_out(family: str) -> bool:
    """Whether a family of dialects is kept from training."""
    return family in HELD_OUT_FAMILIES
