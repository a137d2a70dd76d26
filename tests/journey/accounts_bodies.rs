//! What holds for the body of any request: it is read as it came, or not at all.
use futures_util::stream;
use reqwest::{Body, Method};
use serde_json::json;

use crate::support::{PASSWORD, Reply, TestServer};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

#[actix_web::test]
async fn an_encoded_body_is_refused_by_every_route_that_takes_one() {
    let server = TestServer::start().await;
    let whole = json!({"email": "a@x.org", "password": PASSWORD}).to_string();
    for (method, path, kind) in [
        (Method::POST, "/signup", JSON),
        (Method::POST, "/resend", JSON),
        (Method::POST, "/login", JSON),
        (Method::POST, "/logout", JSON),
        (Method::POST, "/refresh", JSON),
        (Method::POST, "/update-access-token", JSON),
        (Method::POST, "/forgot-password", JSON),
        (Method::POST, "/reset-password", JSON),
        (Method::POST, "/reset-password", FORM),
        (Method::POST, "/change-password", JSON),
        (Method::DELETE, "/me", JSON),
        (Method::POST, "/nothing", JSON),
    ] {
        for encoding in ["br", "gzip", "deflate", "zstd", "x-gzip", "identity, gzip", "\u{e9}"] {
            let request = || server.request(method.clone(), path).header("Content-Type", kind);
            let request = || request().header("Content-Encoding", encoding);
            let reply = Reply::to(request().body(whole.clone())).await;
            assert_eq!(reply.outcome(), (415, -1), "{path} {encoding}");
            let chunks = stream::iter([Ok::<_, std::io::Error>(whole.clone())]);
            let reply = Reply::to(request().body(Body::wrap_stream(chunks))).await;
            assert_eq!(reply.outcome(), (415, -1), "{path} {encoding}, in chunks");
        }
    }
}

#[actix_web::test]
async fn a_body_that_is_said_to_be_as_it_is_is_read() {
    let server = TestServer::start().await;
    for encoding in ["identity", "Identity, identity", ""] {
        let request = server.request(Method::POST, "/login").header("Content-Encoding", encoding);
        let reply = Reply::to(request.json(&json!({"email": "a@x.org", "password": PASSWORD}))).await;
        assert_eq!(reply.outcome(), (401, 0), "{encoding}");
    }
    let looked_at = server.request(Method::GET, "/").header("Content-Encoding", "gzip");
    assert_eq!(Reply::to(looked_at).await.status, 200, "there is no body to be read");
}
