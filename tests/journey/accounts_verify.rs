//! GET /verify: links and codes, each good once and for its own sign-up.
use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, Reply, TestServer};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const OTHER: &str = "a stranger's pass phrase";

/// An app's sign-up.
async fn ask_for_code(server: &TestServer, email: &str) -> String {
    let body = json!({"email": email, "password": PASSWORD, "name": "Ann", "source": "app"});
    assert_eq!(server.post("/signup", body).await.status, 200);
    server.code(email)
}

async fn enter(server: &TestServer, email: &str, code: &str) -> Reply {
    server.get(&format!("/verify?email={email}&token={code}&source=app")).await
}

/// A code that is certainly another one.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[actix_web::test]
async fn a_link_verifies_logs_in_and_leads_to_the_home_page() {
    let server = TestServer::start().await;
    let reply = server.join("ann@x.org", "Ann").await;
    assert!(reply.header("content-type").starts_with("text/html"));
    assert!(reply.text.contains("url=/\"") && reply.text.contains("href=\"/\""), "{}", reply.text);
    let me = Reply::to(server.request(Method::GET, "/me").header("Cookie", reply.cookies())).await;
    assert_eq!((me.json()["Name"].as_str(), me.json()["Email"].as_str()), (Some("Ann"), Some("ann@x.org")));
}

#[actix_web::test]
async fn a_repeat_of_a_link_that_worked_is_told_so_kindly_and_logs_nobody_in() {
    let server = TestServer::start().await;
    server.join("ann@x.org", "Ann").await;
    let again = server.get(&server.links("ann@x.org")[0]).await;
    assert_eq!(again.status, 400);
    assert!(again.text.contains("already confirmed") && again.set_cookie("access_token").is_none(), "{}", again.text);
    let app = server.get(&format!("{}&source=app", server.links("ann@x.org")[0])).await;
    assert_eq!(app.outcome(), (400, 0));
}

