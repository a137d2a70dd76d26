//! Rights end with the change that ends them: whatever somebody sends meanwhile, nothing of it is stored behind that change,
//! and nothing reaches one who is out.
use std::{collections::HashMap, time::Duration};

use greenroom::{
    chat::{Command, Post, Request},
    domain::{ChatId, Deed, Emoji, GroupEdit, Kind, MessageDeed, Role, Seq, UserId},
    events::ChangeMessage,
};
use serde_json::Value;

use crate::{
    scratch::cases,
    server::{Dice, Server, answered},
    support::{Socket, text},
};

const OPS: u64 = 12;

/// What ends somebody's rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Mute,
    Ban,
    Kick,
    Demotion,
    Settings,
    Block,
}

const ENDS: [End; 6] = [End::Mute, End::Ban, End::Kick, End::Demotion, End::Settings, End::Block];

impl End {
    /// What whoever it hits is told from then on, for a post and for other changes.
    fn codes(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Mute => (&["muted"], &["muted"]),
            Self::Block => (&["blocked"], &["blocked"]),
            Self::Ban | Self::Kick => (&["not_found"], &["not_found"]),
            Self::Demotion => (&["forbidden"], &[]),
            Self::Settings => (&["forbidden"], &[]),
        }
    }

    fn removes(self) -> bool {
        matches!(self, Self::Ban | Self::Kick)
    }
}

fn edit(change: impl FnOnce(&mut GroupEdit)) -> Deed {
    let mut edit = GroupEdit::default();
    change(&mut edit);
    Deed::Edit(Box::new(edit))
}

impl Server {
    async fn must(&self, chat: ChatId, socket: &mut Socket, request: Request) {
        self.registry.route(chat, Command { caller: socket.asks(999), request });
        let answer = answered(socket).await;
        assert_eq!(answer["Ok"], true, "{answer}");
    }

    /// Ann ends Bob's rights while Bob goes on as if there was nothing; Cat looks on. Two messages are there: Bob's, and Ann's.
    async fn ends_rights(&self, seed: u64, end: End, [ann, bob, cat]: [UserId; 3]) {
        let mut dice = Dice(seed);
        let is_pair = end == End::Block;
        let chat = if is_pair {
            self.store.create_personal_chat(ann, bob).await.unwrap().unwrap().chat
        } else {
            self.group(seed, &[ann, bob, cat]).await.unwrap()
        };
        let [mut anns, mut bobs, second] = [ann, bob, bob].map(Socket::open);
        let others = [&anns, &bobs, &second];
        others.iter().for_each(|socket| socket.join(&self.presence));
        let kind = if is_pair { Kind::Personal } else { Kind::Group };
        let post =
            |content| Request::Post(Post { kind: Some(kind), content: text(content), client_id: None, extras: None });
        self.must(chat, &mut bobs, post("Bob's")).await;
        self.must(chat, &mut anns, post("Ann's")).await;
        let newest = self.store.chat(chat).await.unwrap().unwrap().newest;
        let own = Seq(newest.0 - 1);
        let other = newest;
        if !is_pair {
            let role = Request::Group(Deed::SetRole(Some(bob), Role::Moderator));
            if end == End::Demotion {
                self.must(chat, &mut anns, Request::Group(edit(|edit| edit.who_posts = Some(Role::Moderator)))).await;
                self.must(chat, &mut anns, role).await;
            }
            self.must(chat, &mut anns, Request::Group(edit(|edit| edit.who_pins = Some(Role::Member)))).await;
        }
        let ending = Request::Group(match end {
            End::Mute => Deed::Mute(Some(bob), Duration::from_secs(60)),
            End::Ban => Deed::Ban(Some(bob)),
            End::Kick => Deed::Kick(Some(bob)),
            End::Demotion => Deed::SetRole(Some(bob), Role::Member),
            End::Settings => edit(|edit| edit.who_posts = Some(Role::Moderator)),
            End::Block => Deed::Block(true),
        });

        let at = dice.throw(OPS);
        let mut ending = Some(ending);
        let mut is_post = HashMap::new();
        for op in 0..OPS {
            if op == at {
                let request = ending.take().expect("it ends once");
                self.registry.route(chat, Command { caller: anns.asks(1), request });
            }
            let what = dice.throw(5);
            is_post.insert(op, what < 2);
            let on = dice.throw(2) == 0;
            let request = match what {
                0 | 1 => post("more"),
                2 => about(chat, own, edited(seed, op)),
                3 => about(chat, other, MessageDeed::React(Emoji::stored("👍"), on)),
                _ => about(chat, own, MessageDeed::Pin(on)),
            };
            self.registry.route(chat, Command { caller: bobs.asks(op), request });
            for _ in 0..dice.throw(4) * 8 {
                tokio::task::yield_now().await;
            }
        }
        let ended = answered(&mut anns).await;
        assert_eq!(ended["Ok"], true, "seed {seed}: {end:?}: {ended}");
        let (posts, changes) = end.codes();
        for (op, answer) in answers(&mut bobs).await {
            let codes = if is_post[&op] { posts } else { changes };
            let is_behind = op >= at && !codes.is_empty();
            let code = answer["Code"].as_str().unwrap_or("ok");
            // What was so already by something pending is asked again, and may come behind it by that.
            assert!(!is_behind || codes.contains(&code), "seed {seed}: {end:?} at {at}, {op}: {answer}");
        }
        if !is_pair {
            self.must(chat, &mut anns, post("after")).await;
        }
        self.registry.settled().await;
        self.nothing_is_stored_behind(seed, chat, bob, end).await;
        if end.removes() {
            hears_nothing_once_out(seed, second).await;
        }
    }

