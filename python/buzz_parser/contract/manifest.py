"""The manifest of a bundle, read strictly, the twin of `rust_check/src/manifest.rs` (docs/contract.md, 2)."""

import json
import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from buzz_parser import errors
from buzz_parser.contract.labels import LABELS, is_allowed
from buzz_parser.contract.windows import LATER_CONTROL_TOKENS, ControlTokens, WindowParameters

MANIFEST_NAME = "contract.json"
FILE_NAMES = ("label_map.json", "tokenizer.json", "model.onnx", "golden.jsonl", "README.md")
"""The other files of a bundle, in the order in which they are verified."""

FORMAT_MAJOR = 1
"""The major format version that this reader knows."""

MAX_TOKENS = 8192
MAX_TOKEN_ID = 2**31 - 1
MAX_TEXT_BYTES = 2**30
MAX_FILE_SIZE = 2**53
MAX_NAME_CHARACTERS = 100
MAX_DEPTH = 127


@dataclass(frozen=True, kw_only=True)
class FileEntry:
    """What the manifest states of one file: its size in bytes and its SHA-256 as hex digits."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """Where the golden file was recorded."""

    onnxruntime: str
    instruction_set: str


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """Bounds of the second tier of golden checks: absolute differences, and the least margin that binds."""

    logit: float
    probability: float
    margin: float


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The validated fields of `contract.json`; `transitions` is float64 [9, 9] with -inf where forbidden."""

    parser_name: str
    parser_version: str
    files: Mapping[str, FileEntry]
    window: WindowParameters
    tokens: ControlTokens
    transitions: NDArray[np.float64]
    text_bytes: int
    disable_quant_qdq: bool
    recorded: Recorded
    tolerance: Tolerance


def parse_manifest(path: str, content: bytes) -> Manifest:
    """The manifest in the bytes of the file at `path` (used in messages); raises `BundleError`."""
    fields = _Fields(path, "", strict_json(path, content))
    check_version(path, fields.value.get("format_version", _ABSENT))
    parser = fields.object("parser")
    parser_name, parser_version = parser.short_string("name"), parser.short_string("version")
    files_object = fields.object("files")
    files = {}
    for file_name in FILE_NAMES:
        entry = files_object.object(file_name)
        files[file_name] = FileEntry(
            size=entry.integer("size", 0, MAX_FILE_SIZE), sha256=entry.sha256("sha256")
        )
    window = _window(fields)
    tokens = _tokens(fields)
    transitions = _transitions(fields)
    text_bytes = fields.object("limits").integer("text_bytes", 1, MAX_TEXT_BYTES)
    disable_quant_qdq = fields.object("session").boolean("disable_quant_qdq")
    recorded = fields.object("recorded")
    onnxruntime, instruction_set = (
        recorded.short_string("onnxruntime"),
        recorded.short_string("instruction_set"),
    )
    tolerance = fields.object("tolerance")
    logit, probability = tolerance.number("logit"), tolerance.number("probability")
    margin = tolerance.number("margin")
    for optional in ("provenance", "metrics"):
        if optional in fields.value:
            fields.object(optional)
    return Manifest(
        parser_name=parser_name,
        parser_version=parser_version,
        files=files,
        window=window,
        tokens=tokens,
        transitions=transitions,
        text_bytes=text_bytes,
        disable_quant_qdq=disable_quant_qdq,
        recorded=Recorded(onnxruntime=onnxruntime, instruction_set=instruction_set),
        tolerance=Tolerance(logit=logit, probability=probability, margin=margin),
    )


def check_version(path: str, version: object) -> None:
    """Refuses a format version that is not of this reader's major version."""
    pattern = rf"{FORMAT_MAJOR}\.(0|[1-9][0-9]{{0,8}})"
    if not isinstance(version, str) or re.fullmatch(pattern, version) is None:
        raise errors.manifest_version(path, describe(version))


