//! Windows that carry context, the twin of `contract/windows.py` (docs/contract.md, section 4).

use std::ops::Range;

use crate::labels::{OUTSIDE, SegmentType, is_begin, type_of};

/// `[CLS] S_start [SEP] body [SEP]`.
pub const FIRST_CONTROL_TOKENS: usize = 4;

/// `[CLS] S_state head [SEP] tail [SEP] body [SEP]`.
pub const LATER_CONTROL_TOKENS: usize = 5;

/// What can be open at a cut; each has a control token of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The text begins here.
    Start,
    /// No segment is open.
    Outside,
    /// A segment of this type is open.
    Open(SegmentType),
}

impl State {
    /// The state's name in the manifest, such as `toolcall`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Outside => "outside",
            Self::Open(SegmentType::Thought) => "thought",
            Self::Open(SegmentType::ToolCall) => "toolcall",
            Self::Open(SegmentType::Text) => "text",
            Self::Open(SegmentType::ToolResponse) => "toolresponse",
        }
    }
}

/// Sizes in tokens: the whole input, what is read but not committed, the context carried along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowParameters {
    /// Longest model input with its control tokens.
    pub max_tokens: usize,
    /// Tokens read but not committed, unless the text ends with them.
    pub lookahead: usize,
    /// At most so many first tokens of the open segment.
    pub head: usize,
    /// At most so many last tokens before the cut.
    pub tail: usize,
}

/// Vocabulary ids of the tokens that give a window its structure; no text can produce them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlTokens {
    /// Opens every window.
    pub cls: i64,
    /// Ends every part of a window.
    pub sep: i64,
    /// State: the text begins here.
    pub start: i64,
    /// State: no segment is open.
    pub outside: i64,
    /// State: a thought is open.
    pub thought: i64,
    /// State: a tool call is open.
    pub toolcall: i64,
    /// State: a text is open.
    pub text: i64,
    /// State: a tool response is open.
    pub toolresponse: i64,
}

impl ControlTokens {
    /// The control token of a state.
    #[must_use]
    pub fn of(&self, state: State) -> i64 {
        match state {
            State::Start => self.start,
            State::Outside => self.outside,
            State::Open(SegmentType::Thought) => self.thought,
            State::Open(SegmentType::ToolCall) => self.toolcall,
            State::Open(SegmentType::Text) => self.text,
            State::Open(SegmentType::ToolResponse) => self.toolresponse,
        }
    }
}

/// What one window hands to the next: tokens committed, the last label, the last `B-` token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carry {
    /// Tokens committed so far.
    pub position: usize,
    /// The label of the last committed token.
    pub label: u8,
    /// The index of the last committed `B-` token, 0 if there was none.
    pub opened: usize,
}

/// The carry before the first window.
pub const START: Carry = Carry { position: 0, label: OUTSIDE, opened: 0 };

/// One model input: body `position..end`, of which labels are kept for `position..commit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The first token of the body.
    pub position: usize,
    /// One past the last token of the body.
    pub end: usize,
    /// One past the last token whose label is kept.
    pub commit: usize,
    /// What is open at `position`.
    pub state: State,
    /// The first tokens of the open segment, carried as context.
    pub head: Range<usize>,
    /// The last tokens before `position`, carried as context.
    pub tail: Range<usize>,
}

/// The state at a cut: start, outside, or the type that is open.
#[must_use]
pub fn state_of(carry: &Carry) -> State {
    if carry.position == 0 {
        return State::Start;
    }
    type_of(carry.label).map_or(State::Outside, State::Open)
}

/// The window that follows a carry in a text of `token_count` tokens, of which some are left.
///
/// `parameters` are those of a valid manifest: a window has room for more than its lookahead.
#[must_use]
pub fn plan_window(carry: &Carry, token_count: usize, parameters: &WindowParameters) -> Window {
    let (position, state) = (carry.position, state_of(carry));
    let head = match state {
        State::Open(_) => carry.opened..position.min(carry.opened + parameters.head),
        State::Start | State::Outside => position..position,
    };
    let tail = position.saturating_sub(parameters.tail)..position;
    let control = if position == 0 { FIRST_CONTROL_TOKENS } else { LATER_CONTROL_TOKENS };
    let room = parameters.max_tokens - control - head.len() - tail.len();
    let end = token_count.min(position + room);
    let commit = if end == token_count { end } else { end - parameters.lookahead };
    Window { position, end, commit, state, head, tail }
}

