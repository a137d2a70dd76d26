//! GET /: says what runs here.
use actix_web::{HttpResponse, http::StatusCode};

use super::page::{self, Page};

const TEXT: &str = concat!(
    "A chat server for Socket.IO clients, version ",
    env!("CARGO_PKG_VERSION"),
    ". Sockets connect at <code>/socket.io/</code>; accounts begin at <code>POST /signup</code>."
);

pub(super) async fn home() -> HttpResponse {
    page::respond(StatusCode::OK, &Page { title: "Greenroom", text: TEXT, leads_home: false, ..Page::default() }, &[])
}
