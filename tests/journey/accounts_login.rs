//! POST /login: who gets in, what they get, and what everybody else is told.
use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, Reply, TestServer};

#[actix_web::test]
async fn a_login_sets_both_cookies_for_the_whole_site_and_for_no_script() {
    let server = TestServer::start().await;
    server.join("ann@x.org", "Ann").await;
    let login = server.log_in("Ann@X.org", PASSWORD).await;
    assert_eq!(login.outcome(), (200, 1));
    for (name, age) in [("access_token", "Max-Age=900"), ("refresh_token", "Max-Age=2592000")] {
        let line = login.set_cookie(name).unwrap();
        let mut attributes: Vec<_> = line.split("; ").skip(1).collect();
        attributes.sort_unstable();
        assert_eq!(attributes, ["HttpOnly", age, "Path=/", "SameSite=Lax"], "{name}");
    }
    assert!(login.json().get("accessToken").is_none());
}

#[actix_web::test]
async fn under_https_cookies_are_secure_and_browsers_are_told_to_stay() {
    let server = TestServer::with(|settings| settings.server.public_url = "https://chat.example.org".into()).await;
    let joined = server.join("ann@x.org", "Ann").await;
    assert!(joined.set_cookie("access_token").unwrap().contains("; Secure"));
    assert!(joined.set_cookie("refresh_token").unwrap().contains("; Secure"));
    assert!(joined.header("strict-transport-security").starts_with("max-age="));
}

#[actix_web::test]
async fn an_app_gets_the_tokens_in_the_body() {
    let server = TestServer::start().await;
    server.join("ann@x.org", "Ann").await;
    let body = json!({"email": "ann@x.org", "password": PASSWORD, "source": "app"});
    let login = server.post("/login", body).await.json();
    let me = server.request(Method::GET, "/me").bearer_auth(login["accessToken"].as_str().unwrap());
    assert_eq!(Reply::to(me).await.json()["Name"], "Ann");
    assert_eq!(login["refreshToken"].as_str().unwrap().len(), 43);
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let server = TestServer::start().await;
    server.join("ann@x.org", "Ann").await;
    let wrong = server.log_in("ann@x.org", "not her pass phrase").await;
    let unknown = server.log_in("eve@x.org", "not her pass phrase").await;
    assert_eq!((wrong.outcome(), &wrong.text), ((401, 0), &unknown.text));
    assert_eq!(unknown.status, 401);
    assert!(wrong.set_cookie("access_token").is_none());
    assert_eq!(server.log_in("ann@x.org", &PASSWORD.to_uppercase()).await.outcome(), (401, 0));
    assert_eq!(server.log_in("ann@x.org", &format!("{PASSWORD} ")).await.outcome(), (401, 0));
}

#[actix_web::test]
async fn the_right_password_of_an_unverified_address_is_answered_minus_two() {
    let server = TestServer::start().await;
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    let right = server.log_in("ann@x.org", PASSWORD).await;
    assert_eq!(right.outcome(), (403, -2));
    assert!(right.set_cookie("access_token").is_none());
    assert_eq!(server.log_in("ann@x.org", "not her pass phrase").await.outcome(), (401, 0));
}

#[actix_web::test]
async fn a_login_without_two_texts_is_answered_minus_one() {
    let server = TestServer::start().await;
    for wrong in [
        json!({}),
        json!({"email": "ann@x.org"}),
        json!({"email": "ann@x.org", "password": {"$gt": ""}}),
        json!({"email": ["ann@x.org"], "password": PASSWORD}),
        json!({"email": null, "password": PASSWORD}),
        json!({"email": "ann", "password": PASSWORD}),
        json!({"email": "ann@x.org", "password": ""}),
        json!({"email": "ann@x.org", "password": "tr0m\u{0}bone"}),
        json!({"email": "ann@x.org", "password": "p".repeat(129)}),
        json!(["ann@x.org", PASSWORD, null]),
    ] {
        assert_eq!(server.post("/login", wrong.clone()).await.outcome(), (400, -1), "{wrong}");
    }
}

#[actix_web::test]
async fn a_hash_below_the_setting_is_replaced_at_the_next_login() {
    let server = TestServer::with(|settings| settings.auth.argon2_memory_kib = 20_000).await;
    server.join("ann@x.org", "Ann").await;
    let mut stronger = server.settings.clone();
    stronger.auth.argon2_memory_kib = 21_000;
    let store = greenroom::store::Store::open(&stronger.database).await.unwrap();
    let auth = greenroom::auth::Auth::new(&stronger, store.clone(), greenroom::mail::Mailer::keeping()).unwrap();
    let email = greenroom::domain::Email::new("ann@x.org").unwrap();
    let hash = async || store.account(&email).await.unwrap().unwrap().password_hash;
    assert!(hash().await.contains("m=20000"));
    auth.login(&email, PASSWORD, &Default::default()).await.unwrap();
    assert!(hash().await.contains("m=21000"));
    assert_eq!(server.log_in("ann@x.org", PASSWORD).await.outcome(), (200, 1));
}
