//! GET /sessions and DELETE /sessions/{id}: where one is logged in, and putting an end to it.
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use serde_json::{Value, json};

use super::{Answer, State, request::visitor};
use crate::{domain::SessionId, store::OpenSession};

pub(super) async fn list(state: Data<State>, request: HttpRequest) -> Result<Answer, Answer> {
    let caller = state.caller(&request).await?;
    let sessions = state.auth.sessions(caller.user).await?;
    let rows: Vec<Value> = sessions.iter().map(|session| row(session, caller.session)).collect();
    Ok(state.renewing(&caller, Answer::yes("Your sessions").with("Sessions", rows)))
}

fn row(session: &OpenSession, current: SessionId) -> Value {
    json!({
        "Id": session.id,
        "Current": session.id == current,
        "CreatedAt": session.created_at,
        "LastSeenAt": session.last_seen_at,
        "Ip": session.ip,
        "UserAgent": session.user_agent,
    })
}

/// Somebody else's session answers like one that never was.
pub(super) async fn revoke(
    state: Data<State>,
    path: Path<(String, String)>,
    request: HttpRequest,
) -> Result<Answer, Answer> {
    let caller = state.caller(&request).await?;
    let none = || Answer::no(StatusCode::NOT_FOUND, "No such session");
    let session: SessionId = path.1.parse().map_err(|_| none())?;
    if !state.auth.revoke(caller.user, session, &visitor(&state, &request)).await? {
        return Err(none());
    }
    let answer = Answer::yes("Session ended");
    Ok(if session == caller.session { answer.set(state.cleared_cookies()) } else { state.renewing(&caller, answer) })
}
