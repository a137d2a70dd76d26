//! The HTTP answers of an endpoint: packets, `ok`, errors, and the headers that all of them carry.
use actix_http::{RequestHead, encoding};
use actix_web::{
    HttpResponse, HttpResponseBuilder,
    body::{BodySize, MessageBody},
    http::{
        StatusCode,
        header::{self, ContentEncoding, HeaderMap, HeaderValue},
    },
};

use super::{Origins, occupancy::Full, origin::text as text_of};
use crate::protocol::engine::Refusal;

/// Bodies from this size on are compressed if the client accepts it.
const COMPRESS_FROM: u64 = 1024;

/// An answer with the headers that every answer to `head` has.
fn answer(origins: &Origins, head: &RequestHead, status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    add_cors(origins, head, &mut response);
    response
}

fn add_cors(origins: &Origins, head: &RequestHead, response: &mut HttpResponseBuilder) {
    if origins.cors && !origins.any {
        response.insert_header((header::VARY, "Origin"));
    }
    let Some(origin) = origins.cors_for(text_of(head, header::ORIGIN)) else { return };
    response.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, origin));
    if origin != "*" {
        response.insert_header((header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"));
    }
}

/// The packets of a poll, or the `ok` of a POST.
pub fn text(origins: &Origins, head: &RequestHead, body: String) -> HttpResponse {
    let response = answer(origins, head, StatusCode::OK).content_type("text/plain; charset=UTF-8").body(body);
    compress(head, response)
}

/// An error of the handshake.
pub fn refusal(origins: &Origins, head: &RequestHead, refusal: Refusal) -> HttpResponse {
    let status = if refusal.status() == 403 { StatusCode::FORBIDDEN } else { StatusCode::BAD_REQUEST };
    answer(origins, head, status).content_type("application/json").body(refusal.body())
}

/// There is no place for another connection.
pub fn full(origins: &Origins, head: &RequestHead, full: Full) -> HttpResponse {
    let (status, message) = match full {
        Full::Server => (StatusCode::SERVICE_UNAVAILABLE, "Server is full"),
        Full::Address => (StatusCode::TOO_MANY_REQUESTS, "Too many connections"),
    };
    answer(origins, head, status)
        .insert_header((header::RETRY_AFTER, "5"))
        .content_type("application/json")
        .body(format!(r#"{{"code":{},"message":"{message}"}}"#, Refusal::Forbidden as u8))
}

/// The body of a POST is over the limit; the connection is not harmed by it.
pub fn too_large(origins: &Origins, head: &RequestHead) -> HttpResponse {
    answer(origins, head, StatusCode::PAYLOAD_TOO_LARGE)
        .content_type("application/json")
        .body(r#"{"code":3,"message":"Payload too large"}"#)
}

/// The body of a POST is compressed; the connection is not harmed by it.
pub fn encoded(origins: &Origins, head: &RequestHead) -> HttpResponse {
    answer(origins, head, StatusCode::UNSUPPORTED_MEDIA_TYPE)
        .content_type("application/json")
        .body(r#"{"code":3,"message":"Encoded bodies are not taken"}"#)
}

/// A browser asks what it may send.
pub fn preflight(origins: &Origins, head: &RequestHead) -> HttpResponse {
    let mut response = answer(origins, head, StatusCode::NO_CONTENT);
    if origins.cors_for(text_of(head, header::ORIGIN)).is_some() {
        response.insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET,POST"));
        if let Some(asked) = text_of(head, header::ACCESS_CONTROL_REQUEST_HEADERS) {
            response.insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, asked));
            response.append_header((header::VARY, "Access-Control-Request-Headers"));
        }
    }
    response.finish()
}

fn compress(head: &RequestHead, response: HttpResponse) -> HttpResponse {
    let large = matches!(response.body().size(), BodySize::Sized(size) if size >= COMPRESS_FROM);
    match accepted(head.headers()) {
        Some(encoding) if large => response
            .map_body(|head, body| {
                head.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
                encoding::Encoder::response(encoding, head, body)
            })
            .map_into_boxed_body(),
        _ => response,
    }
}

fn accepted(headers: &HeaderMap) -> Option<ContentEncoding> {
    let line = String::from_utf8_lossy(headers.get(header::ACCEPT_ENCODING)?.as_bytes());
    let accepts = |name: &str| {
        line.split(',').any(|item| {
            let (coding, weight) = item.split_once(';').unwrap_or((item, ""));
            coding.trim().eq_ignore_ascii_case(name) && !matches!(weight.trim(), "q=0" | "q=0.0")
        })
    };
    if accepts("gzip") { Some(ContentEncoding::Gzip) } else { accepts("br").then_some(ContentEncoding::Brotli) }
}
