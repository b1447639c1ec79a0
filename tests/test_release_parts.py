"""The parts of a release alone: archive, sums, bill of materials, provenance, the shipped parser."""

import gzip
import io
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import buzz_parser
from buzz_parser import BundleError, Parser
from buzz_parser.contract.manifest import FILE_NAMES, MANIFEST_NAME
from buzz_parser.reading import default
from buzz_parser.reading.parser import ENGINE_NAMES, EngineName
from buzz_parser.release import sbom
from buzz_parser.release.archive import archive_bytes, archive_name, bundle_bytes, unpack
from buzz_parser.release.refusal import ReleaseError
from buzz_parser.release.sums import SUMS_NAME, sums_problems, write_sums
from tests.conftest import TINY

CRATE = {
    "packages": [
        {"id": "b", "name": "buzz", "version": "1.0.0", "license": "Apache-2.0"},
        {"id": "o", "name": "old", "version": "0.1.0", "license": "MIT/Apache-2.0"},
        {"id": "t", "name": "tests-only", "version": "3.0.0", "license": None},
    ],
    "workspace_members": ["b"],
    "resolve": {
        "nodes": [
            {
                "id": "b",
                "deps": [
                    {"pkg": "o", "dep_kinds": [{"kind": None}, {"kind": "dev"}]},
                    {"pkg": "t", "dep_kinds": [{"kind": "dev"}]},
                ],
            },
            {"id": "o", "deps": []},
            {"id": "t", "deps": []},
        ]
    },
}
LOCK = {"package": [{"name": "old", "version": "0.1.0", "checksum": "ab" * 32}]}


def test_an_archive_is_the_same_bytes_twice(tmp_path: Path) -> None:
    bundle, files = bundle_bytes(TINY)
    copy = tmp_path / "elsewhere"
    shutil.copytree(TINY, copy, copy_function=shutil.copyfile)
    (copy / "notes.txt").write_text("no file of a bundle")
    name = archive_name(bundle)
    assert name == "tiny-1.0.0"
    content = archive_bytes(name, files)
    assert content == archive_bytes(name, dict(reversed(bundle_bytes(copy)[1].items())))
    assert content[4:8] == bytes(4)  # gzip's own time
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        entries = tar.getmembers()
    assert [entry.name for entry in entries] == sorted(
        f"{name}/{each}" for each in (MANIFEST_NAME, *FILE_NAMES)
    )
    about = {(entry.mtime, entry.uid, entry.gid, entry.uname, entry.mode) for entry in entries}
    assert about == {(0, 0, 0, "", 0o644)}
    place = unpack(content, tmp_path / "unpacked")
    assert bundle_bytes(place)[1] == files


def tar_of(*entries: tarfile.TarInfo) -> bytes:
    """A tar.gz of empty entries."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for entry in entries:
            tar.addfile(entry, io.BytesIO())
    return packed.getvalue()


def link(name: str) -> tarfile.TarInfo:
    """A symbolic link to a file outside."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return entry


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no archive", "expected a tar.gz, found something else"),
        (gzip.compress(b"no tar"), "expected a tar.gz, found something else"),
        (tar_of()[:20], "expected a tar.gz, found something else"),
        (tar_of(), "expected one folder, found []"),
        (tar_of(tarfile.TarInfo("../README.md")), "expected one folder, found ['..']"),
        (tar_of(tarfile.TarInfo("/README.md")), "expected one folder, found ['']"),
        (
            tar_of(tarfile.TarInfo("a/README.md"), tarfile.TarInfo("b/model.onnx")),
            "expected one folder, found ['a', 'b']",
        ),
        (
            tar_of(tarfile.TarInfo("a/../README.md")),
            "expected each file of a bundle once, found 'a/../README.md'",
        ),
        (
            tar_of(tarfile.TarInfo("a/README.md"), tarfile.TarInfo("a/README.md")),
            "expected each file of a bundle once, found 'a/README.md'",
        ),
        (tar_of(link("a/README.md")), "expected each file of a bundle once, found 'a/README.md'"),
    ],
)
def test_a_hostile_archive_writes_nothing(tmp_path: Path, content: bytes, message: str) -> None:
    inside = tmp_path / "inside"
    with pytest.raises(ReleaseError, match=re.escape(message)):
        unpack(content, inside)
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=200))
def test_any_bytes_are_an_archive_or_refused(content: bytes) -> None:
    with pytest.raises(ReleaseError):
        unpack(content, Path("never-written"))


