"""A token-classification model to the contract's ONNX graph."""

import tempfile
from pathlib import Path
from typing import Any

import onnx
from optimum.exporters.onnx import export
from optimum.exporters.tasks import TasksManager

OPSET = 17


def export_model(model: Any) -> bytes:
    """The ONNX file of a transformers token-classification model, with `probabilities` in the graph.

    Exported by optimum; a softmax over the labels is appended, so that no reader computes an `exp`.
    """
    model.eval()
    constructor = TasksManager.get_exporter_config_constructor(
        "onnx", model, task="token-classification", library_name="transformers"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        export(model=model, config=constructor(model.config), output=path, opset=OPSET)
        graph = onnx.load(path)
    append_softmax(graph)
    onnx.checker.check_model(graph, full_check=True)
    return bytes(graph.SerializeToString(deterministic=True))


def append_softmax(graph: onnx.ModelProto) -> None:
    """Adds the output `probabilities`, the softmax of `logits` over its last axis."""
    node = onnx.helper.make_node("Softmax", ["logits"], ["probabilities"], axis=-1)
    graph.graph.node.append(node)
    output = onnx.ValueInfoProto()
    output.CopyFrom(graph.graph.output[0])
    output.name = "probabilities"
    graph.graph.output.append(output)
