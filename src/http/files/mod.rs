//! Files: uploaded, shown to those who may see them, and ended by their owners.
mod delete;
mod download;
mod ranges;
mod upload;

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, http::StatusCode, web::Data};
use arc_swap::ArcSwap;
use log::Level;

use super::{Answer, State, answer::Success};
use crate::{
    domain::FileId,
    measure::tell,
    media::{ByteStore, BytesFault, Decoders, MediaType},
    settings::Settings,
};

pub(super) use delete::delete;
pub(super) use download::{thumbnail, whole};
pub(super) use upload::upload;

/// What uploads go by. Cheap to clone: all clones go by the same.
#[derive(Clone)]
pub struct Files {
    bytes: ByteStore,
    decoders: Decoders,
    rules: Arc<ArcSwap<Rules>>,
}

/// How much is too much, and of what.
struct Rules {
    max_size: u64,
    max_pixels: u64,
    quota: u64,
    orphan_ttl: Duration,
    types: Vec<String>,
}

impl Files {
    /// By these settings, with `bytes` for what is uploaded.
    pub fn new(settings: &Settings, bytes: ByteStore) -> Self {
        let rules = Arc::new(ArcSwap::from_pointee(Rules::of(settings)));
        Self { bytes, decoders: Decoders::new(settings.files.decoders), rules }
    }

    /// From now on by other settings.
    pub fn retune(&self, settings: &Settings) {
        self.rules.store(Arc::new(Rules::of(settings)));
    }

    /// How long a file is kept that nothing holds.
    pub fn orphan_ttl(&self) -> Duration {
        self.rules.load().orphan_ttl
    }

    /// Who reads pictures.
    pub fn decoders(&self) -> Decoders {
        self.decoders.clone()
    }
}

impl Rules {
    fn of(settings: &Settings) -> Self {
        let files = &settings.files;
        Self {
            max_size: files.max_size as u64,
            max_pixels: files.max_pixels,
            quota: files.quota_per_user as u64,
            orphan_ttl: files.orphan_ttl,
            types: files.types.clone(),
        }
    }

    /// Whether files of this type are taken.
    fn accept(&self, media_type: MediaType) -> bool {
        let name = media_type.as_str();
        let kind = name.split('/').next().unwrap_or_default();
        let matches = |word: &String| word == name || word.strip_suffix("/*") == Some(kind);
        media_type != MediaType::UnsupportedPicture && (self.types.is_empty() || self.types.iter().any(matches))
    }
}

/// An answer with its reason in a word.
fn refused(status: StatusCode, code: &'static str, message: impl Into<std::borrow::Cow<'static, str>>) -> Answer {
    let is_invalid =
        matches!(status, StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNSUPPORTED_MEDIA_TYPE);
    Answer::new(status, if is_invalid { Success::Invalid } else { Success::No }, message).with("Code", code)
}

/// What the log says of it, once a minute whoever asks how often.
const UNREACHED: &str = "the bytes of files cannot be reached";

/// Unknown, or not for the one who asks: that makes no difference.
fn missing() -> Answer {
    refused(StatusCode::NOT_FOUND, "not_found", "There is no such file")
}

fn unable(state: &State, fault: &BytesFault) -> Answer {
    state.files.bytes.stats().failures.count();
    let why = fault.to_string();
    tell(Level::Error, UNREACHED, &why, format_args!("{UNREACHED}: {why}"));
    Answer::later("Storage is unavailable: try again").with("Code", "unavailable")
}

fn id(request: &HttpRequest) -> Result<FileId, Answer> {
    request.match_info().query("id").parse().map_err(|_| missing())
}

type Shared = Data<State>;
