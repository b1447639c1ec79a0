"""The nine labels and what BIO allows, the twin of `rust_check/src/labels.rs`.

Ids are frozen for ever with the repository's `label_map.json`; a test in each language holds both to its
SHA-256.
"""

import json

LABELS = (
    "O",
    "B-THOUGHT",
    "I-THOUGHT",
    "B-TOOLCALL",
    "I-TOOLCALL",
    "B-TEXT",
    "I-TEXT",
    "B-TOOLRESPONSE",
    "I-TOOLRESPONSE",
)
"""Label names by id."""

SEGMENT_TYPES = ("THOUGHT", "TOOLCALL", "TEXT", "TOOLRESPONSE")
"""Segment types by index: labels `2 * index + 1` (B) and `2 * index + 2` (I) are of the type."""

LABEL_MAP = (json.dumps({name: id_ for id_, name in enumerate(LABELS)}, indent=2) + "\n").encode()
"""The bytes of `label_map.json`."""

LABEL_MAP_SHA256 = "bfd3d22b47cce027f65bd9f2c59731ef09976cdb38aa4d140b6d280d8cdcd714"
"""SHA-256 of `label_map.json`, the same in every bundle."""

OUTSIDE = 0
"""The id of `O`."""


def type_of(label: int) -> int:
    """The index into `SEGMENT_TYPES` of a label other than `O`."""
    return (label - 1) // 2


def is_begin(label: int) -> bool:
    """Whether the label is a `B-X`."""
    return label % 2 == 1


def is_inside(label: int) -> bool:
    """Whether the label is an `I-X`."""
    return label != OUTSIDE and label % 2 == 0


def is_allowed(previous: int, label: int) -> bool:
    """Whether BIO allows `label` after `previous`: an `I-X` follows only `B-X` and `I-X`.

    >>> is_allowed(LABELS.index("B-TEXT"), LABELS.index("I-TEXT"))
    True
    >>> is_allowed(LABELS.index("O"), LABELS.index("I-TEXT"))
    False
    """
    return not is_inside(label) or previous in (label - 1, label)
