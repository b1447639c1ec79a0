"""A smaller vocabulary cut from a WordPiece tokenizer, made fit for a bundle."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tokenizers

from buzz_parser.contract.windows import ControlTokens

NEWLINE = "\n"
UNKNOWN = "[UNK]"
CONTROL_ENTRIES = {
    "cls": "[CLS]",
    "sep": "[SEP]",
    "start": "[unused0]",
    "outside": "[unused1]",
    "thought": "[unused2]",
    "toolcall": "[unused3]",
    "text": "[unused4]",
    "toolresponse": "[unused5]",
}
"""The vocabulary entry of each control token: such entries hold brackets, so no text produces them."""


@dataclass(frozen=True, kw_only=True)
class TrimmedVocabulary:
    """A bundle's `tokenizer.json` content, its control tokens, and the base id of each new id.

    `base_ids[new]` is the row of the base model's embeddings for the new id; the newline takes the row of
    an unused entry.
    """

    tokenizer_json: bytes
    tokens: ControlTokens
    base_ids: list[int]


def trim_vocabulary(base: Path, texts: Iterable[str], size: int) -> TrimmedVocabulary:
    """Keeps the `size` entries of the tokenizer file `base` that `texts` need most.

    Control entries, the newline and single characters of ASCII, alone and as continuations, always stay,
    so that an unknown word still falls into readable pieces; then entries by falling count, by id where
    counts are equal.
    """
    description = json.loads(base.read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = dict(description["model"]["vocab"])
    vocabulary[NEWLINE] = vocabulary.pop("[unused6]")
    counts = _count_entries(_described(description, vocabulary), texts)
    always = [UNKNOWN, NEWLINE, *CONTROL_ENTRIES.values()]
    always += [entry for entry in vocabulary if _is_single_ascii(entry)]
    ranked = sorted(vocabulary, key=lambda entry: (-counts[entry], vocabulary[entry]))
    wanted = dict.fromkeys([*always, *(entry for entry in ranked if counts[entry])])
    kept = sorted(list(wanted)[:size], key=vocabulary.__getitem__)
    ids = {entry: index for index, entry in enumerate(kept)}
    return TrimmedVocabulary(
        tokenizer_json=json.dumps(
            _described(description, ids), ensure_ascii=False, indent=1
        ).encode(),
        tokens=ControlTokens(**{name: ids[entry] for name, entry in CONTROL_ENTRIES.items()}),
        base_ids=[vocabulary[entry] for entry in kept],
    )


def _described(description: dict[str, Any], vocabulary: dict[str, int]) -> dict[str, Any]:
    """A tokenizer description with another vocabulary, as the contract wants it: nothing added but newline."""
    newline = {
        "id": vocabulary[NEWLINE],
        "content": NEWLINE,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": False,
    }
    return {
        "version": description["version"],
        "truncation": None,
        "padding": None,
        "added_tokens": [newline],
        "normalizer": description["normalizer"],
        "pre_tokenizer": description["pre_tokenizer"],
        "post_processor": None,
        "decoder": description["decoder"],
        "model": description["model"] | {"vocab": vocabulary},
    }


def _count_entries(description: dict[str, Any], texts: Iterable[str]) -> Counter[str]:
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(description))
    counts: Counter[str] = Counter()
    for text in texts:
        tokens: Sequence[str] = tokenizer.encode(text, add_special_tokens=False).tokens
        counts.update(tokens)
    return counts


def _is_single_ascii(entry: str) -> bool:
    return entry.isascii() and len(entry.removeprefix("##")) == 1
