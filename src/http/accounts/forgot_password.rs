//! POST /forgot-password: a link for a new password, by mail.
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Json},
};
use serde::Deserialize;

use crate::http::{
    Answer, State,
    object::Object,
    request::{email, visitor},
};

#[derive(Deserialize)]
pub(in crate::http) struct Body {
    email: String,
}

pub(in crate::http) async fn forgot(
    state: Data<State>,
    body: Json<Object<Body>>,
    request: HttpRequest,
) -> Result<Answer, Answer> {
    let email = email(&body.email)?;
    state.count_mail(&email, &visitor(&state, &request))?;
    let known = state.auth.forgot_password(&email).await?;
    if !known && state.reveal_accounts {
        return Err(Answer::no(StatusCode::NOT_FOUND, "NO Such User"));
    }
    Ok(Answer::yes("If this address has an account, a mail was sent"))
}
