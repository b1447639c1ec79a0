//! From labels to segments and scores, the twin of `contract/segments.py` (docs/contract.md, 6 and 7).
//!
//! Offsets are bytes here and characters there: the rules are the same, and the results carry both.

use std::ops::Range;

use crate::labels::{OUTSIDE, SegmentType, is_begin, type_of};

/// A typed span of a text, half open, with its bounds in characters and in bytes of UTF-8.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// What the segment is.
    pub label: SegmentType,
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// First byte.
    pub start_byte: usize,
    /// One past the last byte.
    pub end_byte: usize,
    /// The mean probability of its tokens' labels, 0.0 to 1.0.
    pub score: f64,
}

impl Segment {
    /// The segment's bytes in the text that it was found in, for slicing.
    ///
    /// ```
    /// # use buzz::{Segment, SegmentType};
    /// # let label = SegmentType::Text;
    /// let s = Segment { label, start: 1, end: 3, start_byte: 2, end_byte: 4, score: 1.0 };
    /// assert_eq!(&"éab"[s.byte_range()], "ab");
    /// ```
    #[must_use]
    pub fn byte_range(&self) -> Range<usize> {
        self.start_byte..self.end_byte
    }
}

/// Token runs of one type, with the span of its segment in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The type of all its tokens.
    pub label: SegmentType,
    /// The token runs that belong to it, in order.
    pub tokens: Vec<Range<usize>>,
    /// The span in bytes.
    pub span: Range<usize>,
}

/// The contract's whitespace, 25 characters; no library's definition is asked.
#[must_use]
pub fn is_whitespace(character: char) -> bool {
    matches!(
        character,
        '\u{9}'..='\u{d}'
            | ' '
            | '\u{85}'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
    )
}

/// Token offsets, extended over the neighbouring characters that the tokenizer dropped.
///
/// Of a gap between tokens, what stands before its first whitespace goes to the token before, what
/// stands after its last whitespace to the token after. Offsets lie on character boundaries.
#[must_use]
pub fn reaches(text: &str, offsets: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut reached = offsets.to_vec();
    let mut covered = 0;
    for (token, offset) in offsets.iter().enumerate() {
        if offset.start > covered {
            let (left, right) = gap_edges(text, covered..offset.start);
            if token == 0 {
                reached[0].start = if left == offset.start { covered } else { right };
            } else {
                extend(&mut reached[token - 1], covered, left);
                if left < offset.start {
                    reached[token].start = right;
                }
            }
        }
        covered = covered.max(offset.end);
    }
    if let Some(last) = reached.last_mut() {
        let (left, _) = gap_edges(text, covered..text.len());
        extend(last, covered, left);
    }
    reached
}

/// The maximal runs of one type, each with the span of its tokens, before clamping and trimming.
#[must_use]
pub fn runs(labels: &[u8], reached: &[Range<usize>]) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut previous = OUTSIDE;
    for (token, (&label, reach)) in labels.iter().zip(reached).enumerate() {
        if let Some(kind) = type_of(label) {
            match found.last_mut() {
                Some(run) if !is_begin(label) && type_of(previous) == Some(kind) => {
                    run.tokens[0].end = token + 1;
                    run.span.end = run.span.end.max(reach.end);
                }
                _ => found.push(Run {
                    label: kind,
                    tokens: std::iter::once(token..token + 1).collect(),
                    span: reach.clone(),
                }),
            }
        }
        previous = label;
    }
    found
}

/// The span without whitespace at both ends; empty if it has nothing else.
#[must_use]
pub fn trim(text: &str, span: Range<usize>) -> Range<usize> {
    let Some(inside) = text.get(span.clone()) else {
        return span.start..span.start;
    };
    let kept = inside.trim_start_matches(is_whitespace);
    let start = span.end - kept.len();
    start..start + kept.trim_end_matches(is_whitespace).len()
}

/// The segments' spans in bytes, with the tokens of each: clamped, trimmed and merged runs.
#[must_use]
pub fn spans(text: &str, offsets: &[Range<usize>], labels: &[u8]) -> Vec<Run> {
    let mut kept: Vec<Run> = Vec::new();
    let mut untrimmed_end = 0;
    for run in runs(labels, &reaches(text, offsets)) {
        let span = trim(text, run.span.start.max(untrimmed_end)..run.span.end);
        if span.is_empty() {
            continue;
        }
        untrimmed_end = run.span.end;
        match kept.last_mut() {
            Some(before) if merges(text, before, run.label, span.start) => {
                before.span.end = span.end;
                before.tokens.extend(run.tokens);
            }
            _ => kept.push(Run { span, ..run }),
        }
    }
    kept
}

/// The scored segments of a text from token offsets (bytes), label ids and their probabilities.
#[must_use]
pub fn segments(
    text: &str,
    offsets: &[Range<usize>],
    labels: &[u8],
    probabilities: &[f32],
) -> Vec<Segment> {
    let mut position = Position::default();
    spans(text, offsets, labels)
        .into_iter()
        .map(|run| Segment {
            label: run.label,
            start: position.character(text, run.span.start),
            end: position.character(text, run.span.end),
            start_byte: run.span.start,
            end_byte: run.span.end,
            score: score(&run.tokens, probabilities),
        })
        .collect()
}

