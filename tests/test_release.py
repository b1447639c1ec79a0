"""A release made and verified on the tiny bundle, with builders that pack instead of compiling."""

import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from buzz_parser import BundleError, __version__
from buzz_parser.cli import release as command
from buzz_parser.parity.diff import Difference
from buzz_parser.parity.mass import MassReport
from buzz_parser.release import proof, sbom
from buzz_parser.release.archive import archive_bytes, bundle_bytes
from buzz_parser.release.build import SHIPPED, Builders
from buzz_parser.release.refusal import ReleaseError
from buzz_parser.release.release import Listeners, ReleaseInputs, make_release
from buzz_parser.release.sums import write_sums
from buzz_parser.release.verify import verify_release
from tests.conftest import TINY
from tests.test_release_parts import CRATE, LOCK

MESSAGES = 25
WHEEL = f"buzz_parser-{__version__}-py3-none-any.whl"
CRATE_NAME = f"buzz-{__version__}.crate"
NAMES = tuple(
    sorted(
        ("SHA256SUMS", CRATE_NAME, WHEEL, "provenance.json", "sbom.cdx.json", "tiny-1.0.0.tar.gz")
    )
)


def pack_wheel(sources: Path, out: Path) -> Path:
    """A wheel of the sources as they are."""
    out.mkdir()
    with zipfile.ZipFile(out / WHEEL, "w") as wheel:
        for path in sorted((sources / "python").rglob("*")):
            wheel.write(path, path.relative_to(sources / "python"))
    return out / WHEEL


def pack_crate(sources: Path, out: Path) -> Path:
    """A package of the crate as it is."""
    out.mkdir()
    with tarfile.open(out / CRATE_NAME, "w:gz") as crate:
        crate.add(sources / "rust_check", CRATE_NAME.removesuffix(".crate"))
    return out / CRATE_NAME


BUILD = Builders(
    wheel=pack_wheel,
    crate=pack_crate,
    trial=lambda wheel, scratch: None,  # noqa: ARG005
    graphs=lambda sources: (sbom.python_graph(), sbom.rust_graph(CRATE, LOCK)),  # noqa: ARG005
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small repository: two committed files, one changed, one new, one ignored, an old shipped parser."""
    root = tmp_path_factory.mktemp("repository")
    files = {
        "python/buzz_parser/__init__.py": "",
        f"{SHIPPED}/old.bin": "of an earlier parser",
        "rust_check/Cargo.toml": "[package]",
        "rust_check/src/lib.rs": "",
        ".gitignore": "*.so\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    who = ["-c", "user.name=A Prover", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "All"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    (root / "rust_check/src/lib.rs").write_text("// changed")
    (root / "python/buzz_parser/new.py").write_text("")
    (root / "python/buzz_parser/ignored.so").write_text("")
    return root


@pytest.fixture(scope="module")
def inputs(root: Path) -> ReleaseInputs:
    """What the releases here are made from."""
    return ReleaseInputs(bundle=TINY, root=root, prover="A Prover", messages=MESSAGES, processes=1)


@pytest.fixture(scope="module")
def made(inputs: ReleaseInputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release, read only."""
    out = tmp_path_factory.mktemp("made") / "out"
    said: list[str] = []
    assert make_release(inputs, out, build=BUILD, listeners=Listeners(say=said.append)) == NAMES
    assert [line.partition(":")[0] for line in said] == [
        "proved", "built", "tried", "built", "verified",
    ]  # fmt: skip
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    return out


@pytest.fixture
def release(made: Path, tmp_path: Path) -> Path:
    """A copy of the release to tamper with."""
    shutil.copytree(made, tmp_path / "release")
    return tmp_path / "release"


def test_a_release_verifies(made: Path) -> None:
    assert verify_release(made) == []


def test_the_provenance_says_what_was_proved(made: Path, root: Path) -> None:
    document = json.loads((made / "provenance.json").read_text())
    manifest = json.loads((TINY / "contract.json").read_text())
    assert document["training"] == manifest["provenance"]
    assert document["metrics"] == manifest["metrics"]
    assert document["parser"]["name"] == "tiny"
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True
    )
    assert document["source"]["commit"] == head.stdout.strip()
    assert document["source"]["changed"] == ["python/buzz_parser/new.py", "rust_check/src/lib.rs"]
    assert document["versions"]["buzz-parser"] == __version__
    proved = document["proof"]
    assert proved["prover"] == "A Prover"
    assert [run["engine"] for run in proved["golden"]] == ["rust", "python"]
    assert min(run["cases"] for run in proved["golden"]) >= 40
    assert proved["parity"]["messages"] == MESSAGES
    assert proved["parity"]["windows"] >= MESSAGES // 2
    assert proved["parity"]["differences"] == 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", proved["finished"])


