//! Golden cases recorded by the Python reader, compared here (docs/contract.md, section 9).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::decode::Row;
use crate::errors::Error;
use crate::manifest::{Manifest, Tolerance};
use crate::parser::Parser;
use crate::runtime::{instruction_set, library_version};
use crate::trace::{Trace, TracedWindow};

/// The stages of a case, in the order in which one follows from another.
pub const STAGES: [&str; 10] = [
    "text",
    "ids",
    "offsets",
    "windows",
    "inputs",
    "logits",
    "probabilities",
    "labels",
    "segments",
    "scores",
];

/// How strictly a golden file binds on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// Recorded with this ONNX Runtime and instruction set: equal bit by bit.
    Bits,
    /// Recorded elsewhere: decisions equal where their margin is large enough.
    Decisions,
}

impl fmt::Display for Tier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bits => "tier 1, bits",
            Self::Decisions => "tier 2, decisions",
        })
    }
}

/// The first stage of a case that differs from its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The case's name.
    pub case: String,
    /// One of [`STAGES`].
    pub stage: &'static str,
}

/// What a golden run found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How strictly the file bound.
    pub tier: Tier,
    /// Cases run.
    pub cases: usize,
    /// Cases whose margin was too small to bind.
    pub unbound: usize,
    /// Cases that differ, each at its first stage.
    pub differences: Vec<Difference>,
}

/// The tier that binds on this machine, once a parser is loaded.
#[must_use]
pub fn tier_of(manifest: &Manifest) -> Tier {
    let recorded = &manifest.recorded;
    if library_version().as_ref() == Some(&recorded.onnxruntime)
        && instruction_set() == recorded.instruction_set
    {
        Tier::Bits
    } else {
        Tier::Decisions
    }
}

/// Runs the golden file of a parser's own bundle.
///
/// # Errors
///
/// What parsing a case's text can return; a line that is no case counts as a difference in `text`.
pub fn check_golden(parser: &Parser, tier: Tier) -> Result<Report, Error> {
    let mut report = Report { tier, cases: 0, unbound: 0, differences: Vec::new() };
    let tolerance = parser.bundle().manifest.tolerance;
    for line in parser.bundle().file("golden.jsonl").split(|&byte| byte == b'\n') {
        if line.is_empty() {
            continue;
        }
        report.cases += 1;
        let case: Value = serde_json::from_slice(line).unwrap_or(Value::Null);
        let Some(text) = case["text"].as_str() else {
            let name = format!("line {}", report.cases);
            report.differences.push(Difference { case: name, stage: STAGES[0] });
            continue;
        };
        let trace = parser.trace(text)?;
        let margin = case["margin"].as_f64().unwrap_or(0.0);
        let bound = tier == Tier::Bits || margin >= tolerance.margin;
        report.unbound += usize::from(!bound);
        let stages = if bound { &STAGES[..] } else { &STAGES[..3] };
        let agrees = |stage: &str| stage_agrees(stage, &case, &trace, tier, &tolerance);
        if let Some(stage) = stages.iter().find(|stage| !agrees(stage)) {
            let name = case["name"].as_str().unwrap_or_default().to_owned();
            report.differences.push(Difference { case: name, stage });
        }
    }
    Ok(report)
}

/// Whether one stage of a trace is as recorded.
fn stage_agrees(
    stage: &str,
    case: &Value,
    trace: &Trace,
    tier: Tier,
    tolerance: &Tolerance,
) -> bool {
    let bound = |limit: f64| (tier == Tier::Decisions).then_some(limit);
    match stage {
        "text" => case["text"].is_string(),
        "ids" => case["ids"] == json!(trace.ids),
        "offsets" => case["offsets"] == offsets(trace),
        "windows" => case["windows"] == windows(trace),
        "inputs" => case["inputs"] == inputs(trace),
        "logits" => {
            let found = committed(trace, |window| &window.logits[..]);
            rows_agree(&case["logits"], &found, bound(tolerance.logit))
        }
        "probabilities" => {
            let found = committed(trace, |window| &window.probabilities[..]);
            rows_agree(&case["probabilities"], &found, bound(tolerance.probability))
        }
        "labels" => case["labels"] == json!(trace.labels),
        "segments" => segments_agree(&case["segments"], trace),
        _ => scores_agree(&case["segments"], trace, bound(tolerance.probability)),
    }
}

fn offsets(trace: &Trace) -> Value {
    let rows = trace.offsets.iter().zip(&trace.byte_offsets);
    rows.map(|((start, end), bytes)| json!([start, end, bytes.start, bytes.end])).collect()
}

fn windows(trace: &Trace) -> Value {
    let row = |window: &TracedWindow| {
        let plan = &window.plan;
        json!([
            plan.position,
            plan.end,
            plan.commit,
            plan.state.name(),
            plan.head.start,
            plan.head.end,
            plan.tail.start,
            plan.tail.end
        ])
    };
    trace.windows.iter().map(row).collect()
}

fn inputs(trace: &Trace) -> Value {
    trace.windows.iter().map(|window| json!([window.input_ids, window.token_type_ids])).collect()
}

/// The rows that the trace's windows committed, flat.
fn committed(trace: &Trace, rows: impl Fn(&TracedWindow) -> &[Row]) -> Vec<f32> {
    let kept = |window: &TracedWindow| {
        rows(window)[..window.plan.commit - window.plan.position].as_flattened().to_vec()
    };
    trace.windows.iter().flat_map(kept).collect()
}

fn rows_agree(recorded: &Value, found: &[f32], bound: Option<f64>) -> bool {
    let Some(bytes) = recorded.as_str().and_then(|text| STANDARD.decode(text).ok()) else {
        return false;
    };
    let (chunks, rest) = bytes.as_chunks::<4>();
    rest.is_empty()
        && chunks.len() == found.len()
        && chunks.iter().zip(found).all(|(chunk, &have)| {
            let want = f32::from_le_bytes(*chunk);
            match bound {
                None => want.to_bits() == have.to_bits(),
                Some(limit) => (f64::from(want) - f64::from(have)).abs() <= limit,
            }
        })
}

fn segments_agree(recorded: &Value, trace: &Trace) -> bool {
    let Some(rows) = recorded.as_array() else {
        return false;
    };
    rows.len() == trace.segments.len()
        && rows.iter().zip(&trace.segments).all(|(row, s)| {
            let found = json!([s.label.name(), s.start, s.end, s.start_byte, s.end_byte]);
            row.as_array().and_then(|row| row.get(..5)) == found.as_array().map(Vec::as_slice)
        })
}

fn scores_agree(recorded: &Value, trace: &Trace, bound: Option<f64>) -> bool {
    recorded.as_array().into_iter().flatten().zip(&trace.segments).all(|(row, segment)| {
        let digits = row[5].as_str().unwrap_or_default();
        u64::from_str_radix(digits, 16).is_ok_and(|bits| match bound {
            None => bits == segment.score.to_bits(),
            Some(limit) => (f64::from_bits(bits) - segment.score).abs() <= limit,
        })
    })
}
