"""From a bundle back to weights that can be trained: the exported graph read by the names of its modules."""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from buzz_parser.contract.bundle import Bundle, read_bundle
from buzz_parser.contract.manifest import MANIFEST_NAME
from buzz_parser.training.config import ConfigError


def bundle_at(base: str) -> Bundle | None:
    """The bundle in a directory, read and verified, or `None` where there is no manifest."""
    return read_bundle(Path(base)) if (Path(base) / MANIFEST_NAME).is_file() else None


def weights_of(bundle: Bundle) -> dict[str, NDArray[np.float32]]:
    """The weights of an exported graph by their names in torch, with what the int8 storage left of them.

    The exporter keeps the names of biases, norms and embeddings; a product's right side, which it transposes,
    has the name of its node: `/bert/encoder/layer.0/output/dense/MatMul`. Raises `ConfigError` for a graph of
    another exporter.
    """
    graph = onnx.load_from_string(bundle.files["model.onnx"]).graph
    tables = {weight.name: numpy_helper.to_array(weight) for weight in graph.initializer}
    for node in graph.node:
        if node.op_type == "DequantizeLinear":
            stored, scales, zeros = (tables[name] for name in node.input)
            axis = next(attribute.i for attribute in node.attribute if attribute.name == "axis")
            assert not zeros.any(), "stored symmetrically"
            shaped = scales[:, None] if axis == 0 else scales[None, :]
            tables[node.output[0]] = stored.astype(np.float32) * shaped
    products = {
        node.name.removesuffix("/MatMul").strip("/").replace("/", ".") + ".weight": tables[
            node.input[1]
        ].T
        for node in graph.node
        if node.op_type == "MatMul" and node.input[1] in tables
    }
    if not products:
        raise ConfigError(
            f"{bundle.path}: expected a graph that buzz-parser exported, found another"
        )
    kept = {name: table for name, table in tables.items() if name.endswith((".weight", ".bias"))}
    return kept | products
