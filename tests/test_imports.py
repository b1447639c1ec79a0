"""Imports run one way, and nothing that serves needs what only training needs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "python" / "buzz_parser"

# Each room may import itself and the rooms before it.
ROOMS = (
    "errors",
    "_rust",
    "contract",
    "reading",
    "data",
    "training",
    "judging",
    "parity",
    "release",
    "cli",
)

SERVING = ("errors", "contract", "reading")
TRAINING_ONLY = {
    "accelerate",
    "datasets",
    "evaluate",
    "jsonschema",
    "onnx",
    "openai",
    "optimum",
    "seqeval",
    "torch",
    "transformers",
}

MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem == "errors"
)


def imported(path: Path) -> set[str]:
    """The full names of all modules that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room_of(path: Path) -> str:
    """The room that a file is in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_imports_run_one_way(path: Path) -> None:
    here = ROOMS.index(room_of(path))
    for name in imported(path):
        if name.startswith("buzz_parser."):
            room = name.split(".")[1]
            allowed = room == "__version__" or ROOMS.index(room) <= here
            assert allowed, f"{path.name} imports {name}"
        elif room_of(path) in SERVING:
            assert name.split(".")[0] not in TRAINING_ONLY, f"{path.name} imports {name}"


def test_every_room_is_in_the_order() -> None:
    found = {room_of(path) for path in MODULES}
    assert found | {"_rust"} == set(ROOMS)


@pytest.mark.parametrize("program", ["parser.parse('Thought: x')", "import buzz_parser.cli.main"])
def test_serving_loads_nothing_that_only_training_needs(program: str) -> None:
    lines = (
        "import sys, buzz_parser",
        "parser = buzz_parser.Parser.load('fixtures/bundles/tiny')",
        program,
        f"print(sorted({TRAINING_ONLY!r} & sys.modules.keys()))",
    )
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"
