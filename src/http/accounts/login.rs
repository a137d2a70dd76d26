//! POST /login: a password for two cookies, or for tokens if an app asks.
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Json},
};
use serde::Deserialize;

use crate::{
    auth::{LoginOutcome, Opened, Password, Tried},
    http::{
        Answer, State,
        answer::Success,
        object::Object,
        request::{email, is_app, visitor},
    },
};

#[derive(Deserialize)]
pub(in crate::http) struct Body {
    email: String,
    password: String,
    source: Option<String>,
}

pub(in crate::http) async fn login(
    state: Data<State>,
    body: Json<Object<Body>>,
    request: HttpRequest,
) -> Result<Answer, Answer> {
    let email = email(&body.email)?;
    let password = Password::given(&body.password)?;
    let visitor = visitor(&state, &request);
    let counted = state.count_login(&email, &visitor).await;
    counted.inspect_err(|_| state.auth.stats().tried(Tried::Limited))?;
    let login = state.auth.login(&email, password, &visitor).await?;
    if matches!(login, LoginOutcome::In(_) | LoginOutcome::Unverified) {
        state.forgive_login(&email, &visitor);
    } else {
        state.failed(&visitor);
    }
    match login {
        LoginOutcome::In(opened) => Ok(logged_in(&state, &opened, body.source.as_deref(), "Logged in")),
        LoginOutcome::Unverified => {
            Err(Answer::new(StatusCode::FORBIDDEN, Success::Unverified, "This address is not verified yet"))
        }
        LoginOutcome::Unknown if state.reveal_accounts => Err(Answer::no(StatusCode::UNAUTHORIZED, "NO Such User")),
        LoginOutcome::Unknown | LoginOutcome::WrongPassword => {
            Err(Answer::no(StatusCode::UNAUTHORIZED, "Wrong address or password"))
        }
    }
}

/// Both cookies, and the tokens in the body for an app, which keeps no cookies.
pub(super) fn logged_in(state: &State, opened: &Opened, source: Option<&str>, message: &'static str) -> Answer {
    let answer = Answer::yes(message).set(state.login_cookies(opened));
    if is_app(source) {
        answer.with("accessToken", &*opened.access).with("refreshToken", &*opened.refresh)
    } else {
        answer
    }
}