    /// In the numbers of the chat's one order.
    async fn nothing_is_stored_behind(&self, seed: u64, chat: ChatId, bob: UserId, end: End) {
        let Some(change) = self.store.activity(chat, Seq(1), None, 1).await.unwrap().into_iter().next() else {
            assert_eq!(end, End::Block, "a block takes no number");
            return;
        };
        let newest = self.store.chat(chat).await.unwrap().unwrap().newest;
        for seq in 1..=newest.0 {
            let message = self.store.message(chat, Seq(seq)).await.unwrap().unwrap();
            let is_behind = message.sender == bob && message.seq > change.after;
            assert!(!is_behind, "seed {seed}: {end:?}: {message:?} after {change:?}");
            let changes_too = !matches!(end, End::Demotion | End::Settings);
            assert!(!changes_too || message.rev <= change.rev, "seed {seed}: {end:?}: {message:?} after {change:?}");
        }
    }
}

fn about(chat: ChatId, seq: Seq, deed: MessageDeed) -> Request {
    Request::Change(Box::new(ChangeMessage { chat, seq, deed }))
}

fn edited(seed: u64, op: u64) -> MessageDeed {
    MessageDeed::Edit { content: text(&format!("Bob's {seed} {op}")), mentions: Vec::new(), if_edits: None }
}

/// One for each request, whatever else is heard.
async fn answers(socket: &mut Socket) -> HashMap<u64, Value> {
    let mut all = HashMap::new();
    while (all.len() as u64) < OPS {
        let (kind, heard) = socket.hears().await;
        if let Some(ack) = kind.strip_prefix("43") {
            all.insert(ack.parse().unwrap(), heard[0].clone());
        }
    }
    all
}

async fn hears_nothing_once_out(seed: u64, mut socket: Socket) {
    let mut is_out = false;
    while !socket.hears_nothing() {
        let (_, heard) = socket.hears().await;
        assert!(!is_out, "seed {seed}: {heard}");
        is_out = heard[0] == "kicked-out";
    }
    assert!(is_out, "seed {seed}");
}

#[actix::test]
async fn nothing_by_somebody_is_stored_behind_what_ends_the_right_to_it() {
    let server = Server::new().await;
    for seed in 0..u64::from(cases(140)) {
        let people = server.people(seed).await;
        for (n, end) in ENDS.into_iter().enumerate() {
            server.ends_rights(seed * 6 + n as u64, end, [people[0], people[1], people[2]]).await;
        }
    }
}
