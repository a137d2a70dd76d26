//! Mail to people: into a folder, to a mail server, or kept in memory for tests. `auth` decides what is sent to whom.
mod letter;
mod outbox;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
};
use tokio::sync::Semaphore;

pub use letter::Letter;

use crate::{
    domain::Email,
    settings::{self, Transport},
};

/// Mails on their way to the SMTP server at once; further requests wait for one to be done.
const SMTP_AT_ONCE: usize = 64;

/// A mail could not be built or left behind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mail: {0}")]
pub struct Fault(String);

impl Fault {
    fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
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
    Smtp { server: AsyncSmtpTransport<Tokio1Executor>, room: Arc<Semaphore> },
    Kept(Arc<Mutex<Vec<(Email, Letter)>>>),
}

impl Mailer {
    /// The way that the settings name.
    pub fn new(settings: &settings::Mail) -> Result<Self, Fault> {
        let from = settings.from.parse().map_err(|e| Fault(format!("mail.from: {e}")))?;
        let way = match settings.transport {
            Transport::Outbox => Way::Outbox(settings.outbox.clone()),
            Transport::Smtp => {
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.smtp_url)
                    .map_err(|e| Fault(format!("mail.smtp_url: {e}")))?;
                Way::Smtp { server: server.build(), room: Arc::new(Semaphore::new(SMTP_AT_ONCE)) }
            }
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
            Way::Outbox(_) | Way::Smtp { .. } => vec![],
        }
    }

    /// Where mail goes, for the log at start.
    pub fn describe(&self) -> String {
        match &self.way {
            Way::Outbox(folder) => format!("written to {}, not sent", folder.display()),
            Way::Smtp { .. } => "sent by SMTP".into(),
            Way::Kept(_) => "kept in memory".into(),
        }
    }

    /// Whether a mail can be addressed to this at all.
    pub fn can_reach(email: &Email) -> bool {
        email.as_str().parse::<Address>().is_ok()
    }

    /// Sends a letter. The outbox has it when this returns. SMTP is handed it: how long a mail server takes must not
    /// tell a stranger whether there was anything to send, so what fails there is only logged.
    pub async fn send(&self, to: &Email, letter: Letter) -> Result<(), Fault> {
        match &self.way {
            Way::Kept(letters) => letters.lock().unwrap_or_else(PoisonError::into_inner).push((to.clone(), letter)),
            Way::Outbox(folder) => self.leave(folder.clone(), to, &letter).await?,
            Way::Smtp { server, room } => self.hand_over(server.clone(), room.clone(), to, &letter).await?,
        }
        Ok(())
    }

    async fn leave(&self, folder: PathBuf, to: &Email, letter: &Letter) -> Result<(), Fault> {
        let mail = self.message(to, letter)?.formatted();
        let written = actix_rt::task::spawn_blocking(move || outbox::drop_into(&folder, &mail)).await;
        let path = written.map_err(Fault::of)?.map_err(Fault::of)?;
        log::info!("mail for {} is in {}", to.masked(), path.display());
        Ok(())
    }

    async fn hand_over(
        &self,
        server: AsyncSmtpTransport<Tokio1Executor>,
        room: Arc<Semaphore>,
        to: &Email,
        letter: &Letter,
    ) -> Result<(), Fault> {
        let mail = self.message(to, letter)?;
        let masked = to.masked();
        let place = room.acquire_owned().await.map_err(Fault::of)?;
        actix_rt::spawn(async move {
            match server.send(mail).await {
                Ok(_) => log::info!("mail for {masked} was taken by the mail server"),
                Err(error) => log::error!("mail for {masked} was not sent: {error}"),
            }
            drop(place);
        });
        Ok(())
    }

    fn message(&self, to: &Email, letter: &Letter) -> Result<Message, Fault> {
        let rendered = letter.render();
        let address: Address = to.as_str().parse().map_err(Fault::of)?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(rendered.subject)
            .multipart(MultiPart::alternative_plain_html(rendered.text, rendered.html))
            .map_err(Fault::of)
    }
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
    fn a_wrong_sender_or_server_is_found_before_the_first_mail() {
        let mut settings = Settings::defaults().mail;
        settings.from = "@".into();
        assert!(Mailer::new(&settings).is_err_and(|fault| fault.to_string().contains("mail.from")));
        let mut settings = Settings::defaults().mail;
        (settings.transport, settings.smtp_url) = (Transport::Smtp, "smtp://".into());
        assert!(Mailer::new(&settings).is_err_and(|fault| fault.to_string().contains("mail.smtp_url")));
    }
}
