"""The curves of a training run, as a picture and as data."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt  # the backend is chosen before

PLOTTED = (
    ("loss", ("loss", "eval_seen_loss", "eval_unseen_loss")),
    ("begins, F1", ("eval_seen_begin_f1", "eval_unseen_begin_f1")),
    ("windows exactly right", ("eval_seen_window_exact", "eval_unseen_window_exact")),
)
"""A panel each: its title and the logged values that it shows."""


def save_curves(history: Sequence[Mapping[str, Any]], directory: Path) -> None:
    """Writes `curves.json` (transformers' log history) and `curves.png`."""
    (directory / "curves.json").write_text(json.dumps(list(history), indent=1), encoding="utf-8")
    figure, axes = plt.subplots(1, len(PLOTTED), figsize=(14, 4), constrained_layout=True)
    for axis, (title, names) in zip(axes, PLOTTED, strict=True):
        for name in names:
            points = [(entry["step"], entry[name]) for entry in history if name in entry]
            if points:
                axis.plot(*zip(*points, strict=True), label=name.removeprefix("eval_"))
        axis.set_title(title)
        axis.set_xlabel("step")
        if axis.lines:
            axis.legend()
    axes[0].set_yscale("log")
    figure.savefig(directory / "curves.png", dpi=110)
    plt.close(figure)
