//! The certificate that the server shows, from the files that the settings name.
use std::sync::Arc;

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::Failure;
use crate::settings::Server;

/// Nothing, if connections are not encrypted here. TLS 1.2 and 1.3, and HTTP/1.1 inside, which WebSockets need.
pub(super) fn of(server: &Server) -> Result<Option<Arc<ServerConfig>>, Failure> {
    if !server.is_tls() {
        return Ok(None);
    }
    let wrong = |file: &std::path::Path, why: String| format!("{}: {why}", file.display());
    let chain = CertificateDer::pem_file_iter(&server.tls_cert)
        .and_then(|certificates| certificates.collect::<Result<Vec<_>, _>>())
        .map_err(|error| wrong(&server.tls_cert, format!("no certificate: {error}")))?;
    let key = PrivateKeyDer::from_pem_file(&server.tls_key)
        .map_err(|error| wrong(&server.tls_key, format!("no private key: {error}")))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| wrong(&server.tls_cert, error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(Arc::new(config)))
}
