"""The same bad input gives the same kind and the same message, in both engines, as `fixtures/errors.json` says."""

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import onnxruntime
import pytest

from buzz_parser import _rust, errors
from buzz_parser.errors import BuzzError
from buzz_parser.reading import runtime
from buzz_parser.reading.parser import ENGINE_NAMES, EngineName, Parser
from buzz_parser.reading.rust import RustEngine
from tests.broken_bundles import broken_bundle
from tests.conftest import FIXTURES, ROOT, TINY

CASES: list[dict[str, Any]] = json.loads((FIXTURES / "errors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("engine", ENGINE_NAMES)
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_both_engines_refuse_alike(
    case: dict[str, Any], engine: EngineName, tmp_path: Path
) -> None:
    path = broken_bundle(case, tmp_path)
    with pytest.raises(BuzzError) as caught:
        Parser.load(path, engine=engine).parse(case.get("text", ""))
    bundle = str(tmp_path / "bundle")
    assert str(caught.value) == case["message"].replace("{bundle}", bundle)
    assert caught.value.kind == case["kind"]
    assert type(caught.value) is errors.LEAVES[case["kind"]]


def test_the_fixture_has_every_kind_that_a_fixture_can_make() -> None:
    # The rest needs another process or no Unicode, and is tested below.
    elsewhere = {"runtime_missing", "runtime_too_old", "runtime_conflict", "text_not_unicode"}
    elsewhere.add("tokenizer_failed")
    assert {case["kind"] for case in CASES} == errors.LEAVES.keys() - elsewhere
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))


def test_every_kind_is_documented_with_its_leaf() -> None:
    contract = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    for kind, leaf in errors.LEAVES.items():
        assert f"| `{kind}` | {leaf.__name__} |" in contract


@pytest.mark.parametrize("engine", ENGINE_NAMES)
@pytest.mark.parametrize("text", ["\ud800", "ab\udfffc\ud800", "a" * 5000 + "\udc80"])
def test_a_lone_surrogate_is_refused_with_its_place(engine: EngineName, text: str) -> None:
    place = next(index for index, character in enumerate(text) if "\ud800" <= character <= "\udfff")
    with pytest.raises(errors.TextError) as caught:
        Parser.load(TINY, engine=engine).parse(text)
    assert caught.value.kind == "text_not_unicode"
    message = f"text: expected Unicode scalar values, found a surrogate at character {place}"
    assert str(caught.value) == message


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_parse_many_loses_nothing_but_the_bad_text(engine: EngineName) -> None:
    parser = Parser.load(TINY, engine=engine)
    texts = ["one", "\ud800", "three"]
    first, second, third = parser.parse_many(texts, workers=2, errors="return")
    assert first == parser.parse("one")
    assert third == parser.parse("three")
    assert isinstance(second, errors.TextError)
    with pytest.raises(errors.TextError, match="found a surrogate at character 0"):
        parser.parse_many(texts)


def test_errors_survive_pickling() -> None:
    error = errors.text_too_long(4, 5)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.kind, str(copy)) == (errors.TextError, error.kind, str(error))


def test_the_python_engine_refuses_an_old_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnxruntime, "__version__", "1.16.3")
    with pytest.raises(errors.RuntimeLibraryError) as caught:
        Parser.load(TINY, engine="python")
    path = runtime.library_path()
    assert str(caught.value) == f"{path}: expected ONNX Runtime 1.17 or newer, found 1.16.3"


def test_a_runtime_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(onnxruntime, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(errors.RuntimeLibraryError) as caught:
        RustEngine(str(TINY))
    message = f"{tmp_path / 'capi'}: expected an ONNX Runtime library, found none"
    assert str(caught.value) == message


def fresh_process(runtime_path: str) -> str:
    """The error of loading tiny in a fresh process, where no runtime library is loaded yet."""
    program = (
        "import sys\n"
        "from buzz_parser import _rust\n"
        "from buzz_parser.errors import BuzzError\n"
        "try:\n"
        "    _rust.Engine(sys.argv[1], runtime=sys.argv[2], intra_threads=1)\n"
        "except BuzzError as error:\n"
        "    print(error.kind, error, sep='|', end='')\n"
    )
    command = [sys.executable, "-c", program, str(TINY), runtime_path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_the_rust_engine_refuses_a_library_that_is_none(tmp_path: Path) -> None:
    absent, not_one = tmp_path / "libnone.so", tmp_path / "libtext.so"
    not_one.write_text("no library")
    for path in (absent, not_one, tmp_path):
        expected = f"runtime_missing|{path}: expected an ONNX Runtime library, found none"
        assert fresh_process(str(path)) == expected


def test_one_runtime_library_a_process(tmp_path: Path, rust: RustEngine) -> None:
    assert rust.parse("").segments == []
    copy = tmp_path / "libonnxruntime.so"
    copy.symlink_to("/nowhere")
    with pytest.raises(errors.RuntimeLibraryError) as caught:
        _rust.Engine(str(TINY), runtime=str(copy), intra_threads=1)
    assert caught.value.kind == "runtime_conflict"


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of rust, python, found 'go'"):
        Parser.load(TINY, engine="go")  # type: ignore[arg-type]
