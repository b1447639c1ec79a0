//! The best label path of a window, the twin of `contract/decode.py` (docs/contract.md, section 5).

use crate::labels::LABEL_COUNT;

/// One row of the model's output: a number for each label.
pub type Row = [f32; LABEL_COUNT];

/// Scores from the row's label to the column's, negative infinity where BIO forbids.
pub type Transitions = [[f64; LABEL_COUNT]; LABEL_COUNT];

/// The best labels for `logits` (one row a token, one or more) after the label `previous`.
///
/// All sums are float64 in the stated order; ties go to the lowest id. Finite logits are expected.
#[must_use]
pub fn viterbi(logits: &[Row], transitions: &Transitions, previous: u8) -> Vec<u8> {
    let Some((first, rest)) = logits.split_first() else {
        return Vec::new();
    };
    let mut score = [0.0; LABEL_COUNT];
    for (label, best) in score.iter_mut().enumerate() {
        *best = transitions[usize::from(previous)][label] + f64::from(first[label]);
    }
    let mut backpointers: Vec<[u8; LABEL_COUNT]> = Vec::with_capacity(rest.len());
    for row in rest {
        let (paths, pointers) = best_predecessors(&score, transitions);
        for (label, best) in score.iter_mut().enumerate() {
            *best = paths[label] + f64::from(row[label]);
        }
        backpointers.push(pointers);
    }
    let mut label = first_maximum(&score);
    let mut labels = vec![label; logits.len()];
    for (slot, pointers) in labels.iter_mut().rev().skip(1).zip(backpointers.iter().rev()) {
        label = pointers[usize::from(label)];
        *slot = label;
    }
    labels
}

/// For each label the best score of a path into it, and the lowest predecessor that attains it.
///
/// Predecessors are the outer loop, so that the inner one runs over neighbouring numbers; only a
/// strictly greater path displaces an earlier one, which is what gives ties to the lowest id.
fn best_predecessors(
    score: &[f64; LABEL_COUNT],
    transitions: &Transitions,
) -> ([f64; LABEL_COUNT], [u8; LABEL_COUNT]) {
    let mut paths = transitions[0].map(|transition| score[0] + transition);
    let mut pointers = [0; LABEL_COUNT];
    for previous in 1..LABEL_COUNT {
        for label in 0..LABEL_COUNT {
            let path = score[previous] + transitions[previous][label];
            if path > paths[label] {
                paths[label] = path;
                pointers[label] = previous as u8;
            }
        }
    }
    (paths, pointers)
}

/// The lowest label that attains the maximum.
fn first_maximum(score: &[f64; LABEL_COUNT]) -> u8 {
    let mut best = 0;
    for label in 1..LABEL_COUNT {
        if score[label] > score[best] {
            best = label;
        }
    }
    best as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::is_allowed;

    fn transitions(repeat_penalty: f64) -> Transitions {
        let mut scores = [[f64::NEG_INFINITY; LABEL_COUNT]; LABEL_COUNT];
        for (i, row) in scores.iter_mut().enumerate() {
            for (j, score) in row.iter_mut().enumerate() {
                if is_allowed(i as u8, j as u8) {
                    let repeated = i > 0 && j % 2 == 1 && (i - 1) / 2 == (j - 1) / 2;
                    *score = if repeated { -repeat_penalty } else { 0.0 };
                }
            }
        }
        scores
    }

    /// The best of all paths; among equals the one whose reversed ids come first.
    fn best_path(logits: &[Row], transitions: &Transitions, previous: u8) -> Vec<u8> {
        let mut best: Option<(f64, Vec<u8>)> = None;
        for number in 0..LABEL_COUNT.pow(logits.len() as u32) {
            // The last label is the most significant digit: numbers ascend in reversed ids.
            let path: Vec<u8> = (0..logits.len())
                .map(|token| (number / LABEL_COUNT.pow(token as u32) % LABEL_COUNT) as u8)
                .collect();
            let (mut total, mut before) = (0.0, previous);
            for (row, &label) in logits.iter().zip(&path) {
                total = total
                    + transitions[usize::from(before)][usize::from(label)]
                    + f64::from(row[usize::from(label)]);
                before = label;
            }
            if best.as_ref().is_none_or(|(score, _)| total > *score) {
                best = Some((total, path));
            }
        }
        best.map(|(_, path)| path).unwrap_or_default()
    }

    #[test]
    fn the_best_of_all_paths_with_many_ties() {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 60) as f32 - 8.0) / 4.0
        };
        for case in 0..300 {
            let length = 1 + case % 4;
            let logits: Vec<Row> =
                (0..length).map(|_| std::array::from_fn(|_| next().trunc())).collect();
            for previous in [0, 4, 5] {
                let scores = transitions(1.0);
                let found = viterbi(&logits, &scores, previous);
                assert_eq!(found, best_path(&logits, &scores, previous));
            }
        }
    }

    #[test]
    fn ties_go_to_the_lowest_id() {
        let mut logits = [[0.0; LABEL_COUNT]; 4];
        assert_eq!(viterbi(&logits, &transitions(0.0), 0), [0, 0, 0, 0]);
        logits[3][6] = 1.0;
        assert_eq!(viterbi(&logits, &transitions(0.0), 0), [0, 0, 5, 6]);
    }

    #[test]
    fn sums_are_float64() {
        let mut logits = [[16_777_216.0; LABEL_COUNT], [0.0; LABEL_COUNT]];
        logits[1][5] = 1.0;
        assert_eq!(viterbi(&logits, &transitions(0.0), 0)[1], 5);
    }

    #[test]
    fn no_tokens_no_labels() {
        assert!(viterbi(&[], &transitions(0.0), 0).is_empty());
    }
}
