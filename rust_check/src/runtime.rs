//! The model in ONNX Runtime, the twin of `reading/runtime.py` (docs/contract.md, sections 1 and 5).

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ort::environment::Environment;
use ort::ep;
use ort::logging::LogLevel;
use ort::session::Session;
use ort::session::builder::{BuilderResult, GraphOptimizationLevel, SessionBuilder};
use ort::value::{Outlet, TensorElementType, TensorRef, ValueType};

use crate::bundle::Bundle;
use crate::decode::Row;
use crate::errors::{Error, Source};
use crate::labels::{LABEL_COUNT, LABELS};

/// The oldest ONNX Runtime that the contract allows.
pub const MINIMUM_VERSION: &str = "1.17";

const INPUT_NAMES: [&str; 3] = ["input_ids", "attention_mask", "token_type_ids"];
const OUTPUT_NAMES: [&str; 2] = ["logits", "probabilities"];
const INPUT_SIGNATURE: &str = "int64[?, ?]";
const OUTPUT_SIGNATURE: &str = "float32[?, ?, 9]";

/// The rows of a window's body: logits and probabilities, one row a token.
pub type Rows = (Vec<Row>, Vec<Row>);

/// The one environment of the process, with the library that it was made from.
struct Loaded {
    environment: Environment,
    library: Option<std::path::PathBuf>,
}

static LOADED: OnceLock<Loaded> = OnceLock::new();
static LOADING: Mutex<()> = Mutex::new(());

/// The process's ONNX Runtime environment, made on the first call.
///
/// The library is the one at `path`, else the one that `ORT_DYLIB_PATH` names, else the system's
/// own. A process has one: a later call with another path is refused.
fn environment(path: Option<&Path>) -> Result<&'static Environment, Error> {
    // A thread that panicked here left nothing half done: what counts is in LOADED.
    let _guard = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(loaded) = LOADED.get() {
        return match (path, &loaded.library) {
            (Some(wanted), Some(library)) if !same_file(wanted, library) => {
                Err(Error::RuntimeConflict { path: wanted.display().to_string() })
            }
            _ => Ok(&loaded.environment),
        };
    }
    let loaded = load_library(path)?;
    Ok(&LOADED.get_or_init(|| loaded).environment)
}

#[cfg(feature = "load-dynamic")]
fn load_library(path: Option<&Path>) -> Result<Loaded, Error> {
    let library = path.map_or_else(default_library, Path::to_path_buf);
    let shown = library.display().to_string();
    let builder = ort::init_from(&library).map_err(|cause| match cause {
        ort::LoadDynamicError::BadVersion { version_str, .. } => Error::RuntimeTooOld {
            path: shown.clone(),
            minimum: MINIMUM_VERSION.to_owned(),
            found: version_str,
        },
        other => Error::RuntimeMissing { path: shown.clone(), source: source(other) },
    })?;
    let environment = builder
        .with_telemetry(false)
        .build()
        .map_err(|cause| Error::RuntimeMissing { path: shown, source: source(cause) })?;
    Ok(Loaded { environment, library: Some(library) })
}

#[cfg(feature = "load-dynamic")]
fn default_library() -> std::path::PathBuf {
    match std::env::var_os("ORT_DYLIB_PATH") {
        Some(path) if !path.is_empty() => path.into(),
        _ => {
            let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
            format!("{prefix}onnxruntime{suffix}").into()
        }
    }
}

