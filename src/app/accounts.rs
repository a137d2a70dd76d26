//! Accounts, and where they are kept: all that commands need of a server that does not run.
use super::Failure;
use crate::{auth::Auth, mail::Mailer, settings::Settings, store::Store};

/// What the command line needs of a server that does not run: accounts, and where they are kept.
///
/// # Errors
/// If the database cannot be opened, mail has no way, or there is no secret.
pub async fn accounts(settings: &Settings) -> Result<(Auth, Store, Mailer), Failure> {
    open(settings, None).await
}

/// The same, with another way for mail.
pub(super) async fn open(settings: &Settings, mailer: Option<Mailer>) -> Result<(Auth, Store, Mailer), Failure> {
    let store = Store::open_for(&settings.database, settings.cluster.enabled).await?;
    let mailer = mailer.map_or_else(|| Mailer::new(&settings.mail), Ok)?;
    let auth = Auth::new(settings, store.clone(), mailer.clone())?;
    Ok((auth, store, mailer))
}
