"""The export stage: a trained checkpoint to a bundle, validated as it will run, or nothing at all."""

import importlib.metadata
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import tokenizers
import torch
from transformers import AutoModelForTokenClassification

from buzz_parser import _rust
from buzz_parser.contract.bundle import Bundle, read_bundle
from buzz_parser.contract.labels import LABEL_MAP
from buzz_parser.contract.manifest import (
    MANIFEST_NAME,
    Recorded,
    Tolerance,
    parse_manifest,
)
from buzz_parser.contract.windows import WindowParameters
from buzz_parser.data.records import Record
from buzz_parser.judging.comparison import (
    FIGURE_NAMES,
    SPLIT_FIGURES,
    Comparison,
    compare,
    percent,
    percents,
)
from buzz_parser.judging.evaluate import predictor
from buzz_parser.judging.gold import Gold
from buzz_parser.parity.check import check_golden, tier_of
from buzz_parser.reading import runtime
from buzz_parser.reading.parser import ENGINE_NAMES, load_engine
from buzz_parser.reading.reference import ReferenceEngine
from buzz_parser.release.freeze import Draft, freeze, manifest_bytes, put_in_place
from buzz_parser.release.transitions import DEFAULT_PENALTIES, choose_penalties, transition_scores
from buzz_parser.training.examples import Example, LabelledTokens, examples
from buzz_parser.training.export import export_model
from buzz_parser.training.model import load_vocabulary
from buzz_parser.training.quantize import quantize_weights
from buzz_parser.training.vocabulary import TrimmedVocabulary

TOLERANCE = Tolerance(logit=5e-2, probability=2e-2, margin=0.1)
LOGIT_TOLERANCE = 2e-3
"""Largest difference of a logit between torch and ONNX Runtime on the model before its weights are stored."""

TEXT_BYTES = 4 * 2**20


class ExportError(ValueError):
    """An export that did not hold what a bundle promises; the message says what was expected and found."""


@dataclass(frozen=True, kw_only=True)
class ExportInputs:
    """What an export needs beside the checkpoint.

    `validation` chooses the transition scores; `judged` are measured, and their figures stand in the card.
    """

    name: str
    version: str
    window: WindowParameters
    validation: Sequence[Record]
    judged: Sequence[Gold]
    golden_cases: Sequence[tuple[str, str]]
    provenance: dict[str, Any]


def export_checkpoint(
    checkpoint: Path,
    directory: Path,
    inputs: ExportInputs,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> Bundle:
    """Exports, validates, freezes and checks with both engines; raises `ExportError` and leaves no bundle.

    `say` is told of each step as it is done.
    """
    model = AutoModelForTokenClassification.from_pretrained(checkpoint).eval()
    vocabulary = load_vocabulary(checkpoint)
    plain = export_model(model)
    stored = quantize_weights(plain)
    say(f"exported: {len(plain):,} bytes, stored as int8: {len(stored):,} bytes")
    draft = _draft(inputs, vocabulary, stored, model.config.to_diff_dict())
    windows = _windows(draft, inputs.validation)
    figures = validate_graphs(model, engine_of(draft, plain), engine_of(draft, stored), windows)
    say(f"validated on {len(windows):,} windows: {json.dumps(figures)}")
    penalties, means = choose_penalties(engine_of(draft, stored), inputs.validation)
    say(f"transition scores: {penalties}, mean of F1 and exact about {means[penalties]:.4f}")
    draft = replace(draft, transitions=transition_scores(penalties))
    engine = engine_of(draft, stored)
    predict = predictor(lambda texts: map(engine.parse, texts))
    chosen_on = Gold(path=Path("validation"), records=tuple(inputs.validation), without_gold=0)
    compared = [compare(predict, gold) for gold in (chosen_on, *inputs.judged)]
    draft = replace(
        draft,
        metrics=figures
        | {"repeat_penalty": penalties.repeat, "switch_penalty": penalties.switch}
        | {"evaluation": [_figures(comparison) for comparison in compared]},
    )
    draft = replace(draft, card=card(draft, compared))
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".export-") as scratch:
        trial = Path(scratch) / "bundle"
        check_bundle(freeze(draft, list(inputs.golden_cases), trial), trial)
        put_in_place(trial, directory, Path(scratch) / "replaced")
    return read_bundle(directory)


def _draft(
    inputs: ExportInputs, vocabulary: TrimmedVocabulary, model: bytes, shape: dict[str, Any]
) -> Draft:
    """A draft without card and figures; `shape` is the configuration that transformers needs to train on."""
    versions = {
        name: importlib.metadata.version(name) for name in ("torch", "transformers", "optimum")
    }
    return Draft(
        parser_name=inputs.name,
        parser_version=inputs.version,
        label_map=LABEL_MAP,
        tokenizer=vocabulary.tokenizer_json,
        model=model,
        card=b"",
        window=inputs.window,
        tokens=vocabulary.tokens,
        transitions=transition_scores(DEFAULT_PENALTIES),
        text_bytes=TEXT_BYTES,
        disable_quant_qdq=True,
        recorded=Recorded(
            onnxruntime=onnxruntime.__version__, instruction_set=_rust.instruction_set()
        ),
        tolerance=TOLERANCE,
        provenance=inputs.provenance | versions | {"model": shape},
        metrics={},
    )


