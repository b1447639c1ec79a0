"""The manifest: reader and schema accept the same, and JSON is read as strictly as in Rust."""

import copy
import json
import struct
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from buzz_parser.contract.labels import LABELS
from buzz_parser.contract.manifest import (
    describe,
    parse_manifest,
    score_from_hex,
    score_to_hex,
    strict_json,
)
from buzz_parser.errors import BundleError
from buzz_parser.release.freeze import manifest_schema
from tests.conftest import TINY

MANIFEST: dict[str, Any] = json.loads((TINY / "contract.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(manifest_schema())


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all values inside a JSON value."""
    children = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, child in children:
        found.append((*path, key))
        if isinstance(child, dict | list):
            found += leaves(child, (*path, key))
    return found


PATHS = [path for path in leaves(MANIFEST) if path[0] not in ("provenance", "metrics")]

replacements = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2**65),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer()),
    st.text(max_size=120).filter(lambda text: "\n" not in text),
    st.from_regex("[0-9a-f]{8}", fullmatch=True),
    st.from_regex("[0-9a-f]{64}", fullmatch=True),
    st.just([]),
    st.just({}),
)


def reads(manifest: Any) -> bool:
    """Whether the reader takes a manifest."""
    try:
        parse_manifest("contract.json", json.dumps(manifest).encode())
    except BundleError:
        return False
    return True


def test_the_tiny_manifest_is_valid_for_both() -> None:
    VALIDATOR.validate(MANIFEST)
    assert reads(MANIFEST)


@given(st.sampled_from(PATHS), replacements)
def test_schema_and_reader_accept_the_same(path: tuple[str | int, ...], value: Any) -> None:
    changed = copy.deepcopy(MANIFEST)
    parent: Any = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    if path[0] in ("window", "tokens") and VALIDATOR.is_valid(changed):
        return  # room and distinctness are beyond a schema; fixtures/errors.json has them
    assert reads(changed) == VALIDATOR.is_valid(changed)


def test_a_newer_minor_version_and_unknown_fields_are_read() -> None:
    assert reads(MANIFEST | {"format_version": "1.7", "future": {"field": 1}})


@given(st.integers(0, 2**32 - 1))
def test_scores_keep_their_bits(bits: int) -> None:
    digits = f"{bits:08x}"
    score = score_from_hex(digits)
    finite = bool(np.isfinite(np.float32(struct.unpack(">f", bytes.fromhex(digits))[0])))
    assert (score is not None) == finite
    if score is not None:
        assert score_to_hex(score) == digits


def test_transitions_are_forbidden_where_bio_forbids() -> None:
    transitions = parse_manifest("", json.dumps(MANIFEST).encode()).transitions
    assert transitions.shape == (len(LABELS), len(LABELS))
    assert np.isneginf(transitions).sum() == 4 * 7


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b"[1E2]", [100.0]),
        (b' "\\ud83d\\ude00" ', "\U0001f600"),
        (b"[0.1]", [0.1]),
    ],
)
def test_odd_but_valid_json(content: bytes, value: Any) -> None:
    assert strict_json("", content) == value


def test_descriptions_say_what_was_found() -> None:
    values: list[object] = [None, True, False, 5, -(2**63), 2**63, 0.5, {}, [1, 2]]
    shown = [describe(value) for value in values]
    numbers = ["5", "-9223372036854775808", "a number", "a number"]
    assert shown == ["null", "true", "false", *numbers, "an object", "an array of 2"]
    assert describe("x" * 40) == '"' + "x" * 40 + '"'
    assert describe("\n" + "x" * 40) == '"\\n' + "x" * 39 + '…"'
