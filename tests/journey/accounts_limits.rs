//! How often is too often: logins, guesses, mails and requests, told by 429 with a time to come back.
use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, Reply, TestServer};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A server behind a proxy on this machine, with limits.
async fn limited() -> TestServer {
    TestServer::with(|settings| {
        settings.limits.enabled = true;
        settings.server.trusted_proxies = vec!["127.0.0.1".into()];
    })
    .await
}

/// A login from somewhere.
async fn log_in(server: &TestServer, from: &str, email: &str, password: &str) -> Reply {
    let body = json!({"email": email, "password": password});
    Reply::to(server.request(Method::POST, "/login").header("X-Forwarded-For", from).json(&body)).await
}

fn retry_after(reply: &Reply) -> u64 {
    assert_eq!(reply.outcome(), (429, -3));
    reply.header("retry-after").parse().unwrap()
}

#[actix_web::test]
async fn after_five_wrong_passwords_for_an_account_there_is_a_pause_for_known_and_unknown_alike() {
    let server = limited().await;
    server.join("ann@x.org", "Ann").await;
    for email in ["ann@x.org", "nobody@x.org"] {
        for n in 0..5 {
            assert_eq!(log_in(&server, &format!("10.0.{n}.1"), email, "wrong").await.outcome(), (401, 0), "{email}");
        }
        let late = log_in(&server, "10.0.9.1", email, PASSWORD).await;
        assert!((170..=180).contains(&retry_after(&late)), "{email}: the right password waits too");
    }
    server.pass(MINUTE * 3);
    assert_eq!(log_in(&server, "10.0.9.1", "ann@x.org", PASSWORD).await.status, 200, "a delay, not a lock");
}

