//! One mail to a mail server. A session is led here step by step, because only the step tells what a refusal is about: the
//! recipient and the content are this mail's, all before them is between the operator and the mail server.
use std::time::Duration;

use actix_rt::time::timeout;
use lettre::{
    Address, Message,
    transport::smtp::{
        Error, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Tls, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use percent_encoding::percent_decode_str;
use url::Url;

use super::{
    Fault,
    verdict::{Step, verdict},
};

/// How long a mail server may take for one answer.
const ANSWER: Duration = Duration::from_secs(30);
/// How long all of a session may take: less than the time for which a waiting mail is taken, so that nobody else sends it too.
const SESSION: Duration = Duration::from_secs(100);
/// The mail is handed over already: nothing depends on a goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// Where a mail server is, and how it is spoken to.
#[derive(Clone)]
pub(super) struct Relay {
    host: String,
    port: u16,
    tls: Tls,
    hello: ClientId,
    credentials: Option<Credentials>,
    answer: Duration,
    session: Duration,
}

impl Relay {
    /// What `mail.smtp_url` names. It holds a password, so that what is wrong with it is said without repeating it.
    pub(super) fn at(url: &str) -> Result<Self, Fault> {
        let wrong =
            || Fault::Passing("mail.smtp_url: expected smtp://HOST, smtp://HOST?tls=required or smtps://HOST".into());
        let url = Url::parse(url).map_err(|_| wrong())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let secure = || TlsParameters::new(host.clone()).map_err(|_| wrong());
        let mode = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, mode)| mode.into_owned());
        let (port, tls) = match (url.scheme(), mode.as_deref()) {
            ("smtp", None) => (SMTP_PORT, Tls::None),
            ("smtp", Some("required")) => (SUBMISSION_PORT, Tls::Required(secure()?)),
            ("smtp", Some("opportunistic")) => (SUBMISSION_PORT, Tls::Opportunistic(secure()?)),
            ("smtps", _) => (SUBMISSIONS_PORT, Tls::Wrapper(secure()?)),
            _ => return Err(wrong()),
        };
        let plain = |text: &str| percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| wrong());
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(plain(url.username())?, plain(password)?)),
            None => None,
        };
        let name = url.path().trim_matches('/');
        let hello = if name.is_empty() { ClientId::default() } else { ClientId::Domain(name.into()) };
        let port = url.port().unwrap_or(port);
        Ok(Self { host, port, tls, hello, credentials, answer: ANSWER, session: SESSION })
    }

    /// Hands a mail over: when this returns, the mail server has it.
    pub(super) async fn send(&self, mail: &Message) -> Result<(), Fault> {
        let handed = timeout(self.session, self.hand_over(mail)).await;
        let mut connection = handed.unwrap_or_else(|_| Err(late()))?;
        let _ = timeout(GOODBYE, connection.quit()).await;
        Ok(())
    }

    async fn hand_over(&self, mail: &Message) -> Result<AsyncSmtpConnection, Fault> {
        let envelope = mail.envelope();
        let [to] = envelope.to() else { return Err(Fault::Passing("a mail is for one person".into())) };
        let content = mail.formatted();
        let mut connection = self.greet(to).await?;
        let options = options(&connection, envelope.from().into_iter().chain([to]), &content)?;
        self.answered(Step::Sender, to, connection.command(Mail::new(envelope.from().cloned(), options))).await?;
        self.answered(Step::Recipient, to, connection.command(Rcpt::new(to.clone(), vec![]))).await?;
        self.answered(Step::Content, to, connection.command(Data)).await?;
        // What looks at contents takes its time, and whoever does not wait sends the same mail again: only the session ends this.
        connection.message(&content).await.map_err(|error| verdict(Step::Content, &error, to))?;
        Ok(connection)
    }

    /// Up to where mails can be handed over.
    async fn greet(&self, to: &Address) -> Result<AsyncSmtpConnection, Fault> {
        let wrapped = if let Tls::Wrapper(tls) = &self.tls { Some(tls.clone()) } else { None };
        let server = (self.host.as_str(), self.port);
        let connected = AsyncSmtpConnection::connect_tokio1(server, Some(self.answer), &self.hello, wrapped, None);
        let mut connection = self.answered(Step::Greeting, to, connected).await?;
        let upgrade = match &self.tls {
            Tls::Required(tls) => Some(tls),
            Tls::Opportunistic(tls) => Some(tls).filter(|_| connection.can_starttls()),
            _ => None,
        };
        if let Some(tls) = upgrade {
            self.answered(Step::Greeting, to, connection.starttls(tls.clone(), &self.hello)).await?;
        }
        if let Some(credentials) = &self.credentials {
            self.answered(Step::Greeting, to, connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
        }
        Ok(connection)
    }

    async fn answered<T>(
        &self,
        step: Step,
        to: &Address,
        answer: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Fault> {
        let answered = timeout(self.answer, answer).await.map_err(|_| late())?;
        answered.map_err(|error| verdict(step, &error, to))
    }
}

/// What has to be announced, and the mail server must be able to do.
fn options<'a>(
    connection: &AsyncSmtpConnection,
    mut addresses: impl Iterator<Item = &'a Address>,
    content: &[u8],
) -> Result<Vec<MailParameter>, Fault> {
    let able = |extension| connection.server_info().supports_feature(extension);
    let lacks = |what: &str| Fault::Passing(format!("the mail server has no {what}, which this mail needs"));
    let mut options = vec![];
    if !addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
        let utf8 = able(Extension::SmtpUtfEight).then_some(MailParameter::SmtpUtfEight);
        options.push(utf8.ok_or_else(|| lacks("SMTPUTF8"))?);
    }
    if !content.is_ascii() {
        let eight = able(Extension::EightBitMime).then_some(MailParameter::Body(MailBodyParameter::EightBitMime));
        options.push(eight.ok_or_else(|| lacks("8BITMIME"))?);
    }
    Ok(options)
}

