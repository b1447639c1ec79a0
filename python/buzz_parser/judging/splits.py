"""By what a report is split: for each axis, the groups that a message is in."""

from collections.abc import Callable, Mapping

from buzz_parser.data.records import Record
from buzz_parser.data.splits import READ_FAMILIES, is_held_out

LENGTHS = ((200, "under 200"), (1_000, "200 to 999"), (4_000, "1,000 to 3,999"))
LONGEST = "4,000 and more"


def source_of(record: Record) -> tuple[str, ...]:
    """Where the message was found; generated ones say `generated`, a teacher's its model's name."""
    for key in ("source", "teacher"):
        if record.meta.get(key):
            return (str(record.meta[key]),)
    return ("generated",) if "dialect" in record.meta else ()


def format_of(record: Record) -> tuple[str, ...]:
    """The format or the family of dialects."""
    found = record.meta.get("format") or record.meta.get("family")
    return (str(found),) if found else ()


def dialect_of(record: Record) -> tuple[str, ...]:
    """The dialect, where it has a name of its own and was not invented for this one message."""
    dialect, family = record.meta.get("dialect"), record.meta.get("family")
    return (str(dialect),) if dialect and family not in ("invented", dialect) else ()


def seen_of(record: Record) -> tuple[str, ...]:
    """Whether training shows the format: `seen`, `unseen`, or nothing where it cannot be known.

    An unseen one is also `blind`, or `read` where mistakes on it have told what the data lacks.
    """
    family = record.meta.get("family")
    if not family:
        return ()
    if not is_held_out(str(family)):
        return ("seen",)
    return ("unseen", "read" if family in READ_FAMILIES else "blind")


def damage_of(record: Record) -> tuple[str, ...]:
    """`intact`, or `damaged` and every kind of damage; nothing where it was not recorded."""
    if "damage" not in record.meta:
        return ()
    kinds = [str(kind) for kind in record.meta["damage"] or ()]
    return ("damaged", *dict.fromkeys(kinds)) if kinds else ("intact",)


def length_of(record: Record) -> tuple[str, ...]:
    """The length of the text in characters, in four bins."""
    return (next((name for limit, name in LENGTHS if len(record.text) < limit), LONGEST),)


def language_of(record: Record) -> tuple[str, ...]:
    """The language of the message's prose."""
    language = record.meta.get("language")
    return (str(language),) if language else ()


def confidence_of(record: Record) -> tuple[str, ...]:
    """How sure the gold is, where its source says so."""
    confidence = record.meta.get("confidence")
    return (str(confidence),) if confidence else ()


AXES: Mapping[str, Callable[[Record], tuple[str, ...]]] = {
    "confidence": confidence_of,
    "seen": seen_of,
    "damage": damage_of,
    "source": source_of,
    "format": format_of,
    "dialect": dialect_of,
    "language": language_of,
    "length": length_of,
}
"""Each axis with the groups that a message is in: none, one, or, of damage and of what is unseen, several."""

ORDERS: Mapping[str, tuple[str, ...]] = {
    "length": (*(name for _, name in LENGTHS), LONGEST),
    "damage": ("intact", "damaged"),
    "seen": ("seen", "unseen", "blind", "read"),
    "confidence": ("high", "medium", "low"),
}
"""Groups that come first, in this order; the others follow, the largest first."""
