//! What holds for every route: paths, methods, bodies, headers, origins, and health.
use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, Reply, TestServer};

#[actix_web::test]
async fn paths_match_in_any_case_with_or_without_a_slash_at_the_end() {
    let server = TestServer::start().await;
    for path in ["/me", "/Me", "/ME/", "/me/"] {
        assert_eq!(server.get(path).await.outcome(), (401, 0), "{path}");
    }
    for path in ["/Verify", "/verify/?source=app"] {
        assert_eq!(server.get(path).await.status, 400, "{path}");
    }
    for path in ["/LOGIN", "/Signup/", "/Update-Access-Token/", "/RESEND"] {
        assert_eq!(server.post(path, json!({})).await.outcome(), (400, -1), "{path}");
    }
}

#[actix_web::test]
async fn an_unknown_path_is_404_and_a_wrong_method_405_both_in_json() {
    let server = TestServer::start().await;
    for path in ["/nothing", "/me/more", "/loginx", "/xlogin", "/me//", "/%00"] {
        assert_eq!(server.get(path).await.outcome(), (404, 0), "{path}");
    }
    for (method, path, allow) in [
        (Method::GET, "/login", "POST"),
        (Method::PUT, "/me", "GET, DELETE"),
        (Method::DELETE, "/sessions", "GET"),
        (Method::POST, "/sessions/x", "DELETE"),
        (Method::PUT, "/verify", "GET, POST"),
        (Method::PUT, "/", "GET, HEAD"),
    ] {
        let reply = Reply::to(server.request(method, path)).await;
        assert_eq!((reply.outcome(), reply.header("allow")), ((405, 0), allow), "{path}");
    }
}

#[actix_web::test]
async fn a_body_that_is_not_json_is_answered_in_json_and_not_repeated() {
    let server = TestServer::start().await;
    for (body, kind, status) in [
        ("{\"email\": \"hush", "application/json", 400),
        ("", "application/json", 400),
        ("{\"email\":\"hush\",\"password\":{}}", "application/json", 400),
        ("email=hush", "application/x-www-form-urlencoded", 415),
        ("hush", "text/plain", 415),
    ] {
        let request = server.request(Method::POST, "/login").header("Content-Type", kind).body(body);
        let reply = Reply::to(request).await;
        assert_eq!(reply.outcome(), (status, -1), "{body}");
        assert!(!reply.text.contains("hush") && !reply.text.contains("line"), "{}", reply.text);
    }
    let large = json!({"email": "a@x.org", "password": "p".repeat(20_000)});
    assert_eq!(server.post("/login", large).await.outcome(), (413, -1));
    let deep = format!("{{\"email\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
    let request = server.request(Method::POST, "/login").header("Content-Type", "application/json").body(deep);
    assert_eq!(Reply::to(request).await.outcome(), (400, -1));
}

#[actix_web::test]
async fn every_answer_forbids_guessing_caching_framing_and_telling_others() {
    let server = TestServer::start().await;
    for path in ["/me", "/verify", "/nothing", "/login", "/about"] {
        let reply = server.get(path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("script-src"), "{path}");
        assert!(reply.headers.get("strict-transport-security").is_none(), "only under https");
        assert!(reply.headers.get("access-control-allow-credentials").is_none(), "no other origin may call");
    }
}

#[actix_web::test]
async fn a_page_of_another_origin_cannot_use_its_visitors_cookies() {
    let server =
        TestServer::with(|settings| settings.server.allowed_origins = vec!["https://friend.example".into()]).await;
    let login = server.join("ann@x.org", "Ann").await;
    let own = server.url.clone();
    let from = |origin: &str, path: &'static str, method: Method| {
        server.request(method, path).header("Cookie", login.cookies()).header("Origin", origin)
    };
    for evil in
        ["https://evil.example", "null", "https://friend.example.evil", "http://friend.example", &format!("{own}0")]
    {
        assert_eq!(Reply::to(from(evil, "/logout", Method::POST)).await.outcome(), (403, -1), "{evil}");
        assert_eq!(Reply::to(from(evil, "/me", Method::GET)).await.outcome(), (403, -1), "{evil}");
    }
    assert!(server.ended().is_empty());
    for ours in [own.as_str(), "https://friend.example"] {
        assert_eq!(Reply::to(from(ours, "/me", Method::GET)).await.status, 200, "{ours}");
    }
}

#[actix_web::test]
async fn listed_origins_get_cors_answers_with_credentials_and_others_get_none() {
    let server =
        TestServer::with(|settings| settings.server.allowed_origins = vec!["https://friend.example".into()]).await;
    let preflight = |origin: &str| {
        let request = server.request(Method::OPTIONS, "/login").header("Origin", origin);
        request.header("Access-Control-Request-Method", "POST").header("Access-Control-Request-Headers", "content-type")
    };
    let friend = Reply::to(preflight("https://friend.example")).await;
    assert_eq!(friend.header("access-control-allow-origin"), "https://friend.example");
    assert_eq!(friend.header("access-control-allow-credentials"), "true");
    assert!(Reply::to(preflight("https://evil.example")).await.headers.get("access-control-allow-origin").is_none());
    let body = json!({"email": "ann@x.org", "password": PASSWORD});
    for (origin, echoed) in [("https://friend.example", "https://friend.example"), ("https://evil.example", "")] {
        let reply = Reply::to(server.request(Method::POST, "/login").header("Origin", origin).json(&body)).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (401, echoed));
    }
}

#[actix_web::test]
async fn the_admin_listener_tells_whether_the_server_lives_and_can_work() {
    let server = TestServer::start().await;
    for (path, outcome) in [("/health/live", (200, 1)), ("/health/ready", (200, 1)), ("/login", (404, 0))] {
        let reply = crate::client::get(format!("{}{path}", server.admin_url)).await.unwrap();
        let status = reply.status().as_u16();
        let body = reply.json::<serde_json::Value>().await.unwrap();
        assert_eq!((status, body["success"].as_i64().unwrap()), outcome, "{path}");
    }
    let posted = crate::client::client().post(format!("{}/health/live", server.admin_url)).send().await.unwrap();
    assert_eq!((posted.status().as_u16(), &posted.headers()["allow"]), (405, &"GET".parse().unwrap()));
    assert_eq!(server.get("/health/live").await.status, 404, "not on the public listener");
}
