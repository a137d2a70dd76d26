//! Mail by SMTP: what a mail server's trouble means for mails, and what of it for others.
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::rt::{
    self,
    net::{TcpListener, TcpStream},
    time::timeout,
};
use greenroom::{auth::Auth, mail::Mailer, settings::Transport};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    sync::Notify,
};

use crate::support::{PASSWORD, TestServer};

const PATIENCE: Duration = Duration::from_secs(20);
const LATER: Duration = Duration::from_secs(120);

/// What a mail server answers, step by step. Nothing: it never does.
#[derive(Clone, Copy)]
struct Script {
    greeting: &'static str,
    sender: &'static str,
    recipient: &'static str,
    data: &'static str,
    content: &'static str,
}

const WILLING: Script =
    Script { greeting: "220 hello", sender: "250 ok", recipient: "250 ok", data: "354 go on", content: "250 taken" };

/// A mail server on loopback that answers by its script, but never anything about `slow@x.org`.
struct Relay {
    port: u16,
    script: Arc<Mutex<Script>>,
    heard: Arc<Mutex<Vec<String>>>,
    moved: Arc<Notify>,
}

impl Relay {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let relay = Self { port, script: Arc::new(Mutex::new(WILLING)), heard: Arc::default(), moved: Arc::default() };
        let script = relay.script.clone();
        let heard = relay.heard.clone();
        let moved = relay.moved.clone();
        rt::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let script = *script.lock().unwrap();
                rt::spawn(play(connection, script, heard.clone(), moved.clone()));
            }
        });
        relay
    }

    fn mailer(&self) -> Mailer {
        let mut settings = greenroom::settings::Settings::defaults().mail;
        (settings.transport, settings.smtp_url) = (Transport::Smtp, format!("smtp://127.0.0.1:{}", self.port).into());
        Mailer::new(&settings).unwrap()
    }

    fn plays(&self, script: Script) {
        *self.script.lock().unwrap() = script;
    }

    /// Those whose mails were taken.
    fn taken(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        heard.iter().filter_map(|line| line.strip_prefix("taken ").map(str::to_owned)).collect()
    }

    /// Waits until something was heard.
    async fn hears(&self, what: &str) {
        let heard = async {
            while !self.heard.lock().unwrap().iter().any(|line| line == what) {
                self.moved.notified().await;
            }
        };
        timeout(PATIENCE, heard).await.unwrap_or_else(|_| panic!("{what}: {:?}", self.heard.lock().unwrap()));
    }
}

async fn play(mut connection: TcpStream, script: Script, heard: Arc<Mutex<Vec<String>>>, moved: Arc<Notify>) {
    let (reader, mut writer) = connection.split();
    let mut lines = BufReader::new(reader).lines();
    let tell = |what: String| {
        heard.lock().unwrap().push(what);
        moved.notify_one();
    };
    let mut answer = script.greeting;
    let mut recipient = String::new();
    let mut in_content = false;
    loop {
        if !answer.is_empty() && writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
        let Ok(Some(line)) = lines.next_line().await else { return };
        answer = match line.split([' ', ':']).next().unwrap() {
            _ if in_content && line != "." => "",
            "." => {
                in_content = false;
                if script.content == WILLING.content {
                    tell(format!("taken {recipient}"));
                }
                script.content
            }
            "EHLO" => "250 at your service",
            "MAIL" => script.sender,
            "RCPT" => {
                recipient = line.split(['<', '>']).nth(1).unwrap().to_owned();
                tell(format!("for {recipient}"));
                if recipient == "slow@x.org" { "" } else { script.recipient }
            }
            "DATA" => {
                in_content = script.data.starts_with('3');
                script.data
            }
            _ => "221 bye",
        };
    }
}

async fn start() -> (TestServer, Relay) {
    let relay = Relay::start().await;
    (TestServer::with_mailer(relay.mailer()).await, relay)
}