/// Without `load-dynamic` the library is the one that the program was linked with.
#[cfg(not(feature = "load-dynamic"))]
fn load_library(path: Option<&Path>) -> Result<Loaded, Error> {
    if let Some(path) = path {
        return Err(Error::RuntimeConflict { path: path.display().to_string() });
    }
    let linked = || "the linked library".to_owned();
    let environment = ort::init()
        .with_telemetry(false)
        .build()
        .map_err(|cause| Error::RuntimeMissing { path: linked(), source: source(cause) })?;
    Ok(Loaded { environment, library: None })
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// A session on the bundle's model, its signature checked.
///
/// # Errors
///
/// The contract's runtime and model errors.
pub fn load_model(
    bundle: &Bundle,
    library: Option<&Path>,
    intra_threads: usize,
) -> Result<Session, Error> {
    let environment = environment(library)?;
    let path = bundle.file_path("model.onnx");
    let session = configure(environment, bundle.manifest.disable_quant_qdq, intra_threads)
        .and_then(|mut builder| {
            builder.commit_from_memory(bundle.file("model.onnx")).map_err(|error| error.to_string())
        })
        .map_err(|cause| Error::ModelInvalid { path: path.clone(), source: source(cause) })?;
    check_signature(&path, &session)?;
    Ok(session)
}

/// The session options of the contract; whatever fails here is told in the library's words.
fn configure(
    environment: &Environment,
    disable_quant_qdq: bool,
    intra_threads: usize,
) -> Result<SessionBuilder, String> {
    let told = |result: BuilderResult| result.map_err(|error| error.to_string());
    let builder = Session::builder(environment).map_err(|error| error.to_string())?;
    let builder = told(builder.with_log_level(LogLevel::Fatal))?;
    let builder = told(builder.with_execution_providers([ep::CPU::default().build()]))?;
    let builder = told(builder.with_optimization_level(GraphOptimizationLevel::All))?;
    let builder = told(builder.with_parallel_execution(false))?;
    let builder = told(builder.with_intra_threads(intra_threads))?;
    let builder = told(builder.with_inter_threads(1))?;
    if disable_quant_qdq {
        return told(builder.with_config_entry("session.disable_quant_qdq", "1"));
    }
    Ok(builder)
}

/// Refuses a model with other inputs or outputs than the contract's.
fn check_signature(path: &str, session: &Session) -> Result<(), Error> {
    let find = |outlets: &[Outlet], name: &str| {
        let outlet = outlets.iter().find(|outlet| outlet.name() == name);
        outlet.map_or_else(|| "nothing".to_owned(), describe_outlet)
    };
    let refused = |part: String, expected: &str, found: String| Error::ModelSignature {
        path: path.to_owned(),
        part,
        expected: expected.to_owned(),
        found,
    };
    for name in INPUT_NAMES {
        let found = find(session.inputs(), name);
        if !matches_signature(&found, INPUT_SIGNATURE) {
            return Err(refused(format!("input {name}"), INPUT_SIGNATURE, found));
        }
    }
    if let Some(other) = session.inputs().iter().find(|i| !INPUT_NAMES.contains(&i.name())) {
        let part = format!("input {}", other.name());
        return Err(refused(part, "no such input", describe_outlet(other)));
    }
    for name in OUTPUT_NAMES {
        let found = find(session.outputs(), name);
        if !matches_signature(&found, OUTPUT_SIGNATURE) {
            return Err(refused(format!("output {name}"), OUTPUT_SIGNATURE, found));
        }
    }
    Ok(())
}

/// An input or output as messages show it, like `int64[batch, 128, ?]`.
fn describe_outlet(outlet: &Outlet) -> String {
    let ValueType::Tensor { ty, shape, dimension_symbols } = outlet.dtype() else {
        return "another type".to_owned();
    };
    let name = match ty {
        TensorElementType::Int64 => "int64",
        TensorElementType::Int32 => "int32",
        TensorElementType::Float32 => "float32",
        TensorElementType::Float64 => "float64",
        TensorElementType::Float16 => "float16",
        _ => return "another type".to_owned(),
    };
    let sizes: Vec<String> = shape
        .iter()
        .zip(dimension_symbols.iter())
        .map(|(&size, symbol)| match (size, symbol.as_str()) {
            (0.., _) => size.to_string(),
            (_, "") => "?".to_owned(),
            (_, symbol) => symbol.to_owned(),
        })
        .collect();
    format!("{name}[{}]", sizes.join(", "))
}

/// Whether a described outlet fits a signature, in which `?` stands for any dimension.
fn matches_signature(found: &str, expected: &str) -> bool {
    let parts = |text: &str| -> Option<(String, Vec<String>)> {
        let (kind, shape) = text.strip_suffix(']')?.split_once('[')?;
        Some((kind.to_owned(), shape.split(", ").map(str::to_owned).collect()))
    };
    let (Some((found_type, found_sizes)), Some((expected_type, expected_sizes))) =
        (parts(found), parts(expected))
    else {
        return false;
    };
    found_type == expected_type
        && found_sizes.len() == expected_sizes.len()
        && found_sizes.iter().zip(&expected_sizes).all(|(have, want)| want == "?" || want == have)
}

/// Logits and probabilities of the `body` rows of one window; `window` is its index, for messages.
///
/// # Errors
///
/// [`Error::ModelFailed`], [`Error::ModelOutput`].
pub fn run_window(
    session: &mut Session,
    window: usize,
    input_ids: &[i64],
    token_type_ids: &[i64],
    body: std::ops::Range<usize>,
) -> Result<Rows, Error> {
    let length = input_ids.len();
    let mask = vec![1_i64; length];
    let failed = |cause: ort::Error| Error::ModelFailed { window, source: source(cause) };
    let tensor = |data| TensorRef::from_array_view(([1_usize, length], data)).map_err(failed);
    let outputs = session
        .run(ort::inputs! {
            "input_ids" => tensor(input_ids)?,
            "attention_mask" => tensor(&mask[..])?,
            "token_type_ids" => tensor(token_type_ids)?,
        })
        .map_err(failed)?;
    let rows = |part: &'static str| -> Result<Vec<Row>, Error> {
        let (shape, data) = outputs[part].try_extract_tensor::<f32>().map_err(failed)?;
        let expected = [1, length as i64, LABEL_COUNT as i64];
        if shape[..] != expected {
            let (expected, found) = (format!("{expected:?}"), format!("{:?}", &shape[..]));
            return Err(Error::ModelOutput { window, part, expected, found });
        }
        let (rows, _) = data.as_chunks::<LABEL_COUNT>();
        Ok(rows[body.clone()].to_vec())
    };
    Ok((rows(OUTPUT_NAMES[0])?, rows(OUTPUT_NAMES[1])?))
}

