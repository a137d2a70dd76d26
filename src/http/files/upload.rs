//! POST /files: one body, one file. It comes to a place aside, is looked at, and is there once its row says so.
use std::{io::Write, pin::pin, time::Duration};

use actix_web::{
    HttpRequest,
    http::{StatusCode, header},
    web::{Bytes, Payload},
};
use futures_util::StreamExt;
use serde_json::json;
use tempfile::NamedTempFile;
use tokio::{io::AsyncWriteExt, time::timeout};

use super::{Rules, Shared, State, refused, unable};
use crate::{
    auth::{Admitted, Fault},
    domain::{File, FileId, FileName, Timestamp},
    events::ShownFile,
    http::{Answer, request::visitor},
    media::{self, ByteStore, BytesFault, MediaType, Part, Picture, PictureFault, Sniffer},
    store::{NewFile, Reserved, Store},
};

/// Nothing lasts longer than this.
const LONGEST: f64 = 30.0 * 24.0 * 60.0 * 60.0;
/// How often the row of a file on its way is renewed.
const SPOKEN_FOR: Duration = Duration::from_secs(10);
const NAMELESS: &str = "file";

pub(in crate::http) async fn upload(state: Shared, body: Payload, request: HttpRequest) -> Result<Answer, Answer> {
    let caller = state.caller(&request).await?;
    let counted = state.limits.uploads_per_user.check(caller.user.0);
    counted.map_err(|late| state.late("too many uploads of one user", &visitor(&state, &request), late))?;
    let claim = Claim::read(request.query_string())?;
    let rules = state.files.rules.load_full();
    has_room(&state, &caller, &rules, length(&request)).await?;
    let arrived = Arrived::take(&state, &rules, body).await?;
    let upload = arrived.look_at(&state, &rules, claim).await?;
    let shown = keep(&state, &caller, &rules, upload).await?;
    let stats = state.files.bytes.stats();
    stats.uploads.count();
    stats.uploaded_bytes.add(shown.size);
    let answer = Answer::yes("File uploaded").with("File", json!(ShownFile::from(&shown)));
    Ok(state.renewing(&caller, answer))
}

/// What its uploader says of a file.
struct Claim {
    name: FileName,
    duration: Option<Duration>,
}

impl Claim {
    fn read(query: &str) -> Result<Self, Answer> {
        let mut claim = Self { name: FileName::stored(NAMELESS), duration: None };
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*key {
                "name" => claim.name = FileName::new(&value).map_err(|refusal| invalid(refusal.message))?,
                "duration" => {
                    let seconds: Option<f64> = value.parse().ok().filter(|seconds| (0.0..=LONGEST).contains(seconds));
                    let seconds = seconds.ok_or_else(|| invalid("duration must be a number of seconds"))?;
                    claim.duration = Some(Duration::from_secs_f64(seconds)).filter(|duration| !duration.is_zero());
                }
                _ => {}
            }
        }
        Ok(claim)
    }
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Answer {
    refused(StatusCode::BAD_REQUEST, "bad_request", message)
}

