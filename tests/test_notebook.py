"""The notebook runs from its first cell to its last, in its small configuration."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

NOTEBOOK = ROOT / "notebooks" / "train_parser.ipynb"


def test_the_notebook_trains_exports_and_parses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUZZ_SMALL", "1")
    monkeypatch.setenv("BUZZ_WORK", str(tmp_path))
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    assert all(not cell.get("outputs") for cell in notebook.cells), "outputs are not committed"
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={}).execute()
    said = "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])
    )
    assert "both engines agree with its golden file" in said
    last = notebook.cells[-1]["outputs"][0]["text"]
    assert "THOUGHT" in last or "TOOLCALL" in last
    assert "| validation | 8 |" in (tmp_path / "bundle" / "README.md").read_text(encoding="utf-8")
    figures = json.loads((tmp_path / "figures.json").read_bytes())
    assert figures["sets"]
    assert (tmp_path / "train" / "curves.png").stat().st_size > 1_000
