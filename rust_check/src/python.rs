//! The extension module `buzz_parser._rust`: conversion only, no logic.

use std::error::Error as StdError;
use std::ops::Range;
use std::path::PathBuf;

use pyo3::exceptions::{PyRuntimeError, PyUnicodeEncodeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::decode::Row;
use crate::errors::Error;
use crate::parser::{Options, Parser};
use crate::segments::Segment;
use crate::windows::Window;

type SegmentRow = (&'static str, usize, usize, usize, usize, f64);
type WindowPlan = (usize, usize, usize, &'static str, (usize, usize), (usize, usize));

/// The exception of an error, made where Python keeps its classes; what a library said is its cause.
fn to_python(py: Python<'_>, error: &Error) -> PyErr {
    let made = py
        .import("buzz_parser.errors")
        .and_then(|module| module.call_method1("from_kind", (error.kind(), error.to_string())));
    let exception = match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => return failure,
    };
    if let Some(source) = error.source() {
        exception.set_cause(py, Some(PyRuntimeError::new_err(source.to_string())));
    }
    exception
}

/// The text of a Python string; one with a lone surrogate is refused with its place.
fn unicode(text: &Bound<'_, PyString>) -> PyResult<String> {
    text.to_str().map(str::to_owned).or_else(|failure| {
        let py = text.py();
        if !failure.is_instance_of::<PyUnicodeEncodeError>(py) {
            return Err(failure);
        }
        let character = failure.value(py).getattr("start")?.extract()?;
        Err(to_python(py, &Error::TextNotUnicode { character }))
    })
}

fn segment_rows(segments: &[Segment]) -> Vec<SegmentRow> {
    let row = |s: &Segment| (s.label.name(), s.start, s.end, s.start_byte, s.end_byte, s.score);
    segments.iter().map(row).collect()
}

fn window_plan(plan: &Window) -> WindowPlan {
    let bounds = |range: &Range<usize>| (range.start, range.end);
    let state = plan.state.name();
    (plan.position, plan.end, plan.commit, state, bounds(&plan.head), bounds(&plan.tail))
}

fn little_endian(py: Python<'_>, rows: &[Row]) -> Py<PyBytes> {
    let bytes: Vec<u8> = rows.as_flattened().iter().flat_map(|v| v.to_le_bytes()).collect();
    PyBytes::new(py, &bytes).unbind()
}

#[pyclass(frozen, get_all, module = "buzz_parser._rust")]
struct TracedWindow {
    plan: WindowPlan,
    input_ids: Vec<i64>,
    token_type_ids: Vec<i64>,
    logits: Py<PyBytes>,
    probabilities: Py<PyBytes>,
}

#[pyclass(frozen, get_all, module = "buzz_parser._rust")]
struct Trace {
    ids: Vec<i64>,
    offsets: Vec<(usize, usize)>,
    byte_offsets: Vec<(usize, usize)>,
    windows: Vec<Py<TracedWindow>>,
    labels: Vec<usize>,
    segments: Vec<SegmentRow>,
}

#[pyclass(frozen, module = "buzz_parser._rust")]
struct Engine {
    parser: Parser,
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (bundle, *, runtime, intra_threads))]
    fn new(
        py: Python<'_>,
        bundle: PathBuf,
        runtime: PathBuf,
        intra_threads: usize,
    ) -> PyResult<Self> {
        let options = Options { runtime: Some(runtime), intra_threads };
        py.detach(|| Parser::load_with(&bundle, &options))
            .map(|parser| Self { parser })
            .map_err(|error| to_python(py, &error))
    }

    fn parse(&self, py: Python<'_>, text: &Bound<'_, PyString>) -> PyResult<Vec<SegmentRow>> {
        let text = unicode(text)?;
        py.detach(|| self.parser.parse(&text))
            .map(|result| segment_rows(result.segments()))
            .map_err(|error| to_python(py, &error))
    }

    fn parse_many(
        &self,
        py: Python<'_>,
        texts: Vec<Bound<'_, PyString>>,
        workers: usize,
    ) -> PyResult<Vec<Py<PyAny>>> {
        let read: Vec<PyResult<String>> = texts.iter().map(unicode).collect();
        let sound: Vec<&str> = read.iter().flatten().map(String::as_str).collect();
        let mut results = py.detach(|| self.parser.parse_many(&sound, workers)).into_iter();
        let mut outcomes = Vec::with_capacity(read.len());
        for text in read {
            let outcome = match text {
                Err(refused) => Err(refused),
                Ok(_) => match results.next() {
                    Some(Ok(result)) => Ok(segment_rows(result.segments())),
                    Some(Err(error)) => Err(to_python(py, &error)),
                    None => Ok(Vec::new()),
                },
            };
            outcomes.push(match outcome {
                Ok(rows) => rows.into_pyobject(py)?.into_any().unbind(),
                Err(error) => error.into_value(py).into_any(),
            });
        }
        Ok(outcomes)
    }

    fn trace(&self, py: Python<'_>, text: &Bound<'_, PyString>) -> PyResult<Trace> {
        let text = unicode(text)?;
        let trace =
            py.detach(|| self.parser.trace(&text)).map_err(|error| to_python(py, &error))?;
        let windows = trace.windows.into_iter().map(|window| {
            let traced = TracedWindow {
                plan: window_plan(&window.plan),
                logits: little_endian(py, &window.logits),
                probabilities: little_endian(py, &window.probabilities),
                input_ids: window.input_ids,
                token_type_ids: window.token_type_ids,
            };
            Py::new(py, traced)
        });
        Ok(Trace {
            windows: windows.collect::<PyResult<_>>()?,
            segments: segment_rows(&trace.segments),
            byte_offsets: trace.byte_offsets.iter().map(|range| (range.start, range.end)).collect(),
            labels: trace.labels.into_iter().map(usize::from).collect(),
            ids: trace.ids,
            offsets: trace.offsets,
        })
    }
}

#[pymodule]
mod _rust {
    #[pymodule_export]
    use super::{Engine, Trace, TracedWindow};

    #[pyo3::pyfunction]
    fn instruction_set() -> String {
        crate::runtime::instruction_set()
    }

    #[pyo3::pyfunction]
    fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