#[actix_web::test]
async fn trouble_with_the_mail_server_puts_a_mail_off_until_it_is_over() {
    let (server, relay) = start().await;
    let troubles = [
        Script { greeting: "554 no service for you", ..WILLING },
        Script { sender: "550 5.7.1 not from there", ..WILLING },
        Script { sender: "553 sender rejected", ..WILLING },
        Script { recipient: "554 5.7.1 <a@x.org>: Relay access denied", ..WILLING },
        Script { recipient: "550 relay not permitted", ..WILLING },
        Script { recipient: "530 5.7.0 authentication required", ..WILLING },
        Script { recipient: "452 later", ..WILLING },
        Script { data: "503 bad sequence", ..WILLING },
        Script { content: "554 5.3.0 the disk is full", ..WILLING },
        Script { content: "550 5.7.26 you are not authenticated", ..WILLING },
    ];
    for (at, trouble) in troubles.into_iter().enumerate() {
        let email = format!("ann{at}@x.org");
        relay.plays(trouble);
        assert_eq!(server.sign_up(&email, PASSWORD, "Ann").await.outcome(), (200, 1));
        server.auth.send_due_mail().await.unwrap();
        assert_eq!((server.auth.waiting_mails().await.unwrap(), relay.taken().len()), (1, at), "{at}");
        relay.plays(WILLING);
        server.pass(LATER);
        server.auth.send_due_mail().await.unwrap();
        assert_eq!((server.auth.waiting_mails().await.unwrap(), relay.taken().last()), (0, Some(&email)), "{at}");
    }
    let metrics = server.admin("/metrics").await;
    assert!(metrics.contains("\ngreenroom_mails_total{outcome=\"given_up\"} 0\n"), "{metrics}");
}

#[actix_web::test]
async fn a_mail_whose_recipient_or_content_is_refused_for_good_is_given_up() {
    let (server, relay) = start().await;
    let refusals = [
        Script { recipient: "550 5.1.1 no such user", ..WILLING },
        Script { recipient: "550 no such user here", ..WILLING },
        Script { content: "554 5.6.0 not such a mail", ..WILLING },
        Script { content: "552 too large", ..WILLING },
    ];
    for (at, refusal) in refusals.into_iter().enumerate() {
        relay.plays(refusal);
        server.sign_up(&format!("ann{at}@x.org"), PASSWORD, "Ann").await;
        server.auth.send_due_mail().await.unwrap();
        assert_eq!(server.auth.waiting_mails().await.unwrap(), 0, "{at}");
    }
    assert_eq!(relay.taken(), [""; 0]);
}

#[actix_web::test]
async fn a_mail_that_hangs_holds_up_no_other() {
    let (server, relay) = start().await;
    let carrying = rt::spawn(server.auth.clone().send_mail());
    server.sign_up("slow@x.org", PASSWORD, "Slow").await;
    relay.hears("for slow@x.org").await;
    for n in 0..20 {
        let email = format!("ann{n}@x.org");
        server.sign_up(&email, PASSWORD, "Ann").await;
        relay.hears(&format!("taken {email}")).await;
    }
    carrying.abort();
}

#[actix_web::test]
async fn a_domain_beyond_ascii_reaches_the_mail_server_in_ascii() {
    let (server, relay) = start().await;
    assert_eq!(server.sign_up("ann@b\u{fc}cher.example", PASSWORD, "Ann").await.outcome(), (200, 1));
    server.auth.send_due_mail().await.unwrap();
    assert_eq!(relay.taken(), ["ann@xn--bcher-kva.example"]);
}

#[actix_web::test]
async fn a_mail_that_waits_for_a_time_that_the_clock_was_set_back_from_does_not_wait_so_long() {
    let (server, relay) = start().await;
    let ahead = |hours: u64| -> Auth {
        let ahead = Duration::from_secs(hours * 60 * 60);
        server.auth.clone().with_clock(move || greenroom::domain::Timestamp::now().plus(ahead))
    };
    relay.plays(Script { recipient: "451 later", ..WILLING });
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    ahead(48).send_due_mail().await.unwrap();
    assert_eq!((server.auth.waiting_mails().await.unwrap(), relay.taken().len()), (1, 0));
    relay.plays(WILLING);
    ahead(0).send_due_mail().await.unwrap();
    assert_eq!((server.auth.waiting_mails().await.unwrap(), relay.taken().len()), (0, 1));
}
