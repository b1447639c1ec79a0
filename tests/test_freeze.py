"""Freezing a bundle: complete and verified, or not there at all."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from buzz_parser.contract.bundle import Bundle, read_bundle
from buzz_parser.contract.manifest import FILE_NAMES, MANIFEST_NAME
from buzz_parser.errors import BuzzError
from buzz_parser.release.freeze import Draft, freeze
from tests.conftest import FIXTURES, TINY


@pytest.fixture
def draft(tiny: Bundle) -> Draft:
    """The tiny bundle as it was before it was frozen."""
    manifest = tiny.manifest
    return Draft(
        parser_name=manifest.parser_name,
        parser_version=manifest.parser_version,
        label_map=tiny.files["label_map.json"],
        tokenizer=tiny.files["tokenizer.json"],
        model=tiny.files["model.onnx"],
        card=b"# copy\n",
        window=manifest.window,
        tokens=manifest.tokens,
        transitions=manifest.transitions,
        text_bytes=manifest.text_bytes,
        disable_quant_qdq=True,
        recorded=manifest.recorded,
        tolerance=manifest.tolerance,
        provenance={},
        metrics={},
    )


def names(folder: Path) -> list[str]:
    """Everything in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_frozen_bundle_reads_back_as_it_was_drafted(draft: Draft, tmp_path: Path) -> None:
    bundle = freeze(draft, [("hello", "Thought: hello")], tmp_path / "deep" / "bundle")
    assert names(tmp_path / "deep") == ["bundle"]
    assert names(tmp_path / "deep" / "bundle") == sorted([*FILE_NAMES, MANIFEST_NAME])
    assert bundle.manifest.window == draft.window
    assert bundle.manifest.tokens == draft.tokens
    assert bundle.manifest.disable_quant_qdq is True
    assert (bundle.manifest.transitions == draft.transitions).all()
    assert bundle.files["golden.jsonl"].startswith(b'{"name":"hello","text":"Thought: hello"')


def test_the_same_draft_gives_the_same_bytes(draft: Draft, tmp_path: Path) -> None:
    one, two = (freeze(draft, [("a", "b c")], tmp_path / name) for name in ("one", "two"))
    assert one.files == two.files
    manifests = [(tmp_path / name / MANIFEST_NAME).read_bytes() for name in ("one", "two")]
    assert manifests[0] == manifests[1]


def test_an_existing_bundle_is_replaced(draft: Draft, tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "bundle")
    freeze(draft, [], tmp_path / "bundle")
    assert names(tmp_path) == ["bundle"]
    assert read_bundle(tmp_path / "bundle").files["README.md"] == b"# copy\n"


def test_a_failure_leaves_what_was_there(draft: Draft, tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "bundle")
    before = read_bundle(tmp_path / "bundle")
    failing = replace(draft, model=(FIXTURES / "models" / "nan-logits.onnx").read_bytes())
    with pytest.raises(BuzzError, match="expected a finite logit, found NaN"):
        freeze(failing, [("one", "one")], tmp_path / "bundle")
    mislabelled = replace(draft, label_map=b"{}")
    with pytest.raises(BuzzError, match=r"label_map\.json: expected SHA-256"):
        freeze(mislabelled, [], tmp_path / "bundle")
    assert names(tmp_path) == ["bundle"]
    assert read_bundle(tmp_path / "bundle").files == before.files
