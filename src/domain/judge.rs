//! Every rule of a chat as one pure function: from what is known of the chat and what somebody wants to what comes of it.
use std::time::Duration;

use super::{
    Change, Code, Deed, Effect, Emoji, Kind, Marks, Mention, MessageDeed, Preferences, Reacted, Refusal, Role, Roster,
    Rules, Seq, StoredMessage, Timestamp, UserId,
};

/// What is known of a chat.
#[derive(Debug, Clone, Copy)]
pub struct Books<'a> {
    /// Who is in, and as what.
    pub roster: &'a Roster,
    /// What the operator allows.
    pub rules: &'a Rules,
    /// The newest message.
    pub newest: Seq,
    /// The message that the deed is about, if there is one at that place.
    pub message: Option<MessageBooks<'a>>,
}

/// What is known of a message.
#[derive(Debug, Clone, Copy)]
pub struct MessageBooks<'a> {
    /// The message.
    pub message: &'a StoredMessage,
    /// All reactions to it, in their order.
    pub reactions: &'a [Reacted],
    /// What the one who asks sees on it besides.
    pub marks: &'a Marks,
    /// How many messages of the chat are pinned.
    pub pinned: usize,
}

/// What comes of a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// It is so already.
    Already,
    /// It can be said, and mentions these; those who cannot be mentioned stand apart.
    Said {
        /// Who is mentioned.
        mentions: Vec<Mention>,
        /// Who is not.
        not_mentioned: Vec<Mention>,
    },
    /// The group changes.
    Group(Change),
    /// What the member alone decides of the chat is this.
    Preferences(Preferences),
    /// The message changes, or what its member sees of it.
    Message {
        /// What changes.
        effect: Effect,
        /// Who was to be mentioned and cannot be.
        not_mentioned: Vec<Mention>,
    },
}

/// What comes of a deed of `by`.
///
/// # Errors
/// Why nothing does: first what concerns the caller, then what the deed is about, then its state, then counts.
pub fn judge(books: &Books<'_>, by: UserId, deed: &Deed, now: Timestamp) -> Result<Ruling, Refusal> {
    let Books { roster, rules, .. } = *books;
    if let Deed::Join { name, invite } = deed {
        let joined = roster.join(by, name, *invite, rules)?;
        return Ok(joined.map_or(Ruling::Already, Ruling::Group));
    }
    roster.member(by)?;
    let change = match deed {
        Deed::Say { reply_to, mentions, lacks_files } => {
            roster.may_say(by, now)?;
            if *lacks_files {
                // Whatever it answers: what is not there comes before the state of what is.
                reply_to.map_or(Ok(()), |seq| books.sees(by, seq))?;
                return Err(Refusal::no_such_file());
            }
            return say(books, by, *reply_to, mentions);
        }
        Deed::Block(on) => {
            let change = roster.block(by, *on, rules.blocks)?;
            return Ok(change.map_or(Ruling::Already, Ruling::Group));
        }
        Deed::Own(deed) => {
            let preferences = roster.prefer(by, deed, books.newest, now)?;
            return Ok(preferences.map_or(Ruling::Already, Ruling::Preferences));
        }
        Deed::Copy(seq) => return say(books, by, Some(*seq), &[]),
        Deed::Message(seq, deed) => return books.change(by, *seq, deed, now),
        _ if roster.kind != Kind::Group => Err(Refusal::no_such_chat()),
        Deed::Add(member) => roster.add(by, member.clone(), rules).map(Some),
        Deed::Kick(member) => roster.kick(by, *member).map(Some),
        Deed::Ban(person) => roster.ban(by, *person, rules),
        Deed::Unban(person) => roster.unban(by, *person),
        Deed::SetRole(member, role) => roster.set_role(by, *member, *role),
        Deed::Mute(member, span) => roster.mute(by, *member, *span, now),
        Deed::Edit(edit) => roster.edit(by, edit),
        Deed::Invite(new, link) => roster.invite(by, new, link, rules, now).map(Some),
        Deed::RevokeInvite(invite) => roster.revoke(by, *invite).map(Some),
        // It is judged above: whoever comes in is no member yet.
        Deed::Join { .. } => Ok(None),
        Deed::ChangeAdmin(member) => roster.change_admin(by, *member).map(Some),
        Deed::Leave => roster.leave(by).map(Some),
        Deed::DeleteGroup => roster.delete(by).map(Some),
    };
    Ok(change?.map_or(Ruling::Already, Ruling::Group))
}

fn say(books: &Books<'_>, by: UserId, reply_to: Option<Seq>, mentions: &[Mention]) -> Result<Ruling, Refusal> {
    if let Some(seq) = reply_to {
        let original = books.visible(by, seq)?;
        if original.message.deleted.is_some() {
            return Err(deleted());
        }
    }
    let (mentions, not_mentioned) = sorted(books.roster, by, mentions);
    Ok(Ruling::Said { mentions, not_mentioned })
}

/// Those who can be mentioned, each once and in order, and those who cannot. Nobody mentions oneself.
fn sorted(roster: &Roster, by: UserId, wanted: &[Mention]) -> (Vec<Mention>, Vec<Mention>) {
    let mut once = Vec::with_capacity(wanted.len());
    for mention in wanted {
        if *mention != Mention::User(by) && !once.contains(mention) {
            once.push(mention.clone());
        }
    }
    once.into_iter().partition(|mention| match mention {
        Mention::User(user) => roster.has(*user),
        Mention::Nobody(_) => false,
        Mention::All => roster.kind == Kind::Group && roster.role(by) >= roster.settings.who_mentions_all,
    })
}

