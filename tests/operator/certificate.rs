//! A certificate that is renewed while the server runs.
use std::sync::Arc;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::process::{Home, Server};

const SETTINGS: &str = "[server]\ntls_cert = \"cert.pem\"\ntls_key = \"key.pem\"\npublic_url = \"https://localhost\"\n";

fn made() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

/// A new connection of a client without memory, which trusts `certificates` alone.
async fn connect(server: &Server, certificates: [&CertifiedKey<KeyPair>; 2]) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    certificates.iter().for_each(|made| roots.add(made.cert.der().clone()).unwrap());
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
    let tcp = TcpStream::connect(server.url.strip_prefix("https://").unwrap()).await.unwrap();
    let client = TlsConnector::from(Arc::new(config.with_no_client_auth()));
    client.connect(ServerName::try_from("localhost").unwrap(), tcp).await.unwrap()
}

fn shown(connection: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    connection.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

#[actix_web::test]
async fn a_renewed_certificate_is_shown_to_those_who_connect_after_it() {
    let old = made();
    let new = made();
    let home = Home::with(SETTINGS);
    home.put("cert.pem", &old.cert.pem());
    home.put("key.pem", &old.signing_key.serialize_pem());
    let server = Server::start_in(home.into());
    let mut early = connect(&server, [&old, &new]).await;
    assert_eq!(&shown(&early), old.cert.der());

    // Half of it is worse than none, and takes nothing else with it.
    server.home.put("cert.pem", &new.cert.pem());
    server.reload(&format!("{SETTINGS}[log]\nlevel = \"debug\"\n"));
    let told = server.after("settings not reloaded, nothing has changed: ");
    assert!(told.starts_with("cert.pem: "), "{told}");
    server.home.put("cert.pem", "nothing of the kind");
    server.reload(SETTINGS);
    assert!(server.after("settings not reloaded, nothing has changed: ").starts_with("cert.pem: "));
    assert_eq!(&shown(&connect(&server, [&old, &new]).await), old.cert.der());

    server.home.put("cert.pem", &new.cert.pem());
    server.home.put("key.pem", &new.signing_key.serialize_pem());
    server.reload(&format!("{SETTINGS}[log]\nlevel = \"debug\"\n"));
    assert_eq!(server.after("settings reloaded: "), "log.level", "only now");
    server.after("the certificate was renewed");
    assert_eq!(&shown(&connect(&server, [&old, &new]).await), new.cert.der());

    early.write_all(b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = [0; 12];
    early.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 404", "who came before it lives on");
}
