"""The model in ONNX Runtime, the twin of `rust_check/src/runtime.rs` (docs/contract.md, sections 1 and 5)."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from buzz_parser import errors
from buzz_parser.contract.bundle import Bundle
from buzz_parser.contract.labels import LABELS

MINIMUM_VERSION = (1, 17)
INPUT_NAMES = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT_NAMES = ("logits", "probabilities")
INPUT_SIGNATURE = "int64[?, ?]"
OUTPUT_SIGNATURE = f"float32[?, ?, {len(LABELS)}]"

FloatArray = NDArray[np.float32]


def load_model(bundle: Bundle, intra_threads: int) -> onnxruntime.InferenceSession:
    """A session on the bundle's model, its signature checked; raises `RuntimeLibraryError`, `ModelError`."""
    check_version()
    path = bundle.file_path("model.onnx")
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.intra_op_num_threads = intra_threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    if bundle.manifest.disable_quant_qdq:
        options.add_session_config_entry("session.disable_quant_qdq", "1")
    try:
        session = onnxruntime.InferenceSession(
            bundle.files["model.onnx"], options, providers=["CPUExecutionProvider"]
        )
    except Exception as cause:  # the library's exceptions have no common base but this
        raise errors.model_invalid(path) from cause
    check_signature(path, session)
    return session


def check_version() -> None:
    """Refuses an ONNX Runtime older than the contract's minimum."""
    version = onnxruntime.__version__
    numbers = tuple(int(part) for part in version.split(".")[:2])
    if numbers < MINIMUM_VERSION:
        minimum = ".".join(map(str, MINIMUM_VERSION))
        raise errors.runtime_too_old(str(library_path()), minimum, version)


def library_path() -> Path:
    """The ONNX Runtime library that the `onnxruntime` package ships, which the Rust engine loads too."""
    folder = Path(onnxruntime.__file__).parent / "capi"
    for pattern in ("libonnxruntime.so*", "libonnxruntime*.dylib", "onnxruntime.dll"):
        for candidate in sorted(folder.glob(pattern)):
            return candidate
    raise errors.runtime_missing(str(folder))


def check_signature(path: str, session: onnxruntime.InferenceSession) -> None:
    """Refuses a model with other inputs or outputs than the contract's."""
    inputs = {node.name: describe_node(node) for node in session.get_inputs()}
    outputs = {node.name: describe_node(node) for node in session.get_outputs()}
    for name in INPUT_NAMES:
        found = inputs.pop(name, "nothing")
        if not matches(found, INPUT_SIGNATURE):
            raise errors.model_signature(path, f"input {name}", INPUT_SIGNATURE, found)
    for name, found in inputs.items():
        raise errors.model_signature(path, f"input {name}", "no such input", found)
    for name in OUTPUT_NAMES:
        found = outputs.get(name, "nothing")
        if not matches(found, OUTPUT_SIGNATURE):
            raise errors.model_signature(path, f"output {name}", OUTPUT_SIGNATURE, found)


def describe_node(node: onnxruntime.NodeArg) -> str:
    """An input or output as messages show it, like `int64[batch, 128, ?]`."""
    types = {"tensor(int64)": "int64", "tensor(float)": "float32", "tensor(int32)": "int32"}
    types |= {"tensor(double)": "float64", "tensor(float16)": "float16"}
    if node.type not in types:
        return "another type"
    return f"{types[node.type]}[{', '.join(describe_dimension(size) for size in node.shape)}]"


def describe_dimension(size: int | str | None) -> str:
    """A dimension's size, symbolic name, or `?`."""
    return str(size) if isinstance(size, int) or size else "?"


def matches(found: str, expected: str) -> bool:
    """Whether a described node fits a signature, in which `?` stands for any dimension."""
    found_type, _, found_shape = found.partition("[")
    expected_type, _, expected_shape = expected.partition("[")
    found_sizes = found_shape.rstrip("]").split(", ")
    expected_sizes = expected_shape.rstrip("]").split(", ")
    return (
        found_type == expected_type
        and len(found_sizes) == len(expected_sizes)
        and all(want in ("?", have) for have, want in zip(found_sizes, expected_sizes, strict=True))
    )


def run_window(
    session: onnxruntime.InferenceSession,
    window: int,
    input_ids: Sequence[int],
    token_type_ids: Sequence[int],
) -> tuple[FloatArray, FloatArray]:
    """Logits and probabilities [input length, 9] of one window; `window` is its index, for messages."""
    feeds = {
        "input_ids": np.array([input_ids], dtype=np.int64),
        "attention_mask": np.ones((1, len(input_ids)), dtype=np.int64),
        "token_type_ids": np.array([token_type_ids], dtype=np.int64),
    }
    try:
        logits, probabilities = session.run(list(OUTPUT_NAMES), feeds)
    except Exception as cause:  # the library's exceptions have no common base but this
        raise errors.model_failed(window) from cause
    expected = (1, len(input_ids), len(LABELS))
    for part, output in (("logits", logits), ("probabilities", probabilities)):
        if output.shape != expected:
            raise errors.model_output(window, part, json.dumps(expected), json.dumps(output.shape))
    return logits[0], probabilities[0]


def check_finite(window: int, first_token: int, part: str, rows: FloatArray) -> None:
    """Refuses values that are not finite in `rows` [tokens, 9] of a window's body."""
    if np.isfinite(rows).all():
        return
    row, label = (int(index) for index in np.argwhere(~np.isfinite(rows))[0])
    value = float(rows[row, label])
    found = "NaN" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    raise errors.logits_not_finite(window, first_token + row, LABELS[label], part, found)
