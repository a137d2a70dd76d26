//! GET and HEAD /files/{id} and /files/{id}/thumbnail: bytes, for those who may see them at that moment.
use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    body::SizedStream,
    http::{
        Method, StatusCode,
        header::{self, ContentRange, ContentRangeSpec, ETag, EntityTag},
    },
};
use futures_util::stream;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    Shared, State, id, missing,
    ranges::{Wanted, wanted},
    unable,
};
use crate::{
    auth::{Admitted, Fault},
    http::Answer,
    media::{BytesFault, MediaType, Part},
    store::FoundFile,
};

/// Whatever it is, it runs nothing and loads nothing.
const POLICY: &str = "sandbox; default-src 'none'";
/// Access is asked for at each request.
const ASK_EACH_TIME: &str = "private, no-cache";
/// Pictures of people and groups are for everybody.
const A_DAY: &str = "private, max-age=86400";
/// What stands for itself in `filename*`.
const IN_NAMES: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(in crate::http) async fn whole(state: Shared, request: HttpRequest) -> Result<HttpResponse, Answer> {
    let caller = state.caller(&request).await?;
    let found = found(&state, &caller, &request).await?;
    let media_type = MediaType::named(&found.file.media_type);
    let is_download = request.query_string().split('&').any(|pair| pair == "download=1");
    let shown = if media_type.inline() || is_download { media_type } else { MediaType::Other };
    let name = (is_download || !media_type.inline()).then(|| found.file.name.as_str());
    let size = found.file.size;
    let bytes = Bytes { found: &found, part: Part::Whole, size, content_type: content_type(shown), name };
    bytes.respond(&state, &caller, &request).await
}

pub(in crate::http) async fn thumbnail(state: Shared, request: HttpRequest) -> Result<HttpResponse, Answer> {
    let caller = state.caller(&request).await?;
    let found = found(&state, &caller, &request).await?;
    let content_type = found.thumbnail_type.as_deref().ok_or_else(missing)?;
    let size =
        state.files.bytes.size(found.file.id.0, Part::Thumbnail).await.map_err(|fault| absent(&state, &fault))?;
    let bytes = Bytes { found: &found, part: Part::Thumbnail, size, content_type, name: None };
    bytes.respond(&state, &caller, &request).await
}

async fn found(state: &State, caller: &Admitted, request: &HttpRequest) -> Result<FoundFile, Answer> {
    let found = state.store.visible_file(caller.user, id(request)?).await;
    found.map_err(|fault| Answer::from(Fault::from(fault)))?.ok_or_else(missing)
}

/// A text is said to be one in UTF-8: that it is has been looked at.
fn content_type(media_type: MediaType) -> &'static str {
    if media_type == MediaType::Text { "text/plain; charset=utf-8" } else { media_type.as_str() }
}

/// Gone since it was looked for, or not to be had.
fn absent(state: &State, fault: &BytesFault) -> Answer {
    if matches!(fault, BytesFault::Missing) { missing() } else { unable(state, fault) }
}

/// What a request asks for.
struct Bytes<'a> {
    found: &'a FoundFile,
    part: Part,
    size: u64,
    content_type: &'a str,
    /// As what it is to be saved.
    name: Option<&'a str>,
}

impl Bytes<'_> {
    async fn respond(self, state: &State, caller: &Admitted, request: &HttpRequest) -> Result<HttpResponse, Answer> {
        let Self { found, part, size, .. } = self;
        let tag = EntityTag::new_strong(match part {
            Part::Whole => found.file.id.to_string(),
            Part::Thumbnail => format!("{}-thumbnail", found.file.id),
        });
        let span = match wanted(request, &tag, size) {
            Wanted::Unchanged => return Ok(self.head(state, caller, StatusCode::NOT_MODIFIED, tag).finish()),
            Wanted::Beyond => {
                let nowhere = ContentRange(ContentRangeSpec::Bytes { range: None, instance_length: Some(size) });
                let mut response = self.head(state, caller, StatusCode::RANGE_NOT_SATISFIABLE, tag);
                return Ok(response.insert_header(nowhere).finish());
            }
            Wanted::Whole => None,
            Wanted::Part(span) => Some(span),
        };
        let status = if span.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
        let mut response = self.head(state, caller, status, tag);
        response.insert_header((header::CONTENT_TYPE, self.content_type));
        if let Some(span) = &span {
            let range = Some((span.start, span.end - 1));
            response.insert_header(ContentRange(ContentRangeSpec::Bytes { range, instance_length: Some(size) }));
        }
        let length = span.as_ref().map_or(size, |span| span.end - span.start);
        if request.method() == Method::HEAD {
            let nothing = stream::empty::<Result<actix_web::web::Bytes, BytesFault>>();
            return Ok(response.body(SizedStream::new(length, nothing)));
        }
        let bytes = state.files.bytes.get(found.file.id.0, part, span).await.map_err(|fault| absent(state, &fault))?;
        state.files.bytes.stats().downloads.count();
        Ok(response.body(SizedStream::new(length, Box::pin(bytes))))
    }

    /// What every answer says, whether bytes follow or not.
    fn head(&self, state: &State, caller: &Admitted, status: StatusCode, tag: EntityTag) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(status);
        let keep = if self.found.is_picture { A_DAY } else { ASK_EACH_TIME };
        response
            .insert_header(ETag(tag))
            .insert_header((header::CACHE_CONTROL, keep))
            .insert_header((header::ACCEPT_RANGES, "bytes"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"));
        if let Some(name) = self.name {
            let name = utf8_percent_encode(name, IN_NAMES);
            response.insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")));
        }
        for token in caller.access_token.iter() {
            response.cookie(state.access_cookie(token));
        }
        response
    }
}
