//! POST /resend: another mail for whoever lost the first.
use actix_web::{
    http::StatusCode,
    web::{Data, Json},
};
use serde::Deserialize;

use super::{
    Answer, State,
    request::{delivery, email},
};
use crate::store::Resent;

#[derive(Deserialize)]
pub(super) struct Body {
    email: String,
    source: Option<String>,
}

pub(super) async fn resend(state: Data<State>, body: Json<Body>) -> Result<Answer, Answer> {
    let outcome = state.auth.resend(&email(&body.email)?, delivery(body.source.as_deref())).await?;
    match outcome {
        Resent::Unknown if state.reveal_accounts => Err(Answer::no(StatusCode::NOT_FOUND, "NO Such User")),
        Resent::Verified if state.reveal_accounts => Err(Answer::no(StatusCode::CONFLICT, "Email Already Verified")),
        _ => Ok(Answer::yes("If this address waits to be verified, a new mail was sent")),
    }
}
