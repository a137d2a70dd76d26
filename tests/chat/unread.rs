//! Read pointers and unread counts against a model: ten thousand random histories, written in random batches.
use std::collections::HashMap;

use greenroom::{
    domain::{ChatId, Description, Fact, MessageId, Name, Posted, Seq, Shown, Timestamp, UserId},
    store::{NewChat, Store},
};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    scratch::cases,
    support::{soon, store, text},
};

const CASES: u32 = 100;
const CHATS: usize = 100;
const MEMBERS: usize = 3;

/// Something that a member of a chat does.
#[derive(Debug, Clone)]
enum Deed {
    Post,
    /// Reads up to so many messages before the newest.
    Read(i64),
}

#[derive(Debug, Clone)]
struct Step {
    chat: usize,
    member: usize,
    deed: Deed,
    /// Whether a batch ends here.
    commit: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let deed = prop_oneof![3 => Just(Deed::Post), 2 => (0..4i64).prop_map(Deed::Read)];
    (0..CHATS, 0..MEMBERS, deed, prop::bool::weighted(0.01)).prop_map(|(chat, member, deed, commit)| Step {
        chat,
        member,
        deed,
        commit,
    })
}

/// What a chat's history comes to.
#[derive(Default)]
struct Model {
    senders: Vec<usize>,
    read: HashMap<usize, i64>,
}

impl Model {
    fn newest(&self) -> i64 {
        self.senders.len() as i64
    }

    fn read(&mut self, member: usize, seq: i64) {
        let pointer = self.read.entry(member).or_default();
        *pointer = seq.max(*pointer);
    }

    fn unread(&self, member: usize) -> i64 {
        let after = self.read.get(&member).copied().unwrap_or_default();
        self.senders.iter().skip(after as usize).filter(|sender| **sender != member).count() as i64
    }
}

async fn check(steps: Vec<Step>) {
    let (store, _scratch) = store().await;
    let users: Vec<UserId> = (0..MEMBERS).map(|_| UserId::new()).collect();
    let name = Name::new("Band").unwrap();
    let description = Description::new("").unwrap();
    let chats = vec![NewChat::Group { name, description, members: users.clone() }; CHATS];
    let chats = store.create_chats(&chats).await.unwrap();
    let mut models: Vec<Model> = (0..CHATS).map(|_| Model::default()).collect();
    let mut batch = vec![];
    for Step { chat, member, deed, commit } in steps {
        let model = &mut models[chat];
        let chat = chats[chat];
        let user = users[member];
        batch.push(match deed {
            Deed::Post => {
                model.senders.push(member);
                posted(chat, user)
            }
            Deed::Read(back) => {
                let seq = (model.newest() - back).max(0);
                model.read(member, seq);
                Fact::Read { chat, user, seq: Seq(seq), shown: Shown::Moved }
            }
        });
        if commit {
            store.commit(&std::mem::take(&mut batch), soon()).await.unwrap();
        }
    }
    store.commit(&batch, soon()).await.unwrap();
    for (member, user) in users.iter().enumerate() {
        compare(&store, *user, member, &chats, &models).await;
    }
}

async fn compare(store: &Store, user: UserId, member: usize, chats: &[ChatId], models: &[Model]) {
    let listed = store.lists(user).await.unwrap().groups;
    assert_eq!(listed.len(), chats.len());
    for row in listed {
        let model = &models[chats.iter().position(|chat| *chat == row.chat).unwrap()];
        assert_eq!(row.last_seq.0, model.newest());
        assert_eq!(row.read_seq.0, model.read.get(&member).copied().unwrap_or_default());
        assert_eq!(row.unread, model.unread(member));
    }
}

fn posted(chat: ChatId, sender: UserId) -> Fact {
    let id = MessageId::new();
    let sent_at = Timestamp::now();
    Fact::Posted(Posted { chat, id, sender, content: text("x"), client_id: None, sent_at, extras: None })
}

#[test]
fn pointers_and_counts_come_to_what_the_history_says() {
    let config = ProptestConfig { cases: cases(CASES), failure_persistence: None, ..ProptestConfig::default() };
    let steps = prop::collection::vec(step(), 0..2000);
    let checked = TestRunner::new(config).run(&steps, |steps| {
        actix::System::new().block_on(check(steps));
        Ok(())
    });
    checked.unwrap();
}