#[actix_web::test]
async fn a_wrong_link_is_refused_as_a_page_or_for_an_app_as_json() {
    let server = TestServer::start().await;
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    server.sign_up("bob@x.org", PASSWORD, "Bob").await;
    let stolen = server.links("bob@x.org")[0].replace("bob", "ann");
    for path in
        ["/verify", "/verify?email=ann@x.org", "/verify?email=ann@x.org&token=", "/verify?token=x&email=%00", &stolen]
    {
        let page = server.get(path).await;
        assert_eq!(page.status, 400, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        let source = if path.contains('?') { "&source=app" } else { "?source=app" };
        assert_eq!(server.get(&format!("{path}{source}")).await.outcome(), (400, 0), "{path}");
    }
}

#[actix_web::test]
async fn looking_at_a_link_with_head_spends_nothing() {
    let server = TestServer::start().await;
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    let link = server.links("ann@x.org").remove(0);
    assert_eq!(Reply::to(server.request(Method::HEAD, &link)).await.status, 200);
    assert_eq!(server.get(&link).await.status, 200);
    assert!(server.get(&link).await.text.contains("already confirmed"));
}

#[actix_web::test]
async fn a_link_works_for_a_day_and_not_a_moment_longer() {
    let server = TestServer::start().await;
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    server.pass(DAY);
    assert_eq!(server.get(&server.links("ann@x.org")[0]).await.status, 400);
    server.post("/resend", json!({"email": "ann@x.org"})).await;
    server.pass(DAY - Duration::from_secs(10));
    assert_eq!(server.get(&server.links("ann@x.org")[1]).await.status, 200);
}

#[actix_web::test]
async fn a_stranger_who_signs_up_again_cannot_choose_the_password_that_the_owner_verifies() {
    let server = TestServer::start().await;
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    server.sign_up("ann@x.org", OTHER, "Eve").await;
    let links = server.links("ann@x.org");
    assert_eq!(server.get(&links[0]).await.status, 200, "the earlier link still works");
    assert_eq!(server.log_in("ann@x.org", OTHER).await.outcome(), (401, 0));
    let login = server.log_in("ann@x.org", PASSWORD).await;
    assert_eq!(login.outcome(), (200, 1));
    let me = Reply::to(server.request(Method::GET, "/me").header("Cookie", login.cookies())).await;
    assert_eq!(me.json()["Name"], "Ann");
    let late = server.get(&links[1]).await;
    assert_eq!(late.status, 400, "the link that was used ended the other");
    assert!(!late.text.contains("already confirmed") && late.set_cookie("access_token").is_none());
}

#[actix_web::test]
async fn the_link_that_is_used_decides_even_if_it_is_the_later_one() {
    let server = TestServer::start().await;
    server.sign_up("ann@x.org", OTHER, "Eve").await;
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    assert_eq!(server.get(&server.links("ann@x.org")[1]).await.status, 200);
    assert_eq!(server.log_in("ann@x.org", PASSWORD).await.outcome(), (200, 1));
    assert_eq!(server.log_in("ann@x.org", OTHER).await.outcome(), (401, 0));
}

#[actix_web::test]
async fn resending_ends_the_newest_link_only_and_keeps_its_password() {
    let server = TestServer::start().await;
    server.sign_up("ann@x.org", OTHER, "Eve").await;
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    server.post("/resend", json!({"email": "ann@x.org"})).await;
    let links = server.links("ann@x.org");
    assert_eq!(server.get(&links[1]).await.status, 400, "replaced");
    assert_eq!(server.get(&links[2]).await.status, 200);
    assert_eq!(server.log_in("ann@x.org", PASSWORD).await.outcome(), (200, 1));
}

#[actix_web::test]
async fn resending_leaves_earlier_links_valid() {
    let server = TestServer::start().await;
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    server.sign_up("ann@x.org", OTHER, "Eve").await;
    server.post("/resend", json!({"email": "ann@x.org"})).await;
    assert_eq!(server.get(&server.links("ann@x.org")[0]).await.status, 200);
}

#[actix_web::test]
async fn a_code_verifies_and_brings_both_tokens_in_the_body() {
    let server = TestServer::start().await;
    let code = ask_for_code(&server, "ann@x.org").await;
    let reply = enter(&server, "ann@x.org", &code).await;
    assert_eq!(reply.outcome(), (200, 1));
    assert_eq!(reply.json()["accessToken"], reply.cookie("access_token"));
    assert_eq!(reply.json()["refreshToken"], reply.cookie("refresh_token"));
    assert_eq!(enter(&server, "ann@x.org", &code).await.outcome(), (400, 0), "a code works once");
}

#[actix_web::test]
async fn a_code_may_be_tried_five_times() {
    let server = TestServer::start().await;
    let ann = ask_for_code(&server, "ann@x.org").await;
    let bob = ask_for_code(&server, "bob@x.org").await;
    for _ in 0..4 {
        assert_eq!(enter(&server, "ann@x.org", &wrong(&ann)).await.outcome(), (400, 0));
        assert_eq!(enter(&server, "bob@x.org", &wrong(&bob)).await.outcome(), (400, 0));
    }
    assert_eq!(enter(&server, "ann@x.org", &ann).await.outcome(), (200, 1), "the fifth try");
    assert_eq!(enter(&server, "bob@x.org", &wrong(&bob)).await.outcome(), (400, 0));
    assert_eq!(enter(&server, "bob@x.org", &bob).await.outcome(), (400, 0), "the sixth try");
}

#[actix_web::test]
async fn guesses_at_once_are_counted_one_by_one() {
    let server = TestServer::start().await;
    let code = ask_for_code(&server, "ann@x.org").await;
    let tries = (0..10).map(|_| async { enter(&server, "ann@x.org", &wrong(&code)).await.status });
    assert_eq!(futures_util::future::join_all(tries).await, vec![400; 10]);
    assert_eq!(enter(&server, "ann@x.org", &code).await.outcome(), (400, 0));
}

#[actix_web::test]
async fn a_code_works_for_ten_minutes_and_a_new_one_ends_it() {
    let server = TestServer::start().await;
    let first = ask_for_code(&server, "ann@x.org").await;
    server.pass(Duration::from_secs(600));
    assert_eq!(enter(&server, "ann@x.org", &first).await.outcome(), (400, 0));
    server.post("/resend", json!({"email": "ann@x.org", "source": "app"})).await;
    assert_eq!(enter(&server, "ann@x.org", &first).await.outcome(), (400, 0));
    assert_eq!(enter(&server, "ann@x.org", &server.code("ann@x.org")).await.outcome(), (200, 1));
}

#[actix_web::test]
async fn a_code_is_bound_to_its_address() {
    let server = TestServer::start().await;
    let ann = ask_for_code(&server, "ann@x.org").await;
    let bob = ask_for_code(&server, "bob@x.org").await;
    if ann != bob {
        assert_eq!(enter(&server, "bob@x.org", &ann).await.outcome(), (400, 0));
    }
}
