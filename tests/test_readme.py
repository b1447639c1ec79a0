"""The README's programs run and print what it says, and the files that it names are there."""

import re
import subprocess
import sys

import pytest

from buzz_parser import Parser
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first fenced block of a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert found is not None, f"README.md: expected a block of {language}"
    return found[1]


def test_the_python_lines_print_what_stands_below_them() -> None:
    command = [sys.executable, "-W", "error", "-c", block("python")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == block("text")


def test_the_rust_lines_are_those_that_cargo_test_runs() -> None:
    source = (ROOT / "rust_check" / "tests" / "readme.rs").read_text(encoding="utf-8")
    shown = [line.strip() for line in block("rust").splitlines()]
    run = [line.strip() for line in source.splitlines()]
    start = run.index(shown[0])
    assert run[start : start + len(shown)] == shown


@pytest.mark.parametrize(
    "page", ["README.md", "rust_check/README.md", "docs/DESIGN.md", "docs/contract.md"]
)
def test_linked_files_are_there(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make (\w+)", README))))
def test_every_make_target_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_readme_speaks_of_what_the_package_has() -> None:
    segment = Parser.load(ROOT / "fixtures" / "bundles" / "tiny").parse("Thought: hm.").segments[0]
    for field in re.findall(r"segment\.(\w+)", block("python")):
        assert hasattr(segment, field)
