//! Bodies that unfold to more than they weigh.
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;

use crate::support::{Answer, Server};

/// 256 MiB of blanks, as brotli writes them.
const BOMB: &str = "z///f/glQOKxQCD3/p/////wSwDEYQGA7v0/////4ZcAiMMiAN37f/7//8MvARCHBQC69//8//+HXwIgDgsAdO//+f//D78EQBwWAOje//\
    P//x9+CYA4LADQvf/n//8//BIAcVgAoHv/z///f/glAOKwAED3/p/////wSwDEYQGA7v0/////4ZcAiMMCAN37f/7//8MvARCHBQC69//8//+HXwIgDgsAdO//+f//\
    D78EQBwWAOje//P//x9+CYA4LADQvf/P//9//BIAcVgAoHv/Dw==";
const TRIES: usize = 1000;
const MOST_GROWTH_KIB: u64 = 2048;

async fn post(server: &Server, path: &str, kind: &str) -> u16 {
    let bomb = STANDARD.decode(BOMB).unwrap();
    let request = server.request(Method::POST, path).header("Content-Type", kind).header("Content-Encoding", "br");
    Answer::to(request.body(bomb)).await.status
}

#[actix_web::test]
async fn a_thousand_compressed_bodies_cost_no_memory() {
    let server = Server::start(&[("LIMITS__ENABLED", "false")]);
    let open = server.get("/socket.io/?EIO=4&transport=polling").await.text;
    let sid = open.split('"').nth(3).unwrap();
    let poll = format!("/socket.io/?EIO=4&transport=polling&sid={sid}");
    let routes = [
        ("/login", "application/json"),
        ("/refresh", "application/json"),
        ("/reset-password", "application/x-www-form-urlencoded"),
        (&*poll, "text/plain"),
    ];
    for (path, kind) in routes.into_iter().cycle().take(100) {
        assert_eq!(post(&server, path, kind).await, 415, "{path}");
    }
    let before = server.most_memory_kib();
    for (path, kind) in routes.into_iter().cycle().take(TRIES) {
        assert_eq!(post(&server, path, kind).await, 415, "{path}");
    }
    let growth = server.most_memory_kib() - before;
    assert!(growth < MOST_GROWTH_KIB, "{growth} KiB more");
}
