"""From the generator to batches of windows: endless, seeded, never the same message twice."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import tokenizers

from buzz_parser.contract.windows import ControlTokens, WindowParameters
from buzz_parser.data.enrich import Source
from buzz_parser.data.generate import GeneratorConfig, generate, generator_config, load_source
from buzz_parser.data.records import Record
from buzz_parser.training.config import SamplingConfig
from buzz_parser.training.examples import IGNORED, Example, LabelledTokens, examples, window_at


def stream_batches(
    tokenizer_json: str,
    tokens: dict[str, int],
    window: dict[str, int],
    data: dict[str, Any],
    sampling: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    """Endless training batches; plain arguments, so that `datasets` can hash and send them."""
    tokenizer = tokenizers.Tokenizer.from_str(tokenizer_json)
    config, drawing = generator_config(data), SamplingConfig(**sampling)
    source = load_source(config.split, config.transcripts)
    start = 0
    while True:
        rng = Random(f"windows/{config.seed}/{start}")
        records = generate(config, source, start, drawing.pool_messages)
        windows = [
            example
            for record in records
            for example in draw_windows(
                tokenizer, record, WindowParameters(**window), ControlTokens(**tokens), drawing, rng
            )
        ]
        for batch in batches(windows, drawing.batch_tokens, rng):
            # Not `asdict`, which copies every list and costs as much as making it.
            yield {"batch": [vars(example) for example in batch]}
        start += drawing.pool_messages


def draw_windows(
    tokenizer: tokenizers.Tokenizer,
    record: Record,
    parameters: WindowParameters,
    tokens: ControlTokens,
    sampling: SamplingConfig,
    rng: Random,
) -> list[Example]:
    """Some windows of a message: as the reader would cut it, some moved to a token of chance."""
    labelled = LabelledTokens.of(tokenizer, record.text, record.segments)
    count = len(labelled.ids)
    found = list(examples(labelled, parameters, tokens))
    if len(found) > sampling.windows_per_message:
        found = rng.sample(found, sampling.windows_per_message)
    drawn = []
    for example in found:
        chosen = example
        if count > 1 and rng.random() < sampling.cut_anywhere:
            noise = rng if rng.random() < sampling.state_noise else None
            chosen = window_at(labelled, rng.randrange(1, count), parameters, tokens, noise=noise)
        drawn.append(chosen)
    return drawn


def batches(windows: Sequence[Example], batch_tokens: int, rng: Random) -> Iterator[list[Example]]:
    """Windows of like length together, at most `batch_tokens` padded tokens each, in a drawn order."""
    by_length = sorted(windows, key=lambda example: (len(example.input_ids), rng.random()))
    found: list[list[Example]] = [[]]
    for example in by_length:
        if found[-1] and len(example.input_ids) * (len(found[-1]) + 1) > batch_tokens:
            found.append([])
        found[-1].append(example)
    rng.shuffle(found)
    yield from (batch for batch in found if batch)


def evaluation_windows(
    tokenizer: tokenizers.Tokenizer,
    config: GeneratorConfig,
    source: Source,
    count: int,
    parameters: WindowParameters,
    tokens: ControlTokens,
) -> list[Example]:
    """All windows of `count` messages, as the reader would cut them."""
    return [
        example
        for record in generate(config, source, 0, count)
        for example in examples(
            LabelledTokens.of(tokenizer, record.text, record.segments), parameters, tokens
        )
    ]


def collate(rows: Sequence[dict[str, Any]]) -> dict[str, list[list[int]]]:
    """Padded lists [batch, longest] of model inputs and labels, the mask 0 where padded.

    A row is an example, or a batch of examples under the key `batch`.
    """
    examples_ = [example for row in rows for example in row.get("batch", [row])]
    longest = max(len(example["input_ids"]) for example in examples_)

    def padded(key: str, value: int) -> list[list[int]]:
        return [e[key] + [value] * (longest - len(e[key])) for e in examples_]

    return {
        "input_ids": padded("input_ids", 0),
        "token_type_ids": padded("token_type_ids", 0),
        "labels": padded("labels", IGNORED),
        "attention_mask": [
            [1] * len(e["input_ids"]) + [0] * (longest - len(e["input_ids"])) for e in examples_
        ],
    }