impl<'a> Books<'a> {
    /// Whether somebody sees what stands at a place, if anything does.
    ///
    /// # Errors
    /// [`Code::NotFound`] for what is not there, or not for this member.
    pub fn sees(&self, by: UserId, seq: Seq) -> Result<(), Refusal> {
        let first = self.roster.member(by)?.first(self.rules);
        if (first..=self.newest).contains(&seq) { Ok(()) } else { Err(Refusal::no_such_message()) }
    }

    fn visible(&self, by: UserId, seq: Seq) -> Result<MessageBooks<'a>, Refusal> {
        self.sees(by, seq)?;
        self.message.filter(|books| books.message.seq == seq).ok_or_else(Refusal::no_such_message)
    }

    fn change(&self, by: UserId, seq: Seq, deed: &MessageDeed, now: Timestamp) -> Result<Ruling, Refusal> {
        let roster = self.roster;
        if matches!(deed, MessageDeed::Pin(_)) && !roster.allows(by, roster.settings.who_pins) {
            return Err(Refusal::forbidden("Not everybody may pin messages here"));
        }
        if matches!(deed, MessageDeed::Edit { .. } | MessageDeed::React(..) | MessageDeed::Pin(_)) {
            roster.may_act(by, now)?;
        }
        let books = self.visible(by, seq)?;
        let message = books.message;
        let is_tombstone = message.deleted.is_some();
        let mut not_mentioned = Vec::new();
        let effect = match deed {
            MessageDeed::Edit { content, mentions, if_edits } => {
                let (mentions, dropped) = sorted(self.roster, by, mentions);
                not_mentioned = dropped;
                self.edit(message, by, content.as_str(), mentions, *if_edits, now)?
            }
            MessageDeed::Delete => self.delete(message, by, now)?,
            MessageDeed::Hide => (!books.marks.hidden).then_some(Effect::Hidden),
            MessageDeed::Star(true) | MessageDeed::Pin(true) | MessageDeed::React(_, true) if is_tombstone => {
                return Err(deleted());
            }
            MessageDeed::Star(on) => {
                let effect = if *on { Effect::Starred } else { Effect::Unstarred };
                (books.marks.starred_at.is_some() != *on).then_some(effect)
            }
            MessageDeed::Pin(true) if message.pinned_at.is_none() && books.pinned >= self.rules.pins => {
                return Err(Refusal::new(Code::TooLarge, format!("At most {} messages are pinned", self.rules.pins)));
            }
            MessageDeed::Pin(on) => {
                let effect = if *on { Effect::Pinned } else { Effect::Unpinned };
                (message.pinned_at.is_some() != *on).then_some(effect)
            }
            MessageDeed::React(emoji, on) => books.react(emoji, *on, self.rules)?,
        };
        Ok(effect.map_or(Ruling::Already, |effect| Ruling::Message { effect, not_mentioned }))
    }

    fn edit(
        &self,
        message: &StoredMessage,
        by: UserId,
        content: &str,
        mentions: Vec<Mention>,
        if_edits: Option<u32>,
        now: Timestamp,
    ) -> Result<Option<Effect>, Refusal> {
        if message.sender != by {
            return Err(Refusal::forbidden("Only its sender can edit a message"));
        }
        if message.forwarded {
            return Err(Refusal::forbidden("What was forwarded cannot be edited"));
        }
        if content.is_empty() && message.attachments.is_empty() {
            return Err(Refusal::bad_request("Content must not be empty"));
        }
        if message.deleted.is_some() {
            return Err(deleted());
        }
        if message.content == content && message.mentions == mentions {
            return Ok(None);
        }
        if if_edits.is_some_and(|edits| edits != message.edits()) {
            return Err(Refusal::new(Code::Conflict, "It was edited meanwhile"));
        }
        self.in_time(message, self.rules.edit_window, now)?;
        Ok(Some(Effect::Edited { content: content.to_owned(), mentions, edits: message.edits() + 1 }))
    }

    fn delete(&self, message: &StoredMessage, by: UserId, now: Timestamp) -> Result<Option<Effect>, Refusal> {
        let keeps_order = self.roster.role(by) >= Role::Moderator;
        if message.sender != by && !keeps_order {
            return Err(Refusal::forbidden("Only its sender can delete a message"));
        }
        if message.deleted.is_some() {
            return Ok(None);
        }
        if !keeps_order {
            self.in_time(message, self.rules.delete_window, now)?;
        }
        Ok(Some(Effect::Deleted))
    }

    /// Notes to oneself can be changed at any time.
    fn in_time(&self, message: &StoredMessage, window: Duration, now: Timestamp) -> Result<(), Refusal> {
        let is_late = now.since(message.sent_at) >= window;
        if is_late && self.roster.kind != Kind::SelfNotes {
            return Err(Refusal::new(Code::Expired, "It is too late to change this message"));
        }
        Ok(())
    }
}

impl MessageBooks<'_> {
    fn react(&self, emoji: &Emoji, on: bool, rules: &Rules) -> Result<Option<Effect>, Refusal> {
        let own = &self.marks.reactions;
        let known = self.message.reactions.iter().find(|reaction| reaction.emoji.is_same(emoji));
        let emoji = known.map_or(emoji, |known| &known.emoji);
        if own.iter().any(|own| own.is_same(emoji)) == on {
            return Ok(None);
        }
        if !on {
            return Ok(Some(Effect::Unreacted(emoji.clone())));
        }
        let is_full = known.is_none() && self.message.reactions.len() >= rules.reactions;
        if is_full || own.len() >= rules.reactions_per_user {
            return Err(Refusal::new(Code::TooLarge, "There are too many emojis on this message"));
        }
        Ok(Some(Effect::Reacted(emoji.clone())))
    }
}

fn deleted() -> Refusal {
    Refusal::new(Code::Conflict, "The message was deleted")
}
