//! Stand-ins for the neighbours of the actor under test.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix::prelude::*;
use greenroom::{
    chat::{Chat, Home},
    domain::{Content, Kind, Rules, Seq, UserId},
    presence::{Caller, Presence},
    socket::{AckId, Budget, Deliver, Port},
    store::{Attempt, Outcome, Store},
    writer::{Committed, Record, Verdict},
};
use serde_json::Value;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

use crate::scratch::Scratch;

/// Stands in for any actor that would receive `M`.
pub struct Probe<M>(UnboundedSender<M>);

impl<M: Message<Result = ()> + Send + Unpin + 'static> Probe<M> {
    pub fn open(capacity: usize) -> (Recipient<M>, Inbox<M>) {
        let (tx, rx) = unbounded_channel();
        let probe = Probe::create(|ctx| {
            ctx.set_mailbox_capacity(capacity);
            Probe(tx)
        });
        (probe.recipient(), Inbox(rx))
    }
}

impl<M: Unpin + 'static> Actor for Probe<M> {
    type Context = Context<Self>;
}

impl<M: Message<Result = ()> + Unpin + 'static> Handler<M> for Probe<M> {
    type Result = ();

    fn handle(&mut self, message: M, _: &mut Self::Context) {
        let _ = self.0.send(message);
    }
}

/// What a probe received.
pub struct Inbox<M>(UnboundedReceiver<M>);

impl<M> Inbox<M> {
    /// The next message; a test in which none comes fails.
    pub async fn next(&mut self) -> M {
        timeout(Duration::from_secs(5), self.0.recv()).await.expect("a message within 5 s").expect("a living probe")
    }

    /// Whether nothing has come so far.
    pub fn is_empty(&mut self) -> bool {
        self.0.is_empty()
    }
}

/// A socket as a chat sees it.
pub struct Socket {
    pub user: UserId,
    pub port: Port,
    inbox: Inbox<Deliver>,
}

impl Socket {
    pub fn open(user: UserId) -> Self {
        let (session, inbox) = Probe::open(1024);
        let port = Port::new(user.to_string(), session, Arc::new(Budget::new(1 << 20)));
        Self { user, port, inbox }
    }

    /// A request of this socket that wants an acknowledgement.
    pub fn asks(&self, ack: u64) -> Caller {
        Caller { user: self.user, port: self.port.clone(), event: "a-request".into(), ack: Some(AckId(ack)) }
    }

    /// The next packet: its leading digits and its JSON.
    pub async fn hears(&mut self) -> (String, Value) {
        let deliver = self.inbox.next().await;
        let text = deliver.packet().expect("a packet").text().to_owned();
        let at = text.find('[').expect("a JSON array");
        (text[..at].to_owned(), serde_json::from_str(&text[at..]).unwrap())
    }

    pub fn hears_nothing(&mut self) -> bool {
        self.inbox.is_empty()
    }
}

/// A database that goes with the test.
pub async fn store() -> (Store, Scratch) {
    let scratch = Scratch::new().await;
    (Store::open(&scratch.settings()).await.unwrap(), scratch)
}

/// A chat with a probe for a writer.
pub struct Stage {
    pub chat: Addr<Chat>,
    pub presence: Presence,
    pub store: Store,
    pub records: Inbox<Record>,
    _scratch: Scratch,
}

pub const CHAT_CAPACITY: usize = 64;

pub const RULES: Rules = Rules { group_members: 4, history_for_new_members: false, answer_bytes: 1 << 20 };

impl Stage {
    /// A group of `members`, the first of them its admin.
    pub async fn group(members: &[UserId]) -> Self {
        Self::with_writer_of(members, 64).await
    }

    /// The same, with a writer whose mailbox has `room`.
    pub async fn with_writer_of(members: &[UserId], room: usize) -> Self {
        let (store, scratch) = store().await;
        let name = greenroom::domain::Name::new("Band").unwrap();
        let description = greenroom::domain::Description::new("").unwrap();
        let id = store.found_group(&name, &description, members).await.unwrap();
        let (writer, records) = Probe::open(room);
        let presence = Presence::default();
        let (at, writes) = (presence.clone(), Arc::default());
        let home = Arc::new(Home::new(store.clone(), at, writer, RULES, CHAT_CAPACITY, writes));
        let chat = Chat::start(id, home);
        Self { chat, presence, store, records, _scratch: scratch }
    }

    /// `user` comes online with one socket.
    pub fn online(&self, user: UserId) -> Socket {
        let socket = Socket::open(user);
        self.presence.join(user, greenroom::domain::SessionId::new(), socket.port.clone(), None).unwrap();
        socket
    }

    /// Takes the next record and keeps its verdict for later.
    pub async fn recorded(&mut self) -> Record {
        self.records.next().await
    }
}

/// The writer's answer to one record.
pub fn settle(record: &Record, verdict: Verdict) {
    record.chat.do_send(Committed(vec![verdict]));
}

/// The database gave the message this place.
pub fn stored(seq: i64) -> Verdict {
    Ok(Outcome::Stored { seq: Seq(seq) })
}

/// A first attempt with time enough for any transaction.
pub fn soon() -> Attempt {
    Attempt { until: Instant::now() + Duration::from_secs(60), earlier: 0 }
}

pub fn text(content: &str) -> Content {
    Content::new(content, 1024).unwrap()
}

pub fn post(caller: Caller, content: &str) -> greenroom::chat::Post {
    greenroom::chat::Post { caller, kind: Kind::Group, content: text(content), client_id: None }
}
