//! A chat that takes messages: it decides, records, and tells all who are online, with stand-ins for the writer and the sockets.
use std::{cell::Cell, rc::Rc, sync::Arc};

use actix::prelude::*;
use greenroom::{
    chat::{Chat, Command, Post, Request, Settle, Shared},
    domain::{Content, Description, Kind, LoginId, Name, Rules, Seq, UserId},
    presence::{Caller, ConnectionId, Presence},
    settings::{Database, Synchronous},
    socket::{AckId, Budget, Mail, Port},
    store::{NewChat, Outcome, Store},
    writer::{Committed, Record},
};
use tempfile::TempDir;
use tokio::task::yield_now;

/// Messages under way at once, as from a few senders.
const AT_ONCE: usize = 8;

/// Sends so many times [`AT_ONCE`] messages to a group of `members`, all online, and waits until everybody has heard them.
pub async fn post(members: usize, times: usize) {
    let users: Vec<UserId> = (0..members).map(|_| UserId::new()).collect();
    let (store, _folder) = store().await;
    let name = Name::new("Band").expect("a name");
    let description = Description::new("").expect("a description");
    let group = NewChat::Group { name, description, members: users.clone() };
    let id = store.create_chats(&[group]).await.expect("a group")[0];
    let presence = Presence::default();
    let heard = Rc::new(Cell::new(0));
    let ports: Vec<Port> = users.iter().map(|user| online(*user, &presence, &heard)).collect();
    let writer = Memory { newest: 0 }.start().recipient();
    let rules = Rules { group_members: 2000, ..Rules::default() };
    let chat = Chat::start(id, Arc::new(Shared::new(store, presence, writer, rules, 64, Arc::default())));
    // Whoever asks again and again while it loads counts how long another thread takes.
    chat.send(Settle).await.expect("a chat that has loaded");
    let content = Content::new(&"x".repeat(64), 64).expect("content");
    for round in 0..times {
        for n in 0..AT_ONCE {
            let caller = Caller {
                user: users[0],
                connection: ConnectionId::from(&ports[0]),
                event: "send-group-message".into(),
                ack: Some(AckId(n as u64)),
            };
            let request = Request::Post(Post {
                kind: Some(Kind::Group),
                content: content.clone(),
                client_id: None,
                extras: None,
            });
            chat.do_send(Command { caller, request });
        }
        while heard.get() < (round + 1) * AT_ONCE * members {
            yield_now().await;
        }
    }
}

/// A database in a folder that goes with the guard.
pub async fn store() -> (Store, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}/chat.db", folder.path().display());
    let store = Store::open(&Database { url: url.into(), synchronous: Synchronous::Off }).await.expect("a database");
    (store, folder)
}

fn online(user: UserId, presence: &Presence, heard: &Rc<Cell<usize>>) -> Port {
    let session = Ear(heard.clone()).start().recipient();
    let port = Port::new(user.to_string(), session, Arc::new(Budget::new(usize::MAX)));
    presence.join(user, LoginId::new(), port.clone(), None).expect("a place");
    port
}

/// Stands in for a session: counts what it is given.
struct Ear(Rc<Cell<usize>>);

impl Actor for Ear {
    type Context = Context<Self>;
}

impl Handler<Mail> for Ear {
    type Result = ();

    fn handle(&mut self, mail: Mail, _: &mut Self::Context) {
        self.0.set(self.0.get() + mail.fetch().len());
    }
}

/// Stands in for the writer: stores nothing, and says at once that it did.
struct Memory {
    newest: i64,
}

impl Actor for Memory {
    type Context = Context<Self>;
}

impl Handler<Record> for Memory {
    type Result = ();

    fn handle(&mut self, record: Record, _: &mut Self::Context) {
        let places = record.facts.iter().map(|_| {
            self.newest += 1;
            Ok(Outcome::Stored { seq: Seq(self.newest) })
        });
        record.chat.do_send(Committed(places.collect(), None));
    }
}
