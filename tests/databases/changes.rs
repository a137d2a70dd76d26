//! Changes of messages: their numbers, what is left of a deleted message, and what was in a database before there were any.
use std::collections::HashMap;

use greenroom::{
    domain::{
        Change, ChatId, Effect, Emoji, Fact, Marks, Mention, MessageChange, Name, Own, Rev, Seq, Timestamp, UserId,
    },
    store::{Attempt, Outcome, Portion, Position, Span, Store, Viewer},
};
use migration::{Migrator, MigratorTrait};

use crate::{
    scratch::Scratch,
    support::{Dice, changed, group, history, people, said, soon, steps_from},
};

const STEPS: usize = 300;

/// A chat as its writer decides about it.
struct Books {
    store: Store,
    chat: ChatId,
    messages: HashMap<i64, greenroom::domain::StoredMessage>,
    reactions: HashMap<i64, Vec<greenroom::domain::Reacted>>,
    marks: HashMap<(i64, UserId), Marks>,
    rev: Rev,
    owns: HashMap<UserId, Own>,
}

impl Books {
    /// What the change is to leave behind, which the store is told as a whole.
    async fn change(&mut self, seq: i64, by: UserId, effect: Effect) {
        let at = Timestamp::now();
        let message = self.messages.get_mut(&seq).unwrap();
        message.apply(&effect, by, at, self.reactions.entry(seq).or_default());
        let marks = self.marks.entry((seq, by)).or_default();
        marks.apply(&effect, at);
        let marks = marks.clone();
        if effect == Effect::Deleted {
            self.marks.iter_mut().filter(|((at, _), _)| *at == seq).for_each(|(_, marks)| marks.erase());
        }
        if effect.is_shared() {
            self.rev = self.rev.next();
            message.rev = self.rev;
        }
        let mut own = Own(0);
        if effect.is_own() {
            let count = self.owns.entry(by).or_default();
            *count = count.next();
            own = *count;
            self.marks.get_mut(&(seq, by)).unwrap().own = own;
        }
        let reactions = message.reactions.clone();
        let freed = Vec::new();
        let change = MessageChange {
            chat: self.chat,
            seq: Seq(seq),
            by,
            at,
            effect,
            reactions,
            marks,
            stars: 1_000,
            freed,
            if_edits: None,
        };
        let outcome = self.store.commit(&[Fact::Message(Box::new(change))], soon()).await.unwrap()[0];
        let Outcome::Changed { rev, own: numbered, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!((rev, numbered), (self.rev, own));
    }

    /// Something that somebody can do with a message.
    fn effect(&self, dice: &mut Dice, seq: i64, by: UserId) -> Option<Effect> {
        let message = &self.messages[&seq];
        let marks = self.marks.get(&(seq, by)).cloned().unwrap_or_default();
        let emoji = Emoji::stored(["👍", "❤\u{fe0f}", "🎉"][dice.throw(3)]);
        let is_new = !marks.reactions.contains(&emoji);
        let kind = dice.throw(8);
        if kind == 7 {
            return (!marks.hidden).then_some(Effect::Hidden);
        }
        if message.deleted.is_some() {
            return None;
        }
        Some(match kind {
            0 => Effect::Edited {
                content: format!("edited {}", dice.throw(100)),
                mentions: vec![Mention::User(by), Mention::All],
                edits: message.edits() + 1,
            },
            1 if dice.throw(4) == 0 => Effect::Deleted,
            1..=4 if is_new => Effect::Reacted(emoji),
            1..=4 => Effect::Unreacted(emoji),
            5 if message.pinned_at.is_none() => Effect::Pinned,
            5 => Effect::Unpinned,
            _ if marks.starred_at.is_none() => Effect::Starred,
            _ => Effect::Unstarred,
        })
    }

    async fn compare(&self, users: &[UserId]) {
        for message in history(&self.store, self.chat).await {
            assert_eq!(message, self.messages[&message.seq.0]);
            for user in users {
                let opened = self.store.opened(self.chat, message.seq, *user).await.unwrap().unwrap();
                assert_eq!(opened.marks, self.marks.get(&(message.seq.0, *user)).cloned().unwrap_or_default());
                assert_eq!(opened.reactions, self.reactions.get(&message.seq.0).cloned().unwrap_or_default());
            }
        }
    }

    /// What a client gets that has all messages and has heard of changes up to a point, however little comes at once.
    async fn catch_up(&self, user: UserId, from: (Rev, Own), limit: u64) {
        let mut position = Position { seq: Seq(self.messages.len() as i64), changes: Some(from) };
        let mut changed = HashMap::new();
        let mut mine = HashMap::new();
        loop {
            let seen = HashMap::from([(self.chat, position)]);
            let missed = self.store.missed(user, &seen, Portion { limit, bytes: 1 << 20 }).await.unwrap();
            let row = missed.into_iter().find(|row| row.chat == self.chat).unwrap();
            let changes = row.changes.unwrap();
            assert!(changes.changed.len() as u64 <= limit && changes.mine.len() as u64 <= limit);
            changed.extend(changes.changed.into_iter().map(|message| (message.seq.0, message)));
            mine.extend(changes.mine.into_iter().map(|(seq, marks)| (seq.0, marks)));
            position.changes = Some((row.rev, row.own));
            if !changes.has_more {
                break;
            }
        }
        assert_eq!(position.changes, Some((self.rev, self.owns.get(&user).copied().unwrap_or_default())));
        let expected = self.messages.iter().filter(|(_, message)| message.rev > from.0);
        assert_eq!(changed, expected.map(|(seq, message)| (*seq, message.clone())).collect());
        let expected = self.marks.iter().filter(|((_, whose), marks)| *whose == user && marks.own > from.1);
        assert_eq!(mine, expected.map(|((seq, _), marks)| (*seq, marks.clone())).collect());
    }
}

#[actix::test]
async fn whatever_is_done_the_database_says_what_was_decided() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let users = people(&store, &["Ann", "Bob", "Cat"]).await;
    let chat = group(&store, "Band", &users).await;
    let facts: Vec<Fact> = (0..12).map(|n| said(chat, users[n % 3], &format!("message {n}"), None)).collect();
    store.commit(&facts, soon()).await.unwrap();
    let messages = history(&store, chat).await.into_iter().map(|message| (message.seq.0, message)).collect();
    let mut books = Books {
        store,
        chat,
        messages,
        reactions: HashMap::new(),
        marks: HashMap::new(),
        rev: Rev(0),
        owns: HashMap::new(),
    };
    let mut dice = Dice(7);
    let mut known = (Rev(0), Own(0));
    for step in 0..STEPS {
        let seq = 1 + dice.throw(12) as i64;
        let by = users[dice.throw(3)];
        if let Some(effect) = books.effect(&mut dice, seq, by) {
            books.change(seq, by, effect).await;
        }
        if step == STEPS / 2 {
            known = (books.rev, books.owns.get(&users[0]).copied().unwrap_or_default());
        }
    }
    books.compare(&users).await;
    for limit in [1, 3, 50] {
        books.catch_up(users[0], (Rev(0), Own(0)), limit).await;
        books.catch_up(users[0], known, limit).await;
    }
    let lists = books.store.lists(users[1]).await.unwrap();
    let live = |message: &&greenroom::domain::StoredMessage| {
        let hidden = books.marks.get(&(message.seq.0, users[1])).is_some_and(|marks| marks.hidden);
        message.sender != users[1] && message.deleted.is_none() && !hidden
    };
    let unread = books.messages.values().filter(live).count() as i64;
    let mentioned = books.messages.values().filter(live).filter(|message| !message.mentions.is_empty()).count() as i64;
    assert_eq!((lists.groups[0].unread, lists.groups[0].mentioned), (unread, mentioned));
    let counted = books.store.unread(chat, users[1], Seq(0), Seq(12)).await.unwrap();
    assert_eq!((counted.messages, counted.mentioned), (unread, mentioned));
}

