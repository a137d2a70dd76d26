//! Stand-ins for the neighbours of the actor under test.
use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use actix::prelude::*;
use greenroom::{
    chat::{Chat, Command, Post, Request, Shared},
    domain::{
        Change, ChatId, Content, Fact, GroupChange, Kind, LoginId, Name, Newcomer, Own, Rev, Rules, Seq, Timestamp,
        UserId,
    },
    presence::{Caller, ConnectionId, Presence},
    socket::{AckId, Budget, Deliver, Mail, Port},
    store::{Attempt, NewChat, Outcome, Store},
    writer::{Committed, Record, Verdict},
};
use serde_json::Value;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

use crate::scratch::Scratch;

/// Somebody who is to be taken in and wants it.
pub fn newcomer(user: UserId, name: &str) -> Option<Newcomer> {
    Some(Newcomer { user, name: Name::new(name).unwrap(), is_willing: true })
}

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
    inbox: Inbox<Mail>,
    /// Fetched and not heard yet.
    fetched: VecDeque<Deliver>,
}

impl Socket {
    pub fn open(user: UserId) -> Self {
        let (session, inbox) = Probe::open(1024);
        // What a session sends on leaves its budget. Nothing leaves here, so there is room for all.
        let port = Port::new(LoginId::new().to_string(), session, Arc::new(Budget::new(usize::MAX)));
        Self { user, port, inbox, fetched: VecDeque::new() }
    }

    pub fn connection(&self) -> ConnectionId {
        ConnectionId::from(&self.port)
    }

    /// Takes its place among the sockets of its user.
    pub fn join(&self, presence: &Presence) {
        presence.join(self.user, LoginId::new(), self.port.clone(), None).unwrap();
    }

    /// A request of this socket that wants an acknowledgement.
    pub fn asks(&self, ack: u64) -> Caller {
        Caller { user: self.user, connection: self.connection(), event: "a-request".into(), ack: Some(AckId(ack)) }
    }

    /// The next packet: its leading digits and its JSON.
    pub async fn hears(&mut self) -> (String, Value) {
        while self.fetched.is_empty() {
            self.fetched.extend(self.inbox.next().await.fetch());
        }
        let deliver = self.fetched.pop_front().expect("something was fetched");
        let text = deliver.packet().expect("a packet").text().to_owned();
        let at = text.find('[').expect("a JSON array");
        (text[..at].to_owned(), serde_json::from_str(&text[at..]).unwrap())
    }

    /// Whether the connection is closed next.
    pub async fn is_closed(&mut self) -> bool {
        while self.fetched.is_empty() {
            self.fetched.extend(self.inbox.next().await.fetch());
        }
        matches!(self.fetched.pop_front(), Some(Deliver::Close(_)))
    }

    pub fn hears_nothing(&mut self) -> bool {
        self.fetched.is_empty() && self.inbox.is_empty()
    }
}

/// A database that goes with the test.
pub async fn store() -> (Store, Scratch) {
    let scratch = Scratch::new().await;
    (Store::open(&scratch.settings()).await.unwrap(), scratch)
}

/// A chat of two, who need no accounts for what is tested here.
pub async fn personal(store: &Store, one: UserId, other: UserId) -> ChatId {
    store.create_chats(&[NewChat::Personal(one, other)]).await.unwrap()[0]
}

/// A chat with a probe for a writer.
pub struct Stage {
    pub chat: Addr<Chat>,
    pub presence: Presence,
    pub store: Store,
    pub shared: Arc<Shared>,
    records: Inbox<Record>,
    /// Of records that came, what was not taken yet.
    facts: VecDeque<Recorded>,
    _scratch: Scratch,
}

/// Something that a chat has decided, on its way to the writer.
pub struct Recorded {
    pub fact: Fact,
    chat: Recipient<Committed>,
}

pub const CHAT_CAPACITY: usize = 64;

pub fn rules() -> Rules {
    Rules { group_members: 4, ..Rules::default() }
}

impl Stage {
    /// A group of `members`, the first of them its admin.
    pub async fn group(members: &[UserId]) -> Self {
        Self::with_capacity(members, CHAT_CAPACITY).await
    }

    /// The same, with room for so many decisions on their way.
    pub async fn with_capacity(members: &[UserId], capacity: usize) -> Self {
        let (writer, records) = Probe::open(1024);
        Self::with_writer(members, capacity, writer, records).await
    }

    /// The same, with a writer of one's own.
    pub async fn with_writer(
        members: &[UserId],
        capacity: usize,
        writer: Recipient<Record>,
        records: Inbox<Record>,
    ) -> Self {
        let (store, scratch) = store().await;
        let name = greenroom::domain::Name::new("Band").unwrap();
        let description = greenroom::domain::Description::new("").unwrap();
        let group = NewChat::Group { name, description, members: members.to_vec() };
        let id = store.create_chats(&[group]).await.unwrap()[0];
        let presence = Presence::default();
        let at = presence.clone();
        let writes = Arc::default();
        let shared = Arc::new(Shared::new(store.clone(), at, writer, rules(), capacity, writes));
        let chat = Chat::start(id, shared.clone());
        Self { chat, presence, store, shared, records, facts: VecDeque::new(), _scratch: scratch }
    }

    /// `user` comes online with one socket.
    pub fn online(&self, user: UserId) -> Socket {
        let socket = Socket::open(user);
        socket.join(&self.presence);
        socket
    }

    /// Takes the next decision that the writer got, and keeps its verdict for later.
    pub async fn recorded(&mut self) -> Recorded {
        while self.facts.is_empty() {
            let Record { facts, chat, .. } = self.records.next().await;
            self.facts.extend(facts.into_iter().map(|fact| Recorded { fact, chat: chat.clone() }));
        }
        self.facts.pop_front().expect("something was recorded")
    }

    /// Whether the writer has got nothing that was not taken.
    pub fn recorded_nothing(&mut self) -> bool {
        self.facts.is_empty() && self.records.is_empty()
    }
}

/// The writer's answer to one decision.
pub fn settle(record: &Recorded, verdict: Verdict) {
    record.chat.do_send(Committed(vec![verdict], None));
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

pub fn post(caller: Caller, content: &str) -> Command {
    post_as(Kind::Group, caller, content)
}

pub fn post_as(kind: Kind, caller: Caller, content: &str) -> Command {
    Command {
        caller,
        request: Request::Post(Post { kind: Some(kind), content: text(content), client_id: None, extras: None }),
    }
}

/// A change of a group, done by nobody in particular.
pub fn changed(chat: ChatId, change: Change) -> Fact {
    let nobody = Name::new("Nobody").unwrap();
    let by = (UserId::new(), nobody.clone());
    Fact::Changed(Box::new(GroupChange { chat, change, by, whom: nobody, at: Timestamp::now() }))
}

/// A change that came true as the first of its chat, after so many messages.
pub fn done(newest: i64) -> Outcome {
    Outcome::Changed { newest: Seq(newest), rev: Rev(1), own: Own(0) }
}

/// What a recorded change of a group is.
pub fn change(fact: &Fact) -> Option<&Change> {
    if let Fact::Changed(changed) = fact { Some(&changed.change) } else { None }
}
