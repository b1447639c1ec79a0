//! The compiled engine: one text through all stages, the twin of `reading/reference.py`.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use ort::session::Session;
use tokenizers::Tokenizer;

use crate::bundle::{Bundle, read_bundle};
use crate::decode::viterbi;
use crate::errors::Error;
use crate::runtime::{check_finite, load_model, run_window};
use crate::segments::{Segment, segments};
use crate::tokens::{Tokens, character_offsets, load_tokenizer, tokenize};
use crate::trace::{ParseResult, Trace, TracedWindow};
use crate::windows::{START, Window, advance, body_offset, plan_window, window_inputs};

/// Reads texts with a verified bundle.
pub(crate) struct Engine {
    bundle: Bundle,
    tokenizer: Tokenizer,
    library: Option<PathBuf>,
    intra_threads: usize,
    /// Sessions that no thread is using: a run takes one or makes one, and puts it back.
    sessions: Mutex<Vec<Session>>,
}

impl Engine {
    pub(crate) fn load(
        bundle: &Path,
        library: Option<&Path>,
        intra_threads: usize,
    ) -> Result<Self, Error> {
        Self::of(read_bundle(bundle)?, library, intra_threads)
    }

    /// An engine on a bundle that has been verified.
    pub(crate) fn of(
        bundle: Bundle,
        library: Option<&Path>,
        intra_threads: usize,
    ) -> Result<Self, Error> {
        let tokenizer =
            load_tokenizer(&bundle.file_path("tokenizer.json"), bundle.file("tokenizer.json"))?;
        let session = load_model(&bundle, library, intra_threads)?;
        Ok(Self {
            bundle,
            tokenizer,
            library: library.map(Path::to_path_buf),
            intra_threads,
            sessions: Mutex::new(vec![session]),
        })
    }

    pub(crate) fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    pub(crate) fn parse(&self, text: &str) -> Result<ParseResult, Error> {
        let segments = self.read(text, |_| ())?.segments;
        Ok(ParseResult { segments })
    }

    /// The result or the error of each text, in order, read by `workers` threads.
    pub(crate) fn parse_many<T: AsRef<str> + Sync>(
        &self,
        texts: &[T],
        workers: usize,
    ) -> Vec<Result<ParseResult, Error>> {
        let results: Vec<OnceLock<Result<ParseResult, Error>>> =
            texts.iter().map(|_| OnceLock::new()).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let (Some(text), Some(slot)) = (texts.get(index), results.get(index)) else {
                    break;
                };
                slot.get_or_init(|| self.parse(text.as_ref()));
            }
        };
        thread::scope(|scope| {
            for _ in 1..workers.min(texts.len()) {
                scope.spawn(work);
            }
            work();
        });
        results
            .into_iter()
            .zip(texts)
            .map(|(slot, text)| slot.into_inner().unwrap_or_else(|| self.parse(text.as_ref())))
            .collect()
    }

    pub(crate) fn trace(&self, text: &str) -> Result<Trace, Error> {
        let mut windows = Vec::new();
        let reading = self.read(text, |window| windows.push(window))?;
        Ok(Trace {
            ids: reading.ids,
            offsets: character_offsets(text, &reading.byte_offsets),
            byte_offsets: reading.byte_offsets,
            windows,
            labels: reading.labels,
            segments: reading.segments,
        })
    }

    /// Reads a text window by window; `observe` is given each window when its labels are committed.
    fn read(&self, text: &str, observe: impl FnMut(TracedWindow)) -> Result<Reading, Error> {
        let Tokens { ids, offsets } =
            tokenize(&self.tokenizer, text, self.bundle.manifest.text_bytes)?;
        let mut decoded = Decoded::default();
        if !ids.is_empty() {
            let mut session = self.take_session()?;
            let outcome = self.read_windows(&mut session, &ids, observe);
            self.give_back(session);
            decoded = outcome?;
        }
        Ok(Reading {
            segments: segments(text, &offsets, &decoded.labels, &decoded.probabilities),
            ids,
            byte_offsets: offsets,
            labels: decoded.labels,
        })
    }

    fn read_windows(
        &self,
        session: &mut Session,
        ids: &[i64],
        mut observe: impl FnMut(TracedWindow),
    ) -> Result<Decoded, Error> {
        let manifest = &self.bundle.manifest;
        let mut decoded = Decoded::default();
        let mut carry = START;
        for index in 0.. {
            if carry.position == ids.len() {
                break;
            }
            let plan = plan_window(&carry, ids.len(), &manifest.window);
            let window = self.run(session, index, plan, ids)?;
            let mut path = viterbi(&window.logits, &manifest.transitions, carry.label);
            path.truncate(window.plan.commit - window.plan.position);
            decoded.probabilities.extend(
                path.iter().zip(&window.probabilities).map(|(&label, row)| row[usize::from(label)]),
            );
            carry = advance(&carry, &path);
            decoded.labels.append(&mut path);
            observe(window);
        }
        Ok(decoded)
    }

    fn run(
        &self,
        session: &mut Session,
        index: usize,
        plan: Window,
        ids: &[i64],
    ) -> Result<TracedWindow, Error> {
        let (input_ids, token_type_ids) = window_inputs(&plan, ids, &self.bundle.manifest.tokens);
        let body = body_offset(&plan)..input_ids.len() - 1;
        let (logits, probabilities) =
            run_window(session, index, &input_ids, &token_type_ids, body)?;
        check_finite(index, plan.position, "logit", &logits)?;
        check_finite(index, plan.position, "probability", &probabilities)?;
        Ok(TracedWindow { plan, input_ids, token_type_ids, logits, probabilities })
    }

    /// A session for this thread alone: ort lets one run at a time into a session.
    fn take_session(&self) -> Result<Session, Error> {
        let idle = self.sessions.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(session) => Ok(session),
            None => load_model(&self.bundle, self.library.as_deref(), self.intra_threads),
        }
    }

    fn give_back(&self, session: Session) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).push(session);
    }
}

/// The label of each token, and its probability in the window that committed it.
#[derive(Default)]
struct Decoded {
    labels: Vec<u8>,
    probabilities: Vec<f32>,
}

/// What a parse found, apart from its windows.
struct Reading {
    ids: Vec<i64>,
    byte_offsets: Vec<std::ops::Range<usize>>,
    labels: Vec<u8>,
    segments: Vec<Segment>,
}
