//! GET /cluster: the nodes of this database as this one knows them. A server that is none of several has no such page.
use actix_web::{HttpResponse, web::Data};
use serde_json::json;

use super::Admin;
use crate::cluster::Report;

pub(super) async fn cluster(admin: Data<Admin>) -> HttpResponse {
    let known = match &admin.cluster {
        Some(ask) => ask().await,
        None => Report::default(),
    };
    let me = known.me;
    let nodes = known.nodes.iter().map(|(node, heard)| {
        json!({
            "id": node.id,
            "name": node.name,
            "is_this": Some(node.id) == me,
            "has_left": node.has_left,
            "beat": node.beat,
            "heard": heard,
        })
    });
    HttpResponse::Ok().json(json!({
        "nodes": nodes.collect::<Vec<_>>(),
        "waiting": known.waiting,
        "watched": known.watched,
        "blind_for_seconds": known.blind_for.as_secs_f64(),
    }))
}
