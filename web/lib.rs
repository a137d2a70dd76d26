//! The browser client's built files, each plain and as `.br`. `build.rs` chooses the folder; only `http` reads them.
use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$GREENROOM_WEB_DIST"]
#[allow_missing = true]
struct Dist;

/// A built file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its bytes. In a debug build as they are in the folder at this moment.
    pub bytes: Cow<'static, [u8]>,
    /// The SHA-256 of the bytes.
    pub hash: [u8; 32],
}

/// The file at a path such as `assets/index.js`, if there is one.
#[must_use]
pub fn file(path: &str) -> Option<File> {
    let file = Dist::get(path)?;
    Some(File { bytes: file.data, hash: file.metadata.sha256_hash() })
}

/// Why there may be no file at all.
pub const WITHOUT: &str = env!("GREENROOM_WEB_WITHOUT");
