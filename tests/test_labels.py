"""The label map is frozen for ever."""

import hashlib
import json

from buzz_parser.contract import labels
from tests.conftest import ROOT
from tests.oracles import allowed

FROZEN_SHA256 = "bfd3d22b47cce027f65bd9f2c59731ef09976cdb38aa4d140b6d280d8cdcd714"


def test_the_label_map_never_changes() -> None:
    content = (ROOT / "label_map.json").read_bytes()
    assert hashlib.sha256(content).hexdigest() == FROZEN_SHA256 == labels.LABEL_MAP_SHA256
    expected = {label: index for index, label in enumerate(labels.LABELS)}
    assert json.loads(content) == expected
    assert content == labels.LABEL_MAP


def test_types_and_prefixes_follow_from_ids() -> None:
    for index, label in enumerate(labels.LABELS):
        assert labels.is_begin(index) == label.startswith("B-")
        assert labels.is_inside(index) == label.startswith("I-")
        if index != labels.OUTSIDE:
            assert labels.SEGMENT_TYPES[labels.type_of(index)] == label[2:]


def test_bio_is_what_its_names_say() -> None:
    for i, previous in enumerate(labels.LABELS):
        for j, label in enumerate(labels.LABELS):
            assert labels.is_allowed(i, j) == allowed(previous, label), (previous, label)
