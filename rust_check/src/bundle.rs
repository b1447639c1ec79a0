//! Reading a bundle: every byte verified before anything is loaded, the twin of `contract/bundle.py`.

use std::borrow::Cow;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::errors::Error;
use crate::labels::LABEL_MAP_SHA256;
use crate::manifest::{FILE_NAMES, FileEntry, MANIFEST_NAME, Manifest, parse_manifest};

const MAX_MANIFEST_BYTES: u64 = 1_048_576;

/// A verified bundle in memory: its path as given, its manifest, the bytes of its other files.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The path as it was given.
    pub path: String,
    /// The validated manifest.
    pub manifest: Manifest,
    files: Vec<Cow<'static, [u8]>>,
}

impl Bundle {
    /// The bytes of one of [`FILE_NAMES`]; empty for any other name.
    #[must_use]
    pub fn file(&self, name: &str) -> &[u8] {
        FILE_NAMES.iter().position(|known| *known == name).map_or(&[], |index| &*self.files[index])
    }

    /// A file's path as messages show it.
    #[must_use]
    pub fn file_path(&self, name: &str) -> String {
        format!("{}/{name}", self.path)
    }
}

/// Reads and verifies the bundle at `path` (docs/contract.md, section 1, steps 1 to 7).
///
/// What was hashed is what the returned bundle holds.
///
/// # Errors
///
/// The first of the contract's bundle errors that applies.
pub fn read_bundle(path: impl AsRef<Path>) -> Result<Bundle, Error> {
    let bundle = path.as_ref().display().to_string();
    check_directory(&bundle, path.as_ref())?;
    let manifest_path = format!("{bundle}/{MANIFEST_NAME}");
    let content = read_manifest_bytes(&manifest_path)?;
    let manifest = parse_manifest(&manifest_path, &content)?;
    let mut files = Vec::with_capacity(FILE_NAMES.len());
    for (name, entry) in FILE_NAMES.iter().zip(&manifest.files) {
        files.push(Cow::Owned(read_file(&format!("{bundle}/{name}"), entry)?));
    }
    check_label_map(Bundle { path: bundle, manifest, files })
}

/// Verifies a bundle that is in memory already, as [`read_bundle`] does with one on disk.
///
/// `files` are in the order of [`FILE_NAMES`]; `bundle` is the path that messages show.
#[cfg(any(feature = "default-parser", test))]
pub(crate) fn verify_bundle(
    bundle: &str,
    manifest: &[u8],
    files: [&'static [u8]; FILE_NAMES.len()],
) -> Result<Bundle, Error> {
    let manifest = parse_manifest(&format!("{bundle}/{MANIFEST_NAME}"), manifest)?;
    for ((name, entry), content) in FILE_NAMES.iter().zip(&manifest.files).zip(files) {
        let path = format!("{bundle}/{name}");
        check_size(&path, entry, content.len() as u64)?;
        check_hash(&path, entry, content)?;
    }
    let files = files.map(Cow::Borrowed).to_vec();
    check_label_map(Bundle { path: bundle.to_owned(), manifest, files })
}

/// Refuses a bundle with another label map than the frozen one.
fn check_label_map(bundle: Bundle) -> Result<Bundle, Error> {
    let found = sha256(bundle.file(FILE_NAMES[0]));
    if found != LABEL_MAP_SHA256 {
        return Err(Error::LabelMapDiffers {
            path: bundle.file_path(FILE_NAMES[0]),
            expected: LABEL_MAP_SHA256.to_owned(),
            found,
        });
    }
    Ok(bundle)
}

/// Refuses a path that is not a directory.
fn check_directory(bundle: &str, path: &Path) -> Result<(), Error> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(Error::BundleNotDirectory { bundle: bundle.to_owned() }),
        Err(cause) if is_absent(&cause) => Err(Error::BundleMissing { bundle: bundle.to_owned() }),
        Err(cause) => Err(unreadable(bundle, cause)),
    }
}

/// The metadata of a regular file.
fn regular_file(path: &str) -> Result<Metadata, Error> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(metadata),
        Ok(_) => Err(Error::FileNotRegular { path: path.to_owned() }),
        Err(cause) if is_absent(&cause) => Err(Error::FileMissing { path: path.to_owned() }),
        Err(cause) => Err(unreadable(path, cause)),
    }
}

/// The manifest's bytes, if it is a file of bearable size.
fn read_manifest_bytes(path: &str) -> Result<Vec<u8>, Error> {
    let found = regular_file(path)?.len();
    if found > MAX_MANIFEST_BYTES {
        let expected = format!("at most {MAX_MANIFEST_BYTES}");
        return Err(Error::FileSize { path: path.to_owned(), expected, found });
    }
    fs::read(path).map_err(|cause| unreadable(path, cause))
}

/// A file's bytes, if their number and their SHA-256 are those stated.
fn read_file(path: &str, entry: &FileEntry) -> Result<Vec<u8>, Error> {
    check_size(path, entry, regular_file(path)?.len())?;
    let content = fs::read(path).map_err(|cause| unreadable(path, cause))?;
    check_hash(path, entry, &content)?;
    Ok(content)
}

fn check_size(path: &str, entry: &FileEntry, found: u64) -> Result<(), Error> {
    if found == entry.size {
        return Ok(());
    }
    Err(Error::FileSize { path: path.to_owned(), expected: entry.size.to_string(), found })
}

fn check_hash(path: &str, entry: &FileEntry, content: &[u8]) -> Result<(), Error> {
    let found = sha256(content);
    if found == entry.sha256 {
        return Ok(());
    }
    Err(Error::FileHash { path: path.to_owned(), expected: entry.sha256.clone(), found })
}

/// SHA-256 as 64 lower-case hex digits.
fn sha256(content: &[u8]) -> String {
    format!("{:x}", Sha256::digest(content))
}

fn is_absent(cause: &io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn unreadable(path: &str, cause: io::Error) -> Error {
    Error::FileUnreadable { path: path.to_owned(), source: Some(Arc::new(cause)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_lower_case_hex() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), empty);
    }
    const TINY: [&[u8]; FILE_NAMES.len()] = [
        b"{}", b"", b"", b"", b"", // no test here needs the bytes of a real bundle
    ];

    #[test]
    fn a_bundle_in_memory_is_refused_as_one_on_disk_is() {
        let error = verify_bundle("inside", b"{}", TINY).unwrap_err();
        let message = "inside/contract.json: format_version: expected \"1.N\", found nothing";
        assert_eq!(error.to_string(), message);
    }
}
