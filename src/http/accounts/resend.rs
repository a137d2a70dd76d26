//! POST /resend: another mail for whoever lost the first.
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Json},
};
use serde::Deserialize;

use crate::{
    http::{
        Answer, State,
        object::Object,
        request::{delivery, email, visitor},
    },
    store::Resent,
};

#[derive(Deserialize)]
pub(in crate::http) struct Body {
    email: String,
    source: Option<String>,
}

pub(in crate::http) async fn resend(
    state: Data<State>,
    body: Json<Object<Body>>,
    request: HttpRequest,
) -> Result<Answer, Answer> {
    let email = email(&body.email)?;
    state.count_mail(&email, &visitor(&state, &request))?;
    let outcome = state.auth.resend(&email, delivery(body.source.as_deref())).await?;
    match outcome {
        Resent::Unknown if state.reveal_accounts => Err(Answer::no(StatusCode::NOT_FOUND, "NO Such User")),
        Resent::Verified if state.reveal_accounts => Err(Answer::no(StatusCode::CONFLICT, "Email Already Verified")),
        _ => Ok(Answer::yes("If this address waits to be verified, a new mail was sent")),
    }
}
