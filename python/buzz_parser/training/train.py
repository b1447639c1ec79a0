"""The training stage: a configuration to a checkpoint, with transformers' Trainer."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import tokenizers
import torch
import transformers
from transformers import EarlyStoppingCallback, Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_utils import get_last_checkpoint

from buzz_parser.contract.labels import LABELS
from buzz_parser.data.generate import GeneratorConfig, load_source
from buzz_parser.training.config import ConfigError, TrainConfig
from buzz_parser.training.curves import save_curves
from buzz_parser.training.examples import IGNORED
from buzz_parser.training.model import load_base, save_tokenizer
from buzz_parser.training.stream import collate, evaluation_windows, stream_batches


class BeginWeightedTrainer(Trainer):
    """A Trainer whose loss weighs `B-` labels more: where a segment begins matters most."""

    begin_weight = 1.0

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,  # noqa: ARG002  # the base class passes it by name
    ) -> Any:
        """Cross-entropy over the labelled tokens [batch, length]."""
        labels = inputs.pop("labels")
        outputs = model(**inputs)
        weights = torch.ones(len(LABELS), device=labels.device)
        weights[1::2] = self.begin_weight
        loss = torch.nn.functional.cross_entropy(
            outputs.logits.float().flatten(0, 1), labels.flatten(), weights, ignore_index=IGNORED
        )
        inputs["labels"] = labels
        return (loss, outputs) if return_outputs else loss


class TimeLimit(TrainerCallback):
    """Stops cleanly after some seconds, with a checkpoint to go on from."""

    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """Asks for a checkpoint and the end once the time is over."""
        if time.monotonic() > self.deadline:
            control.should_save = True
            control.should_training_stop = True
        return control


class HeldOutPatience(EarlyStoppingCallback):
    """Ends a run whose loss on held-out dialects no longer falls; evaluations of other sets do not count."""

    def on_evaluate(  # type: ignore[override]  # as its base class does
        self, args: Any, state: Any, control: Any, metrics: Any, **kwargs: Any
    ) -> None:
        """Counts an evaluation that has the metric that decides."""
        if args.metric_for_best_model in metrics:
            super().on_evaluate(args, state, control, metrics, **kwargs)  # type: ignore[no-untyped-call]


HELD_OUT_LOSS = "eval_unseen_loss"


def train(config: TrainConfig, directory: Path, *, seconds: float | None = None) -> Path:
    """Trains, or goes on from the last checkpoint in `directory`; the path of the finished checkpoint.

    `seconds` ends the sitting early; the next call with the same configuration goes on; only `max_steps` may
    have changed, else `ConfigError` is raised. Under `torchrun` every
    process takes its turn of the same stream of batches, and the first one writes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    checkpoints = directory / "checkpoints"
    last = get_last_checkpoint(str(checkpoints)) if checkpoints.is_dir() else None
    if last is not None:
        _refuse_another_run(config, directory / "run.json")
    model, vocabulary = load_base(config.model)
    tokenizer = tokenizers.Tokenizer.from_buffer(vocabulary.tokenizer_json)
    stream = datasets.IterableDataset.from_generator(
        stream_batches,
        gen_kwargs={
            "tokenizer_json": vocabulary.tokenizer_json.decode(),
            "tokens": asdict(vocabulary.tokens),
            "window": asdict(config.window),
            "data": asdict(config.data),
            "sampling": asdict(config.sampling),
        },
    )
    evaluation = {}
    for name, split in (("seen", "validation"), ("unseen", "validation-unseen")):
        # Not the run's own mixture: runs that differ in it are judged on the same messages.
        data = GeneratorConfig(
            split=split, transcripts=config.data.transcripts, own=config.data.own
        )
        found = evaluation_windows(
            tokenizer,
            data,
            load_source(split, data.transcripts),
            config.evaluation_messages,
            config.window,
            vocabulary.tokens,
        )
        evaluation[name] = datasets.Dataset.from_list([asdict(example) for example in found])
    trainer = BeginWeightedTrainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(directory / "checkpoints"),
            per_device_train_batch_size=1,
            remove_unused_columns=False,
            label_names=["labels"],
            report_to=[],
            use_cpu=not torch.cuda.is_available(),
            **(_default_arguments(config.patience) | config.arguments),
        ),
        train_dataset=stream,
        eval_dataset=evaluation,
        data_collator=tensors,
        compute_metrics=window_metrics,
        preprocess_logits_for_metrics=lambda logits, _: logits.argmax(-1),
        callbacks=_callbacks(config, seconds),
    )
    trainer.begin_weight = config.sampling.begin_weight
    if trainer.is_world_process_zero():
        _record(config, directory)
    trainer.train(resume_from_checkpoint=last)
    finished = directory / "checkpoint"
    trainer.save_model(str(finished))
    if trainer.is_world_process_zero():
        save_curves(trainer.state.log_history, directory)
        save_tokenizer(vocabulary, finished)
    return finished


