//! What strangers make the log say.
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::process::Server;

const TIMES: usize = 200;
/// What keeps strangers away by itself is not what is looked at here.
const GENEROUS: &str = "[limits]\nfailures_per_ip = \"9999 per 1s\"\nrequests_per_ip = \"9999 per 1s\"\nhandshakes_per_ip = \"9999 per 1s\"\n";

/// Sends bytes that are no request, and waits for the end.
async fn shout(server: &Server) {
    let mut tcp = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
    tcp.write_all(b"GET / HTTP/9.9\r\nnonsense\r\n\r\n").await.unwrap();
    // What becomes of it does not matter here.
    let _ = tcp.read_to_end(&mut Vec::new()).await;
}

#[actix_web::test]
async fn strangers_write_a_few_lines_with_their_address_however_often_they_are_refused() {
    let server = Server::start(GENEROUS);
    let client = crate::client::client();
    let call = |method: Method, path: &str| client.request(method, format!("{}{path}", server.url));
    for n in 0..TIMES {
        for request in [
            call(Method::GET, "/socket.io/?EIO=4&transport=polling")
                .header("Origin", "https://evil.example")
                .header("Cookie", "access_token=x"),
            call(Method::POST, "/logout").header("Origin", "https://evil.example").header("Cookie", "access_token=x"),
            call(Method::POST, "/login").header("Content-Encoding", "gzip").body("x"),
            call(Method::POST, "/refresh").json(&serde_json::json!({"refreshToken": format!("guess {n}")})),
            call(Method::GET, "/verify?email=ann@x.org&token=123456"),
            call(Method::POST, "/reset-password").json(&serde_json::json!({"token": "x", "password": "trombone x"})),
        ] {
            request.send().await.unwrap();
        }
        shout(&server).await;
    }
    let page = client.get(format!("{}/metrics", server.admin)).send().await.unwrap().text().await.unwrap();
    server.reload("");
    let lines = server.until("settings reloaded: ");
    assert!(lines.len() < 15, "{} lines: {:#?}", lines.len(), lines.iter().take(30).collect::<Vec<_>>());
    for kind in ["another origin", "not HTTP"] {
        let told: Vec<_> = lines.iter().filter(|line| line.contains(kind)).collect();
        assert!(told.len() == 1 && told[0].contains("from 127.0.0.1"), "{kind}: {told:#?}");
    }
    for (kind, times) in [("another origin", 2 * TIMES), ("not HTTP", TIMES), ("encoded", TIMES), ("refresh", TIMES)] {
        let name = "greenroom_turned_away_total{reason=\"";
        let row = page.lines().find(|line| line.starts_with(name) && line.contains(kind));
        let count: usize = row.and_then(|row| row.rsplit(' ').next()).map_or(0, |count| count.parse().unwrap());
        assert_eq!(count, times, "{kind}");
    }
}
