//! POST /logout: ends the login that the request belongs to, whichever token it still has.
use actix_web::{HttpRequest, web::Data};

use crate::http::{Answer, State, cookies::tokens, request::visitor};

pub(in crate::http) async fn logout(state: Data<State>, request: HttpRequest) -> Result<Answer, Answer> {
    state.auth.logout(&tokens(&request), &visitor(&state, &request)).await?;
    Ok(Answer::yes("Logged out").set(state.cleared_cookies()))
}
