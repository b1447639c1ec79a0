"""Which teacher gets which task: by weight, by seed, and without moving tasks when a teacher is added."""

import hashlib
import math
from collections.abc import Sequence

from buzz_parser.data.teachers.config import Teacher


def choose(teachers: Sequence[Teacher], seed: int, item: str, count: int) -> list[Teacher]:
    """`count` different teachers for an item, the first one in proportion to the weights.

    Weighted rendezvous hashing: each teacher draws u^(1/weight) from seed, item and its own name, the largest
    win. A teacher added to or taken from the file moves only its own share of the items.
    """

    def rank(teacher: Teacher) -> float:
        digest = hashlib.sha256(f"{seed}\0{item}\0{teacher.name}".encode()).digest()
        draw = (int.from_bytes(digest[:7], "big") + 0.5) / 2**56
        return math.log(draw) / teacher.weight

    return sorted(teachers, key=rank, reverse=True)[:count]
