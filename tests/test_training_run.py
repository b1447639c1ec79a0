"""A training run of a few steps on the real base: it starts, stops, goes on, and leaves what it promises."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import numpy_helper
from typer.testing import CliRunner

from buzz_parser.cli.main import app
from buzz_parser.contract import windows
from buzz_parser.contract.bundle import Bundle, read_bundle
from buzz_parser.contract.labels import LABELS
from buzz_parser.contract.manifest import MANIFEST_NAME
from buzz_parser.contract.tokens import load_tokenizer
from buzz_parser.contract.windows import WindowParameters
from buzz_parser.reading.default import default_bundle
from buzz_parser.reading.reference import ReferenceEngine
from buzz_parser.training.config import (
    ConfigError,
    ModelConfig,
    SamplingConfig,
    TrainConfig,
    read_config,
)
from buzz_parser.training.examples import IGNORED, LabelledTokens, examples, window_at
from buzz_parser.training.quantize import quantize_matrix, quantize_weights
from buzz_parser.training.stream import batches, collate, draw_windows
from tests.conftest import ROOT
from tests.test_windows import TOKENS

CONFIG = ROOT / "python" / "buzz_parser" / "training" / "configs" / "parser_v1.toml"

MESSAGE = LabelledTokens(
    ids=list(range(100, 160)), labels=[1] + [2] * 20 + [0] + [3] + [4] * 30 + [5] + [6] * 6
)


def test_the_shipped_configuration_reads() -> None:
    config = read_config(CONFIG)
    assert config.window == WindowParameters(max_tokens=256, lookahead=48, head=12, tail=12)
    assert config.data.split == "train"
    assert config.arguments["max_steps"] > 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("nonsense = 1", "found nonsense"),
        ("[model]\nlayer = 6", "model: expected one of base, dropout, layers, found layer"),
        ("[model]\nlayers = '6'", "model.layers: expected int, found '6'"),
        ("model = 3", "model: expected a table, found int"),
        ("patience = 'x'", "patience: expected int, found 'x'"),
        ("arguments = 3", "arguments: expected dict, found 3"),
        ("[data.shares]\nquoted = 'much'", "data.shares.quoted: expected float, found 'much'"),
        ("[data]\ntranscripts = [1]", "data.transcripts: expected a list of strings, found [1]"),
        ("[", "expected a TOML file"),
    ],
)
def test_a_bad_configuration_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r".") as caught:
        read_config(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_values_of_a_configuration_can_be_changed() -> None:
    changes = ["model.layers=4", "data.shares.quoted = 0.5", "arguments.optim='adamw_torch'"]
    config = read_config(CONFIG, changes)
    assert config.model.layers == 4
    assert config.data.shares.quoted == 0.5
    assert config.data.shares.nested == read_config(CONFIG).data.shares.nested
    assert config.arguments["optim"] == "adamw_torch"
    with pytest.raises(ConfigError, match=r"'model\.layers': expected KEY = VALUE"):
        read_config(CONFIG, ["model.layers"])
    with pytest.raises(ConfigError, match=r"model\.layers: expected int, found '4'"):
        read_config(CONFIG, ["model.layers='4'"])


def test_a_window_at_any_token_is_the_readers_window_there(tiny: Bundle) -> None:
    parameters, tokens = tiny.manifest.window, tiny.manifest.tokens
    found = window_at(MESSAGE, 10, parameters, tokens)
    body = [label for label in found.labels if label != IGNORED]
    assert body == MESSAGE.labels[10 : 10 + len(body)]
    assert found.input_ids[:2] == [tokens.cls, tokens.thought]
    carry = windows.advance(windows.START, MESSAGE.labels[:10])
    plan = windows.plan_window(carry, len(MESSAGE.ids), parameters)
    assert found.input_ids == windows.window_inputs(plan, MESSAGE.ids, tokens)[0]


def test_noise_changes_the_state_and_never_the_labels(tiny: Bundle) -> None:
    parameters, tokens = tiny.manifest.window, tiny.manifest.tokens
    states = set()
    for seed in range(40):
        found = window_at(MESSAGE, 10, parameters, tokens, noise=Random(seed))
        body = [label for label in found.labels if label != IGNORED]
        assert body == MESSAGE.labels[10 : 10 + len(body)]
        states.add(found.input_ids[1])
    assert len(states) >= 4
    assert tokens.start not in states


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30), st.integers(40, 200))
def test_batches_hold_every_window_once_and_never_too_much(lengths: list[int], size: int) -> None:
    sizes = WindowParameters(max_tokens=256, lookahead=48, head=12, tail=12)

    found = [
        example
        for length in lengths
        for example in examples(
            LabelledTokens(ids=[7] * length, labels=[0] * length), sizes, TOKENS
        )
    ]
    drawn = list(batches(found, size, Random(1)))
    assert sorted(len(e.input_ids) for batch in drawn for e in batch) == sorted(
        n + 4 for n in lengths
    )
    for batch in drawn:
        longest = max(len(example.input_ids) for example in batch)
        assert len(batch) == 1 or longest * len(batch) <= size


def test_collating_pads_labels_with_what_the_loss_passes_over() -> None:
    rows: list[dict[str, Any]] = [
        {"batch": [{"input_ids": [5, 6], "token_type_ids": [0, 1], "labels": [-100, 3]}]},
        {"input_ids": [7], "token_type_ids": [0], "labels": [-100]},
    ]
    assert collate(rows) == {
        "input_ids": [[5, 6], [7, 0]],
        "token_type_ids": [[0, 1], [0, 0]],
        "labels": [[IGNORED, 3], [IGNORED, IGNORED]],
        "attention_mask": [[1, 1], [1, 0]],
    }


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 1), st.integers(0, 2**32 - 1))
def test_int8_is_within_half_a_step_of_every_value(
    rows: int, columns: int, axis: int, seed: int
) -> None:
    values = np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32)
    stored, scales = quantize_matrix(values, axis)
    shaped = scales[:, None] if axis == 0 else scales[None, :]
    assert stored.dtype == np.int8
    assert (np.abs(stored.astype(np.float64) * shaped - values) <= shaped * 0.5001).all()


def test_every_large_matrix_is_stored_as_int8(tiny: Bundle) -> None:
    stored = quantize_weights(tiny.files["model.onnx"])
    graph = onnx.load_from_string(stored).graph
    large = [
        weight.name
        for weight in graph.initializer
        if numpy_helper.to_array(weight).dtype == np.float32 and np.prod(weight.dims) >= 4_096
    ]
    assert large == []
    assert len(stored) < 0.4 * len(tiny.files["model.onnx"])
    assert any(node.op_type == "DequantizeLinear" for node in graph.node)


def test_draws_come_from_the_message(tiny: Bundle) -> None:
    from buzz_parser.data.generate import GeneratorConfig, generate, load_source  # noqa: PLC0415

    tokenizer = load_tokenizer("tokenizer.json", tiny.files["tokenizer.json"])
    source = load_source("train")
    for record in generate(GeneratorConfig(), source, 0, 20):
        drawn = draw_windows(
            tokenizer,
            record,
            tiny.manifest.window,
            tiny.manifest.tokens,
            SamplingConfig(),
            Random(1),
        )
        assert 1 <= len(drawn) <= SamplingConfig().windows_per_message
        for example in drawn:
            assert {label for label in example.labels if label != IGNORED} <= set(
                range(len(LABELS))
            )


def test_the_shipped_bundle_can_be_trained_on() -> None:
    import torch  # noqa: PLC0415

    from buzz_parser.training.model import load_base  # noqa: PLC0415

    model, vocabulary = load_base(ModelConfig(base="parser_v1"))
    trace = ReferenceEngine(read_bundle(default_bundle())).trace("Thought: yes\n<tool_call>{}")
    window = trace.windows[0]
    with torch.no_grad():
        logits = model.eval()(
            input_ids=torch.tensor([window.input_ids]),
            token_type_ids=torch.tensor([window.token_type_ids]),
        ).logits[0]
    assert vocabulary.tokens.cls == window.input_ids[0]
    body = logits[-len(window.logits) - 1 : -1].numpy()
    assert np.abs(body - window.logits).max() < 1e-3


def test_a_bundle_gives_its_first_layers_and_no_more_than_it_has() -> None:
    from buzz_parser.training.model import load_base  # noqa: PLC0415

    model, _ = load_base(ModelConfig(base="parser_v1", layers=2))
    assert len(model.bert.encoder.layer) == 2
    with pytest.raises(
        ConfigError, match=r"layers: expected at most 6, as .*parser_v1 has, found 7"
    ):
        load_base(ModelConfig(base="parser_v1", layers=7))


ARGUMENTS = {
    "max_steps": 4, "learning_rate": 1e-3, "optim": "adamw_torch", "logging_steps": 1, "seed": 1,
    "eval_strategy": "steps", "eval_steps": 2, "save_strategy": "steps", "save_steps": 2,
    "disable_tqdm": True, "per_device_eval_batch_size": 4,
}  # fmt: skip

SMALL = TrainConfig(
    model=ModelConfig(layers=1),
    window=WindowParameters(max_tokens=64, lookahead=12, head=4, tail=4),
    sampling=replace(SamplingConfig(), batch_tokens=256, pool_messages=16),
    evaluation_messages=2,
    arguments=ARGUMENTS,
)


@pytest.mark.filterwarnings("ignore")  # torch, datasets and accelerate warn of one another
def test_a_run_stops_and_goes_on(tmp_path: Path) -> None:
    from buzz_parser.training.train import train  # noqa: PLC0415

    train(SMALL, tmp_path, seconds=0)
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["checkpoint-1"]
    finished = train(SMALL, tmp_path)
    history = json.loads((tmp_path / "curves.json").read_text(encoding="utf-8"))
    assert [entry["step"] for entry in history if "loss" in entry] == [1, 2, 3, 4]
    assert {"eval_seen_begin_f1", "eval_unseen_begin_f1"} <= {
        key for entry in history for key in entry
    }
    assert (tmp_path / "curves.png").stat().st_size > 1_000
    names = {path.name for path in finished.iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json", "control_tokens.json"} <= names
    assert (
        json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["config"]["model"]["layers"]
        == 1
    )


def test_a_run_goes_on_with_its_own_configuration_alone(tmp_path: Path) -> None:
    from buzz_parser.training.train import train  # noqa: PLC0415

    (tmp_path / "checkpoints" / "checkpoint-2").mkdir(parents=True)
    record = json.dumps({"config": asdict(replace(SMALL, arguments=ARGUMENTS | {"max_steps": 9}))})
    (tmp_path / "run.json").write_text(record, encoding="utf-8")
    other = replace(SMALL, model=ModelConfig(layers=2), arguments=ARGUMENTS | {"seed": 2})
    with pytest.raises(ConfigError, match=r"other values of arguments\.seed, model\.layers; start"):
        train(other, tmp_path)
    assert (tmp_path / "run.json").read_text(encoding="utf-8") == record


@pytest.mark.parametrize("record", [None, "", "{}", "[]"])
def test_a_run_whose_record_is_lost_does_not_go_on(tmp_path: Path, record: str | None) -> None:
    from buzz_parser.training.train import train  # noqa: PLC0415

    (tmp_path / "checkpoints" / "checkpoint-2").mkdir(parents=True)
    if record is not None:
        (tmp_path / "run.json").write_text(record, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"run\.json: expected the record of the run"):
        train(SMALL, tmp_path)


@pytest.mark.filterwarnings("ignore")  # torch, datasets and accelerate warn of one another
def test_a_run_that_no_longer_gets_better_ends(tmp_path: Path) -> None:
    from buzz_parser.training.train import train  # noqa: PLC0415

    still = {"learning_rate": 0.0, "max_steps": 30, "eval_steps": 1}
    train(replace(SMALL, patience=2, arguments=ARGUMENTS | still), tmp_path)
    history = json.loads((tmp_path / "curves.json").read_text(encoding="utf-8"))
    assert max(entry["step"] for entry in history) == 3


@pytest.mark.filterwarnings("ignore")  # torch, datasets and the exporter warn of one another
def test_an_export_judges_what_it_is_given_and_says_so(tmp_path: Path) -> None:
    from buzz_parser.training.train import train  # noqa: PLC0415

    checkpoint = train(replace(SMALL, arguments=ARGUMENTS | {"max_steps": 1}), tmp_path / "run")
    judged, bundle = tmp_path / "judged.jsonl", tmp_path / "bundle"
    text = 'Thought: look\nAction: read({"a": 1})'
    segments = [
        {"label": "THOUGHT", "start": 0, "end": 13},
        {"label": "TOOLCALL", "start": 14, "end": len(text)},
    ]
    record = {"id": "r", "text": text, "segments": segments, "meta": {}}
    judged.write_text(json.dumps(record) + "\n", encoding="utf-8")
    command = ["export", str(checkpoint), str(bundle), "--run", str(tmp_path / "run" / "run.json")]
    done = CliRunner().invoke(app, [*command, "--messages", "4", "--judge", str(judged)])
    assert done.exit_code == 0, done.output
    manifest = json.loads((bundle / MANIFEST_NAME).read_bytes())
    evaluation = manifest["metrics"]["evaluation"]
    assert [(row["data"], row["messages"]) for row in evaluation] == [
        ("validation", 4),
        ("judged.jsonl", 1),
    ]
    assert evaluation[1]["rules"]["exact"] == 1.0
    row = next(
        line
        for line in read_bundle(bundle).files["README.md"].decode().split("\n")
        if "judged" in line
    )
    assert row.startswith("| judged.jsonl | 1 | ")
    assert "(100" in row

    judged.write_text("", encoding="utf-8")
    command[2] = str(tmp_path / "other")
    refused = CliRunner().invoke(app, [*command, "--judge", str(judged)])
    assert refused.exit_code == 2
    assert "expected messages with gold segments, found none" in refused.output.replace("\n", " ")
    assert not (tmp_path / "other").exists()


def test_two_processes_train_one_model(tmp_path: Path) -> None:
    """Batches of every length, each process its own, under `torchrun` as on two GPUs."""
    config = tmp_path / "config.toml"
    arguments = "\n".join(f"{key} = {json.dumps(value)}" for key, value in ARGUMENTS.items())
    config.write_text(
        "evaluation_messages = 2\n[model]\nlayers = 1\n"
        "[window]\nmax_tokens = 64\nlookahead = 12\nhead = 4\ntail = 4\n"
        f"[sampling]\nbatch_tokens = 256\npool_messages = 16\n[arguments]\n{arguments}\n",
        encoding="utf-8",
    )
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        "2",
    ]
    command += ["-m", "buzz_parser.cli", "train", "--config", str(config)]
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "run")],
        capture_output=True,
        text=True,
        env=environment,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    history = json.loads((tmp_path / "run" / "curves.json").read_text(encoding="utf-8"))
    assert [entry["step"] for entry in history if "loss" in entry] == [1, 2, 3, 4]
    assert (tmp_path / "run" / "checkpoint" / "tokenizer.json").is_file()