#[actix_web::test]
async fn an_attacker_elsewhere_does_not_lock_the_owner_out_of_known_places() {
    let server = limited().await;
    server.join("ann@x.org", "Ann").await;
    assert_eq!(log_in(&server, "10.1.1.1", "ann@x.org", PASSWORD).await.status, 200);
    for n in 0..8 {
        log_in(&server, &format!("10.2.{n}.1"), "ann@x.org", "wrong").await;
    }
    retry_after(&log_in(&server, "10.3.3.3", "ann@x.org", PASSWORD).await);
    assert_eq!(log_in(&server, "10.1.1.1", "ann@x.org", PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn a_known_place_may_not_guess_without_end_either() {
    let server = limited().await;
    server.join("ann@x.org", "Ann").await;
    log_in(&server, "10.1.1.1", "ann@x.org", PASSWORD).await;
    for _ in 0..5 {
        assert_eq!(log_in(&server, "10.1.1.1", "ann@x.org", "wrong").await.status, 401);
    }
    retry_after(&log_in(&server, "10.1.1.1", "ann@x.org", "wrong").await);
}

#[actix_web::test]
async fn successes_count_for_nothing() {
    let server = limited().await;
    server.join("ann@x.org", "Ann").await;
    for _ in 0..30 {
        assert_eq!(log_in(&server, "10.1.1.1", "ann@x.org", PASSWORD).await.status, 200);
    }
}

#[actix_web::test]
async fn twenty_wrong_guesses_of_any_kind_from_one_address_are_enough() {
    let server = limited().await;
    let get = |path: &'static str| Reply::to(server.request(Method::GET, path).header("X-Forwarded-For", "10.1.1.1"));
    for n in 0..10 {
        assert_eq!(log_in(&server, "10.1.1.1", &format!("a{n}@x.org"), "wrong").await.status, 401);
        assert_eq!(get("/verify?email=a@x.org&token=123456&source=app").await.status, 400);
    }
    retry_after(&log_in(&server, "10.1.1.1", "b@x.org", "wrong").await);
    retry_after(&get("/verify?email=a@x.org&token=123456&source=app").await);
    let post = |path: &'static str, body| {
        Reply::to(server.request(Method::POST, path).header("X-Forwarded-For", "10.1.1.1").json(&body))
    };
    retry_after(&post("/refresh", json!({"refreshToken": "x"})).await);
    retry_after(&post("/reset-password", json!({"token": "x", "password": PASSWORD})).await);
    assert_eq!(log_in(&server, "10.1.1.2", "b@x.org", "wrong").await.status, 401, "others are not concerned");
}

#[actix_web::test]
async fn an_ipv6_customer_is_one_address() {
    let server = limited().await;
    for n in 0..20 {
        log_in(&server, &format!("2001:db8:1:2::{n}"), &format!("a{n}@x.org"), "wrong").await;
    }
    retry_after(&log_in(&server, "2001:db8:1:2:ffff::1", "b@x.org", "wrong").await);
    assert_eq!(log_in(&server, "2001:db8:1:3::1", "b@x.org", "wrong").await.status, 401);
}

#[actix_web::test]
async fn a_header_of_somebody_who_is_no_trusted_proxy_is_not_believed() {
    let server = TestServer::with(|settings| settings.limits.enabled = true).await;
    for n in 0..20 {
        log_in(&server, &format!("10.0.0.{n}"), &format!("a{n}@x.org"), "wrong").await;
    }
    retry_after(&log_in(&server, "10.9.9.9", "b@x.org", "wrong").await);
}

#[actix_web::test]
async fn an_address_gets_one_mail_a_minute_and_five_an_hour_known_or_not() {
    let server = limited().await;
    server.join("ann@x.org", "Ann").await;
    server.pass(HOUR);
    for email in ["ann@x.org", "nobody@x.org"] {
        let forget = || server.post("/forgot-password", json!({"email": email}));
        for _ in 0..5 {
            assert_eq!(forget().await.outcome(), (200, 1), "{email}");
            assert!(retry_after(&forget().await) <= 60);
            server.pass(MINUTE);
        }
        let wait = retry_after(&forget().await);
        assert!(wait > 60, "{email}: {wait}");
    }
    server.pass(HOUR);
    assert_eq!(server.sign_up("bob@x.org", PASSWORD, "Bob").await.status, 200);
    for path in ["/resend", "/forgot-password"] {
        retry_after(&server.post(path, json!({"email": "bob@x.org"})).await);
    }
}

#[actix_web::test]
async fn one_address_cannot_make_the_server_mail_the_world() {
    let server = TestServer::with(|settings| {
        settings.limits.enabled = true;
        settings.limits.mails_per_ip = "3 per 1h".parse().unwrap();
    })
    .await;
    for n in 0..3 {
        assert_eq!(server.sign_up(&format!("a{n}@x.org"), PASSWORD, "A").await.status, 200);
    }
    retry_after(&server.sign_up("b@x.org", PASSWORD, "B").await);
}

#[actix_web::test]
async fn changing_the_password_cannot_be_guessed_from_a_stolen_session() {
    let server = limited().await;
    let login = server.join("ann@x.org", "Ann").await;
    let change = async |current: &str| {
        let body = json!({"currentPassword": current, "newPassword": "an entirely new phrase"});
        server.post_with("/change-password", &login.cookies(), body).await
    };
    for _ in 0..5 {
        assert_eq!(change("wrong").await.status, 403);
    }
    retry_after(&change(PASSWORD).await);
}

#[actix_web::test]
async fn requests_from_one_address_have_a_limit_too() {
    let server = TestServer::with(|settings| {
        settings.limits.enabled = true;
        settings.limits.requests_per_ip = "3 per 1h".parse().unwrap();
    })
    .await;
    for _ in 0..3 {
        assert_eq!(server.get("/me").await.status, 401);
    }
    retry_after(&server.get("/me").await);
}

#[actix_web::test]
async fn paths_where_nothing_is_have_the_same_limit() {
    let server = TestServer::with(|settings| {
        settings.limits.enabled = true;
        settings.limits.requests_per_ip = "3 per 1h".parse().unwrap();
    })
    .await;
    for _ in 0..3 {
        assert_eq!(server.get("/nothing").await.outcome(), (404, 0));
    }
    retry_after(&server.get("/nothing").await);
}

#[actix_web::test]
async fn what_a_client_wrote_beyond_ascii_does_not_hide_the_address_that_the_proxy_wrote() {
    let server = limited().await;
    for n in 0..20 {
        log_in(&server, &format!("\u{e9}, 10.0.0.{n}"), &format!("a{n}@x.org"), "wrong").await;
    }
    assert_eq!(log_in(&server, "\u{e9}, 10.9.9.9", "b@x.org", "wrong").await.status, 401);
}

#[actix_web::test]
async fn without_limits_nothing_is_too_often() {
    let server = TestServer::start().await;
    for _ in 0..30 {
        assert_eq!(server.log_in("a@x.org", "wrong").await.status, 401);
    }
}
