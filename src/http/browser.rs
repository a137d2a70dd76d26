//! The browser client: its page under the addresses that it has, its built files, and what to do where it was not built.
use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{self, ETag, EntityTag, Header, IfNoneMatch},
    },
};
use askama::Template;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use greenroom_web::File;

use super::{
    Answer, nothing,
    page::{self, STYLE},
};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types greenroom";
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=()";
const PAGE: &str = "index.html";
/// The names of these files carry a hash of what is in them.
const HASHED: &str = "assets/";
const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";
/// Each file lies there a second time, compressed.
const COMPRESSED: &str = "br";

/// What a file is, by the end of its name.
const KINDS: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("webmanifest", "application/manifest+json"),
];

#[derive(Template)]
#[template(path = "http/pages/without_client.html")]
struct Without {
    title: &'static str,
    way_out: &'static str,
}

/// `GET /`, `/app`, `/app/*`, `/join/*`: the page, which finds out by itself where it is.
pub(super) async fn page(request: HttpRequest) -> HttpResponse {
    if let Some(response) = respond(&request, PAGE) {
        return response;
    }
    page::respond(StatusCode::OK, &Without { title: "Greenroom", way_out: greenroom_web::WITHOUT }, &[])
}

/// `GET /assets/*`, `/icons/*`, `/sw.js`, `/manifest.webmanifest`.
pub(super) async fn file(request: HttpRequest) -> Result<HttpResponse, Answer> {
    respond(&request, request.path().trim_start_matches('/')).ok_or_else(nothing)
}

fn respond(request: &HttpRequest, path: &str) -> Option<HttpResponse> {
    // What is compressed is asked for by the header that says so, and never by its name.
    let plain = greenroom_web::file(path).filter(|_| !path.ends_with(".br"))?;
    let small = takes_compressed(request).then(|| greenroom_web::file(&format!("{path}.{COMPRESSED}"))).flatten();
    let tag = tag_of(&plain, small.is_some());
    let mut response = HttpResponse::build(StatusCode::OK);
    headers(&mut response, path, &tag);
    if IfNoneMatch::parse(request).is_ok_and(|known| is_known(&known, &tag)) {
        return Some(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    if small.is_some() {
        response.insert_header((header::CONTENT_ENCODING, COMPRESSED));
    }
    Some(response.body(small.unwrap_or(plain).bytes.into_owned()))
}

fn headers(response: &mut HttpResponseBuilder, path: &str, tag: &EntityTag) {
    let lasts = if path.starts_with(HASHED) { FOREVER } else { ASK_EACH_TIME };
    response
        .insert_header((header::CONTENT_TYPE, kind_of(path)))
        .insert_header((header::CACHE_CONTROL, lasts))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header(ETag(tag.clone()))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"))
        .insert_header((header::PERMISSIONS_POLICY, PERMISSIONS));
}

/// Both forms of a file have a tag of their own.
fn tag_of(file: &File, is_compressed: bool) -> EntityTag {
    let hash = URL_SAFE_NO_PAD.encode(&file.hash[..18]);
    EntityTag::new_strong(if is_compressed { format!("{hash}-{COMPRESSED}") } else { hash })
}

fn is_known(known: &IfNoneMatch, tag: &EntityTag) -> bool {
    match known {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|known| known.weak_eq(tag)),
    }
}

/// Whether the client names Brotli and does not refuse it.
fn takes_compressed(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(COMPRESSED));
        is_named && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn kind_of(path: &str) -> &'static str {
    let extension = path.rsplit('.').next().unwrap_or_default();
    KINDS.iter().find(|(known, _)| *known == extension).map_or("application/octet-stream", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn brotli_is_sent_to_whoever_names_it_and_does_not_refuse_it() {
        let takes = |value: &'static str| {
            takes_compressed(&TestRequest::get().insert_header((header::ACCEPT_ENCODING, value)).to_http_request())
        };
        assert!(takes("br") && takes("gzip, deflate, BR") && takes("gzip;q=0.5, br;q=1.0"));
        assert!(!takes("gzip") && !takes("") && !takes("br;q=0") && !takes("gzip, br; q=0.000") && !takes("brotli"));
        assert!(!takes_compressed(&TestRequest::get().to_http_request()));
    }

    #[test]
    fn a_file_says_what_it_is_by_the_end_of_its_name() {
        assert_eq!(kind_of("assets/a-1.js"), "text/javascript; charset=utf-8");
        assert_eq!(kind_of("index.html"), "text/html; charset=utf-8");
        assert_eq!(kind_of("assets/nothing"), "application/octet-stream");
    }
}
