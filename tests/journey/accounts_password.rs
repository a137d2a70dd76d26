//! A new password: forgotten and reset by mail, or changed by somebody who knows the old one.
use std::time::Duration;

use greenroom::mail::Letter;
use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, Reply, TestServer};

const NEW: &str = "an entirely new phrase";

/// The tokens of the mailed links for a new password, oldest first.
fn tokens(server: &TestServer, email: &str) -> Vec<String> {
    let start = format!("{}/reset-password?token=", server.settings.server.public_url);
    let links = server.letters(email).into_iter().filter_map(|letter| match letter {
        Letter::ResetPassword { link } => Some(link.strip_prefix(&start).unwrap().to_owned()),
        _ => None,
    });
    links.collect()
}

async fn forget(server: &TestServer, email: &str) -> Reply {
    server.post("/forgot-password", json!({"email": email})).await
}

async fn reset(server: &TestServer, token: &str, password: &str) -> Reply {
    server.post("/reset-password", json!({"token": token, "password": password})).await
}

async fn me(server: &TestServer, login: &Reply) -> u16 {
    Reply::to(server.request(Method::GET, "/me").header("Cookie", login.cookies())).await.status
}

#[actix_web::test]
async fn a_reset_replaces_the_password_ends_all_sessions_and_logs_nobody_in() {
    let server = TestServer::start().await;
    let one = server.join("ann@x.org", "Ann").await;
    let two = server.log_in("ann@x.org", PASSWORD).await;
    assert_eq!(forget(&server, "Ann@X.org").await.outcome(), (200, 1));
    let token = tokens(&server, "ann@x.org").pop().unwrap();
    let done = reset(&server, &token, NEW).await;
    assert_eq!(done.outcome(), (200, 1));
    assert!(done.set_cookie("access_token").is_none() && done.json().get("accessToken").is_none());
    assert_eq!((me(&server, &one).await, me(&server, &two).await, server.ended().len()), (401, 401, 2));
    assert_eq!(server.log_in("ann@x.org", PASSWORD).await.status, 401);
    assert_eq!(server.log_in("ann@x.org", NEW).await.status, 200);
    assert!(matches!(server.letters("ann@x.org").last(), Some(Letter::PasswordChanged { .. })), "the owner is told");
    assert_eq!(reset(&server, &token, PASSWORD).await.outcome(), (400, 0), "a token works once");
}

#[actix_web::test]
async fn a_newer_token_ends_the_older_and_each_lives_half_an_hour() {
    let server = TestServer::start().await;
    server.join("ann@x.org", "Ann").await;
    for _ in 0..2 {
        forget(&server, "ann@x.org").await;
    }
    let [older, newer] = tokens(&server, "ann@x.org").try_into().unwrap();
    assert_eq!(reset(&server, &older, NEW).await.outcome(), (400, 0));
    server.pass(Duration::from_secs(30 * 60));
    assert_eq!(reset(&server, &newer, NEW).await.outcome(), (400, 0));
}

#[actix_web::test]
async fn a_token_for_a_new_password_is_good_for_nothing_else() {
    let server = TestServer::start().await;
    server.join("ann@x.org", "Ann").await;
    server.sign_up("bob@x.org", PASSWORD, "Bob").await;
    forget(&server, "ann@x.org").await;
    let token = tokens(&server, "ann@x.org").pop().unwrap();
    assert_eq!(server.get(&format!("/verify?email=ann@x.org&token={token}&source=app")).await.status, 400);
    let verify = server.links("bob@x.org").pop().unwrap();
    let (_, verify) = verify.rsplit_once("token=").unwrap();
    assert_eq!(reset(&server, verify, NEW).await.outcome(), (400, 0));
}

