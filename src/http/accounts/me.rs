//! GET /me: who the caller is. DELETE /me: the end of the caller's account.
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Json},
};
use serde::Deserialize;

use crate::{
    auth::{Fault, Password},
    domain::Timestamp,
    http::{Answer, State, answer::Success, object::Object, request::visitor},
};

pub(in crate::http) async fn me(state: Data<State>, request: HttpRequest) -> Result<Answer, Answer> {
    let caller = state.caller(&request).await?;
    let profile = state.store.profile(caller.user, Timestamp::now()).await.map_err(Fault::from)?;
    let mut answer = Answer::yes("Logged in")
        .with("Id", caller.user.to_string())
        .with("Name", caller.name.as_str())
        .with("Email", caller.email.as_str());
    let texts = profile.iter().flat_map(|said| [("Bio", said.bio.as_str()), ("Status", said.status.as_str())]);
    for (name, text) in texts.filter(|(_, text)| !text.is_empty()) {
        answer = answer.with(name, text);
    }
    if let Some(avatar) = profile.and_then(|said| said.avatar) {
        answer = answer.with("Avatar", avatar.to_string());
    }
    Ok(state.renewing(&caller, answer))
}

#[derive(Deserialize)]
pub(in crate::http) struct Body {
    #[serde(rename = "currentPassword")]
    password: String,
}

/// A login alone is not enough: a stolen one must not be able to destroy what it opens.
pub(in crate::http) async fn delete(
    state: Data<State>,
    body: Json<Object<Body>>,
    request: HttpRequest,
) -> Result<Answer, Answer> {
    let caller = state.caller(&request).await?;
    let password = Password::given(&body.password)?;
    let visitor = visitor(&state, &request);
    state.count_login(&caller.email, &visitor).await?;
    if !state.auth.delete_account(&caller, password, &visitor).await? {
        state.failed(&visitor);
        return Err(Answer::new(StatusCode::FORBIDDEN, Success::No, "The current password is another one"));
    }
    state.forgive_login(&caller.email, &visitor);
    Ok(Answer::yes("Account deleted").set(state.cleared_cookies()))
}
