"""Speed and memory, side by side in one run: both engines, the bare model runs, a transformers pipeline."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from buzz_parser.contract.bundle import read_bundle
from buzz_parser.reading import runtime
from buzz_parser.reading.parser import load_engine
from buzz_parser.reading.reference import ReferenceEngine

Contender = Callable[[str], object]

WARM_UP_CHARACTERS = 2_000


@dataclass(frozen=True, kw_only=True)
class Timing:
    """One contender on texts of one length: seconds a text, and the median ratio to the floor, run by run."""

    contender: str
    p50: float
    p99: float
    megabytes_per_second: float
    to_floor: float


@dataclass(frozen=True, kw_only=True)
class ProcessCost:
    """One fresh process from its start to its end: wall seconds (median) and peak memory in MiB."""

    name: str
    seconds: float
    peak_mib: float


def make_texts(sources: Sequence[str], characters: int, count: int) -> list[str]:
    """`count` different texts of exactly so many characters, cut from `sources` joined end to end."""
    stream = "\n\n".join(sources)
    stream *= 1 + (characters + count * 97) // len(stream)
    return [stream[start : start + characters] for start in range(0, count * 97, 97)]


def floor_of(engine: ReferenceEngine) -> Contender:
    """The bare `session.run` of a text's windows; their inputs are made before the clock starts."""
    prepared: dict[str, list[dict[str, NDArray[np.int64]]]] = {}

    def run(text: str) -> None:
        for feeds in prepared[text]:
            engine.session.run(list(runtime.OUTPUT_NAMES), feeds)

    def prepare(text: str) -> None:
        prepared[text] = [
            {
                "input_ids": np.array([window.input_ids], dtype=np.int64),
                "attention_mask": np.ones((1, len(window.input_ids)), dtype=np.int64),
                "token_type_ids": np.array([window.token_type_ids], dtype=np.int64),
            }
            for window in engine.trace(text).windows
        ]

    def floor(text: str) -> float:
        if text not in prepared:
            prepare(text)
        started = time.perf_counter()
        run(text)
        return time.perf_counter() - started

    return floor


def contenders(bundle: Path, threads: int, transformers_model: Path | None) -> dict[str, Contender]:
    """What is compared on a bundle; the floor first. Each reads one text."""
    reference = ReferenceEngine(read_bundle(bundle), intra_threads=threads)
    found: dict[str, Contender] = {
        "floor": floor_of(reference),
        "rust": load_engine(bundle, "rust", intra_threads=threads).parse,
        "python": reference.parse,
    }
    if transformers_model is not None:
        found["pipeline"] = load_pipeline(transformers_model, threads)
    return found


def load_pipeline(model: Path, threads: int) -> Contender:
    """The transformers pipeline on the same weights, in torch, as its users would call it."""
    import torch  # noqa: PLC0415 (only a benchmark with this contender needs it)
    from transformers import pipeline  # noqa: PLC0415

    torch.set_num_threads(threads)
    ready: Contender = pipeline("token-classification", model=str(model), device="cpu")
    return ready


def measure(found: dict[str, Contender], texts: Sequence[str], rounds: int) -> list[Timing]:
    """Times all contenders in turn on each text, `rounds` times, after a short text to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in found}
    for contender in found.values():
        contender(texts[0][:WARM_UP_CHARACTERS])
    for _ in range(rounds):
        for text in texts:
            for name, contender in found.items():
                started = time.perf_counter()
                own = contender(text)
                elapsed = time.perf_counter() - started
                seconds[name].append(own if isinstance(own, float) else elapsed)
    floors = seconds["floor"]
    size = statistics.mean(len(text.encode()) for text in texts)
    return [
        Timing(
            contender=name,
            p50=statistics.median(taken),
            p99=float(np.quantile(taken, 0.99)),
            megabytes_per_second=size / statistics.median(taken) / 1e6,
            to_floor=statistics.median(
                mine / floor for mine, floor in zip(taken, floors, strict=True)
            ),
        )
        for name, taken in seconds.items()
    ]


COLD_PROGRAMS = {
    "floor": (
        "import sys, numpy as np, onnxruntime as o\n"
        "options = o.SessionOptions(); options.intra_op_num_threads = 1\n"
        "s = o.InferenceSession(sys.argv[1] + '/model.onnx', options, providers=['CPUExecutionProvider'])\n"
        "a = np.array([[1, 2, 3, 4]], dtype=np.int64)\n"
        "s.run(None, {'input_ids': a, 'attention_mask': a, 'token_type_ids': a * 0})\n"
    ),
    "rust": "import sys, buzz_parser; buzz_parser.Parser.load(sys.argv[1]).parse('Thought: hi')\n",
    "python": (
        "import sys, buzz_parser\n"
        "buzz_parser.Parser.load(sys.argv[1], engine='python').parse('Thought: hi')\n"
    ),
    "pipeline": (
        "import sys\n"
        "from transformers import pipeline\n"
        "pipeline('token-classification', model=sys.argv[2], device='cpu')('Thought: hi')\n"
    ),
}
"""What a fresh process does: import, load, read one short text. The first is the least that can be done."""


def cold_starts(
    bundle: Path, transformers_model: Path | None, rust_binary: Path | None, rounds: int
) -> list[ProcessCost]:
    """Fresh processes in turn, `rounds` times each after one to warm the disk cache."""
    commands = {
        f"{name}, a Python process": [
            sys.executable,
            "-c",
            program,
            str(bundle),
            str(transformers_model),
        ]
        for name, program in COLD_PROGRAMS.items()
        if name != "pipeline" or transformers_model is not None
    }
    if rust_binary is not None:
        commands["rust, its own binary"] = [str(rust_binary), str(bundle), os.devnull]
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            cost = run_process(command)
            if turn > 0:
                costs[name].append(cost)
    return [
        ProcessCost(
            name=name,
            seconds=statistics.median(seconds for seconds, _ in found),
            peak_mib=max(peak for _, peak in found),
        )
        for name, found in costs.items()
    ]


LAUNCHER = (
    "import os, subprocess, sys, time\n"
    "started = time.perf_counter()\n"
    "process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
    "_, status, usage = os.wait4(process.pid, 0)\n"
    "print(time.perf_counter() - started, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))\n"
)
"""Starts a process from a small one: a child's peak counts the memory of the process that it was forked from."""


def run_process(command: Sequence[str]) -> tuple[float, float]:
    """Wall seconds and peak memory in MiB of one process, which must succeed."""
    environment = {**os.environ, "ORT_DYLIB_PATH": str(runtime.library_path())}
    launched = [sys.executable, "-S", "-c", LAUNCHER, *command]
    said = subprocess.run(launched, env=environment, check=True, capture_output=True, text=True)
    seconds, peak, code = said.stdout.split()
    if code != "0":
        raise subprocess.CalledProcessError(int(code), list(command), stderr=said.stderr)
    return float(seconds), float(peak)


def session_seconds(bundle: Path, rounds: int) -> float:
    """How long the model alone takes to load in a running process: the part of a cold start nobody can save."""
    content = (bundle / "model.onnx").read_bytes()
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
