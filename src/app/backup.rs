//! Copies of the database and what is made of them, for the command line.
use std::path::Path;

use super::{Failure, print};
use crate::{settings::Settings, store::Store};

/// Copies the database, in use or not, into a new file.
///
/// # Errors
/// If it is no SQLite database, the copy is there already or cannot be written, or stdout takes nothing.
pub async fn backup(settings: &Settings, copy: &Path) -> Result<(), Failure> {
    Store::back_up(&settings.database, copy).await?;
    print(format_args!("{} is written. The secret is not in it: {}", copy.display(), secret(settings)))
}

/// Puts a copy in the place of the database.
///
/// # Errors
/// If the copy is none of ours, a server has the database, or there is one and it is not to be replaced.
pub async fn restore(settings: &Settings, copy: &Path, replace: bool) -> Result<(), Failure> {
    Store::restore(&settings.database, copy, replace).await?;
    print(format_args!("{} is in place. The secret is not in it: {}", copy.display(), secret(settings)))
}

/// Where the secret is that tokens and waiting mails need.
fn secret(settings: &Settings) -> String {
    let auth = &settings.auth;
    match auth.own_secret() {
        Some(_) => "it is the setting auth.secret".into(),
        None => format!("it is {}", auth.secret_file.display()),
    }
}