def _windows(draft: Draft, records: Sequence[Record]) -> list[Example]:
    """All windows of records, as a reader that makes no mistake would cut them."""
    tokenizer = tokenizers.Tokenizer.from_buffer(draft.tokenizer)
    return [
        window
        for record in records
        for window in examples(
            LabelledTokens.of(tokenizer, record.text, record.segments), draft.window, draft.tokens
        )
    ]


def validate_graphs(
    model: Any, plain: ReferenceEngine, stored: ReferenceEngine, windows: Sequence[Example]
) -> dict[str, float]:
    """Every window through torch, the plain graph and the stored one; raises `ExportError` beyond tolerance.

    The share of tokens whose label the int8 storage changed is returned, not refused: it is a figure of
    quality.
    """
    worst = changed = tokens = 0.0
    for index, window in enumerate(windows):
        with torch.no_grad():
            wanted = (
                model(
                    input_ids=torch.tensor([window.input_ids]),
                    token_type_ids=torch.tensor([window.token_type_ids]),
                    attention_mask=torch.ones(1, len(window.input_ids), dtype=torch.int64),
                )
                .logits[0]
                .numpy()
            )
        runs = [
            runtime.run_window(engine.session, index, window.input_ids, window.token_type_ids)[0]
            for engine in (plain, stored)
        ]
        worst = max(worst, float(np.abs(wanted - runs[0]).max()))
        changed += int((runs[0].argmax(-1) != runs[1].argmax(-1)).sum())
        tokens += len(window.input_ids)
    if worst > LOGIT_TOLERANCE:
        raise ExportError(
            f"logits: expected at most {LOGIT_TOLERANCE} between torch and ONNX Runtime, found {worst}"
        )
    return {"export_logit_difference": worst, "int8_changed_labels": changed / max(1.0, tokens)}


def engine_of(draft: Draft, model: bytes) -> ReferenceEngine:
    """A reader of a draft that is no bundle yet, on some model."""
    files = {
        "label_map.json": draft.label_map,
        "tokenizer.json": draft.tokenizer,
        "model.onnx": model,
        "golden.jsonl": b"",
        "README.md": draft.card,
    }
    manifest = parse_manifest(MANIFEST_NAME, manifest_bytes(draft, files))
    return ReferenceEngine(Bundle(path="draft", manifest=manifest, files=files))


def _figures(comparison: Comparison) -> dict[str, Any]:
    """What the manifest keeps of a comparison."""
    parser, rules = comparison.parser.overall, comparison.rules.overall
    return {
        "data": Path(comparison.title).name,
        "messages": parser.messages,
        "parser": {name: parser.figures[name] for name in SPLIT_FIGURES},
        "rules": {name: rules.figures[name] for name in SPLIT_FIGURES},
    }


def check_bundle(bundle: Bundle, path: Path) -> None:
    """Runs the golden file through both engines; raises `ExportError` at the first difference."""
    tier = tier_of(bundle.manifest)
    for name in ENGINE_NAMES:
        engine = load_engine(path, name)
        for report in check_golden(engine, bundle.manifest, bundle.files["golden.jsonl"], tier):
            if report.differences:
                case, difference = report.differences[0]
                raise ExportError(
                    f"golden case {case}, engine {name}, stage {difference.stage}: "
                    f"expected {difference.left}, found {difference.right}"
                )


def card(draft: Draft, compared: Sequence[Comparison]) -> bytes:
    """The model card: what it is, how it was made, what was measured."""
    rows = [
        f"| {name} | {value} |" for name, value in draft.metrics.items() if name != "evaluation"
    ]
    made = json.dumps(dict(draft.provenance), indent=1, ensure_ascii=False)
    lines = [
        f"# {draft.parser_name} {draft.parser_version}",
        "",
        "Labels every token of a raw agent message (BIO over THOUGHT, TOOLCALL, TEXT, TOOLRESPONSE).",
        "Read it with `buzz_parser.Parser.load` or `buzz::Parser::load`; check it with `buzz-parser check`.",
        "",
        "Weights are stored as int8 with a scale a channel and computed in float32.",
        "",
        *(_table(compared) if compared else ()),
        "| at export | value |",
        "|---|---|",
        *rows,
        "",
        "Made with:",
        "",
        "```json",
        made,
        "```",
        "",
    ]
    return "\n".join(lines).encode()


def _table(compared: Sequence[Comparison]) -> list[str]:
    """The card's table: each figure in percent with its 95 % interval, and that of the rules."""
    heads = [FIGURE_NAMES[name] for name in SPLIT_FIGURES]
    lines = [
        "In percent, with 95 % intervals; in brackets what hand-written rules reach.",
        "",
        f"| | messages | {' | '.join(heads)} |",
        "|---" * (2 + len(heads)) + "|",
    ]
    for comparison in compared:
        ours, theirs = comparison.parser.overall, comparison.rules.overall
        cells = [
            f"{percent(ours.figures[name])}, {percents(ours.intervals[name])} ({percent(theirs.figures[name])})"
            for name in SPLIT_FIGURES
        ]
        name = Path(comparison.title).name
        lines.append(f"| {name} | {ours.messages} | {' | '.join(cells)} |")
    return [*lines, ""]
