"""Oracles so simple that they are unlikely to be wrong: slow, direct readings of docs/contract.md."""

import itertools
import unicodedata
from collections.abc import Sequence

from buzz_parser.contract.labels import LABELS

# Unicode White_Space, from the Unicode Character Database's own categories and the few it adds to them.
WHITE_SPACE = {
    chr(code)
    for code in range(0x110000)
    if unicodedata.category(chr(code)) in ("Zs", "Zl", "Zp") or chr(code) in "\t\n\v\f\r\x85"
}


def allowed(previous: str, label: str) -> bool:
    """BIO, said with names."""
    if not label.startswith("I-"):
        return True
    return previous in (label, "B-" + label[2:])


def best_path(
    logits: Sequence[Sequence[float]], transitions: Sequence[Sequence[float]], previous: int
) -> tuple[int, ...]:
    """The best of all 9^n paths; among equals the one whose reversed ids come first."""

    def total(path: tuple[int, ...]) -> float:
        score, before = 0.0, previous
        for token, label in enumerate(path):
            step = transitions[before][label]
            score = (step if token == 0 else score + step) + logits[token][label]
            before = label
        return score

    paths = itertools.product(range(len(LABELS)), repeat=len(logits))
    return min(paths, key=lambda path: (-total(path), path[::-1]))


def naive_reaches(text: str, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Reach, character by character: who owns each character that no token covers."""
    owned: list[set[int]] = [set() for _ in text]
    for token, (start, end) in enumerate(offsets):
        for character in range(start, end):
            owned[character].add(token)
    grown = [list(offset) for offset in offsets]
    for token, (start, _) in enumerate(offsets):
        covered = max([end for _, end in offsets[:token]], default=0)
        gap = range(covered, start)
        left = list(itertools.takewhile(lambda c: text[c] not in WHITE_SPACE, gap))
        right = list(itertools.takewhile(lambda c: text[c] not in WHITE_SPACE, reversed(gap)))
        if token > 0 and left:
            grown[token - 1][1] = left[-1] + 1
        if right and (token == 0 or len(left) < len(gap)):
            grown[token][0] = right[-1]
    if offsets:
        covered = max(end for _, end in offsets)
        rest = range(covered, len(text))
        left = list(itertools.takewhile(lambda c: text[c] not in WHITE_SPACE, rest))
        if left:
            grown[-1][1] = left[-1] + 1
    return [(start, end) for start, end in grown]


def naive_spans(
    text: str, offsets: Sequence[tuple[int, int]], labels: Sequence[int]
) -> list[tuple[str, int, int, list[int]]]:
    """Type, start, end and token list of each segment: section 6, one sentence after the other."""
    reached = naive_reaches(text, offsets)
    groups: list[tuple[str, list[int]]] = []
    before = "O"
    for token, identifier in enumerate(labels):
        label = LABELS[identifier]
        if label.startswith("B-") or (label.startswith("I-") and not allowed(before, label)):
            groups.append((label[2:], [token]))
        elif label.startswith("I-"):
            groups[-1][1].append(token)
        before = label
    spans: list[tuple[str, int, int, list[int]]] = []
    limit = 0
    for kind, tokens in groups:
        start, untrimmed = reached[tokens[0]][0], max(reached[token][1] for token in tokens)
        inside = [c for c in range(max(start, limit), untrimmed) if text[c] not in WHITE_SPACE]
        if not inside:
            continue
        limit = untrimmed
        span = (kind, inside[0], inside[-1] + 1, tokens)
        if spans and kind in ("THOUGHT", "TEXT") and spans[-1][0] == kind:
            last = spans[-1]
            if all(character in WHITE_SPACE for character in text[last[2] : span[1]]):
                spans[-1] = (kind, last[1], span[2], last[3] + tokens)
                continue
        spans.append(span)
    return spans