#[actix::test]
async fn who_comes_back_goes_on_counting() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let users = people(&store, &["Ann", "Bob"]).await;
    let chat = group(&store, "Band", &users).await;
    store.commit(&[said(chat, users[0], "hello", None)], soon()).await.unwrap();
    let star = |effect| {
        Fact::Message(Box::new(MessageChange {
            freed: Vec::new(),
            chat,
            seq: Seq(1),
            by: users[1],
            at: Timestamp::now(),
            effect,
            reactions: Vec::new(),
            marks: Marks::default(),
            stars: 1,
            if_edits: None,
        }))
    };
    let own = |outcome: &Outcome| match outcome {
        Outcome::Changed { own, .. } => own.0,
        Outcome::Entered { before, .. } => before.own.0,
        _ => panic!("{outcome:?}"),
    };
    let starred = store.commit(&[star(Effect::Starred), star(Effect::Unstarred)], soon()).await.unwrap();
    assert_eq!(starred.iter().map(own).collect::<Vec<_>>(), [1, 2]);
    let back = Change::Added { user: users[1], name: Name::new("Bob").unwrap() };
    store.commit(&[changed(chat, Change::Removed(users[1]))], soon()).await.unwrap();
    assert_eq!(store.commit(&[star(Effect::Hidden)], soon()).await.unwrap(), [Outcome::Gone], "nobody there");
    let outcome = store.commit(&[changed(chat, back)], soon()).await.unwrap();
    assert_eq!(outcome.iter().map(own).collect::<Vec<_>>(), [3]);
    let again = store.commit(&[star(Effect::Starred)], soon()).await.unwrap();
    assert_eq!(again.iter().map(own).collect::<Vec<_>>(), [4]);
    let roster = store.chat(chat).await.unwrap().unwrap().roster;
    assert_eq!((roster.rev, roster.roster_rev, roster.info_rev), (Rev(2), Rev(2), Rev(0)));
    assert_eq!(store.activity(chat, Seq(1), None, 10).await.unwrap().len(), 2);
}

#[actix::test]
async fn a_database_of_before_has_nothing_of_it_and_loses_nothing() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let users = people(&store, &["Ann", "Bob"]).await;
    let chat = group(&store, "Band", &users).await;
    let facts: Vec<Fact> = (0..50).map(|n| said(chat, users[n % 2], &format!("message {n}"), None)).collect();
    store.commit(&facts, soon()).await.unwrap();
    let before = history(&store, chat).await;

    let database = sea_orm::Database::connect(&scratch.url).await.unwrap();
    Migrator::down(&database, Some(steps_from("m0006_changes"))).await.unwrap();
    Migrator::up(&database, None).await.unwrap();
    assert_eq!(history(&store, chat).await, before);
    // The counters that this store remembers are still right.
    let outcome = store.commit(&[said(chat, users[0], "after", None)], Attempt { earlier: 0, ..soon() }).await.unwrap();
    assert_eq!(outcome, [Outcome::Stored { seq: Seq(51) }]);
    let viewer = Viewer { user: users[0], first: Seq(1), has_marks: true };
    let span = Span {
        chat,
        after: Seq(49),
        before: Seq(i64::MAX),
        oldest: true,
        limit: 1,
        bytes: 1 << 20,
        viewer: Some(viewer),
    };
    let page = store.page(span).await.unwrap();
    assert_eq!((page.messages[0].seq, page.has_more, page.annotations.marks.len()), (Seq(50), true, 0));
}
