//! What `greenroom config check` looks at beyond the settings themselves: all that a start reads before it does anything.
use super::{Failure, tls::Certificate};
use crate::{auth::Auth, mail::Mailer, settings::Settings, store::Store};

/// Reads what a start would read: URLs as their drivers do, the certificate and its key, the sender, the secret if there is one.
/// Makes nothing and reaches out to nobody.
///
/// # Errors
/// Names what a start would stumble over first.
pub fn check(settings: &Settings) -> Result<(), Failure> {
    if !Store::is_readable(&settings.database) {
        return Err("database.url: expected values that its parameters can have".into());
    }
    Certificate::of(&settings.server)?;
    Mailer::new(&settings.mail)?;
    Auth::check(&settings.auth)?;
    Ok(())
}