def test_the_wheel_holds_the_proven_parser_and_no_other(made: Path) -> None:
    with zipfile.ZipFile(made / WHEEL) as wheel:
        names = [name for name in wheel.namelist() if not name.endswith("/")]
    shipped = {Path(name).name for name in names if "parser_v1" in name}
    assert shipped == {path.name for path in TINY.iterdir()}
    assert "buzz_parser/new.py" in names
    assert "buzz_parser/ignored.so" not in names


def rewrite(path: Path, alter: Callable[[Any], object]) -> None:
    """Alters a JSON file."""
    document = json.loads(path.read_text())
    alter(document)
    path.write_text(json.dumps(document))


def repack(release: Path, alter: Callable[[dict[str, bytes]], object]) -> None:
    """Alters the files in the archive of a bundle, and its manifest with them."""
    files = bundle_bytes(TINY)[1]
    alter(files)
    manifest = json.loads(files["contract.json"])
    for name, entry in manifest["files"].items():
        entry["size"] = len(files[name])
        entry["sha256"] = hashlib.sha256(files[name]).hexdigest()
    files["contract.json"] = json.dumps(manifest).encode()
    (release / "tiny-1.0.0.tar.gz").write_bytes(archive_bytes("tiny-1.0.0", files))


def other_case(files: dict[str, bytes]) -> None:
    """Puts other token ids into the first recorded case."""
    first, *others = files["golden.jsonl"].splitlines(keepends=True)
    case = json.loads(first)
    case["ids"][0] += 1
    files["golden.jsonl"] = b"".join([json.dumps(case).encode() + b"\n", *others])


def swap_wheel(release: Path) -> None:
    """A wheel with another model and one file more."""
    with zipfile.ZipFile(release / WHEEL, "w") as wheel:
        for name, content in bundle_bytes(TINY)[1].items():
            wheel.writestr(f"buzz_parser/parser_v1/{name}", content)
        wheel.writestr("buzz_parser/parser_v1/more.bin", b"")


def empty_crate(release: Path) -> None:
    """A crate's package with nothing inside."""
    content = io.BytesIO()
    tarfile.open(fileobj=content, mode="w:gz").close()
    (release / CRATE_NAME).write_bytes(content.getvalue())


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (
            lambda at: (at / WHEEL).write_bytes(b"no wheel"),
            f"{WHEEL}: expected a wheel, found something else",
        ),
        (
            swap_wheel,
            f"{WHEEL}: buzz_parser/parser_v1/more.bin: expected nothing, found SHA-256 e3",
        ),
        (empty_crate, f"{CRATE_NAME}: buzz-{__version__}/src/lib.rs: expected a file, found none"),
        (
            lambda at: (at / CRATE_NAME).rename(at / "buzz-9.9.9.crate"),
            f"buzz-9.9.9.crate: expected version {__version__}",
        ),
        (lambda at: (at / WHEEL).unlink(), "*.whl: expected one file, found 0"),
        (
            lambda at: repack(at, other_case),
            "tiny-1.0.0.tar.gz: golden case ",
        ),
        (
            lambda at: repack(at, lambda files: files.update({"README.md": b"another card"})),
            "provenance.json: parser.files.README.md: expected 12 bytes",
        ),
        (
            lambda at: repack(at, lambda files: files.update({"README.md": b"another card"})),
            f"{WHEEL}: buzz_parser/parser_v1/README.md: expected SHA-256",
        ),
        (
            lambda at: repack(at, lambda files: files.update({"label_map.json": b"{}"})),
            "tiny-1.0.0.tar.gz: tiny-1.0.0/label_map.json: expected SHA-256",
        ),
        (
            lambda at: rewrite(
                at / "provenance.json", lambda it: it["proof"]["parity"].update(differences=3)
            ),
            "proof.parity: expected messages without a difference, found 25 with 3",
        ),
        (
            lambda at: rewrite(at / "provenance.json", lambda it: it["proof"]["golden"].pop()),
            "proof.golden: expected both engines, found ['rust']",
        ),
        (
            lambda at: rewrite(at / "provenance.json", lambda it: it.update(metrics={"f1": 1.0})),
            "metrics: expected what the manifest says",
        ),
        (
            lambda at: rewrite(at / "provenance.json", lambda it: it.pop("source")),
            "source.commit: expected str, found None",
        ),
        (
            lambda at: (at / "sbom.cdx.json").write_text("{"),
            "sbom.cdx.json: expected JSON, found something else",
        ),
    ],
)
def test_tampering_that_mends_the_sums_is_found(
    release: Path, tamper: Callable[[Path], object], problem: str
) -> None:
    tamper(release)
    write_sums(release)
    problems = verify_release(release)
    assert any(problem in found for found in problems), problems


