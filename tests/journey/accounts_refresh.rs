//! POST /refresh: one refresh token for the next, and what becomes of a copied one.
use std::time::Duration;

use serde_json::json;

use crate::support::{PASSWORD, Reply, TestServer};

const GRACE: Duration = Duration::from_secs(15);

async fn refresh(server: &TestServer, token: &str) -> Reply {
    server.post("/refresh", json!({"refreshToken": token})).await
}

fn given(reply: &Reply) -> (String, String) {
    let body = reply.json();
    (body["accessToken"].as_str().unwrap().into(), body["refreshToken"].as_str().unwrap().into())
}

async fn me(server: &TestServer, access: &str) -> u16 {
    Reply::to(server.request(reqwest::Method::GET, "/me").bearer_auth(access)).await.status
}

#[actix_web::test]
async fn a_refresh_token_is_exchanged_for_a_new_pair() {
    let server = TestServer::start().await;
    let first = server.join("ann@x.org", "Ann").await.cookie("refresh_token");
    let renewed = refresh(&server, &first).await;
    assert_eq!(renewed.outcome(), (200, 1));
    assert!(renewed.set_cookie("refresh_token").is_none(), "a token from the body goes back in the body");
    let (access, second) = given(&renewed);
    assert_ne!(first, second);
    assert_eq!((second.len(), me(&server, &access).await), (43, 200));
}

#[actix_web::test]
async fn a_browsers_token_stays_in_its_cookie() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    let cookie = format!("refresh_token={}", login.cookie("refresh_token"));
    let request = || server.request(reqwest::Method::POST, "/refresh").header("Cookie", &cookie);
    let renewed = Reply::to(request()).await;
    assert_eq!(renewed.outcome(), (200, 1));
    assert!(renewed.json().get("refreshToken").is_none(), "no script of the page can read it");
    assert_ne!(renewed.cookie("refresh_token"), login.cookie("refresh_token"));
    assert_eq!(me(&server, &renewed.cookie("access_token")).await, 200);
}

#[actix_web::test]
async fn worthless_refresh_tokens_are_refused() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    for token in ["", "x", &login.cookie("access_token")] {
        assert_eq!(refresh(&server, token).await.outcome(), (401, 0), "{token}");
    }
    assert_eq!(server.post("/refresh", json!({})).await.outcome(), (401, 0));
    assert_eq!(server.post("/refresh", json!({"refreshToken": {"$ne": 1}})).await.outcome(), (400, -1));
    server.post_with("/logout", &login.cookies(), json!({})).await;
    assert_eq!(refresh(&server, &login.cookie("refresh_token")).await.outcome(), (401, 0), "after logging out");
}

#[actix_web::test]
async fn a_client_whose_answer_was_lost_gets_the_same_successor() {
    let server = TestServer::start().await;
    let first = server.join("ann@x.org", "Ann").await.cookie("refresh_token");
    let (_, second) = given(&refresh(&server, &first).await);
    server.pass(GRACE - Duration::from_secs(1));
    let again = refresh(&server, &first).await;
    assert_eq!(given(&again).1, second);
    assert_eq!(server.ended(), [], "nobody was thrown out");
    assert_eq!(refresh(&server, &second).await.status, 200);
}

#[actix_web::test]
async fn reuse_after_the_grace_revokes_the_session_and_closes_its_sockets() {
    let server = TestServer::start().await;
    let first = server.join("ann@x.org", "Ann").await.cookie("refresh_token");
    let other = server.log_in("ann@x.org", PASSWORD).await;
    let (access, second) = given(&refresh(&server, &first).await);
    server.pass(GRACE + Duration::from_secs(1));
    assert_eq!(refresh(&server, &first).await.outcome(), (401, 0));
    assert_eq!(server.ended().len(), 1);
    assert_eq!((me(&server, &access).await, refresh(&server, &second).await.status), (401, 401));
    assert_eq!(me(&server, &other.cookie("access_token")).await, 200, "the other login is not touched");
}

#[actix_web::test]
async fn reuse_within_the_grace_revokes_once_the_successor_was_spent() {
    let server = TestServer::start().await;
    let first = server.join("ann@x.org", "Ann").await.cookie("refresh_token");
    let (_, second) = given(&refresh(&server, &first).await);
    let (access, _) = given(&refresh(&server, &second).await);
    assert_eq!(refresh(&server, &first).await.status, 401);
    assert_eq!((server.ended().len(), me(&server, &access).await), (1, 401));
}

#[actix_web::test]
async fn a_spent_token_on_a_socket_or_page_is_reuse_too() {
    let server = TestServer::start().await;
    let first = server.join("ann@x.org", "Ann").await.cookie("refresh_token");
    refresh(&server, &first).await;
    let with =
        |token: &str| server.request(reqwest::Method::GET, "/me").header("Cookie", format!("refresh_token={token}"));
    assert_eq!(Reply::to(with(&first)).await.status, 200, "the answer with the new one may be on its way");
    server.pass(GRACE + Duration::from_secs(1));
    assert_eq!(Reply::to(with(&first)).await.status, 401);
    assert_eq!(server.ended().len(), 1);
}

#[actix_web::test]
async fn of_refreshes_at_once_one_branch_remains() {
    let server = TestServer::start().await;
    let first = server.join("ann@x.org", "Ann").await.cookie("refresh_token");
    let replies = futures_util::future::join_all((0..8).map(|_| refresh(&server, &first))).await;
    let mut successors: Vec<_> = replies.iter().map(|reply| given(reply).1).collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    assert_eq!(refresh(&server, &successors[0]).await.status, 200);
}

#[actix_web::test]
async fn a_login_ends_when_it_is_idle_and_at_the_latest_at_its_limit() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let server = TestServer::with(|settings| {
        (settings.auth.refresh_ttl, settings.auth.session_ttl) = (DAY * 10, DAY * 25);
    })
    .await;
    let idle = server.join("ann@x.org", "Ann").await.cookie("refresh_token");
    let mut used = server.log_in("ann@x.org", PASSWORD).await.cookie("refresh_token");
    for _ in 0..2 {
        server.pass(DAY * 9);
        used = given(&refresh(&server, &used).await).1;
    }
    assert_eq!(refresh(&server, &idle).await.status, 401, "18 days without use");
    server.pass(DAY * 7);
    assert_eq!(refresh(&server, &used).await.status, 401, "25 days of use");
}
