//! POST /signup: a wish for an account, answered by mail.
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Json},
};
use serde::Deserialize;

use crate::{
    auth::Password,
    domain::Name,
    http::{
        Answer, State,
        object::Object,
        request::{delivery, new_email, visitor},
    },
    store::SignedUp,
};

#[derive(Deserialize)]
pub(in crate::http) struct Body {
    email: String,
    password: String,
    name: String,
    source: Option<String>,
}

pub(in crate::http) async fn signup(
    state: Data<State>,
    body: Json<Object<Body>>,
    request: HttpRequest,
) -> Result<Answer, Answer> {
    let email = new_email(&body.email)?;
    let name = Name::new(&body.name)?;
    let password = Password::new(&body.password)?;
    state.count_mail(&email, &visitor(&state, &request))?;
    let outcome = state.auth.sign_up(&email, &name, &password, delivery(body.source.as_deref())).await?;
    if outcome == SignedUp::Taken && state.reveal_accounts {
        return Err(Answer::no(StatusCode::CONFLICT, "User Already Exists"));
    }
    Ok(Answer::yes("Mail sent: see your inbox"))
}
