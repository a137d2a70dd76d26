//! Messages that pending decisions are about: as they are decided, and as they were told. Pure. A message is here as long as
//! something is pending that rests on it; all others are only in the database.
use std::collections::{BTreeMap, HashMap};

use crate::{
    domain::{
        Effect, IdHasher, Marks, MessageBooks, MessageChange, Name, Own, Quoted, Reacted, Refusal, Rev, Seq,
        StoredMessage, UserId,
    },
    store::Opened,
};

/// One state of a message.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub message: StoredMessage,
    /// All reactions to it, in their order.
    pub reactions: Vec<Reacted>,
    /// What those see on it who asked for something.
    marks: HashMap<UserId, Marks, IdHasher>,
}

impl Version {
    fn apply(&mut self, change: &MessageChange) {
        let MessageChange { effect, by, at, .. } = change;
        self.message.apply(effect, *by, *at, &mut self.reactions);
        match effect {
            Effect::Deleted => self.marks.values_mut().for_each(Marks::erase),
            _ => self.marks.entry(*by).or_default().apply(effect, *at),
        }
    }

    /// What somebody sees on it.
    pub(super) fn marks(&self, user: UserId) -> Marks {
        self.marks.get(&user).cloned().unwrap_or_default()
    }
}

/// An open message.
pub(super) struct Open {
    decided: Version,
    pub told: Version,
    /// The message that it answers.
    pub quoted: Option<Quoted>,
    /// How many pending decisions rest on it.
    uses: usize,
    /// A change failed: `decided` holds something that never came true.
    is_broken: bool,
}

/// The open messages of a chat.
#[derive(Default)]
pub(super) struct OpenMessages {
    open: BTreeMap<Seq, Open>,
    /// How many messages of the chat are pinned, if that is known, as decided.
    pinned: Option<usize>,
}

impl OpenMessages {
    /// Whether all is known that a deed of `user` on a message rests on.
    pub(super) fn knows(&self, seq: Seq, user: UserId, counts_pins: bool) -> bool {
        let has_marks = self.open.get(&seq).is_some_and(|open| open.decided.marks.contains_key(&user));
        has_marks && (!counts_pins || self.pinned.is_some())
    }

    /// Whether a message is here, for somebody who only reads it.
    pub(super) fn has(&self, seq: Seq) -> bool {
        self.open.contains_key(&seq)
    }

    /// A message as the database has it. What is known already, and may be ahead of the database, stays.
    pub(super) fn open(&mut self, message: StoredMessage, reactions: Vec<Reacted>, quoted: Option<Quoted>) {
        let seq = message.seq;
        self.open.entry(seq).or_insert_with(|| {
            let told = Version { message, reactions, marks: HashMap::default() };
            Open { decided: told.clone(), told, quoted, uses: 0, is_broken: false }
        });
    }

    /// What somebody sees on an open message.
    pub(super) fn mark(&mut self, seq: Seq, user: UserId, marks: Marks) {
        if let Some(open) = self.open.get_mut(&seq) {
            open.decided.marks.entry(user).or_insert_with(|| marks.clone());
            open.told.marks.entry(user).or_insert(marks);
        }
    }

    /// How many messages of the chat are pinned.
    pub(super) fn count_pinned(&mut self, pinned: usize) {
        self.pinned.get_or_insert(pinned);
    }

    /// What a deed of `user` is judged by.
    ///
    /// # Errors
    /// While a failed change is still in it.
    pub(super) fn books<'a>(&'a self, seq: Seq, marks: &'a Marks) -> Result<Option<MessageBooks<'a>>, Refusal> {
        let Some(open) = self.open.get(&seq) else { return Ok(None) };
        if open.is_broken {
            return Err(Refusal::unavailable());
        }
        let Version { message, reactions, .. } = &open.decided;
        Ok(Some(MessageBooks { message, reactions, marks, pinned: self.pinned.unwrap_or_default() }))
    }

    /// Somebody is called otherwise.
    pub(super) fn rename(&mut self, user: UserId, name: &Name) {
        for open in self.open.values_mut() {
            for version in [&mut open.decided, &mut open.told] {
                if version.message.sender == user {
                    name.as_str().clone_into(&mut version.message.sender_name);
                }
            }
            if let Some(quoted) = open.quoted.as_mut().filter(|quoted| quoted.sender == user) {
                name.as_str().clone_into(&mut quoted.sender_name);
            }
        }
    }

