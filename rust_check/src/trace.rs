//! What a parse returns, and every intermediate value of one, the twin of `reading/trace.py`.

use std::ops::Range;

use crate::decode::Row;
use crate::segments::Segment;
use crate::windows::Window;

/// A parsed text: its segments in order; what no segment covers is outside of all types.
#[derive(Debug, Clone, PartialEq)]
pub struct ParseResult {
    pub(crate) segments: Vec<Segment>,
}

impl ParseResult {
    /// The segments: ordered, disjoint, trimmed of whitespace, never empty.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The segments themselves.
    #[must_use]
    pub fn into_segments(self) -> Vec<Segment> {
        self.segments
    }
}

/// One window: its plan, the model's inputs, and the outputs for its body, one row a token.
#[derive(Debug, Clone, PartialEq)]
pub struct TracedWindow {
    /// What is read, kept and carried.
    pub plan: Window,
    /// Vocabulary ids with control tokens and context.
    pub input_ids: Vec<i64>,
    /// 0 before the body, 1 from it on.
    pub token_type_ids: Vec<i64>,
    /// The body's logits.
    pub logits: Vec<Row>,
    /// The softmax of the logits, as the graph computes it.
    pub probabilities: Vec<Row>,
}

/// Every stage of one parse, in the order of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Vocabulary ids of the text's tokens.
    pub ids: Vec<i64>,
    /// Offsets in characters.
    pub offsets: Vec<(usize, usize)>,
    /// Offsets in bytes.
    pub byte_offsets: Vec<Range<usize>>,
    /// The windows, in order.
    pub windows: Vec<TracedWindow>,
    /// One label id a token.
    pub labels: Vec<u8>,
    /// The segments.
    pub segments: Vec<Segment>,
}
