//! POST /change-password: a new password for whoever is logged in and knows the old one.
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Json},
};
use serde::Deserialize;

use crate::{
    auth::{Changed, Password},
    http::{Answer, State, answer::Success, object::Object, request::visitor},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Body {
    current_password: String,
    new_password: String,
}

pub(in crate::http) async fn change(
    state: Data<State>,
    body: Json<Object<Body>>,
    request: HttpRequest,
) -> Result<Answer, Answer> {
    let caller = state.caller(&request).await?;
    let current = Password::given(&body.current_password)?;
    let new = Password::new(&body.new_password)?;
    let visitor = visitor(&state, &request);
    state.count_login(&caller.email, &visitor).await?;
    match state.auth.change_password(&caller, current, &new, &visitor).await? {
        Changed::Yes => {
            state.forgive_login(&caller.email, &visitor);
            Ok(state.renewing(&caller, Answer::yes("Password changed")))
        }
        Changed::WrongPassword => {
            state.failed(&visitor);
            Err(Answer::new(StatusCode::FORBIDDEN, Success::No, "The current password is another one"))
        }
    }
}
