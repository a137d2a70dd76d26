//! How many statements things take: on the send path a handful per batch, at connect one per list, for a page one.
use std::{sync::Arc, time::Duration};

use actix::prelude::*;
use greenroom::{
    auth::{Auth, Password},
    chat::{Command, Request},
    client::{Chatroom, Policy},
    domain::{ChatId, Email, Kind, Name, UserId},
    events::{PageRequest, PayloadBounds},
    mail::Mailer,
    presence::Presence,
    registry::{Registry, Tuning},
    settings::{RefuseWith, Settings},
    socket::{Admission, Application, Connect, Handshake},
    store::Store,
    writer::{self, Writer},
};

use crate::support::{Socket, personal, post_as, rules, store};

const BOUNDS: PayloadBounds = PayloadBounds {
    content_bytes: 1024,
    group_members: 4,
    page: 50,
    max_page: 200,
    mentions: 50,
    attachments: 10,
    watched: 200,
};

/// Two users with a chat, and everything above the database but the sockets.
pub struct House {
    pub store: Store,
    pub auth: Auth,
    registry: Registry,
    pub chatroom: Chatroom,
    pub presence: Presence,
    pub ann: UserId,
    pub bob: UserId,
    chat: ChatId,
}

impl House {
    /// Says so many things in one burst and waits until all are stored.
    async fn say(&self, ann: &mut Socket, messages: u64) {
        for n in 0..messages {
            let post = post_as(Kind::Personal, ann.asks(n), &n.to_string());
            self.registry.route(self.chat, post);
        }
        for _ in 0..messages {
            let (_, heard) = ann.hears().await;
            assert_eq!(heard[0]["Ok"], true, "{heard}");
        }
    }
}

pub async fn house(store: &Store) -> House {
    let mut settings = Settings::defaults();
    settings.auth.secret = "0123456789abcdef0123456789abcdef-not-a-real-one".into();
    settings.server.public_url = "http://127.0.0.1:1".into();
    let auth = Auth::new(&settings, store.clone(), Mailer::keeping()).unwrap();
    let people =
        ["ann", "bob"].map(|name| (Name::new(name).unwrap(), Email::new(&format!("{name}@example.org")).unwrap()));
    let ids = auth.add_verified_users(&people, &Password::new("a long enough one").unwrap()).await.unwrap();
    let chat = personal(store, ids[0], ids[1]).await;
    let presence = Presence::default();
    let tuning = writer::Tuning {
        mailbox_capacity: 1024,
        batch_size: 512,
        batch_delay: Duration::ZERO,
        retry_for: Duration::from_secs(1),
    };
    let writer = Writer::start(&Arbiter::current(), store.clone(), tuning, Arc::default());
    let tuning = Tuning {
        mailbox_capacity: 1024,
        chat_mailbox_capacity: 1024,
        idle_timeout: Duration::from_secs(60),
        max_live: 100,
        rules: rules(),
    };
    let registry = Registry::new(1, store, &presence, &writer, tuning);
    registry.open_shard(&Arbiter::current());
    // Until a shard has started, its mailbox has the capacity that Actix gives every mailbox.
    assert_eq!(registry.live().await, 0);
    let policy = Policy {
        bounds: BOUNDS,
        rules: rules(),
        sockets_per_user: None,
        allow_query_tokens: false,
        refuse_with: RefuseWith::Event,
        search: true,
        show_email: false,
        presence_interval: Duration::from_secs(2),
        presence_grace: Duration::from_secs(15),
    };
    let chatroom = Chatroom::new(
        auth.clone(),
        store.clone(),
        presence.clone(),
        registry.clone(),
        policy,
        greenroom::limits::Rates::none(),
    );
    House { store: store.clone(), auth, registry, chatroom, presence, ann: ids[0], bob: ids[1], chat }
}

#[actix::test]
async fn sending_takes_no_statement_per_message() {
    let (store, _scratch) = store().await;
    let house = house(&store).await;
    let mut ann = Socket::open(house.ann);
    ann.join(&house.presence);
    house.say(&mut ann, 1).await;

    let before = house.store.statements();
    let messages = 500;
    let bursts = 5;
    for _ in 0..bursts {
        house.say(&mut ann, messages / bursts).await;
    }
    let statements = house.store.statements() - before;
    assert!(statements <= 10 * bursts, "{statements} statements for {messages} messages in {bursts} bursts");
}

#[actix::test]
async fn connecting_takes_one_statement_for_the_tokens_and_both_lists() {
    let (store, _scratch) = store().await;
    let house = house(&store).await;
    for _ in 0..20 {
        personal(&house.store, house.ann, UserId::new()).await;
    }
    let login = house.auth.issue(&[house.ann], Duration::from_secs(60)).await.unwrap().remove(0);

    let before = house.store.statements();
    let socket = Socket::open(house.ann);
    let admission = house
        .chatroom
        .connect(Connect {
            namespace: "/".into(),
            auth: Some(format!(r#"{{"accessToken":"{}"}}"#, login.access)),
            handshake: Arc::new(Handshake::default()),
            port: socket.port.clone(),
        })
        .await;
    let Admission::Accepted { opening, .. } = admission else { panic!("not admitted") };
    assert_eq!(opening.len(), 3);
    assert_eq!(house.store.statements() - before, 1);
}

#[actix::test]
async fn a_page_takes_one_statement_and_is_no_longer_than_asked_for() {
    let (store, _scratch) = store().await;
    let house = house(&store).await;
    let mut ann = Socket::open(house.ann);
    ann.join(&house.presence);
    house.say(&mut ann, 30).await;
    let before = house.store.statements();
    let page = PageRequest { before: None, after: None, limit: 20 };
    house
        .registry
        .route(house.chat, Command { caller: ann.asks(99), request: Request::Fetch { kind: Kind::Personal, page } });
    let (_, heard) = ann.hears().await;
    assert_eq!(heard[1]["Messages"].as_array().unwrap().len(), 20);
    assert_eq!(heard[1]["HasMore"], true);
    assert_eq!(house.store.statements() - before, 1);
}
