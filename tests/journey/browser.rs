//! The browser client as the server hands it out, and what the server adds for it.
use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, Reply, TestServer};

/// A debug build reads `web/dist`; whether it is there depends on whether somebody has built it.
fn is_built() -> bool {
    greenroom_web::file("index.html").is_some()
}

/// The name of a built script, as the page names it.
fn script_of(page: &str) -> String {
    let at = page.find("/assets/index-").unwrap();
    page[at..].split('"').next().unwrap().to_owned()
}

#[actix_web::test]
async fn every_address_of_the_client_is_its_page_or_says_what_to_do() {
    let server = TestServer::start().await;
    for path in ["/", "/app", "/app/", "/App/login", "/app/chat/x/details", "/join/token"] {
        let reply = server.get(path).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        let wanted = if is_built() { "<div id=\"app\">" } else { "built without its browser client" };
        assert!(reply.text.contains(wanted), "{path}: {}", reply.text);
        assert_eq!(Reply::to(server.request(Method::HEAD, path)).await.status, 200, "{path}");
        let posted = Reply::to(server.request(Method::POST, path)).await;
        assert_eq!((posted.outcome(), posted.header("allow")), ((405, 0), "GET, HEAD"), "{path}");
    }
    for path in ["/apps", "/app.html", "/index.html", "/join", "/join/", "/join/a/b", "/assets", "/sw.jsx"] {
        assert_eq!(server.get(path).await.outcome(), (404, 0), "{path}");
    }
}

#[actix_web::test]
async fn no_path_leads_out_of_the_built_files() {
    let server = TestServer::start().await;
    for path in ["/assets/nothing.js", "/assets/%2e%2e/index.html", "/assets/..%2f..%2fCargo.toml", "/icons/%00"] {
        assert_eq!(server.get(path).await.outcome(), (404, 0), "{path}");
    }
}

#[actix_web::test]
async fn the_pages_policy_names_this_origin_alone_and_no_inline_script() {
    if !is_built() {
        return;
    }
    let page = TestServer::start().await.get("/app/").await;
    let policy = page.header("content-security-policy");
    for part in
        ["default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]
    {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert!(page.header("permissions-policy").contains("camera=()"));
    assert!(!page.text.contains("<script>") && !page.text.contains("style="), "{}", page.text);
}

#[actix_web::test]
async fn hashed_files_last_and_the_page_is_asked_for_each_time() {
    if !is_built() {
        return;
    }
    let server = TestServer::start().await;
    let page = server.get("/app/").await;
    assert_eq!(page.header("cache-control"), "no-cache");
    let again = server.request(Method::GET, "/app/").header("If-None-Match", page.header("etag"));
    let again = Reply::to(again).await;
    assert_eq!((again.status, &*again.text), (304, ""));

    let script = script_of(&page.text);
    let plain = server.get(&script).await;
    assert_eq!((plain.status, plain.header("cache-control")), (200, "public, max-age=31536000, immutable"));
    let small = Reply::to(server.request(Method::HEAD, &script).header("Accept-Encoding", "gzip, br")).await;
    assert_eq!((small.header("content-encoding"), small.header("vary")), ("br", "Accept-Encoding"));
    assert_ne!(small.header("etag"), plain.header("etag"), "each form has a tag of its own");
    assert_eq!(server.get(&format!("{script}.br")).await.outcome(), (404, 0));
}

#[actix_web::test]
async fn about_tells_limits_to_all_and_the_folder_of_mails_to_visitors_of_this_machine() {
    let server = TestServer::with(|settings| settings.server.trusted_proxies = vec!["127.0.0.1".into()]).await;
    let about = server.get("/about").await.json();
    assert_eq!((about["Name"].as_str(), about["Mail"].as_str()), (Some("Greenroom"), Some("outbox")));
    assert_eq!(about["Limits"]["ContentBytes"], 16_384);
    assert_eq!(about["Limits"]["GroupMembers"], 256);
    assert!(about["Outbox"].as_str().unwrap().starts_with('/'), "{about}");
    let stranger = server.request(Method::GET, "/about").header("X-Forwarded-For", "203.0.113.9");
    assert_eq!(Reply::to(stranger).await.json().get("Outbox"), None);
}

#[actix_web::test]
async fn a_page_gets_a_mail_with_a_code_and_a_link_and_either_ends_the_other() {
    let server = TestServer::start().await;
    for (email, by_code) in [("ann@x.org", true), ("bob@x.org", false)] {
        let body = json!({"email": email, "password": PASSWORD, "name": "Ann", "source": "web"});
        assert_eq!(server.post("/signup", body).await.outcome(), (200, 1));
        let code = server.code(email);
        let link = server.links(email).remove(0);
        let proof = json!({"email": email, "token": code});
        if by_code {
            let verified = server.post("/verify", proof.clone()).await;
            assert_eq!(verified.outcome(), (200, 1));
            assert!(verified.json().get("accessToken").is_none(), "no token in the answer");
            let me = server.request(Method::GET, "/me").header("Cookie", verified.cookies());
            assert_eq!(Reply::to(me).await.json()["Email"], email);
        } else {
            assert_eq!(server.get(&link).await.status, 200);
        }
        assert_eq!(server.post("/verify", proof).await.outcome(), (400, 0), "a code works once");
        assert_eq!(server.get(&link).await.status, 400, "a link works once");
    }
}

#[actix_web::test]
async fn a_new_mail_for_a_page_ends_both_proofs_of_the_one_before() {
    let server = TestServer::start().await;
    let email = "ann@x.org";
    let body = json!({"email": email, "password": PASSWORD, "name": "Ann", "source": "web"});
    assert_eq!(server.post("/signup", body).await.outcome(), (200, 1));
    let code = server.code(email);
    let link = server.links(email).remove(0);
    server.pass(std::time::Duration::from_secs(61));
    assert_eq!(server.post("/resend", json!({"email": email, "source": "web"})).await.outcome(), (200, 1));
    assert_eq!(server.post("/verify", json!({"email": email, "token": code})).await.outcome(), (400, 0));
    assert_eq!(server.get(&link).await.status, 400);
    let by_link = server.links(email).remove(1).split("token=").nth(1).unwrap().to_owned();
    assert_eq!(server.post("/verify", json!({"email": email, "token": by_link})).await.outcome(), (200, 1));
}

#[actix_web::test]
async fn a_proof_that_is_no_proof_is_refused_and_counted() {
    let server = TestServer::start().await;
    for (body, outcome) in [
        (json!({"email": "ann@x.org", "token": "000000"}), (400, 0)),
        (json!({"email": "", "token": ""}), (400, 0)),
        (json!({"email": "ann@x.org"}), (400, -1)),
        (json!({"email": 1, "token": "x"}), (400, -1)),
        (json!([]), (400, -1)),
    ] {
        assert_eq!(server.post("/verify", body.clone()).await.outcome(), outcome, "{body}");
    }
}
