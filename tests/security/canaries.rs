//! The log of a whole journey, at its most talkative, holds nothing that must stay secret.
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, PASSWORD, Server};

#[actix_web::test]
async fn no_password_token_code_cookie_or_message_is_in_the_log_of_a_full_journey() {
    const SECRETS: [&str; 4] = ["planted-password-1", "planted-password-2", "planted-message", "planted-wrong-guess"];
    let [first, second, message, guess] = SECRETS;
    let mut server = Server::start(&[("LIMITS__ENABLED", "false"), ("AUTH__ALLOW_QUERY_TOKENS", "true")]);
    let sign_up = json!({"email": "ann@planted.org", "password": first, "name": "Ann", "source": "app"});
    server.post("/signup", sign_up).await;
    let mail = server.mails().pop().unwrap();
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let code = mail.split(|c: char| !c.is_ascii_alphanumeric()).find(is_code).unwrap().to_owned();
    server.get(&format!("/verify?email=ann@planted.org&token={code}&source=app")).await;
    server.post("/login", json!({"email": "ann@planted.org", "password": guess})).await;
    let ann = server.log_in("", "ann@planted.org", first).await;
    let renewed = server.post("/refresh", json!({"refreshToken": ann.refresh})).await.json();
    let cookie = format!("access_token={}; refresh_token={}", ann.access, renewed["refreshToken"].as_str().unwrap());
    Answer::to(server.request(Method::GET, "/me").header("Cookie", &cookie)).await;
    server.get(&format!("/socket.io/?EIO=4&transport=polling&accessToken={0}&refreshToken={0}", ann.access)).await;

    let mut socket = server.socket(&ann).await;
    socket.ask("send-self-message", json!({"Content": message})).await;
    socket.ask("fetch-self-chat", json!({})).await;
    socket.ask("send-self-message", json!({"Content": {"planted": message}})).await;
    socket.ask("no-such-event", json!({"Content": message})).await;
    socket.send(&format!("42[{message}")).await;
    socket.ended().await;

    server.post_as(&ann, "/change-password", json!({"currentPassword": first, "newPassword": second})).await;
    server.post("/forgot-password", json!({"email": "ann@planted.org"})).await;
    let mail = server.mails().pop().unwrap();
    let (_, token) = mail.lines().find(|line| line.contains("token=")).unwrap().trim().split_once("token=").unwrap();
    server.get(&format!("/reset-password?token={token}")).await;
    server.post("/reset-password", json!({"token": token, "password": PASSWORD})).await;
    let copied = server.log_in("", "ann@planted.org", PASSWORD).await;
    let mut token_now = copied.refresh.clone();
    for _ in 0..2 {
        let pair = server.post("/refresh", json!({"refreshToken": token_now})).await.json();
        token_now = pair["refreshToken"].as_str().unwrap().to_owned();
    }
    server.post("/refresh", json!({"refreshToken": copied.refresh})).await;

    let log = server.end_for_log();
    for expected in ["logged in from", "refused: wrong password", "password of user", "used again"] {
        assert!(log.contains(expected), "the log tells what happened: {expected}\n{log}");
    }
    let signature = ann.access.rsplit('.').next().unwrap();
    let fresh = renewed["refreshToken"].as_str().unwrap();
    for secret in SECRETS.into_iter().chain([
        &*code,
        token,
        signature,
        &ann.refresh,
        fresh,
        &copied.refresh,
        &token_now,
        PASSWORD,
        "ann@planted.org",
    ]) {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}