    /// What somebody sees on a message, as decided.
    pub(super) fn marks(&self, seq: Seq, user: UserId) -> Marks {
        self.open.get(&seq).map(|open| open.decided.marks(user)).unwrap_or_default()
    }

    /// Whether something is pending that rests on a message.
    pub(super) fn is_used(&self, seq: Seq) -> bool {
        self.open.get(&seq).is_some_and(|open| open.uses > 0)
    }

    /// A decision rests on a message.
    pub(super) fn hold(&mut self, seq: Seq) {
        if let Some(open) = self.open.get_mut(&seq) {
            open.uses += 1;
        }
    }

    /// A change is decided. What the message and the marks are then is what is to be stored.
    pub(super) fn decide(&mut self, change: &mut MessageChange) {
        let Some(open) = self.open.get_mut(&change.seq) else { return };
        let was_pinned = open.decided.message.pinned_at.is_some();
        if change.effect == Effect::Deleted {
            change.freed = open.decided.message.attachments.iter().map(|file| file.id).collect();
        }
        open.decided.apply(change);
        open.uses += 1;
        change.reactions.clone_from(&open.decided.message.reactions);
        change.marks = open.decided.marks(change.by);
        match (&change.effect, &mut self.pinned) {
            (Effect::Pinned, Some(pinned)) => *pinned += 1,
            (Effect::Unpinned, Some(pinned)) => *pinned = pinned.saturating_sub(1),
            (Effect::Deleted, Some(pinned)) if was_pinned => *pinned = pinned.saturating_sub(1),
            _ => {}
        }
    }

    /// A change came true. Messages that answer this one show it as it is now.
    pub(super) fn settle(&mut self, change: &MessageChange, rev: Rev, own: Own) {
        let Some(open) = self.open.get_mut(&change.seq) else { return };
        open.told.apply(change);
        if change.effect.is_shared() {
            open.told.message.rev = rev;
        }
        if change.effect.is_own()
            && let Some(marks) = open.told.marks.get_mut(&change.by)
        {
            marks.own = own;
        }
        let quoted = open.told.message.quoted();
        let answers = self.open.values_mut().filter(|open| open.told.message.reply_to == Some(change.seq));
        answers.for_each(|open| open.quoted = Some(quoted.clone()));
    }

    /// A message as it is now; `pending` changes of it come on top.
    pub(super) fn redraw(&mut self, by: UserId, effect: &Effect, opened: Opened, pending: &[MessageChange]) {
        let Opened { message, reactions, marks, quoted } = opened;
        let seq = message.seq;
        let before = self.open.remove(&seq);
        let (uses, mut all_marks) = before.map_or_else(Default::default, |open| (open.uses, open.told.marks));
        if *effect == Effect::Deleted {
            all_marks.values_mut().for_each(Marks::erase);
        }
        all_marks.insert(by, marks);
        let told = Version { message, reactions, marks: all_marks };
        let mut decided = told.clone();
        pending.iter().for_each(|change| decided.apply(change));
        if matches!(effect, Effect::Pinned | Effect::Unpinned | Effect::Deleted) {
            self.pinned = None;
        }
        let now = told.message.quoted();
        self.open.insert(seq, Open { decided, told, quoted, uses, is_broken: false });
        let answers = self.open.values_mut().filter(|open| open.told.message.reply_to == Some(seq));
        answers.for_each(|open| open.quoted = Some(now.clone()));
    }

    /// A change did not come true: nothing more is decided on it until all that rests on it is known.
    pub(super) fn break_off(&mut self, seq: Seq) {
        self.pinned = None;
        if let Some(open) = self.open.get_mut(&seq) {
            open.is_broken = true;
        }
    }

    /// A decision that rested on a message is settled.
    pub(super) fn release(&mut self, seq: Seq) {
        if let Some(open) = self.open.get_mut(&seq) {
            open.uses = open.uses.saturating_sub(1);
        }
        self.close(seq);
    }

    /// Nothing is kept of a message that no decision rests on.
    pub(super) fn close(&mut self, seq: Seq) {
        if !self.is_used(seq) {
            self.open.remove(&seq);
        }
        if self.open.is_empty() {
            self.pinned = None;
        }
    }

    /// A message as it was told.
    pub(super) fn get(&self, seq: Seq) -> Option<&Open> {
        self.open.get(&seq)
    }
}