fn late() -> Fault {
    Fault::Passing("the mail server does not answer".into())
}

#[cfg(test)]
mod tests {
    use std::{io::Write, net::TcpListener, thread};

    use super::*;

    fn mail() -> Message {
        let mail = Message::builder().from("Greenroom <a@x.org>".parse().unwrap()).to("ann@x.org".parse().unwrap());
        mail.body(String::from("hello")).unwrap()
    }

    fn hurried(listener: &TcpListener) -> Relay {
        let relay = Relay::at(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        Relay { answer: Duration::from_millis(50), session: Duration::from_millis(200), ..relay }
    }

    #[actix_rt::test]
    async fn a_mail_server_that_says_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        assert_eq!(hurried(&listener).send(&mail()).await, Err(late()));
    }

    #[actix_rt::test]
    async fn a_mail_server_that_never_comes_to_an_end_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let relay = Relay { answer: Duration::from_secs(60), ..hurried(&listener) };
        let talking = thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            while connection.write_all(b"220-and another thing\r\n").is_ok() {
                thread::yield_now();
            }
        });
        assert!(matches!(relay.send(&mail()).await, Err(Fault::Passing(_))));
        talking.join().unwrap();
    }

    #[test]
    fn an_address_says_host_port_encryption_and_login() {
        let relay = Relay::at("smtp://u%40x:p%3Aw@mail.example.org?tls=required").unwrap();
        assert!(matches!(relay.tls, Tls::Required(_)) && relay.port == 587 && relay.host == "mail.example.org");
        assert_eq!(relay.credentials, Some(Credentials::new("u@x".into(), "p:w".into())));
        assert!(matches!(Relay::at("smtps://h").unwrap(), Relay { port: 465, tls: Tls::Wrapper(_), .. }));
        assert!(matches!(Relay::at("smtp://[::1]:2525").unwrap(), Relay { port: 2525, tls: Tls::None, .. }));
        for wrong in ["smtp://", "smtp://u:hush@h?tls=maybe", "http://u:hush@h", "smtp://u:hush@h:port", "u:hush@h"] {
            let fault = Relay::at(wrong).err().unwrap().to_string();
            assert!(fault.contains("mail.smtp_url") && !fault.contains("hush"), "{fault}");
        }
    }
}