/// Refuses values that are not finite in the rows of a window's body.
///
/// # Errors
///
/// [`Error::LogitsNotFinite`] with the token's index in the text.
pub fn check_finite(
    window: usize,
    first_token: usize,
    part: &'static str,
    rows: &[Row],
) -> Result<(), Error> {
    for (row, values) in rows.iter().enumerate() {
        for (label, value) in LABELS.iter().zip(values) {
            if !value.is_finite() {
                let found = match value {
                    v if v.is_nan() => "NaN",
                    v if *v > 0.0 => "inf",
                    _ => "-inf",
                };
                return Err(Error::LogitsNotFinite {
                    window,
                    token: first_token + row,
                    label,
                    part,
                    found,
                });
            }
        }
    }
    Ok(())
}

/// The processor architecture and its widest vector extension that the golden tier depends on.
#[must_use]
pub fn instruction_set() -> String {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            return "x86_64+avx512f".to_owned();
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            return "x86_64+avx2".to_owned();
        }
    }
    std::env::consts::ARCH.to_owned()
}

/// The version of the ONNX Runtime library in use, such as `1.32.0`, if its build info says it.
#[must_use]
pub fn library_version() -> Option<String> {
    // Asking before an environment exists would load a library on ort's own terms.
    LOADED.get()?;
    ort::info().split("git-").next().and_then(find_version)
}

fn find_version(info: &str) -> Option<String> {
    let digits = info.split(|c: char| !c.is_ascii_digit() && c != '.');
    digits.filter(|part| part.matches('.').count() == 2).map(str::to_owned).next()
}

fn source(cause: impl std::fmt::Display) -> Option<Source> {
    Some(Arc::from(Box::<dyn std::error::Error + Send + Sync>::from(cause.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_mark_stands_for_any_dimension() {
        assert!(matches_signature("int64[batch, 128]", INPUT_SIGNATURE));
        assert!(matches_signature("float32[1, ?, 9]", OUTPUT_SIGNATURE));
        for found in ["int32[?, ?]", "int64[?]", "int64[?, ?, ?]", "nothing", "another type"] {
            assert!(!matches_signature(found, INPUT_SIGNATURE), "{found}");
        }
        assert!(!matches_signature("float32[?, ?, labels]", OUTPUT_SIGNATURE));
    }

    #[test]
    fn the_first_value_that_is_not_finite_is_named() {
        let mut rows = [[0.0; LABEL_COUNT]; 3];
        assert!(check_finite(4, 10, "logit", &rows).is_ok());
        rows[2][1] = f32::NEG_INFINITY;
        let error = check_finite(4, 10, "logit", &rows).unwrap_err();
        let message = "window 4, token 12, label B-THOUGHT: expected a finite logit, found -inf";
        assert_eq!(error.to_string(), message);
    }
}
