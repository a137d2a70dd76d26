//! Which pages of other origins may call.
use actix_cors::Cors;
use actix_web::http::{Method, header};

const PREFLIGHT_SECONDS: usize = 3600;

/// Answers browsers for these origins, with cookies; for any other it adds nothing, and the browser keeps the answer
/// from that page.
pub(super) fn cors(allowed: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST, Method::DELETE])
        .allowed_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
        .supports_credentials()
        .max_age(PREFLIGHT_SECONDS);
    allowed.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
