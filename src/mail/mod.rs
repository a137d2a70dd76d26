//! Mail to people: into a folder, to a mail server, or kept in memory for tests. `auth` decides what is sent to whom.
//!
//! ```
//! use greenroom::{
//!     domain::Email,
//!     mail::{Letter, Mailer},
//! };
//!
//! # #[actix_rt::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mailer = Mailer::keeping();
//! let ada = Email::new("ada@example.org")?;
//! mailer.send(&ada, Letter::VerifyCode { code: "123456".into() }).await?;
//! assert_eq!(mailer.kept().len(), 1);
//! # Ok(())
//! # }
//! ```
mod letter;
mod message;
mod outbox;
mod relay;
mod verdict;

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use lettre::{Address, address::AddressError, message::Mailbox};
use secrecy::ExposeSecret;

pub use letter::Letter;
use relay::Relay;

use crate::{
    domain::Email,
    settings::{self, Transport},
};

const TYPICAL_MAIL_BYTES: usize = 1500;

/// A mail could not be built or handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Trying again may help.
    #[error("mail: {0}")]
    Passing(String),
    /// This mail will never be taken: there is no such mailbox, none that may be written to, or not such a mail.
    #[error("mail refused: {0}")]
    Refused(String),
}

impl Fault {
    fn of(error: impl std::fmt::Display) -> Self {
        Self::Passing(error.to_string())
    }
}

/// Sends letters. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Outbox(PathBuf),
    Smtp(Box<Relay>),
    Kept(Arc<Mutex<Vec<(Email, Letter)>>>),
}

impl Mailer {
    /// The way that the settings name.
    ///
    /// # Errors
    /// That the sender or the URL of the mail server cannot be, by the key and without the password.
    pub fn new(settings: &settings::Mail) -> Result<Self, Fault> {
        let from = sender(&settings.from).map_err(|e| Fault::Passing(format!("mail.from: {e}")))?;
        let way = match settings.transport {
            Transport::Outbox => Way::Outbox(settings.outbox.clone()),
            Transport::Smtp => Way::Smtp(Box::new(Relay::at(settings.smtp_url.expose_secret())?)),
        };
        Ok(Self { from, way })
    }

    /// Keeps every letter in memory, for tests.
    pub fn keeping() -> Self {
        let from = Mailbox::new(None, Address::new("greenroom", "localhost").expect("a plain address"));
        Self { from, way: Way::Kept(Arc::default()) }
    }

    /// What `keeping` has kept so far, oldest first; nothing for the other ways.
    pub fn kept(&self) -> Vec<(Email, Letter)> {
        match &self.way {
            Way::Kept(letters) => letters.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Way::Outbox(_) | Way::Smtp(_) => vec![],
        }
    }

    /// Where mail goes, for the log at start.
    pub fn describe(&self) -> String {
        match &self.way {
            Way::Outbox(folder) => format!("written to {}, not sent", folder.display()),
            Way::Smtp(_) => "sent by SMTP".into(),
            Way::Kept(_) => "kept in memory".into(),
        }
    }

    /// Whether a mail can be addressed to this at all.
    pub fn can_reach(email: &Email) -> bool {
        email.as_str().parse::<Address>().is_ok()
    }

    /// Whether mail stays on this machine, where handing it over takes no time to speak of.
    pub fn is_local(&self) -> bool {
        !matches!(self.way, Way::Smtp(_))
    }

    /// Hands a letter over: when this returns, the folder or the mail server has it.
    ///
    /// # Errors
    /// [`Fault::Refused`] if the mail server will never take this letter; else trying again may help.
    pub async fn send(&self, to: &Email, letter: Letter) -> Result<(), Fault> {
        match &self.way {
            Way::Kept(letters) => letters.lock().unwrap_or_else(PoisonError::into_inner).push((to.clone(), letter)),
            Way::Outbox(folder) => {
                let folder = folder.clone();
                let mail = self.built(to, &letter)?.formatted();
                let path = blocking(move || outbox::drop_into(&folder, &mail)).await?;
                log::info!("mail for {} is in {}", to.masked(), path.display());
            }
            Way::Smtp(server) => {
                server.send(&self.built(to, &letter)?).await?;
                log::info!("mail for {} was taken by the mail server", to.masked());
            }
        }
        Ok(())
    }

    /// Takes as long as sending does on this machine, and sends nothing.
    ///
    /// # Errors
    /// What `send` would fail with where mail is left in a folder.
    pub async fn pretend(&self) -> Result<(), Fault> {
        let Way::Outbox(folder) = &self.way else { return Ok(()) };
        let folder = folder.clone();
        blocking(move || outbox::pretend(&folder, &[b' '; TYPICAL_MAIL_BYTES])).await
    }

    fn built(&self, to: &Email, letter: &Letter) -> Result<lettre::Message, Fault> {
        message::build(&self.from, to, letter)
    }
}

/// Its domain is in ASCII, as those of all whom it writes to.
fn sender(text: &str) -> Result<Mailbox, AddressError> {
    let Mailbox { name, email } = text.parse()?;
    let domain = idna::domain_to_ascii(email.domain()).map_err(|_| AddressError::InvalidDomain)?;
    Ok(Mailbox::new(name, Address::new(email.user(), domain)?))
}

async fn blocking<T: Send + 'static>(job: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Fault> {
    actix_rt::task::spawn_blocking(job).await.map_err(Fault::of)?.map_err(Fault::of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    fn outbox(folder: &std::path::Path) -> Mailer {
        let mut settings = Settings::defaults().mail;
        settings.outbox = folder.join("deep/outbox");
        Mailer::new(&settings).unwrap()
    }

    #[actix_rt::test]
    async fn the_outbox_holds_one_whole_private_eml_per_mail() {
        let folder = tempfile::tempdir().unwrap();
        let link = format!("http://localhost:1/verify?email=a%40x.org&token={}", "t".repeat(43));
        let email = Email::new("a@x.org").unwrap();
        let letter = Letter::VerifyLink { link: link.clone() };
        outbox(folder.path()).send(&email, letter).await.unwrap();

        let files: Vec<_> = std::fs::read_dir(folder.path().join("deep/outbox")).unwrap().map(|f| f.unwrap()).collect();
        assert_eq!(files.len(), 1);
        assert!(files[0].path().extension().is_some_and(|e| e == "eml"));
        let mail = std::fs::read_to_string(files[0].path()).unwrap();
        assert!(mail.contains("To: a@x.org") && mail.contains("Subject: Confirm your address"), "{mail}");
        assert!(mail.contains(&format!("\r\n{link}\r\n")), "the link stands whole on its own line: {mail}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_sender_beyond_ascii_needs_no_special_mail_server() {
        let from = sender("Grün <no-reply@b\u{fc}cher.example>").unwrap();
        assert_eq!((from.name.as_deref(), from.email.as_ref()), (Some("Grün"), "no-reply@xn--bcher-kva.example"));
    }

    #[test]
    fn a_wrong_sender_or_server_is_found_before_the_first_mail() {
        let mut settings = Settings::defaults().mail;
        settings.from = "@".into();
        assert!(Mailer::new(&settings).is_err_and(|fault| fault.to_string().contains("mail.from")));
        let mut settings = Settings::defaults().mail;
        (settings.transport, settings.smtp_url) = (Transport::Smtp, "smtp://".into());
        assert!(Mailer::new(&settings).is_err_and(|fault| fault.to_string().contains("mail.smtp_url")));
    }
}
