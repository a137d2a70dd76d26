//! Files: what messages bring along, and what people and groups show of themselves.
use std::time::Duration;

use super::{Code, FileId, FileName, Refusal};

/// A file, as it is shown to everybody who may see it. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// What it is called.
    pub name: FileName,
    /// What its bytes are.
    pub media_type: String,
    /// How many bytes there are.
    pub size: u64,
    /// Width and height of a picture, upright.
    pub dimensions: Option<(u32, u32)>,
    /// How long a sound or a film is, as its uploader said.
    pub duration: Option<Duration>,
    /// Roughly how a picture looks.
    pub blurhash: Option<String>,
    /// Whether there is a small picture of it.
    pub has_thumbnail: bool,
}

impl Refusal {
    /// A file that is not there, or not for the one who asks.
    pub fn no_such_file() -> Self {
        Self::new(Code::NotFound, "There is no such file")
    }
}
