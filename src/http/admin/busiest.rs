//! GET /chats/busiest: the chats with the most commands per second.
use actix_web::{HttpResponse, web::Data};
use serde_json::{Value, json};

use super::Admin;

pub(super) async fn busiest(admin: Data<Admin>) -> HttpResponse {
    let chats = (admin.busiest)().await;
    let rows = chats.into_iter().map(|(chat, rate)| json!({"chat": chat, "commands_per_second": rate}));
    HttpResponse::Ok().json(rows.collect::<Value>())
}