/// The mean of the tokens' probabilities: float64 additions in token order from 0.0, one division.
#[must_use]
pub fn score(tokens: &[Range<usize>], probabilities: &[f32]) -> f64 {
    let (mut total, mut count) = (0.0, 0_u32);
    for &probability in tokens.iter().flat_map(|run| &probabilities[run.clone()]) {
        total += f64::from(probability);
        count += 1;
    }
    total / f64::from(count)
}

/// Counts characters along a text, for offsets that mostly ascend.
#[derive(Debug, Default)]
pub(crate) struct Position {
    byte: usize,
    character: usize,
}

impl Position {
    /// The number of characters before `byte`, a character boundary of `text`.
    pub(crate) fn character(&mut self, text: &str, byte: usize) -> usize {
        if byte < self.byte {
            self.character -= count_characters(text, byte..self.byte);
        } else {
            self.character += count_characters(text, self.byte..byte);
        }
        self.byte = byte;
        self.character
    }
}

fn count_characters(text: &str, bytes: Range<usize>) -> usize {
    text.get(bytes).map_or(0, |part| part.chars().count())
}

/// Where the gap's first whitespace stands (its end if none) and where its last one ends.
fn gap_edges(text: &str, gap: Range<usize>) -> (usize, usize) {
    let Some(inside) = text.get(gap.clone()) else {
        return (gap.start, gap.end);
    };
    let left = inside.find(is_whitespace).map_or(gap.end, |at| gap.start + at);
    let right = gap.start + inside.trim_end_matches(|c| !is_whitespace(c)).len();
    (left, right)
}

/// Extends a token's reach over the dropped characters `covered..end` behind it, if there are any.
fn extend(reach: &mut Range<usize>, covered: usize, end: usize) {
    if end > covered {
        reach.end = end;
    }
}

/// Whether a span of a type that starts at `start` is one segment with the span before it.
fn merges(text: &str, before: &Run, label: SegmentType, start: usize) -> bool {
    before.label == label
        && matches!(label, SegmentType::Thought | SegmentType::Text)
        && text.get(before.span.end..start).is_some_and(|gap| gap.chars().all(is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::LABELS;

    fn ids(names: &str) -> Vec<u8> {
        let position = |name| LABELS.iter().position(|label| *label == name);
        names.split(' ').map(|name| position(name).expect("a label") as u8).collect()
    }

    fn spans_of(text: &str, offsets: &[(usize, usize)], names: &str) -> Vec<(SegmentType, String)> {
        let offsets: Vec<_> = offsets.iter().map(|&(start, end)| start..end).collect();
        spans(text, &offsets, &ids(names))
            .into_iter()
            .map(|run| (run.label, text[run.span].to_owned()))
            .collect()
    }

    #[test]
    fn whitespace_is_unicode_white_space() {
        for character in '\0'..=char::MAX {
            assert_eq!(is_whitespace(character), character.is_whitespace(), "{character:?}");
        }
    }

    #[test]
    fn trimming_against_a_naive_loop() {
        for text in ["", " ", " a ", "\u{3000}é\u{2028}b\u{85}", "\u{1c} x", "\n\n"] {
            let inside: Vec<_> = text.char_indices().filter(|(_, c)| !is_whitespace(*c)).collect();
            let found = trim(text, 0..text.len());
            match (inside.first(), inside.last()) {
                (Some((start, _)), Some((last, c))) => {
                    assert_eq!(found, *start..last + c.len_utf8());
                }
                _ => assert!(found.is_empty()),
            }
        }
    }

    #[test]
    fn an_accent_that_the_tokenizer_dropped_stays_with_its_letter() {
        let found = spans_of("cafe\u{301} ok", &[(0, 4), (7, 9)], "B-TEXT O");
        assert_eq!(found, [(SegmentType::Text, "cafe\u{301}".to_owned())]);
    }

    #[test]
    fn tokens_of_one_character_in_two_segments_do_not_overlap() {
        let found = spans_of("각a", &[(0, 3), (0, 3), (3, 4)], "B-TEXT B-TOOLCALL I-TOOLCALL");
        let expected =
            [(SegmentType::Text, "각".to_owned()), (SegmentType::ToolCall, "a".to_owned())];
        assert_eq!(found, expected);
    }

    #[test]
    fn calls_are_never_merged_and_texts_always() {
        let offsets = [(0, 1), (2, 3)];
        assert_eq!(spans_of("a b", &offsets, "B-TEXT B-TEXT").len(), 1);
        assert_eq!(spans_of("a b", &offsets, "B-TOOLCALL B-TOOLCALL").len(), 2);
        assert_eq!(spans_of("a b", &offsets, "B-TEXT B-THOUGHT").len(), 2);
    }

    #[test]
    fn an_inside_label_without_a_beginning_opens_a_segment() {
        let found = spans_of("a b", &[(0, 1), (2, 3)], "I-TOOLCALL I-TEXT");
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_score_is_the_mean_in_token_order() {
        let probabilities = [0.1_f32, 0.7, 0.25];
        let expected = (f64::from(0.1_f32) + f64::from(0.25_f32)) / 2.0;
        assert_eq!(score(&[0..1, 2..3], &probabilities).to_bits(), expected.to_bits());
    }
}
