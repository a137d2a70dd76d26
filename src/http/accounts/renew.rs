//! POST /update-access-token: a page got a fresh access token over its socket and wants it as a cookie.
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Json},
};
use serde::Deserialize;

use crate::http::{Answer, State, cookies::refresh_cookie, object::Object};

#[derive(Deserialize)]
pub(in crate::http) struct Body {
    /// Pages spell it like this.
    #[serde(rename = "acessToken")]
    access: String,
}

/// A cookie is set only for a token of the login that the refresh cookie proves: nobody can be given another's.
pub(in crate::http) async fn renew(
    state: Data<State>,
    body: Json<Object<Body>>,
    request: HttpRequest,
) -> Result<Answer, Answer> {
    let refused = || Answer::no(StatusCode::UNAUTHORIZED, "This token is not valid here");
    let refresh = refresh_cookie(&request).ok_or_else(refused)?;
    if !state.auth.belong_together(&body.access, &refresh).await? {
        return Err(refused());
    }
    Ok(Answer::yes("Access token updated").set([state.access_cookie(&body.access)]))
}