fn too_large(message: &'static str) -> Answer {
    refused(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
}

fn length(request: &HttpRequest) -> u64 {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or_default()
}

/// What is told beforehand to be too much is not read.
async fn has_room(state: &State, caller: &Admitted, rules: &Rules, length: u64) -> Result<(), Answer> {
    if length > rules.max_size {
        return Err(too_large("The file is too large"));
    }
    let kept = state.store.kept_bytes(caller.user).await.map_err(failed)?;
    if kept.saturating_add(length) > rules.quota { Err(over_quota()) } else { Ok(()) }
}

fn over_quota() -> Answer {
    too_large("There is no room left for your files: delete some")
}

fn failed(fault: crate::store::Fault) -> Answer {
    Fault::from(fault).into()
}

fn no_place(state: &State) -> impl Fn(std::io::Error) -> Answer {
    |error| unable(state, &BytesFault::from(error))
}

/// A body that is whole.
struct Arrived {
    place: NamedTempFile,
    size: u64,
    media_type: MediaType,
}

impl Arrived {
    /// Takes what comes, at most as much as is allowed. If it breaks off nothing is left of it.
    async fn take(state: &State, rules: &Rules, mut body: Payload) -> Result<Self, Answer> {
        let no_place = no_place(state);
        let place = state.files.bytes.incoming().map_err(&no_place)?;
        let mut out = tokio::fs::File::from_std(place.reopen().map_err(&no_place)?);
        let mut sniffer = Sniffer::default();
        let mut size = 0;
        while let Some(chunk) = body.next().await {
            let chunk: Bytes = chunk.map_err(|_| invalid("The body broke off"))?;
            size += chunk.len() as u64;
            if size > rules.max_size {
                return Err(too_large("The file is too large"));
            }
            sniffer.feed(&chunk);
            out.write_all(&chunk).await.map_err(&no_place)?;
        }
        out.flush().await.map_err(&no_place)?;
        if size == 0 {
            return Err(invalid("The file is empty"));
        }
        Ok(Self { place, size, media_type: sniffer.finish() })
    }

    /// Reads a picture to its last pixel, and leaves out what says more than it shows.
    async fn look_at(self, state: &State, rules: &Rules, claim: Claim) -> Result<Upload, Answer> {
        let Self { place, size, media_type } = self;
        if !rules.accept(media_type) {
            return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", "Files of this type are not taken"));
        }
        let file = File {
            id: FileId::new(),
            name: claim.name,
            media_type: media_type.as_str().to_owned(),
            size,
            dimensions: None,
            duration: claim.duration.filter(|_| media_type.timed()),
            blurhash: None,
            has_thumbnail: false,
        };
        let Some(format) = media_type.picture() else {
            return Ok(Upload { file, whole: place, thumbnail: None });
        };
        let bounds = media::Bounds { max_pixels: rules.max_pixels };
        let bytes = state.files.bytes.clone();
        // Files of many megabytes are read and written here: not by a thread that sockets wait for.
        let read = move || {
            let picture = media::picture(format, std::fs::read(place.path())?, bounds);
            Ok::<_, std::io::Error>(match picture {
                Ok(picture) => Ok(Upload::of(&bytes, file, picture)?),
                Err(fault) => Err(fault),
            })
        };
        let busy = |_| Answer::later("Too many pictures at once: try again").with("Code", "busy");
        let read = state.files.decoders.run(read).await.map_err(busy)?;
        read.map_err(no_place(state))?.map_err(unreadable)
    }
}

fn unreadable(fault: PictureFault) -> Answer {
    match fault {
        PictureFault::TooLarge => too_large("The picture has too many pixels"),
        _ => invalid("The picture cannot be read"),
    }
}

/// A file that is ready to be kept.
struct Upload {
    file: File,
    whole: NamedTempFile,
    thumbnail: Option<(NamedTempFile, &'static str)>,
}

impl Upload {
    fn of(bytes: &ByteStore, file: File, picture: Picture) -> std::io::Result<Self> {
        let aside = |content: &[u8]| {
            let mut place = bytes.incoming()?;
            place.write_all(content)?;
            Ok::<_, std::io::Error>(place)
        };
        let file = File {
            size: picture.cleaned.len() as u64,
            dimensions: Some((picture.width, picture.height)),
            blurhash: Some(picture.blurhash),
            has_thumbnail: true,
            ..file
        };
        let thumbnail = aside(&picture.thumbnail.bytes)?;
        Ok(Self {
            file,
            whole: aside(&picture.cleaned)?,
            thumbnail: Some((thumbnail, picture.thumbnail.format.as_str())),
        })
    }
}

/// From here on it runs to its end, whoever hangs up: a place within the quota, the bytes, and then the file is there.
async fn keep(state: &State, caller: &Admitted, rules: &Rules, upload: Upload) -> Result<File, Answer> {
    let Upload { file, whole, thumbnail } = upload;
    let now = Timestamp::now();
    let thumbnail_type = thumbnail.as_ref().map(|(_, media_type)| (*media_type).to_owned());
    let new = NewFile { file, thumbnail_type };
    match state.store.reserve_file(caller.user, &new, rules.quota, now).await.map_err(failed)? {
        Reserved::Granted => {}
        Reserved::OverQuota => return Err(over_quota()),
        Reserved::NoSuchUser => return Err(refused(StatusCode::UNAUTHORIZED, "unauthorized", "Not logged in")),
    }
    let bytes = state.files.bytes.clone();
    let store = state.store.clone();
    let id = new.file.id;
    let kept = state.store.run_to_end(async move {
        let put = async {
            if let Some((small, _)) = thumbnail {
                bytes.put(id.0, Part::Thumbnail, small).await?;
            }
            bytes.put(id.0, Part::Whole, whole).await
        };
        if let Err(fault) = speaking_for(&store, id, put).await {
            store.file_broke_off(id, Timestamp::now()).await?;
            return Ok(Err(fault));
        }
        if store.file_arrived(id).await? {
            return Ok(Ok(new.file));
        }
        // It was given up meanwhile, with all that was there of it.
        Ok(bytes.remove(id.0).await.and(Err(BytesFault::Missing)))
    });
    kept.await.map_err(failed)?.map_err(|fault| unable(state, &fault))
}

/// As long as bytes are on their way, their row says so again and again. Without that they are given up with their server.
async fn speaking_for<T>(store: &Store, id: FileId, put: impl Future<Output = T>) -> T {
    let mut put = pin!(put);
    loop {
        match timeout(SPOKEN_FOR, &mut put).await {
            Ok(done) => return done,
            // If the database is not there nobody can give the file up either.
            Err(_) => drop(store.file_is_coming(id, Timestamp::now()).await),
        }
    }
}
