//! The end of an account, as a chat takes it: after all that it decided before, and whatever it decided before.
use std::collections::{HashMap, HashSet};

use futures_util::future::{join_all, join4};
use greenroom::{
    chat::{Command, Reload, Request},
    client::tell_account_ended,
    domain::{
        Activity, Change, ChatId, Deed, Description, GroupInfo, GroupSettings, Kind, Name, Rev, Seq, Timestamp, UserId,
        What,
    },
    events::PageRequest,
    store::{LeftGroup, Loaded, NewMail, Outcome},
};
use sea_orm::{EntityTrait, prelude::Uuid};
use tokio::task::yield_now;

use crate::{
    scratch::cases,
    server::{Dice, Server, answered},
    support::{Socket, Stage, change, changed, newcomer, post, settle, soon, stored},
};

#[actix::test]
async fn those_who_remain_hear_who_left_after_all_that_was_decided_before() {
    let users = [(); 3].map(|()| UserId::new());
    let mut stage = Stage::group(&users).await;
    let [cat, ann, bob] = users;
    let mut anns = stage.online(ann);
    let mut bobs = stage.online(bob);
    stage.chat.do_send(post(anns.asks(1), "before"));
    let said = stage.recorded().await;

    let chat = said.fact.chat();
    let changes = [Change::AdminChanged(ann), Change::Removed(cat)];
    let facts = changes.map(|change| changed(chat, change));
    stage.store.commit(&facts, soon()).await.unwrap();
    let name = |text| Name::new(text).unwrap();
    let happened =
        |rev, what, whom| Activity { rev, after: Seq(0), at: Timestamp::now(), what, by: (cat, name("Cat")), whom };
    let parted = happened(Rev(1), What::Left, (cat, name("Cat")));
    let led = happened(Rev(2), What::AdminChanged, (ann, name("Ann")));
    let description = Description::new("").unwrap();
    let settings = GroupSettings::default();
    let info = GroupInfo { rev: Rev(2), name: name("Band"), description, avatar: None, admin: Some(ann), settings };
    let left = LeftGroup { chat, user: cat, members: vec![ann, bob], left: parted, new_admin: Some((led, info)) };
    stage.chat.send(Reload { left: Some(left) }).await.unwrap();
    assert!(bobs.hears_nothing(), "something is pending");
    settle(&said, stored(1));

    let names =
        ["receive-group-message", "user-left-grp", "change-admin-success-receiver", "chat-changed", "chat-changed"];
    for name in names {
        let (_, heard) = bobs.hears().await;
        assert_eq!(heard[0], name);
    }
    assert_eq!(answered(&mut anns).await["Ok"], true);
    stage.chat.do_send(Command { caller: anns.asks(2), request: Request::Group(Deed::ChangeAdmin(Some(bob))) });
    assert!(change(&stage.recorded().await.fact) == Some(&Change::AdminChanged(bob)));
}

#[actix::test]
async fn a_change_that_the_end_of_an_account_overtook_is_refused_and_the_books_are_read_again() {
    let users = [(); 3].map(|()| UserId::new());
    let mut stage = Stage::group(&users).await;
    let [ann, bob, cat] = users;
    let mut anns = stage.online(ann);
    stage.chat.do_send(Command { caller: anns.asks(1), request: Request::Group(Deed::ChangeAdmin(Some(cat))) });
    let change = stage.recorded().await;
    let gone = changed(change.fact.chat(), Change::Removed(cat));
    stage.store.commit(&[gone], soon()).await.unwrap();
    settle(&change, Ok(Outcome::Overtaken));
    assert_eq!(answered(&mut anns).await["Code"], "not_member");

    stage.chat.do_send(Command { caller: anns.asks(2), request: Request::Group(Deed::Kick(Some(cat))) });
    assert_eq!(answered(&mut anns).await["Code"], "not_member", "it knows that Cat is gone");
    stage.chat.do_send(Command { caller: anns.asks(3), request: Request::Group(Deed::ChangeAdmin(Some(bob))) });
    stage.recorded().await;
}

impl Server {
    async fn end(&self, user: UserId) {
        let mail = NewMail { id: Uuid::now_v7(), if_so: "so".into(), otherwise: "not so".into(), taken: false };
        let departed = self.store.delete_account(user, "a hash", &mail, Timestamp::now()).await.unwrap();
        tell_account_ended(departed.unwrap(), &self.store, &self.presence, &self.registry).await;
    }

