//! GET /me: who the caller is.
use actix_web::{HttpRequest, web::Data};

use super::{Answer, State};

pub(super) async fn me(state: Data<State>, request: HttpRequest) -> Result<Answer, Answer> {
    let caller = state.caller(&request).await?;
    let answer = Answer::yes("Logged in")
        .with("Id", caller.user.to_string())
        .with("Name", caller.name.as_str())
        .with("Email", caller.email.as_str());
    Ok(state.renewing(&caller, answer))
}
