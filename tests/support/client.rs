//! An HTTP client. Who makes one says by which cryptography, since it could speak TLS.
use reqwest::{Client, ClientBuilder, Response};

pub fn builder() -> ClientBuilder {
    // Somebody else may have said it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
}

pub fn client() -> Client {
    builder().build().unwrap()
}

pub async fn get(url: String) -> reqwest::Result<Response> {
    client().get(url).send().await
}