    /// Ann leads Bob and Cat, Dan is outside. Some of them end their accounts, while others do what they may.
    async fn round(&self, seed: u64) {
        let [ann, bob, cat, dan] = self.people(seed).await;
        let group = self.group(seed, &[ann, bob, cat]).await.unwrap();
        let mut dice = Dice(seed);
        let mut sockets = [ann, bob].map(Socket::open);
        sockets.iter().for_each(|socket| socket.join(&self.presence));
        self.registry.route(
            group,
            Command { caller: sockets[0].asks(0), request: Request::Fetch { kind: Kind::Group, page: PAGE } },
        );
        assert_eq!(answered(&mut sockets[0]).await["Ok"], true);

        let waits = [(); 5].map(|()| dice.throw(60));
        let [anns, bobs] = &mut sockets;
        let admin = async {
            pause(waits[0]).await;
            let caller = anns.asks(1);
            match seed % 4 {
                0 => self
                    .registry
                    .route(group, Command { caller, request: Request::Group(Deed::ChangeAdmin(Some(cat))) }),
                1 => self
                    .registry
                    .route(group, Command { caller, request: Request::Group(Deed::ChangeAdmin(Some(bob))) }),
                2 => self.registry.route(group, Command { caller, request: Request::Group(Deed::Kick(Some(bob))) }),
                _ => {
                    let member = newcomer(dan, "Dan");
                    self.registry.route(group, Command { caller, request: Request::Group(Deed::Add(member)) });
                }
            }
            answered(anns).await;
        };
        let member = async {
            pause(waits[1]).await;
            self.registry.route(group, Command { caller: bobs.asks(1), request: Request::Group(Deed::Leave) });
            answered(bobs).await;
        };
        let goers = [[cat, dan], [ann, dan], [ann, cat]][(seed / 4 % 3) as usize];
        let endings = join_all(goers.iter().zip([waits[2], waits[3]]).map(async |(user, wait)| {
            pause(wait).await;
            self.end(*user).await;
        }));
        let creations = async {
            pause(waits[4]).await;
            self.group(seed, &[bob, cat, dan]).await;
            self.store.create_personal_chat(bob, dan).await.unwrap().ok();
        };
        join4(admin, member, endings, creations).await;
        self.registry.settled().await;
        self.shows_what_is_stored(seed, group).await;
    }

    async fn shows_what_is_stored(&self, seed: u64, group: ChatId) {
        let Some(Loaded { roster, .. }) = self.store.chat(group).await.unwrap() else { return };
        let mut socket = Socket::open(roster.admin.unwrap());
        socket.join(&self.presence);
        self.registry.route(
            group,
            Command { caller: socket.asks(0), request: Request::Fetch { kind: Kind::Group, page: PAGE } },
        );
        let (_, heard) = socket.hears().await;
        assert_eq!(heard[1]["Admin"], socket.user.to_string(), "seed {seed}");
        let shown = heard[1]["Participants"].as_object().unwrap();
        assert_eq!(shown.len(), roster.members.len(), "seed {seed}: {shown:?}");
    }

    async fn nobody_is_a_ghost(&self) {
        let database = sea_orm::Database::connect(&self.scratch.url).await.unwrap();
        let users = entity::user::Entity::find().all(&database).await.unwrap();
        let users: HashSet<_> = users.into_iter().map(|user| user.id).collect();
        let mut seats: HashMap<_, Vec<_>> = HashMap::new();
        for seat in entity::member::Entity::find().all(&database).await.unwrap() {
            seats.entry(seat.chat_id).or_default().push(seat.user_id);
        }
        for chat in entity::chat::Entity::find().all(&database).await.unwrap() {
            let seats = seats.remove(&chat.id).unwrap_or_default();
            assert!(seats.iter().any(|user| users.contains(user)), "nobody in {chat:?}");
            if chat.kind == 2 {
                assert!(seats.iter().all(|user| users.contains(user)), "a ghost in {chat:?}");
                assert!(seats.contains(&chat.admin_id.unwrap()), "{chat:?} is led by a ghost");
            }
        }
        assert!(seats.is_empty(), "seats in chats that are gone");
        database.close().await.unwrap();
    }
}

const PAGE: PageRequest = PageRequest { before: None, after: None, limit: 1 };

/// Lets the others go on for a while.
async fn pause(turns: u64) {
    for _ in 0..turns {
        yield_now().await;
    }
}

#[actix::test]
async fn however_the_ends_of_accounts_race_with_changes_nobody_without_an_account_is_in_a_group_or_leads_it() {
    let server = Server::new().await;
    for seed in 0..u64::from(cases(160)) {
        server.round(seed).await;
    }
    server.nobody_is_a_ghost().await;
}
