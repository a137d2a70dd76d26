//! The server's own secret: from the settings, or generated once into a file that only its owner can read.
use std::{fs, io, io::Write, path::Path};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};

use super::{Fault, opaque};
use crate::{domain::Email, settings};

/// Signs access tokens and keys the digests of short codes.
pub(super) struct Key {
    pub(super) signing: EncodingKey,
    pub(super) checking: DecodingKey,
}

impl Key {
    pub(super) fn load(settings: &settings::Auth) -> Result<Self, Fault> {
        if !settings.secret.is_empty() {
            return Ok(Self::from(settings.secret.as_bytes()));
        }
        let file = &settings.secret_file;
        let secret = kept_in(file).map_err(|error| Fault::Broken(format!("{}: {error}", file.display())))?;
        if !settings::is_strong(secret.as_bytes()) {
            return Err(Fault::Broken(format!("{}: expected 32 random bytes or more", file.display())));
        }
        Ok(Self::from(secret.as_bytes()))
    }

    /// A short code can be guessed from a plain hash in no time; without the key it cannot.
    pub(super) fn digest(&self, email: &Email, code: &str) -> Result<String, Fault> {
        let bound = format!("mailed code\n{email}\n{code}");
        let mac = crypto::sign(bound.as_bytes(), &self.signing, Algorithm::HS256).map_err(Fault::broken)?;
        Ok(opaque::hash(&mac))
    }
}

impl From<&[u8]> for Key {
    fn from(secret: &[u8]) -> Self {
        Self { signing: EncodingKey::from_secret(secret), checking: DecodingKey::from_secret(secret) }
    }
}

fn kept_in(file: &Path) -> io::Result<String> {
    match fs::read_to_string(file) {
        Ok(secret) => Ok(secret.trim().into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => generate(file),
        Err(error) => Err(error),
    }
}

fn generate(file: &Path) -> io::Result<String> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
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

    #[test]
    fn the_key_is_generated_once_and_only_its_owner_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults().auth;
        settings.secret_file = folder.path().join("data/secret");
        let email = Email::new("a@x.org").unwrap();
        let digest = |settings| Key::load(settings).unwrap().digest(&email, "123456").unwrap();
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
