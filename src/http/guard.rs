//! What surrounds every route: whose page is calling, and what happens if a handler breaks.
use std::panic::AssertUnwindSafe;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;

use super::{Answer, State};
use crate::settings::Server;

const ONE_YEAR_OF_HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Refuses what a page of another origin sends with its visitor's cookies, and turns a panic into an answer, so that
/// it ends neither the connection nor its other requests.
pub(super) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let state = request.app_data::<Data<State>>().cloned().ok_or_else(Answer::broken)?;
    if !may_call(request.headers(), &state.server) {
        let from = request.peer_addr().map(|peer| peer.ip().to_string()).unwrap_or_default();
        log::info!("request of another origin with cookies from {from} refused");
        return Err(Answer::invalid(StatusCode::FORBIDDEN, "This origin may not call with cookies").into());
    }
    let mut response = AssertUnwindSafe(next.call(request)).catch_unwind().await.map_err(|_| Answer::broken())??;
    if state.server.is_https() {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, ONE_YEAR_OF_HTTPS);
    }
    Ok(response)
}

/// A browser names the origin of the page; without cookies, or without a page, there is nobody to be misused.
fn may_call(headers: &HeaderMap, server: &Server) -> bool {
    match headers.get(header::ORIGIN) {
        Some(origin) if headers.contains_key(header::COOKIE) => {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            origin.to_str().is_ok_and(|origin| is_ours(origin, host, server))
        }
        _ => true,
    }
}

/// The origins of `server.allowed_origins` and the server's own. As long as `public_url` is not https, a proxy may or
/// may not add TLS, so the host decides alone.
fn is_ours(origin: &str, host: Option<&str>, server: &Server) -> bool {
    let listed = server.allowed_origins.iter().any(|allowed| allowed == origin);
    let public = origin == origin_of(&server.public_url);
    let same = host.is_some_and(|host| origin.split_once("://").is_some_and(|(_, name)| name == host));
    listed || public || (same && !server.is_https())
}

fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use actix_web::{
        App,
        dev::Service,
        middleware::from_fn,
        test::{TestRequest, init_service},
        web,
    };

    use super::*;
    use crate::{auth::Auth, mail::Mailer, settings::Settings, store::Store};

    fn server(public_url: &str) -> Server {
        let mut server = Settings::defaults().server;
        server.public_url = public_url.into();
        server.allowed_origins = vec!["https://friend.example".into()];
        server
    }

    #[test]
    fn the_own_origin_and_listed_ones_may_call_and_no_other() {
        let server = server("https://chat.example/sub");
        for ours in ["https://chat.example", "https://friend.example"] {
            assert!(is_ours(ours, Some("chat.example"), &server), "{ours}");
        }
        for other in [
            "null",
            "https://evil.example",
            "https://chat.example.evil",
            "http://chat.example",
            "https://friend.example:444",
        ] {
            assert!(!is_ours(other, Some("chat.example"), &server), "{other}");
        }
    }

    #[test]
    fn without_https_the_host_that_was_asked_for_is_the_own_origin() {
        let server = server("http://127.0.0.1:8080");
        assert!(is_ours("http://localhost:8080", Some("localhost:8080"), &server));
        assert!(!is_ours("http://localhost:8081", Some("localhost:8080"), &server));
        assert!(!is_ours("null", None, &server));
    }

    #[actix_web::test]
    async fn a_panic_in_a_handler_is_an_answer_in_json() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults();
        settings.database.url = format!("sqlite://{}/x.db", folder.path().display());
        settings.auth.secret_file = folder.path().join("secret");
        let store = Store::open(&settings.database).await.unwrap();
        let auth = Auth::new(&settings, store, Mailer::keeping()).unwrap();
        let state = Data::new(State::new(&settings, auth, Arc::new(|_, _| ())));
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
