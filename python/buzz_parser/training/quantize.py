"""Weights stored as int8 with a scale a channel, computed in float32: a quarter of the file, the same bits."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

SMALLEST = 4_096
"""Values in a matrix worth storing as int8; vectors and small tables stay as they are."""


def quantize_weights(content: bytes) -> bytes:
    """The ONNX model with every large float32 matrix as int8 behind a `DequantizeLinear`.

    The scale is a channel's largest absolute value / 127: a channel is a column of a product's right side
    and a row of an embedding. Symmetric, so that zero stays zero.
    """
    model = onnx.load_from_string(content)
    graph = model.graph
    rows = {node.input[0] for node in graph.node if node.op_type == "Gather"}
    nodes, kept = [], []
    for weight in graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.ndim != 2 or values.size < SMALLEST:
            kept.append(weight)
            continue
        axis = 0 if weight.name in rows else 1
        stored, scales = quantize_matrix(values, axis)
        names = [f"{weight.name}.{part}" for part in ("int8", "scale", "zero")]
        zeros = np.zeros(len(scales), dtype=np.int8)
        parts: tuple[NDArray[Any], ...] = (stored, scales, zeros)
        for name, part in zip(names, parts, strict=True):
            kept.append(numpy_helper.from_array(part, name))
        nodes.append(onnx.helper.make_node("DequantizeLinear", names, [weight.name], axis=axis))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    operations = [*nodes, *graph.node]
    del graph.node[:]
    graph.node.extend(operations)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def quantize_matrix(
    values: NDArray[np.float32], axis: int
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix as int8 of its shape, and the float32 scale of each channel along `axis`."""
    largest = np.abs(values).max(axis=1 - axis)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    shaped = scales[:, None] if axis == 0 else scales[None, :]
    return np.clip(np.rint(values / shaped), -127, 127).astype(np.int8), scales
