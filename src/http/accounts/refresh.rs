//! POST /refresh: one refresh token for a new pair, from the body for an app, from the cookie for a browser.
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use serde::Deserialize;

use crate::http::{
    Answer, State,
    cookies::refresh_cookie,
    request::{body_if_any, visitor},
};

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "refreshToken")]
    refresh: Option<String>,
}

/// A token that came in the body goes back in the body. One that a browser keeps out of its page's reach stays there.
pub(in crate::http) async fn refresh(
    state: Data<State>,
    request: HttpRequest,
    payload: Payload,
) -> Result<Answer, actix_web::Error> {
    let given = body_if_any::<Body>(&request, payload).await?.and_then(|body| body.refresh);
    let refused = || Answer::no(StatusCode::UNAUTHORIZED, "This token is not valid");
    let token = given.clone().or_else(|| refresh_cookie(&request)).ok_or_else(refused)?;
    let visitor = visitor(&state, &request);
    state.may_try(&visitor)?;
    let Some(opened) = state.auth.refresh(&token, &visitor).await.map_err(Answer::from)? else {
        state.failed(&visitor);
        return Err(refused().into());
    };
    let answer = Answer::yes("Renewed");
    Ok(match given {
        Some(_) => answer.with("accessToken", opened.access).with("refreshToken", opened.refresh),
        None => answer.set(state.login_cookies(&opened)),
    })
}