#[actix_web::test]
async fn unknown_and_unproven_addresses_are_answered_alike_and_get_no_mail() {
    let server = TestServer::start().await;
    let known = {
        server.join("ann@x.org", "Ann").await;
        forget(&server, "ann@x.org").await
    };
    server.sign_up("bob@x.org", PASSWORD, "Bob").await;
    for email in ["bob@x.org", "eve@x.org"] {
        let reply = forget(&server, email).await;
        assert_eq!((reply.status, &reply.text), (known.status, &known.text));
        assert_eq!(tokens(&server, email), [] as [String; 0]);
    }
    assert_eq!(forget(&server, "nonsense").await.outcome(), (400, -1));
    let open = TestServer::with(|settings| settings.auth.reveal_accounts = true).await;
    assert_eq!(forget(&open, "eve@x.org").await.outcome(), (404, 0));
}

#[actix_web::test]
async fn the_mailed_link_shows_a_form_that_spends_nothing_until_it_is_sent() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    forget(&server, "ann@x.org").await;
    let token = tokens(&server, "ann@x.org").pop().unwrap();
    for _ in 0..2 {
        let form = server.get(&format!("/reset-password?token={token}")).await;
        assert_eq!((form.status, form.header("referrer-policy")), (200, "no-referrer"));
        assert!(form.text.contains(&format!("name=\"token\" value=\"{token}\"")) && !form.text.contains("<script"));
    }
    for wrong in ["", "?token=", "?token=x", "?token=%22%3E%3Cscript%3E"] {
        let page = server.get(&format!("/reset-password{wrong}")).await;
        assert!(page.status == 400 && !page.text.contains("<script") && !page.text.contains("<form"), "{wrong}");
    }
    // What a browser sends from a page without referrer: the origin `null`, and its cookies.
    let send = |password: &str| {
        let request = server.request(Method::POST, "/reset-password").header("Origin", "null");
        Reply::to(request.header("Cookie", login.cookies()).form(&[("token", token.as_str()), ("password", password)]))
    };
    let short = send("short").await;
    assert!(short.status == 400 && short.text.contains("<form") && short.text.contains("8 to 128"));
    let done = send(NEW).await;
    assert!(done.status == 200 && done.header("content-type").starts_with("text/html"), "{}", done.text);
    assert_eq!(server.log_in("ann@x.org", NEW).await.status, 200);
    assert_eq!(send(NEW).await.status, 400);
}

#[actix_web::test]
async fn changing_the_password_needs_the_present_one_and_ends_all_other_sessions() {
    let server = TestServer::start().await;
    let here = server.join("ann@x.org", "Ann").await;
    let there = server.log_in("ann@x.org", PASSWORD).await;
    let change = async |current: &str, new: &str| {
        let body = json!({"currentPassword": current, "newPassword": new});
        server.post_with("/change-password", &here.cookies(), body).await.outcome()
    };
    assert_eq!(change("another one", NEW).await, (403, 0));
    assert_eq!(change(PASSWORD, "password").await, (400, -1));
    assert_eq!(change(PASSWORD, NEW).await, (200, 1));
    assert_eq!((me(&server, &here).await, me(&server, &there).await), (200, 401));
    let reasons: Vec<_> = server.ended().into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(reasons, ["Password changed"]);
    assert_eq!(server.log_in("ann@x.org", PASSWORD).await.status, 401);
    assert_eq!(server.log_in("ann@x.org", NEW).await.status, 200);
    let stranger = server.post("/change-password", json!({"currentPassword": NEW, "newPassword": PASSWORD})).await;
    assert_eq!(stranger.outcome(), (401, 0));
}

#[actix_web::test]
async fn a_mailed_token_for_a_new_password_ends_when_the_password_is_changed_otherwise() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    forget(&server, "ann@x.org").await;
    let token = tokens(&server, "ann@x.org").pop().unwrap();
    let body = json!({"currentPassword": PASSWORD, "newPassword": NEW});
    assert_eq!(server.post_with("/change-password", &login.cookies(), body).await.status, 200);
    assert_eq!(reset(&server, &token, "a third phrase of theirs").await.outcome(), (400, 0));
}
