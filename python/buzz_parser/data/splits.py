"""Who is on which side: transcripts by the hash of their id, dialects by whole families."""

import hashlib

VALIDATION_PERCENT = 4
TEST_PERCENT = 6

HELD_OUT_FAMILIES = frozenset(
    {
        "kimi-xtml",
        "solar",
        "atem",
        "inkling",
        "dots",
        "iquest",
        "longcat",
        "ifm",
        "steptml",
        "gigachat",
        "minimax-namespace",
        "apertus",
        "qwen-agent-flowers",
        "llamaindex-log",
        "continue-tool",
        "hunyuan-opensource",
        "handlebars",
        "functionary-v1",
        "gorilla-apibench",
        "parallel-wrapper",
    }
)
"""Families of presets that no training message shows: markers of every kind, for the test of what is new."""


def split_of(transcript_id: str) -> str:
    """`train`, `validation` or `test`, by the SHA-256 of a transcript's id."""
    percent = int.from_bytes(hashlib.sha256(transcript_id.encode()).digest()[:4], "big") % 100
    if percent < TEST_PERCENT:
        return "test"
    return "validation" if percent < TEST_PERCENT + VALIDATION_PERCENT else "train"


def is_held_out(family: str) -> bool:
    """Whether a family of dialects is kept from training."""
    return family in HELD_OUT_FAMILIES
