//! HMAC-SHA256 for `jsonwebtoken`, which comes without an algorithm of its own.
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    signature::{self, Signer, Verifier},
};
use sha2::Sha256;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(Hs256::signing(*algorithm, key)?)),
    verifier_factory: |algorithm, key| Ok(Box::new(Hs256::checking(*algorithm, key)?)),
    // Public keys of others are never read.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Has tokens signed and checked by this, for as long as the process lives. Once is enough, and more often does no harm.
pub(super) fn install() {
    let _ = PROVIDER.install_default();
}

struct Hs256(Hmac<Sha256>);

impl Hs256 {
    fn signing(algorithm: Algorithm, key: &EncodingKey) -> Result<Self> {
        Self::new(algorithm, key.family(), key.as_bytes())
    }

    fn checking(algorithm: Algorithm, key: &DecodingKey) -> Result<Self> {
        Self::new(algorithm, key.family(), key.try_get_as_bytes()?)
    }

    fn new(algorithm: Algorithm, family: AlgorithmFamily, secret: &[u8]) -> Result<Self> {
        if algorithm != Algorithm::HS256 {
            return Err(ErrorKind::InvalidAlgorithm.into());
        }
        if family != AlgorithmFamily::Hmac {
            return Err(ErrorKind::InvalidKeyFormat.into());
        }
        Hmac::new_from_slice(secret).map(Self).map_err(|_| ErrorKind::InvalidKeyFormat.into())
    }
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> signature::Result<Vec<u8>> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    /// In the same time, however much of the signature is right.
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> signature::Result<()> {
        let signed = self.0.clone().chain_update(message);
        signed.verify_slice(signature).map_err(signature::Error::from_source)
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use jsonwebtoken::crypto::{sign, verify};

    use super::*;

    /// RFC 7515, appendix A.1.
    const KEY: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    const MESSAGE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const SIGNATURE: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    #[test]
    fn the_example_of_the_standard_is_signed_and_checked_as_the_standard_says() {
        install();
        let secret = URL_SAFE_NO_PAD.decode(KEY).unwrap();
        let signing = EncodingKey::from_secret(&secret);
        let checking = DecodingKey::from_secret(&secret);
        assert_eq!(sign(MESSAGE.as_bytes(), &signing, Algorithm::HS256).unwrap(), SIGNATURE);
        let is_signed = |message: &str, signature: &str| {
            verify(signature, message.as_bytes(), &checking, Algorithm::HS256).unwrap()
        };
        assert!(is_signed(MESSAGE, SIGNATURE));
        for (message, signature) in [
            (&MESSAGE[1..], SIGNATURE),
            (MESSAGE, &SIGNATURE[..40]),
            (MESSAGE, ""),
            (MESSAGE, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXs"),
        ] {
            assert!(!is_signed(message, signature), "{message} {signature}");
        }
    }

    #[test]
    fn no_other_algorithm_is_there() {
        install();
        let signing = EncodingKey::from_secret(b"secret");
        let checking = DecodingKey::from_secret(b"secret");
        for other in [Algorithm::HS384, Algorithm::HS512, Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA] {
            assert!(sign(b"", &signing, other).is_err() && verify("", b"", &checking, other).is_err(), "{other:?}");
        }
        let elliptic = EncodingKey::from_ec_der(b"secret");
        assert!(sign(b"", &elliptic, Algorithm::HS256).is_err());
    }
}
