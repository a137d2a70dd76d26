//! Encrypted connections, and none that others could read.
use std::{process::Stdio, sync::Arc};

use futures_util::{SinkExt, StreamExt};
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Server, greenroom};

/// A server with a certificate of its own for localhost, and a client that trusts it alone.
fn encrypted() -> (Server, TlsConnector) {
    let home = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(home.path().join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(home.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let settings =
        [("SERVER__TLS_CERT", "cert.pem"), ("SERVER__TLS_KEY", "key.pem"), ("SERVER__PUBLIC_URL", "https://localhost")];
    let server = Server::start_in(home, &settings);
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap();
    (server, TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
}

async fn connect(server: &Server, client: &TlsConnector) -> TlsStream<TcpStream> {
    let stream = TcpStream::connect(server.url.strip_prefix("https://").unwrap()).await.unwrap();
    client.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap()
}

#[actix_web::test]
async fn http_and_sockets_work_over_tls() {
    let (server, client) = encrypted();
    let mut http = connect(&server, &client).await;
    let request = b"POST /logout HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    http.write_all(request).await.unwrap();
    let mut answer = String::new();
    http.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.to_lowercase().contains("strict-transport-security: max-age="), "{answer}");
    assert!(answer.contains("Secure"), "cookies are for TLS alone: {answer}");

    let url = "wss://localhost/socket.io/?EIO=4&transport=websocket";
    let (mut socket, _) = tokio_tungstenite::client_async(url, connect(&server, &client).await).await.unwrap();
    let mut next = async || socket.next().await.unwrap().unwrap().into_text().unwrap().to_string();
    assert!(next().await.starts_with('0'));
    socket.send(Message::text("40")).await.unwrap();
    let mut next = async || socket.next().await.unwrap().unwrap().into_text().unwrap().to_string();
    assert!(next().await.starts_with("40"));
    assert!(next().await.starts_with(r#"42["auth-failure""#));
    assert_eq!(next().await, "41");
}

#[actix_web::test]
async fn plain_http_gets_nothing_from_a_listener_that_speaks_tls_and_one_line_for_all_its_tries() {
    let (mut server, _) = encrypted();
    for _ in 0..20 {
        let mut plain = TcpStream::connect(server.url.strip_prefix("https://").unwrap()).await.unwrap();
        plain.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        let _ = plain.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    }
    let log = server.end_for_log();
    let told: Vec<_> = log.lines().filter(|line| line.contains("TLS")).collect();
    assert!(told.len() == 1 && told[0].contains("failed TLS handshake, from 127.0.0.1"), "{told:#?}");
}

/// What the server says when it does not start.
fn refusal(home: &TempDir, settings: &[(&str, &str)]) -> String {
    let settings: Vec<_> = settings.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let output = greenroom(home, &settings).stderr(Stdio::piped()).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn nobody_listens_for_others_without_tls_or_a_declared_proxy() {
    let home = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let said = refusal(&home, &[("SERVER__LISTEN", address)]);
        assert!(said.contains("GREENROOM__SERVER__LISTEN: server.listen: expected"), "{said}");
        assert!(said.contains("server.tls_cert") && said.contains("server.trusted_proxies"), "{said}");
    }
    let declared = [("SERVER__LISTEN", "0.0.0.0:0"), ("SERVER__TRUSTED_PROXIES", "10.0.0.0/8")];
    Server::start(&declared);
}

#[test]
fn a_certificate_without_key_or_of_nothing_stops_the_start() {
    let home = tempfile::tempdir().unwrap();
    let said = refusal(&home, &[("SERVER__TLS_CERT", "cert.pem"), ("SERVER__PUBLIC_URL", "https://localhost")]);
    assert!(said.contains("server.tls_key"), "{said}");
    let both =
        [("SERVER__TLS_CERT", "cert.pem"), ("SERVER__TLS_KEY", "key.pem"), ("SERVER__PUBLIC_URL", "https://localhost")];
    let said = refusal(&home, &both);
    assert!(said.contains("cert.pem: no certificate"), "{said}");
    let said = refusal(&home, &both[..2]);
    assert!(said.contains("server.public_url"), "{said}");
}

#[test]
fn a_weak_secret_stops_the_start() {
    let home = tempfile::tempdir().unwrap();
    for weak in ["short", "changeme-changeme-changeme-changeme-1234", &"a".repeat(64)] {
        let said = refusal(&home, &[("AUTH__SECRET", weak)]);
        assert!(said.contains("auth.secret") && !said.contains(weak), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn what_the_server_keeps_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start(&[]);
    let mode = |path: &str| std::fs::metadata(server.home.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data"), mode("data/secret")), (0o700, 0o600));
}
