//! The certificate that the server shows, from the files that the settings name.
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use arc_swap::ArcSwap;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{Error, PemObject},
    },
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::Failure;
use crate::settings::Server;

/// The certificate in use, which is replaced when its files are renewed. Cheap to clone.
#[derive(Clone)]
pub(super) struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    shown: Arc<Shown>,
}

/// What a handshake that begins now is answered with.
#[derive(Debug)]
struct Shown(ArcSwap<CertifiedKey>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

impl Certificate {
    /// Nothing, if connections are not encrypted here.
    pub(super) fn of(server: &Server) -> Result<Option<Self>, Failure> {
        if !server.is_tls() {
            return Ok(None);
        }
        let chain = server.tls_cert.clone();
        let key = server.tls_key.clone();
        let first = read(&chain, &key)?;
        Ok(Some(Self { chain, key, shown: Arc::new(Shown(ArcSwap::from_pointee(first))) }))
    }

    /// What its files hold now. It is not shown yet.
    pub(super) fn reread(&self) -> Result<CertifiedKey, Failure> {
        read(&self.chain, &self.key)
    }

    /// Connections that begin from now on are shown `renewed`; false if they were already.
    pub(super) fn show(&self, renewed: CertifiedKey) -> bool {
        let old = self.shown.0.swap(Arc::new(renewed));
        old.cert != self.shown.0.load().cert
    }

    /// TLS 1.2 and 1.3, and HTTP/1.1 inside, which WebSockets need.
    pub(super) fn config(&self) -> Result<Arc<ServerConfig>, Failure> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(self.shown.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// A chain and the key that belongs to it.
fn read(chain: &Path, key: &Path) -> Result<CertifiedKey, Failure> {
    let wrong = |file: &Path, why: String| format!("{}: {why}", file.display());
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(|certificates| certificates.collect::<Result<Vec<_>, _>>())
        .map_err(|error| wrong(chain, format!("no certificate: {}", unquoted(&error))))?;
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| wrong(key, format!("no private key: {}", unquoted(&error))))?;
    CertifiedKey::from_der(certificates, private, &ring::default_provider())
        .map_err(|error| wrong(chain, error.to_string()).into())
}

/// Why a file cannot be read. What else is wrong with one is told with its lines, which may be those of a key.
fn unquoted(error: &Error) -> String {
    match error {
        Error::Io(error) => error.to_string(),
        _ => "expected PEM".into(),
    }
}