def strict_json(path: str, content: bytes) -> object:
    """The JSON value in `content`, refused wherever the Rust reader's JSON library would refuse it."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as cause:
        raise errors.manifest_invalid(path, "manifest", "valid UTF-8", "other bytes") from cause
    try:
        value = json.loads(
            text, parse_int=_parse_int, parse_float=_parse_float, parse_constant=_refuse_constant
        )
        _check_depth(value)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # a lone surrogate escape ends here
    except (ValueError, RecursionError) as cause:
        raise errors.manifest_invalid(path, "manifest", "valid JSON", "something else") from cause
    return value


def describe(value: object) -> str:
    """A manifest value as messages show it (FOUND in docs/contract.md, section 8)."""
    if value is _ABSENT:
        return "nothing"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        fits = isinstance(value, int) and -(2**63) <= value < 2**63
        return str(value) if fits else "a number"
    if isinstance(value, str):
        shown = json.dumps(value[:40], ensure_ascii=False)
        return shown if len(value) <= 40 else shown[:-1] + '…"'
    return "an object" if isinstance(value, dict) else f"an array of {len(value)}"  # type: ignore[arg-type]


def score_from_hex(digits: object) -> float | None:
    """The finite float32 whose bits are written as 8 lower-case hex digits, else `None`.

    >>> score_from_hex("c0000000")
    -2.0
    """
    if not isinstance(digits, str) or re.fullmatch("[0-9a-f]{8}", digits) is None:
        return None
    score: float = struct.unpack(">f", bytes.fromhex(digits))[0]
    return score if math.isfinite(score) else None


def score_to_hex(score: float) -> str:
    """The bits of a score, rounded to float32, as 8 lower-case hex digits."""
    return struct.pack(">f", score).hex()


_ABSENT = object()


class _Fields:
    """One object of the manifest, with the checks that its fields share."""

    def __init__(self, path: str, name: str, value: object) -> None:
        self.path, self.name = path, name
        if not isinstance(value, dict):
            raise errors.manifest_invalid(path, name or "manifest", "an object", describe(value))
        self.value: dict[str, object] = value

    def refuse(self, key: str, expected: str) -> NoReturn:
        found = describe(self.value.get(key, _ABSENT))
        raise errors.manifest_invalid(self.path, self.dotted(key), expected, found)

    def dotted(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def object(self, key: str) -> "_Fields":
        return _Fields(self.path, self.dotted(key), self.value.get(key, _ABSENT))

    def short_string(self, key: str) -> str:
        value = self.value.get(key)
        if not isinstance(value, str) or not 1 <= len(value) <= MAX_NAME_CHARACTERS:
            self.refuse(key, f"a string of 1 to {MAX_NAME_CHARACTERS} characters")
        return value

    def integer(self, key: str, least: int, most: int) -> int:
        value = self.value.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(key, f"an integer from {least} to {most}")
        return value

    def number(self, key: str) -> float:
        value = self.value.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            self.refuse(key, "a number from 0")
        return float(value)

    def boolean(self, key: str) -> bool:
        value = self.value.get(key)
        if not isinstance(value, bool):
            self.refuse(key, "true or false")
        return value

    def sha256(self, key: str) -> str:
        value = self.value.get(key)
        if not isinstance(value, str) or re.fullmatch("[0-9a-f]{64}", value) is None:
            self.refuse(key, "64 lower-case hex digits")
        return value


def _window(fields: _Fields) -> WindowParameters:
    window = fields.object("window")
    parameters = WindowParameters(
        max_tokens=window.integer("max_tokens", 8, MAX_TOKENS),
        lookahead=window.integer("lookahead", 0, MAX_TOKENS),
        head=window.integer("head", 0, MAX_TOKENS),
        tail=window.integer("tail", 0, MAX_TOKENS),
    )
    room = parameters.max_tokens - LATER_CONTROL_TOKENS - parameters.head - parameters.tail
    if room <= parameters.lookahead:
        expected = "max_tokens - 5 - head - tail > lookahead"
        found = f"room for {room} tokens and a lookahead of {parameters.lookahead}"
        raise errors.manifest_invalid(fields.path, "window", expected, found)
    return parameters


def _tokens(fields: _Fields) -> ControlTokens:
    tokens = fields.object("tokens")
    ids: dict[str, int] = {}
    for name in ControlTokens.__dataclass_fields__:
        ids[name] = tokens.integer(name, 0, MAX_TOKEN_ID)
    for index, name in enumerate(ids):
        if ids[name] in list(ids.values())[:index]:
            tokens.refuse(name, "an id different from the others")
    return ControlTokens(**ids)


def _transitions(fields: _Fields) -> NDArray[np.float64]:
    size = len(LABELS)
    rows = fields.value.get("transitions")
    if not isinstance(rows, list) or len(rows) != size:
        fields.refuse("transitions", f"an array of {size}")
    scores = np.full((size, size), -np.inf)
    for i, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != size:
            field = f"transitions[{i}]"
            raise errors.manifest_invalid(fields.path, field, f"an array of {size}", describe(row))
        for j, digits in enumerate(row):
            score = score_from_hex(digits)
            if is_allowed(i, j) and score is not None:
                scores[i, j] = score
            elif is_allowed(i, j) or digits is not None:
                expected = (
                    "8 lower-case hex digits of a finite float32" if is_allowed(i, j) else "null"
                )
                field = f"transitions[{i}][{j}]"
                raise errors.manifest_invalid(fields.path, field, expected, describe(digits))
    scores.setflags(write=False)
    return scores


def _parse_int(digits: str) -> int | float:
    # Beyond 64 bits, and for -0, the Rust reader's JSON library has a float64; both must see the same kind.
    if len(digits) > 20 or digits == "-0":
        return _parse_float(digits)
    return int(digits)


def _parse_float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("number out of range")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        containers = [each for each in level if isinstance(each, dict | list)]
        if not containers:
            return
        level = [
            child
            for parent in containers
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
    raise ValueError("nested too deep")
