"""Makes `fixtures/models`: small ONNX files, each with one thing that the contract refuses.

python -m buzz_parser.release.broken fixtures/models
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from buzz_parser.contract.labels import LABELS

SHAPE = ("batch", "sequence")
INPUTS = dict.fromkeys(
    ("input_ids", "attention_mask", "token_type_ids"), (TensorProto.INT64, SHAPE)
)
FINITE = np.zeros(len(LABELS), dtype=np.float32)


def with_label(label: str, value: float) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    """A row of zeros with one label's value."""
    row = FINITE.copy()
    row[LABELS.index(label)] = value
    return row


def model(
    *,
    inputs: Mapping[str, tuple[int, Sequence[str | int]]] = INPUTS,
    logits: "np.ndarray[tuple[int], np.dtype[np.float32]]" = FINITE,
    probabilities: "np.ndarray[tuple[int], np.dtype[np.float32]] | None" = FINITE,
    logits_type: int = TensorProto.FLOAT,
    squeezed: bool = False,
    gathered: bool = False,
) -> onnx.ModelProto:
    """A graph whose every token has the constant rows `logits` and `probabilities` [labels].

    `squeezed` gives one row in all instead of one a token, `gathered` looks the row up by token id in a table
    of one row, which fails for every other id.
    """
    nodes, constants, outputs = [], [], []

    def constant(name: str, value: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> str:
        constants.append(numpy_helper.from_array(value, name))
        return name

    constants.append(numpy_helper.from_array(np.array([2], dtype=np.int64), "axis"))
    constants.append(numpy_helper.from_array(np.array([1], dtype=np.int64), "sequence_axis"))
    nodes.append(helper.make_node("Cast", ["input_ids"], ["ids"], to=TensorProto.FLOAT))
    nodes.append(
        helper.make_node("Mul", ["ids", constant("zero", np.zeros((), np.float32))], ["zeros"])
    )
    nodes.append(helper.make_node("Unsqueeze", ["zeros", "axis"], ["column"]))
    rows = {"logits": logits} | ({} if probabilities is None else {"probabilities": probabilities})
    for name, row in rows.items():
        kind = logits_type if name == "logits" else TensorProto.FLOAT
        nodes.append(
            helper.make_node("Add", ["column", constant(f"{name}_row", row)], [f"{name}_sum"])
        )
        source = f"{name}_sum"
        if squeezed and name == "logits":
            nodes.append(helper.make_node("ReduceMax", [source, "sequence_axis"], ["one_row"]))
            source = "one_row"
        if gathered and name == "logits":
            table = constant("table", FINITE[np.newaxis, :])
            nodes.append(helper.make_node("Gather", [table, "input_ids"], ["looked_up"]))
            source = "looked_up"
        nodes.append(helper.make_node("Cast", [source], [name], to=kind))
        outputs.append(helper.make_tensor_value_info(name, kind, (*SHAPE, len(row))))
    graph = helper.make_graph(
        nodes,
        "broken",
        [
            helper.make_tensor_value_info(name, kind, shape)
            for name, (kind, shape) in inputs.items()
        ],
        outputs,
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


MODELS = {
    "two-inputs": model(inputs={name: INPUTS[name] for name in ("input_ids", "attention_mask")}),
    "four-inputs": model(inputs={**INPUTS, "position_ids": (TensorProto.INT64, SHAPE)}),
    "int32-inputs": model(inputs={**INPUTS, "input_ids": (TensorProto.INT32, SHAPE)}),
    "rank-three-inputs": model(
        inputs={**INPUTS, "attention_mask": (TensorProto.INT64, ("batch", 1, "sequence"))}
    ),
    "five-labels": model(logits=FINITE[:5]),
    "no-probabilities": model(probabilities=None),
    "float64-logits": model(logits_type=TensorProto.DOUBLE),
    "nan-logits": model(logits=np.full_like(FINITE, np.nan)),
    "infinite-logit": model(logits=with_label("B-TEXT", np.inf)),
    "minus-infinite-logit": model(logits=with_label("I-TOOLRESPONSE", -np.inf)),
    "infinite-probability": model(probabilities=with_label("O", np.inf)),
    "short-output": model(squeezed=True),
    "failing": model(gathered=True),
}
"""Each file's name says what is wrong with it; `fixtures/errors.json` says how readers refuse it."""


def main() -> None:
    """The command line of `make broken`."""
    parser = argparse.ArgumentParser(description="Makes the broken models of the error fixtures.")
    parser.add_argument("directory", type=Path)
    directory: Path = parser.parse_args().directory
    directory.mkdir(parents=True, exist_ok=True)
    for name, broken in MODELS.items():
        (directory / f"{name}.onnx").write_bytes(broken.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
