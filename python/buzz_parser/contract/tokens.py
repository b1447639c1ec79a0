"""Text to tokens with offsets, the twin of `rust_check/src/tokens.rs` (docs/contract.md, section 3)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import tokenizers

from buzz_parser import errors


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The tokens of one text: vocabulary ids, and `[start, end)` of each in characters."""

    ids: list[int]
    offsets: list[tuple[int, int]]


def load_tokenizer(path: str, content: bytes) -> tokenizers.Tokenizer:
    """The tokenizer in the bytes of the file at `path` (used in messages); raises `BundleError`."""
    try:
        tokenizer = tokenizers.Tokenizer.from_buffer(content)
    except Exception as cause:  # the library raises bare Exception
        expected = "a tokenizer that the tokenizers library reads"
        raise errors.tokenizer_invalid(path, expected, "something else") from cause
    if tokenizer.truncation is not None:
        raise errors.tokenizer_invalid(path, "no truncation", "truncation")
    if tokenizer.padding is not None:
        raise errors.tokenizer_invalid(path, "no padding", "padding")
    for _, token in sorted(tokenizer.get_added_tokens_decoder().items()):
        if token.special:
            shown = json.dumps(token.content, ensure_ascii=False)
            raise errors.tokenizer_invalid(path, "no special added token", shown)
    if _encode(tokenizer, "\n").offsets[:1] != [(0, 1)]:
        raise errors.tokenizer_invalid(path, "newline as a token", "a newline that is none")
    return tokenizer


def tokenize(tokenizer: tokenizers.Tokenizer, text: str, text_bytes: int) -> Tokens:
    """The tokens of a text of at most `text_bytes` bytes of UTF-8; raises `TextError`."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as cause:
        raise errors.text_not_unicode(cause.start) from cause
    if size > text_bytes:
        raise errors.text_too_long(text_bytes, size)
    return _encode(tokenizer, text)


def byte_offsets(text: str, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same offsets in bytes of UTF-8."""
    if text.isascii():
        return list(offsets)
    starts = [0]
    for character in text:
        starts.append(starts[-1] + len(character.encode()))
    return [(starts[start], starts[end]) for start, end in offsets]


def _encode(tokenizer: tokenizers.Tokenizer, text: str) -> Tokens:
    try:
        encoding = tokenizer.encode(text, add_special_tokens=False)
    except Exception as cause:  # the library raises bare Exception
        raise errors.tokenizer_failed() from cause
    return Tokens(ids=encoding.ids, offsets=encoding.offsets)
