//! A way to a database server on which the answer to a commit can get lost, whatever kind of server it is.
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use actix_rt::net::{TcpListener, TcpStream};
use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

pub struct Lossy {
    /// Leads to the same database.
    pub url: String,
    losing: Arc<AtomicBool>,
}

impl Lossy {
    /// Nothing, if the database is a file.
    pub async fn to(database: &str) -> Option<Self> {
        let mut url = Url::parse(database).unwrap();
        let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
        let port = url.port().expect("a server under test has a port of its own");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        // What is encrypted cannot be looked into.
        let plain = if url.scheme().starts_with("postgres") { "sslmode=disable" } else { "ssl-mode=DISABLED" };
        url.set_query(Some(plain));
        let losing = Arc::new(AtomicBool::new(false));
        let is_losing = losing.clone();
        actix_rt::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect((host.as_str(), port)).await.unwrap();
                actix_rt::spawn(relay(client, server, is_losing.clone()));
            }
        });
        Some(Self { url: url.into(), losing })
    }

    /// Whether the answers to commits that are asked for from now on get lost, and all that comes after them.
    pub fn loses(&self, losing: bool) {
        self.losing.store(losing, SeqCst);
    }
}

async fn relay(client: TcpStream, server: TcpStream, losing: Arc<AtomicBool>) {
    let (mut questions, mut to_client) = client.into_split();
    let (mut answers, mut to_server) = server.into_split();
    let is_lost = Arc::new(AtomicBool::new(false));
    let lost = is_lost.clone();
    actix_rt::spawn(async move {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(read @ 1..) = answers.read(&mut bytes).await {
            if !lost.load(SeqCst) && to_client.write_all(&bytes[..read]).await.is_err() {
                return;
            }
        }
    });
    let mut bytes = vec![0; 1 << 16];
    while let Ok(read @ 1..) = questions.read(&mut bytes).await {
        if losing.load(SeqCst) && memmem::find(&bytes[..read], b"COMMIT").is_some() {
            is_lost.store(true, SeqCst);
        }
        if to_server.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
