//! GET /verify: the link or code from the mail. POST /verify: the same from a page, whose address and log hold no proof.
use actix_web::{
    HttpRequest, HttpResponse, Responder,
    http::StatusCode,
    web::{Data, Json, Query},
};
use serde::Deserialize;

use super::login::logged_in;
use crate::{
    auth::Verification,
    domain::Email,
    http::{
        Answer, State,
        object::Object,
        page::{self, Page},
        request::{is_app, visitor},
    },
};

const REFUSED: &str = "This link or code is wrong, expired or used up: ask for a new mail";
const BEFORE: &str = "This address is already confirmed: you can log in";

#[derive(Default, Deserialize)]
struct Proof {
    #[serde(default)]
    email: String,
    #[serde(default)]
    token: String,
    source: Option<String>,
}

pub(in crate::http) async fn verify(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Answer> {
    let proof = Query::<Proof>::from_query(request.query_string()).map(Query::into_inner).unwrap_or_default();
    let source = proof.source.as_deref();
    Ok(match check(&state, &proof, &request).await? {
        Verification::Opened(opened) if is_app(source) => {
            logged_in(&state, &opened, source, "Address confirmed").respond_to(&request)
        }
        Verification::Opened(opened) => confirmed(&state.login_cookies(&opened)),
        Verification::Before => refused(BEFORE, source, &request),
        Verification::Refused => refused(REFUSED, source, &request),
    })
}

#[derive(Deserialize)]
pub(in crate::http) struct Body {
    email: String,
    token: String,
}

/// Both cookies, and no token in the answer.
pub(in crate::http) async fn by_hand(
    state: Data<State>,
    body: Json<Object<Body>>,
    request: HttpRequest,
) -> Result<Answer, Answer> {
    let proof = Proof { email: body.email.clone(), token: body.token.clone(), source: None };
    match check(&state, &proof, &request).await? {
        Verification::Opened(opened) => Ok(logged_in(&state, &opened, None, "Address confirmed")),
        Verification::Before => Err(Answer::no(StatusCode::BAD_REQUEST, BEFORE)),
        Verification::Refused => Err(Answer::no(StatusCode::BAD_REQUEST, REFUSED)),
    }
}

async fn check(state: &State, proof: &Proof, request: &HttpRequest) -> Result<Verification, Answer> {
    let visitor = visitor(state, request);
    state.may_try(&visitor)?;
    let verification = match Email::new(&proof.email) {
        Ok(email) => state.auth.verify(&email, &proof.token, &visitor).await?,
        Err(_) => Verification::Refused,
    };
    if matches!(verification, Verification::Refused) {
        state.failed(&visitor);
    }
    Ok(verification)
}

/// Mail programs and chats look at links before people do: a HEAD spends nothing.
pub(in crate::http) async fn look() -> HttpResponse {
    page::respond(StatusCode::OK, &Page { title: "Confirm your address", ..Page::default() }, &[])
}

fn confirmed(cookies: &[actix_web::cookie::Cookie<'static>]) -> HttpResponse {
    let page =
        Page { title: "Welcome to Greenroom", text: "Your address is confirmed.", leads_home: true, ..Page::default() };
    page::respond(StatusCode::OK, &page, cookies)
}

fn refused(message: &'static str, source: Option<&str>, request: &HttpRequest) -> HttpResponse {
    if is_app(source) {
        return Answer::no(StatusCode::BAD_REQUEST, message).respond_to(request);
    }
    let page = Page { title: "Nothing to confirm", text: message, ..Page::default() };
    page::respond(StatusCode::BAD_REQUEST, &page, &[])
}
