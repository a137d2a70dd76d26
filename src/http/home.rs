//! GET /: says what runs here.
use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use super::page::{self, STYLE};

#[derive(Template)]
#[template(path = "http/pages/home.html")]
struct Home {
    title: &'static str,
    version: &'static str,
}

pub(super) async fn home() -> HttpResponse {
    page::respond(StatusCode::OK, &Home { title: "Greenroom", version: env!("CARGO_PKG_VERSION") }, &[])
}
