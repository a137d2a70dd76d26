//! GET /metrics: the page of numbers.
use actix_web::{HttpResponse, web::Data};

use super::Admin;
use crate::{http::Answer, metrics::CONTENT_TYPE};

pub(super) async fn metrics(admin: Data<Admin>) -> Result<HttpResponse, Answer> {
    let page = admin.metrics.page().await.map_err(|_| Answer::broken())?;
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).body(page))
}
