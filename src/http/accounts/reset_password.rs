//! GET and POST /reset-password: a new password for whoever has the mailed link.
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Responder,
    http::StatusCode,
    web::{Data, Form, Json, Payload, Query},
};
use serde::Deserialize;

use crate::{
    auth::{Password, Visitor},
    http::{
        Answer, State,
        object::Object,
        page::{self, Page},
        request::{is_form, visitor},
    },
};

const NO_TOKEN: &str = "This link is wrong, expired or used up: ask for a new mail";
const REPLACED: &str = "The new password is in force: log in with it";

#[derive(Default, Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}

/// The mailed link. It only shows a form: looking spends nothing.
pub(in crate::http) async fn ask(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Answer> {
    let link = Query::<Link>::from_query(request.query_string()).map(Query::into_inner).unwrap_or_default();
    Ok(if is_plain(&link.token) && state.auth.may_reset(&link.token).await? {
        page::respond(StatusCode::OK, &form(&link.token, "8 to 128 characters."), &[])
    } else {
        page::respond(StatusCode::BAD_REQUEST, &refused(), &[])
    })
}

#[derive(Deserialize)]
struct Reset {
    token: String,
    password: String,
}

/// Takes JSON from programs and the form of `ask`. The token is the proof: no cookie is looked at.
pub(in crate::http) async fn reset(
    state: Data<State>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let mut payload = payload.into_inner();
    let visitor = visitor(&state, &request);
    if !is_form(&request) {
        let asked = Json::<Object<Reset>>::from_request(&request, &mut payload).await?;
        let new = Password::new(&asked.password).map_err(Answer::from)?;
        let done = state.reset(&asked.token, &new, &visitor).await?;
        let answer = if done { Answer::yes(REPLACED) } else { Answer::no(StatusCode::BAD_REQUEST, NO_TOKEN) };
        return Ok(answer.respond_to(&request));
    }
    let asked = Form::<Reset>::from_request(&request, &mut payload).await.map_err(|_| malformed())?;
    let new = match Password::new(&asked.password) {
        Ok(new) => new,
        Err(_) if !is_plain(&asked.token) => return Ok(page::respond(StatusCode::BAD_REQUEST, &refused(), &[])),
        Err(refusal) => {
            return Ok(page::respond(StatusCode::BAD_REQUEST, &form(&asked.token, &refusal.message), &[]));
        }
    };
    let done = state.reset(&asked.token, &new, &visitor).await?;
    let page = Page { title: "Your password is changed", text: REPLACED, ..Page::default() };
    Ok(if done {
        page::respond(StatusCode::OK, &page, &[])
    } else {
        page::respond(StatusCode::BAD_REQUEST, &refused(), &[])
    })
}

impl State {
    async fn reset(&self, token: &str, new: &Password, visitor: &Visitor) -> Result<bool, Answer> {
        self.may_try(visitor)?;
        let done = self.auth.reset_password(token, new, visitor).await?;
        if !done {
            self.failed(visitor);
        }
        Ok(done)
    }
}

fn malformed() -> Answer {
    Answer::invalid(StatusCode::BAD_REQUEST, "token and password are missing")
}

fn form<'a>(token: &'a str, text: &'a str) -> Page<'a> {
    Page { title: "Choose a new password", text, reset_token: Some(token), ..Page::default() }
}

fn refused() -> Page<'static> {
    Page { title: "No new password", text: NO_TOKEN, ..Page::default() }
}

/// Whether a token can stand in a page as it is. All of ours can.
fn is_plain(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
