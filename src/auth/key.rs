//! The server's own secret: from the settings, or generated once into a file that only its owner can read.
use std::{fmt, fs, io, io::Write, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, aead::Aead};
use hmac::{Hmac, Mac};
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::Sha256;

use super::{Fault, hs256, opaque};
use crate::{domain::Email, settings};

const NONCE_BYTES: usize = 12;

/// Signs access tokens, keys the digests of short codes, tells a refresh token's successor, and seals waiting mails.
/// What each use signs begins with words of its own, so that no use yields what another one accepts.
pub(super) struct Key {
    pub(super) signing: EncodingKey,
    pub(super) checking: DecodingKey,
    pub(super) mac: Hmac<Sha256>,
}

impl Key {
    pub(super) fn load(settings: &settings::Auth) -> Result<Self, Fault> {
        if let Some(secret) = settings.own_secret() {
            return Ok(Self::from(secret.as_bytes()));
        }
        let file = &settings.secret_file;
        let kept = match kept_in(file)? {
            Some(secret) => secret,
            None => generate(file).map_err(|error| broken(file, error))?,
        };
        Ok(Self::from(kept.as_bytes()))
    }

    /// Whether `load` would find a key, or could make one.
    pub(super) fn check(settings: &settings::Auth) -> Result<(), Fault> {
        let file = &settings.secret_file;
        if settings.own_secret().is_none() { kept_in(file).map(|_| ()) } else { Ok(()) }
    }

    /// A short code can be guessed from a plain hash in no time; without the key it cannot.
    pub(super) fn digest(&self, email: &Email, code: &str) -> String {
        opaque::hash(&self.derived(&format!("mailed code\n{email}\n{code}")))
    }

    /// The one refresh token that can replace this one. Nobody without the key can tell it from 256 random bits, and
    /// a client that asks again can be told it again although only its hash is stored.
    pub(super) fn successor(&self, refresh: &str) -> String {
        self.derived(&format!("refresh token after\n{refresh}"))
    }

    /// What can be told of the secret to those who may have the same.
    pub(super) fn print(&self) -> String {
        hex::encode(self.mac_of("the print of the key")).split_off(32)
    }

    /// Encrypts what only this server may read again.
    pub(super) fn seal(&self, plain: &str) -> Result<String, Fault> {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let sealed = self.cipher().encrypt((&nonce).into(), plain.as_bytes()).map_err(Fault::broken)?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// What `seal` was given. Fails after a change of the key.
    pub(super) fn unseal(&self, sealed: &str) -> Result<String, Fault> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(Fault::broken)?;
        let (nonce, sealed) =
            bytes.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| Fault::broken("sealed: too short"))?;
        let plain = self.cipher().decrypt(nonce.into(), sealed).map_err(Fault::broken)?;
        String::from_utf8(plain).map_err(Fault::broken)
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.mac_of("the key of waiting mails").into())
    }

    /// 256 bits in the same 43 characters as a random token.
    fn derived(&self, from: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac_of(from))
    }

    /// One block of HMAC-SHA256. The secret is as strong as what comes out, so that HKDF (RFC 5869) would add nothing; and it would
    /// give other keys than those that mails and codes in the database were made with.
    pub(super) fn mac_of(&self, from: &str) -> [u8; 32] {
        self.mac.clone().chain_update(from).finalize().into_bytes().into()
    }
}

impl From<&[u8]> for Key {
    fn from(secret: &[u8]) -> Self {
        hs256::install();
        let mac = Hmac::new_from_slice(secret).expect("HMAC takes a key of any length");
        Self { signing: EncodingKey::from_secret(secret), checking: DecodingKey::from_secret(secret), mac }
    }
}

/// The secret of a file. None if there is no file yet.
fn kept_in(file: &Path) -> Result<Option<String>, Fault> {
    match fs::read_to_string(file) {
        Ok(secret) if settings::is_strong(secret.trim().as_bytes()) => Ok(Some(secret.trim().into())),
        Ok(_) => Err(broken(file, "expected 32 random bytes or more")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(broken(file, error)),
    }
}

fn broken(file: &Path, why: impl fmt::Display) -> Fault {
    Fault::Broken(format!("{}: {why}", file.display()))
}

fn generate(file: &Path) -> io::Result<String> {
    if let Some(folder) = file.parent() {
        settings::private_folder(folder)?;
    }
    let secret = opaque::token();
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut created = options.open(file)?;
    created.write_all(secret.as_bytes())?;
    created.sync_all()?;
    log::info!("generated the signing key in {}", file.display());
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    /// What one key made of the same texts when this was written: mails that wait and codes that were mailed are in databases.
    #[test]
    fn what_was_derived_and_sealed_in_the_past_stays_what_it_was() {
        let key = Key::from(&b"a secret of which there is one and no other"[..]);
        let email = Email::new("ada@example.org").unwrap();
        assert_eq!(key.successor("a refresh token"), "5Lsq2-ofzQleAdhC6zSB0Oiml0MzUaWSMm0UYae-B-8");
        let digest = "4ec5db854fffffee5f7f0d4b09a086133ea0a0a1ef9ab6a845f419dcd4cdc0b8";
        assert_eq!(key.digest(&email, "123456"), digest);
        let sealed = "gFeXMykWbeg2FucrspW8UYDxlU5ZzJASD3Cq9cwqOc1Wg3B3By4";
        assert_eq!(key.unseal(sealed).unwrap(), "what waits");
    }

    #[test]
    fn what_is_sealed_is_unreadable_until_the_same_key_unseals_it() {
        let key = Key::from(&b"one key"[..]);
        let other = Key::from(&b"another"[..]);
        let sealed = key.seal("planted").unwrap();
        assert!(!sealed.contains("planted") && sealed != key.seal("planted").unwrap());
        assert_eq!(key.unseal(&sealed).unwrap(), "planted");
        for wrong in ["", "AAAA", &sealed[1..]] {
            assert!(key.unseal(wrong).is_err(), "{wrong}");
        }
        assert!(other.unseal(&sealed).is_err());
    }

    #[test]
    fn a_token_has_one_successor_under_one_key() {
        let key = Key::from(&b"one key"[..]);
        let other = Key::from(&b"another"[..]);
        let successor = key.successor("token");
        assert_eq!((successor.len(), key.successor("token")), (43, successor.clone()));
        assert!(successor != key.successor("other") && successor != other.successor("token"));
    }

    #[test]
    fn the_key_is_generated_once_and_only_its_owner_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults().auth;
        settings.secret_file = folder.path().join("data/secret");
        let email = Email::new("a@x.org").unwrap();
        let digest = |settings| Key::load(settings).unwrap().digest(&email, "123456");
        assert_eq!(digest(&settings), digest(&settings));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&settings.secret_file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_weak_key_in_the_file_stops_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults().auth;
        settings.secret_file = folder.path().join("secret");
        fs::write(&settings.secret_file, "hush").unwrap();
        let fault = Key::load(&settings).err().unwrap().to_string();
        assert!(fault.contains("expected 32 random bytes") && !fault.contains("hush"), "{fault}");
    }
}