@pytest.mark.parametrize("name", [name for name in NAMES if name != "SHA256SUMS"])
def test_a_flipped_bit_is_found(release: Path, name: str) -> None:
    content = bytearray((release / name).read_bytes())
    content[len(content) // 2] ^= 1
    (release / name).write_bytes(content)
    assert any(found.startswith(f"{name}: expected SHA-256 ") for found in verify_release(release))


def with_difference(*_: object, count: int, **__: object) -> Iterator[MassReport]:
    """A mass run that finds the engines apart."""
    report = MassReport(messages=count, windows=count)
    difference = Difference(stage="labels", row=0, left="1", right="2")
    report.differences.append((7, "a message", difference))
    yield report


def too_short(*_: object, count: int, **__: object) -> Iterator[MassReport]:
    """A mass run that ends early."""
    yield MassReport(messages=count - 1, windows=count)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (with_difference, "parity: expected no difference in 25 messages, found 1; message 7"),
        (too_short, "parity: expected 25 messages with windows, found 24"),
    ],
)
def test_without_parity_there_is_no_release(
    inputs: ReleaseInputs,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[..., Iterator[MassReport]],
    message: str,
) -> None:
    monkeypatch.setattr(proof, "mass_run", run)
    with pytest.raises(ReleaseError, match=re.escape(message)):
        make_release(inputs, tmp_path / "out", build=BUILD)
    assert list(tmp_path.iterdir()) == []


def one_report(*_: object, count: int, **__: object) -> Iterator[MassReport]:
    """A mass run that need not be run again here."""
    yield MassReport(messages=count, windows=count)


def test_a_builder_that_fails_leaves_nothing(
    inputs: ReleaseInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "mass_run", one_report)

    def fails(*_: Path) -> Path:
        raise ReleaseError("cargo package: expected success, found 101")

    with pytest.raises(ReleaseError, match="found 101"):
        make_release(inputs, tmp_path / "out", build=replace(BUILD, crate=fails))
    assert list(tmp_path.iterdir()) == []


def test_a_wheel_with_another_parser_is_no_release(
    inputs: ReleaseInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "mass_run", one_report)

    def other(sources: Path, out: Path) -> Path:
        (sources / SHIPPED / "README.md").write_text("another card")
        return pack_wheel(sources, out)

    with pytest.raises(ReleaseError, match=r"parser_v1/README.md: expected SHA-256"):
        make_release(inputs, tmp_path / "out", build=replace(BUILD, wheel=other))
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_bundle_or_stands_in_the_way_is_refused(
    inputs: ReleaseInputs, tmp_path: Path
) -> None:
    with pytest.raises(BundleError):
        make_release(replace(inputs, bundle=tmp_path / "none"), tmp_path / "out", build=BUILD)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "earlier").write_text("")
    with pytest.raises(ReleaseError, match="expected nothing or an empty folder, found something"):
        make_release(inputs, tmp_path / "out", build=BUILD)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_release_and_verify_on_the_command_line(
    made: Path, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[ReleaseInputs, Path]] = []

    def make(inputs: ReleaseInputs, out: Path, *, listeners: Listeners) -> tuple[str, ...]:
        listeners.say("proved")
        found.append((inputs, out))
        shutil.copytree(made, out)
        return NAMES

    monkeypatch.setattr(command, "make_release", make)
    out, run = tmp_path / "out", CliRunner().invoke
    arguments = ["--bundle", str(TINY), "--messages", "7", "--root", str(root)]
    assert run(command.release_app, [str(out), *arguments, "--prover", "B"]).exit_code == 0
    assert run(command.release_app, [*arguments, f"{out}2", "--prover", "B"]).exit_code == 0
    expected = ReleaseInputs(bundle=TINY, root=root, prover="B", messages=7)
    assert found == [(expected, out), (expected, Path(f"{out}2"))]
    verified = run(command.release_app, ["verify", str(out)])
    assert (verified.exit_code, verified.stdout) == (0, f"{out}: the release is whole\n")
    (out / WHEEL).unlink()
    assert run(command.release_app, ["verify", str(out)]).exit_code == 1
    assert run(command.release_app, ["verify", str(tmp_path / "none")]).exit_code == 2