def tensors(rows: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """The collated batch as int64 tensors [batch, longest]."""
    return {name: torch.tensor(values) for name, values in collate(rows).items()}


def window_metrics(prediction: Any) -> dict[str, float]:
    """Share of tokens and of whole windows that are right, and how many predicted begins are."""
    predicted, labels = np.asarray(prediction.predictions), np.asarray(prediction.label_ids)
    counted = labels != IGNORED
    right = (predicted == labels) | ~counted
    begins_gold = counted & (labels % 2 == 1)
    begins_found = counted & (predicted % 2 == 1)
    hits = int((begins_gold & (predicted == labels)).sum())
    return {
        "token_accuracy": float(right[counted].mean()),
        "window_exact": float(right.all(axis=1).mean()),
        "begin_f1": 2 * hits / max(1, int(begins_gold.sum() + begins_found.sum())),
    }


def _callbacks(config: TrainConfig, seconds: float | None) -> list[TrainerCallback]:
    callbacks: list[TrainerCallback] = []
    if config.patience:
        callbacks.append(HeldOutPatience(early_stopping_patience=config.patience))
    if seconds is not None:
        callbacks.append(TimeLimit(seconds))
    return callbacks


def _default_arguments(patience: int) -> dict[str, Any]:
    """Arguments that a configuration may change: how processes share, which evaluation is the best."""
    # Batches differ in length, so they can't be joined in one process and dealt out from there.
    shared: dict[str, Any] = {"accelerator_config": {"dispatch_batches": False}}
    if not patience:
        return shared
    return shared | {
        "metric_for_best_model": HELD_OUT_LOSS,
        "greater_is_better": False,
        "restore_callback_states_from_checkpoint": True,
    }


def _refuse_another_run(config: TrainConfig, record: Path) -> None:
    """Raises `ConfigError` where the checkpoints are those of a run with another configuration, or of none known."""
    try:
        found = json.loads(record.read_text(encoding="utf-8"))["config"]
    except (OSError, ValueError, KeyError, TypeError) as cause:
        raise ConfigError(
            f"{record}: expected the record of the run whose checkpoints stand beside it, found {cause!r}; "
            "put it back, or start another run in another directory"
        ) from cause
    wanted = json.loads(json.dumps(asdict(config)))
    changed = sorted(_differences(found, wanted) - {"arguments.max_steps"})
    if changed:
        raise ConfigError(
            f"{record}: expected the configuration of the run that stands there, found other values of "
            f"{', '.join(changed)}; start another run in another directory"
        )


def _differences(one: Any, other: Any, name: str = "") -> set[str]:
    """The dotted names under which two configurations differ."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return set() if one == other else {name}
    dotted = f"{name}." if name else ""
    return {
        found
        for key in one.keys() | other.keys()
        for found in _differences(one.get(key), other.get(key), f"{dotted}{key}")
    }


def _record(config: TrainConfig, directory: Path) -> None:
    """Writes down the whole configuration and the versions that the run depends on."""
    record = {
        "config": asdict(config),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }
    (directory / "run.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
