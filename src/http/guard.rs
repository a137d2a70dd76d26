//! What surrounds every route: whose page is calling, and what happens if a handler breaks.
use std::panic::AssertUnwindSafe;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;

use super::{Answer, State, request::visitor};
use crate::{
    measure::tell_refused,
    socket::{ENCODED_BODY, FOREIGN_ORIGIN, is_encoded},
};

const ONE_YEAR_OF_HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Refuses what comes too often, and bodies that would have to be unfolded. Turns a panic into an answer, so that it ends
/// neither the connection nor its other requests.
pub(super) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let state = state(&request)?;
    let visitor = visitor(&state, request.request());
    state.count_request(&visitor)?;
    if !request.method().is_safe() && is_encoded(request.headers()) {
        tell_refused(ENCODED_BODY, &visitor.network);
        return Err(Answer::invalid(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Encoded bodies are not taken").into());
    }
    let mut response = AssertUnwindSafe(next.call(request)).catch_unwind().await.map_err(|_| Answer::broken())??;
    finish(&state, response.headers_mut());
    Ok(response)
}

/// What every answer says where the outside speaks https.
pub(super) fn finish(state: &State, headers: &mut HeaderMap) {
    if state.is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ONE_YEAR_OF_HTTPS);
    }
}

/// Refuses what a page of another origin sends with its visitor's cookies. The same rule as for sockets.
pub(super) async fn origin(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let state = state(&request)?;
    if !state.origins.admits(request.head()) {
        tell_refused(FOREIGN_ORIGIN, &visitor(&state, request.request()).network);
        return Err(Answer::invalid(StatusCode::FORBIDDEN, "This origin may not call with cookies").into());
    }
    next.call(request).await
}

/// Gives every refusal of a route, the guard's own included, its reason in a word.
pub(super) async fn coded(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let with_code = |error: &Error| error.as_error::<Answer>().map(Answer::respond_with_code);
    match next.call(request).await {
        Ok(answered) => Ok(match answered.response().error().and_then(with_code) {
            Some(response) => answered.into_response(response).map_into_right_body(),
            None => answered.map_into_left_body(),
        }),
        Err(error) => Err(match with_code(&error) {
            Some(response) => InternalError::from_response(error, response).into(),
            None => error,
        }),
    }
}

fn state(request: &ServiceRequest) -> Result<Data<State>, Answer> {
    request.app_data::<Data<State>>().cloned().ok_or_else(Answer::broken)
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App,
        dev::Service,
        middleware::from_fn,
        test::{TestRequest, init_service},
        web,
    };

    use super::*;
    use crate::{
        auth::Auth,
        http::{About, Files},
        limits::Rates,
        mail::Mailer,
        media::ByteStore,
        settings::Settings,
        socket::Origins,
        store::Store,
    };

    #[actix_web::test]
    async fn a_panic_in_a_handler_is_an_answer_in_json() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults();
        settings.database.url = format!("sqlite://{}/x.db", folder.path().display()).into();
        settings.auth.secret_file = folder.path().join("secret");
        settings.files.folder = folder.path().join("files");
        let store = Store::open(&settings.database).await.unwrap();
        let auth = Auth::new(&settings, store.clone(), Mailer::keeping()).unwrap();
        let files = Files::new(&settings, ByteStore::open(&settings.files).unwrap());
        let state = Data::new(State::new(
            &settings,
            auth,
            store,
            Origins::default(),
            Rates::none(),
            About::new(&settings),
            files,
        ));
        let route = web::resource("/").route(web::get().to(breaks)).wrap(from_fn(guard));
        let app = init_service(App::new().app_data(state).service(route)).await;

        let Err(error) = app.call(TestRequest::get().uri("/").to_request()).await else { panic!("an answer") };
        let response = error.error_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        assert!(body.starts_with(b"{") && !body.windows(7).any(|part| part == b"planted"));
    }

    async fn breaks() -> &'static str {
        panic!("planted")
    }
}
