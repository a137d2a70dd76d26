//! GET /sessions and DELETE /sessions/{id}: where one is logged in, and putting an end to it.
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use serde_json::{Value, json};

use crate::{
    domain::LoginId,
    http::{Answer, State, request::visitor},
    store::OwnLogin,
};

pub(in crate::http) async fn list(state: Data<State>, request: HttpRequest) -> Result<Answer, Answer> {
    let caller = state.caller(&request).await?;
    let logins = state.auth.logins(caller.user).await?;
    let rows: Vec<Value> = logins.iter().map(|login| row(login, caller.login)).collect();
    Ok(state.renewing(&caller, Answer::yes("Your sessions").with("Sessions", rows)))
}

fn row(login: &OwnLogin, current: LoginId) -> Value {
    json!({
        "Id": login.id,
        "Current": login.id == current,
        "CreatedAt": login.created_at,
        "LastSeenAt": login.last_seen_at,
        "Ip": login.ip,
        "UserAgent": login.user_agent,
    })
}

/// Somebody else's login answers like one that never was.
pub(in crate::http) async fn revoke(
    state: Data<State>,
    path: Path<(String, String)>,
    request: HttpRequest,
) -> Result<Answer, Answer> {
    let caller = state.caller(&request).await?;
    let none = || Answer::no(StatusCode::NOT_FOUND, "No such session");
    let login: LoginId = path.1.parse().map_err(|_| none())?;
    if !state.auth.end_login(caller.user, login, &visitor(&state, &request)).await? {
        return Err(none());
    }
    let answer = Answer::yes("Session ended");
    Ok(if login == caller.login { answer.set(state.cleared_cookies()) } else { state.renewing(&caller, answer) })
}