/// The model's `input_ids` and `token_type_ids` for a window; `ids` are those of the whole text.
#[must_use]
pub fn window_inputs(window: &Window, ids: &[i64], tokens: &ControlTokens) -> (Vec<i64>, Vec<i64>) {
    let body = window.end - window.position;
    let mut input_ids = Vec::with_capacity(body_offset(window) + body + 1);
    input_ids.push(tokens.cls);
    input_ids.push(tokens.of(window.state));
    input_ids.extend_from_slice(&ids[window.head.clone()]);
    input_ids.push(tokens.sep);
    if window.position > 0 {
        input_ids.extend_from_slice(&ids[window.tail.clone()]);
        input_ids.push(tokens.sep);
    }
    let mut token_type_ids = vec![0; input_ids.len()];
    input_ids.extend_from_slice(&ids[window.position..window.end]);
    input_ids.push(tokens.sep);
    token_type_ids.resize(input_ids.len(), 1);
    (input_ids, token_type_ids)
}

/// The index of the body's first token in the window's input.
#[must_use]
pub fn body_offset(window: &Window) -> usize {
    if window.position == 0 {
        return FIRST_CONTROL_TOKENS - 1;
    }
    LATER_CONTROL_TOKENS - 1 + window.head.len() + window.tail.len()
}

/// The carry after committing the next `labels` (at least one).
#[must_use]
pub fn advance(carry: &Carry, labels: &[u8]) -> Carry {
    let mut next = *carry;
    for &label in labels {
        if is_begin(label) {
            next.opened = next.position;
        }
        next.label = label;
        next.position += 1;
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: ControlTokens = ControlTokens {
        cls: -1,
        sep: -2,
        start: -3,
        outside: -4,
        thought: -5,
        toolcall: -6,
        text: -7,
        toolresponse: -8,
    };

    /// All windows of a text whose every committed label is given.
    fn read(labels: &[u8], parameters: &WindowParameters) -> Vec<Window> {
        let (mut carry, mut found) = (START, Vec::new());
        while carry.position < labels.len() {
            let plan = plan_window(&carry, labels.len(), parameters);
            carry = advance(&carry, &labels[plan.position..plan.commit]);
            found.push(plan);
        }
        found
    }

    #[test]
    fn windows_tile_the_text_and_never_exceed_their_size() {
        let ids: Vec<i64> = (0..97).collect();
        for (max_tokens, lookahead, head, tail) in [(8, 0, 0, 0), (12, 2, 1, 1), (40, 9, 12, 13)] {
            let parameters = WindowParameters { max_tokens, lookahead, head, tail };
            for pattern in [&[0_u8][..], &[5, 6, 6, 6, 0], &[1, 2, 3], &[7]] {
                let labels: Vec<u8> = pattern.iter().copied().cycle().take(97).collect();
                let mut committed = 0;
                for window in read(&labels, &parameters) {
                    assert_eq!(window.position, committed);
                    assert!(window.commit > committed);
                    let naive_opened =
                        labels[..committed].iter().rposition(|&label| is_begin(label));
                    if let State::Open(_) = window.state {
                        assert_eq!(Some(window.head.start), naive_opened);
                    }
                    let (input_ids, types) = window_inputs(&window, &ids, &TOKENS);
                    assert!(input_ids.len() <= max_tokens);
                    assert_eq!(input_ids.len(), types.len());
                    let body = body_offset(&window);
                    assert_eq!(input_ids[body], committed as i64);
                    assert_eq!((types[body - 1], types[body]), (0, 1));
                    committed = window.commit;
                }
                assert_eq!(committed, labels.len());
            }
        }
    }

    #[test]
    fn head_and_tail_are_what_the_contract_says() {
        let parameters = WindowParameters { max_tokens: 12, lookahead: 2, head: 2, tail: 1 };
        let carry = Carry { position: 6, label: 6, opened: 2 };
        let window = plan_window(&carry, 20, &parameters);
        assert_eq!((window.head.clone(), window.tail.clone()), (2..4, 5..6));
        assert_eq!((window.end, window.commit), (10, 8));
        let ids: Vec<i64> = (100..120).collect();
        let (input_ids, types) = window_inputs(&window, &ids, &TOKENS);
        assert_eq!(input_ids, [-1, -7, 102, 103, -2, 105, -2, 106, 107, 108, 109, -2]);
        assert_eq!(types, [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    }
}
