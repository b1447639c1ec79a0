"""The reference engine: the contract in plain Python, the twin of `rust_check/src/engine.rs`."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from buzz_parser.contract import decode, segments, tokens, windows
from buzz_parser.contract.bundle import Bundle
from buzz_parser.errors import BuzzError
from buzz_parser.reading import runtime
from buzz_parser.reading.trace import ParseResult, Trace, TracedWindow


class ReferenceEngine:
    """Reads texts with a verified bundle. Thread-safe: nothing changes after construction."""

    def __init__(self, bundle: Bundle, *, intra_threads: int = 1) -> None:
        self.bundle = bundle
        self.tokenizer = tokens.load_tokenizer(
            bundle.file_path("tokenizer.json"), bundle.files["tokenizer.json"]
        )
        self.session = runtime.load_model(bundle, intra_threads)

    def parse(self, text: str) -> ParseResult:
        """The segments of a text; raises `TextError`, `ModelError`."""
        return ParseResult(text=text, segments=self.trace(text).segments)

    def parse_many(self, texts: Sequence[str], workers: int) -> list[ParseResult | BuzzError]:
        """The result or the error of each text, in order, read by `workers` threads."""
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(self._parse_or_error, texts))

    def trace(self, text: str) -> Trace:
        """Every intermediate value of parsing a text; raises `TextError`, `ModelError`."""
        manifest = self.bundle.manifest
        read = tokens.tokenize(self.tokenizer, text, manifest.text_bytes)
        carry = windows.START
        traced: list[TracedWindow] = []
        labels: list[int] = []
        probabilities: list[float] = []
        while carry.position < len(read.ids):
            plan = windows.plan_window(carry, len(read.ids), manifest.window)
            window = self._run_window(len(traced), plan, read.ids)
            path = decode.viterbi(window.logits, manifest.transitions, carry.label)
            committed = path[: plan.commit - plan.position]
            labels += committed
            probabilities += [
                float(window.probabilities[row, label]) for row, label in enumerate(committed)
            ]
            carry = windows.advance(carry, committed)
            traced.append(window)
        return Trace(
            text=text,
            ids=read.ids,
            offsets=read.offsets,
            byte_offsets=tokens.byte_offsets(text, read.offsets),
            windows=traced,
            labels=labels,
            segments=segments.segments(text, read.offsets, labels, probabilities),
        )

    def _run_window(self, index: int, plan: windows.Window, ids: Sequence[int]) -> TracedWindow:
        input_ids, token_type_ids = windows.window_inputs(plan, ids, self.bundle.manifest.tokens)
        logits, probabilities = runtime.run_window(self.session, index, input_ids, token_type_ids)
        body = slice(windows.body_offset(plan), len(input_ids) - 1)
        runtime.check_finite(index, plan.position, "logit", logits[body])
        runtime.check_finite(index, plan.position, "probability", probabilities[body])
        return TracedWindow(
            plan=plan,
            input_ids=input_ids,
            token_type_ids=token_type_ids,
            logits=logits[body],
            probabilities=probabilities[body],
        )

    def _parse_or_error(self, text: str) -> ParseResult | BuzzError:
        try:
            return self.parse(text)
        except BuzzError as error:
            return error
