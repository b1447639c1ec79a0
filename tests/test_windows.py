"""Windows: tiled without gap or overlap, never too long, carrying what was committed."""

from hypothesis import assume, given
from hypothesis import strategies as st

from buzz_parser.contract import windows
from buzz_parser.contract.labels import LABELS
from buzz_parser.contract.windows import Carry, ControlTokens, Window, WindowParameters
from tests.oracles import allowed

TOKENS = ControlTokens(
    cls=-1, sep=-2, start=-3, outside=-4, thought=-5, toolcall=-6, text=-7, toolresponse=-8
)


@st.composite
def parameters(draw: st.DrawFn) -> WindowParameters:
    """Any window parameters that the manifest allows, small."""
    head, tail, lookahead = (draw(st.integers(0, 6)) for _ in range(3))
    least = max(8, 5 + head + tail + lookahead + 1)
    max_tokens = draw(st.integers(least, least + 12))
    return WindowParameters(max_tokens=max_tokens, lookahead=lookahead, head=head, tail=tail)


@st.composite
def bio_labels(draw: st.DrawFn) -> list[int]:
    """A label sequence that BIO allows."""
    labels: list[int] = []
    before = "O"
    for _ in range(draw(st.integers(0, 70))):
        choices = [index for index, label in enumerate(LABELS) if allowed(before, label)]
        labels.append(draw(st.sampled_from(choices)))
        before = LABELS[labels[-1]]
    return labels


def read(labels: list[int], sizes: WindowParameters) -> list[tuple[Carry, Window]]:
    """All windows of a text whose every committed label is given."""
    carry, found = windows.START, []
    while carry.position < len(labels):
        plan = windows.plan_window(carry, len(labels), sizes)
        found.append((carry, plan))
        carry = windows.advance(carry, labels[plan.position : plan.commit])
    return found


@given(bio_labels(), parameters())
def test_windows_against_a_direct_reading_of_the_contract(
    labels: list[int], sizes: WindowParameters
) -> None:
    committed = 0
    for carry, plan in read(labels, sizes):
        names = [LABELS[label] for label in labels[:committed]]
        opened = max((i for i, name in enumerate(names) if name.startswith("B-")), default=0)
        assert carry == Carry(
            position=committed, label=labels[committed - 1] if committed else 0, opened=opened
        )
        last = names[-1] if names else "O"
        state = "start" if not names else "outside" if last == "O" else last[2:].lower()
        head = list(range(opened, committed))[: sizes.head] if last != "O" else []
        tail = (
            list(range(committed))[len(names) - sizes.tail :]
            if sizes.tail < committed
            else list(range(committed))
        )
        tail = tail if sizes.tail else []
        control = 4 if not names else 5
        body = list(range(committed, len(labels)))[
            : sizes.max_tokens - control - len(head) - len(tail)
        ]
        left, right = (
            [TOKENS.cls, getattr(TOKENS, state), *head, TOKENS.sep],
            [*body, TOKENS.sep],
        )
        if names:
            left += [*tail, TOKENS.sep]
        input_ids, token_type_ids = windows.window_inputs(plan, range(len(labels)), TOKENS)
        assert input_ids == left + right
        assert token_type_ids == [0] * len(left) + [1] * len(right)
        assert windows.body_offset(plan) == len(left)
        assert plan.state == state
        assert len(input_ids) <= sizes.max_tokens
        ends = committed + len(body) == len(labels)
        assert plan.commit == committed + len(body) - (0 if ends else sizes.lookahead)
        assert plan.commit > committed
        committed = plan.commit
    assert committed == len(labels)


def test_the_number_of_windows_is_linear_in_the_length() -> None:
    sizes = WindowParameters(max_tokens=48, lookahead=12, head=4, tail=4)
    counts = [len(read([5] + [6] * (length - 1), sizes)) for length in (1_000, 2_000, 4_000)]
    assert counts == [43, 87, 173]


def test_a_text_that_fits_is_one_window() -> None:
    sizes = WindowParameters(max_tokens=12, lookahead=6, head=0, tail=0)
    ((_, plan),) = read([0] * 8, sizes)
    assert plan == Window(position=0, end=8, commit=8, state="start", head=(0, 0), tail=(0, 0))


@given(bio_labels(), st.integers(1, 9))
def test_committing_in_pieces_gives_the_same_carry(labels: list[int], size: int) -> None:
    assume(labels)
    carry = windows.START
    for start in range(0, len(labels), size):
        carry = windows.advance(carry, labels[start : start + size])
    assert carry == windows.advance(windows.START, labels)