def test_sums_are_read_by_sha256sum_and_find_every_change(tmp_path: Path) -> None:
    for name in ("b.bin", "a b.txt", "ü.json"):
        (tmp_path / name).write_text(name)
    path = write_sums(tmp_path)
    assert sums_problems(tmp_path) == []
    if program := shutil.which("sha256sum"):
        subprocess.run([program, "--check", "--quiet", SUMS_NAME], cwd=tmp_path, check=True)
    (tmp_path / "a b.txt").write_text("changed")
    (tmp_path / "b.bin").unlink()
    (tmp_path / "more").write_text("")
    path.write_text(path.read_text() + f"{'0' * 64}  ../outside\n")
    changed, gone, outside, unlisted = sums_problems(tmp_path)
    assert changed.startswith("a b.txt: expected SHA-256 ")
    assert gone == "b.bin: expected a file, found nothing"
    assert outside == (
        f"SHA256SUMS:4: expected a SHA-256 and a new name, found '{'0' * 64}  ../outside'"
    )
    assert unlisted == "more: expected a line in SHA256SUMS"
    path.unlink()
    assert sums_problems(tmp_path) == ["SHA256SUMS: expected a file, found nothing"]


def made_bill() -> sbom.Component:
    """A bill with the real Python packages and a small crate."""
    python, rust = sbom.python_graph(), sbom.rust_graph(CRATE, LOCK)
    return sbom.bill(python, rust, parser="p", parser_version="1", files={"model.onnx": "cd" * 32})


def test_a_bill_names_what_the_packages_need_and_no_more() -> None:
    bill = made_bill()
    assert sbom.bill_problems(bill) == []
    assert bill == made_bill()
    by_reference = {each["bom-ref"]: each for each in bill["components"]}
    names = {each["name"] for each in bill["components"]}
    assert {"numpy", "onnxruntime", "tokenizers", "rich", "typer", "old", "buzz", "p"} <= names
    assert names.isdisjoint({"torch", "pytest", "maturin", "tests-only"})
    old = by_reference["pkg:cargo/old@0.1.0"]
    assert old["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    assert old["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    needed = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert needed["pkg:cargo/buzz@1.0.0"] == ["pkg:cargo/old@0.1.0"]
    root = needed[bill["metadata"]["component"]["bom-ref"]]
    assert {"pkg:cargo/buzz@1.0.0", "parser:p@1"} <= set(root)


@pytest.mark.parametrize(
    ("alter", "problem"),
    [
        (lambda bill: bill.pop("bomFormat"), "bomFormat: expected 'CycloneDX'"),
        (lambda bill: bill.pop("components"), "expected the fields of CycloneDX, found none for"),
        (lambda bill: bill.update(serialNumber="1"), "with a serial number"),
        (lambda bill: bill["components"].append(bill["components"][0]), "every bom-ref once"),
        (
            lambda bill: bill["dependencies"].append({"ref": "x", "dependsOn": []}),
            "dependencies: x: no such component",
        ),
    ],
)
def test_a_bad_bill_is_found(alter: Callable[[sbom.Component], object], problem: str) -> None:
    bill = made_bill()
    alter(bill)
    assert any(problem in found for found in sbom.bill_problems(bill))


def test_a_package_without_a_parser_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(default, "__file__", str(tmp_path / "reading" / "default.py"))
    path = tmp_path / "parser_v1"
    message = f"{path}: expected a bundle directory, found nothing"
    with pytest.raises(BundleError, match=re.escape(message)) as caught:
        Parser.default()
    assert caught.value.kind == "bundle_missing"


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_the_default_parser_is_the_shipped_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: EngineName
) -> None:
    shutil.copytree(TINY, tmp_path / "parser_v1")
    monkeypatch.setattr(default, "__file__", str(tmp_path / "reading" / "default.py"))
    text = "Thought: look first.\nAction: ls"
    assert Parser.default(engine=engine).parse(text) == Parser.load(TINY).parse(text)


def test_the_shipped_parser_lies_in_the_package() -> None:
    package = Path(buzz_parser.__file__).parent
    assert Path(default.__file__).parent.parent == package
    shipped = package / default.DEFAULT_NAME
    if shipped.exists():
        manifest = json.loads((shipped / MANIFEST_NAME).read_bytes())
        assert manifest["parser"]["name"] == default.DEFAULT_NAME
