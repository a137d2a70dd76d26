//! How a transaction is written down for other nodes: a byte that says in which form, and the rest by postcard.
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    Batch, Cause, ChatId, ChatNews, Departure, Effect, Emoji, Fields, InviteId, LoginId, News, NodeId, Own, Part,
    Place, Rev, Role, Seq, Shown, Step, Timestamp, Turn, UserId,
};

/// This form.
const FORM: u8 = 1;

/// Why a row says nothing here.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    /// A later server wrote it.
    #[error("it is of form {0}")]
    Form(u8),
    /// It is broken.
    #[error("{0}")]
    Broken(#[from] postcard::Error),
}

/// The bytes of a batch.
pub(super) fn write(batch: &Batch) -> Vec<u8> {
    let after = batch.after.iter().map(|(node, number)| (node.0, *number)).collect();
    let body = Body { after, news: batch.news.iter().map(Row::from).collect() };
    postcard::to_extend(&body, vec![FORM]).expect("memory takes any bytes")
}

/// The batch of some bytes; of none, nothing that came true.
pub(super) fn read(bytes: &[u8]) -> Result<Batch, Unreadable> {
    let Some((form, body)) = bytes.split_first() else { return Ok(Batch::default()) };
    if *form != FORM {
        return Err(Unreadable::Form(*form));
    }
    let Body { after, news } = postcard::from_bytes(body)?;
    let after = after.into_iter().map(|(node, number)| (NodeId(node), number)).collect();
    Ok(Batch { after, news: news.into_iter().map(News::from).collect() })
}

#[derive(Serialize, Deserialize)]
struct Body {
    after: Vec<(Uuid, i64)>,
    news: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
enum Row {
    Chat(Uuid, i64, Vec<RowPart>),
    Ended(Uuid, Vec<Uuid>, String),
    Person(Uuid),
    Privacy(Uuid),
    Blocked(Uuid, Uuid, bool),
    Departed(Uuid, Vec<Uuid>),
}

#[derive(Serialize, Deserialize)]
enum RowPart {
    Founded(Uuid, Vec<Uuid>),
    Said(i64, u32),
    Read(Uuid, i64, RowShown),
    Preferred(Uuid, RowCause),
    Message(i64, Uuid, RowEffect, i64, i64),
    Turned { turn: RowTurn, by: Uuid, at: i64, newest: i64, rev: i64 },
    Departed { user: Uuid, left: Option<i64>, led: Option<(i64, Uuid)>, place: Option<RowPlace> },
}

#[derive(Serialize, Deserialize)]
enum RowShown {
    Moved,
    Still(i64),
    Again,
}

#[derive(Serialize, Deserialize)]
enum RowCause {
    Asked,
    Read(Option<i64>),
    Said,
}

#[derive(Serialize, Deserialize)]
enum RowEffect {
    Edited(u32),
    Deleted,
    Hidden,
    Reacted(String),
    Unreacted(String),
    Pinned,
    Unpinned,
    Starred,
    Unstarred,
}

type RowPlace = (i64, i64, bool);

#[derive(Serialize, Deserialize)]
enum RowTurn {
    Added(Uuid),
    Joined(Uuid, Uuid),
    Removed(Uuid, Option<RowPlace>),
    Banned(Uuid, Option<RowPlace>),
    Unbanned(Uuid),
    RoleSet(Uuid, RowRole),
    AdminChanged(Uuid),
    Muted(Uuid, Option<i64>),
    Edited(i16),
    Blocked(Uuid, bool),
    Invited,
    InviteRevoked(Uuid),
    Deleted(Vec<Uuid>),
}

#[derive(Serialize, Deserialize)]
enum RowRole {
    Member,
    Moderator,
    Owner,
}

impl From<Role> for RowRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Member => Self::Member,
            Role::Moderator => Self::Moderator,
            Role::Owner => Self::Owner,
        }
    }
}

impl From<RowRole> for Role {
    fn from(role: RowRole) -> Self {
        match role {
            RowRole::Member => Self::Member,
            RowRole::Moderator => Self::Moderator,
            RowRole::Owner => Self::Owner,
        }
    }
}

fn raw(users: &[UserId]) -> Vec<Uuid> {
    users.iter().map(|user| user.0).collect()
}

fn users(raw: Vec<Uuid>) -> Vec<UserId> {
    raw.into_iter().map(UserId).collect()
}

fn raw_place(place: &Option<Place>) -> Option<RowPlace> {
    place.map(|Place { joined, cleared, sees_history }| (joined.0, cleared.0, sees_history))
}

fn place(raw: Option<RowPlace>) -> Option<Place> {
    raw.map(|(joined, cleared, sees_history)| Place { joined: Seq(joined), cleared: Seq(cleared), sees_history })
}

impl From<&News> for Row {
    fn from(news: &News) -> Self {
        match news {
            News::Chat(ChatNews { chat, step, parts }) => {
                Self::Chat(chat.0, step.0, parts.iter().map(RowPart::from).collect())
            }
            News::Ended { user, logins, reason } => {
                Self::Ended(user.0, logins.iter().map(|login| login.0).collect(), reason.clone())
            }
            News::Person(user) => Self::Person(user.0),
            News::Privacy(user) => Self::Privacy(user.0),
            News::Blocked { by, user, on } => Self::Blocked(by.0, user.0, *on),
            News::Departed { user, partners } => Self::Departed(user.0, raw(partners)),
        }
    }
}

impl From<Row> for News {
    fn from(row: Row) -> Self {
        match row {
            Row::Chat(chat, step, parts) => {
                let parts = parts.into_iter().map(Part::from).collect();
                Self::Chat(ChatNews { chat: ChatId(chat), step: Step(step), parts })
            }
            Row::Ended(user, logins, reason) => {
                Self::Ended { user: UserId(user), logins: logins.into_iter().map(LoginId).collect(), reason }
            }
            Row::Person(user) => Self::Person(UserId(user)),
            Row::Privacy(user) => Self::Privacy(UserId(user)),
            Row::Blocked(by, user, on) => Self::Blocked { by: UserId(by), user: UserId(user), on },
            Row::Departed(user, partners) => Self::Departed { user: UserId(user), partners: users(partners) },
        }
    }
}

impl From<&Part> for RowPart {
    fn from(part: &Part) -> Self {
        match part {
            Part::Founded { by, members } => Self::Founded(by.0, raw(members)),
            Part::Said { first, count } => Self::Said(first.0, *count),
            Part::Read { user, seq, shown } => Self::Read(
                user.0,
                seq.0,
                match shown {
                    Shown::Moved => RowShown::Moved,
                    Shown::Still(seq) => RowShown::Still(seq.0),
                    Shown::Again => RowShown::Again,
                },
            ),
            Part::Preferred { user, cause } => Self::Preferred(
                user.0,
                match cause {
                    Cause::Asked => RowCause::Asked,
                    Cause::Read(stays) => RowCause::Read(stays.map(|seq| seq.0)),
                    Cause::Said => RowCause::Said,
                },
            ),
            Part::Message { seq, by, effect, rev, own } => {
                Self::Message(seq.0, by.0, RowEffect::from(effect), rev.0, own.0)
            }
            Part::Turned { turn, by, at, newest, rev } => {
                Self::Turned { turn: turn.into(), by: by.0, at: at.0, newest: newest.0, rev: rev.0 }
            }
            Part::Departed(Departure { user, left, led, place }) => Self::Departed {
                user: user.0,
                left: left.map(|rev| rev.0),
                led: led.map(|(rev, user)| (rev.0, user.0)),
                place: raw_place(place),
            },
        }
    }
}

impl From<RowPart> for Part {
    fn from(row: RowPart) -> Self {
        match row {
            RowPart::Founded(by, members) => Self::Founded { by: UserId(by), members: users(members) },
            RowPart::Said(first, count) => Self::Said { first: Seq(first), count },
            RowPart::Read(user, seq, shown) => {
                let shown = match shown {
                    RowShown::Moved => Shown::Moved,
                    RowShown::Still(seq) => Shown::Still(Seq(seq)),
                    RowShown::Again => Shown::Again,
                };
                Self::Read { user: UserId(user), seq: Seq(seq), shown }
            }
            RowPart::Preferred(user, cause) => {
                let cause = match cause {
                    RowCause::Asked => Cause::Asked,
                    RowCause::Read(stays) => Cause::Read(stays.map(Seq)),
                    RowCause::Said => Cause::Said,
                };
                Self::Preferred { user: UserId(user), cause }
            }
            RowPart::Message(seq, by, effect, rev, own) => {
                Self::Message { seq: Seq(seq), by: UserId(by), effect: effect.into(), rev: Rev(rev), own: Own(own) }
            }
            RowPart::Turned { turn, by, at, newest, rev } => Self::Turned {
                turn: turn.into(),
                by: UserId(by),
                at: Timestamp(at),
                newest: Seq(newest),
                rev: Rev(rev),
            },
            RowPart::Departed { user, left, led, place: raw } => Self::Departed(Departure {
                user: UserId(user),
                left: left.map(Rev),
                led: led.map(|(rev, user)| (Rev(rev), UserId(user))),
                place: place(raw),
            }),
        }
    }
}

impl From<&Effect> for RowEffect {
    fn from(effect: &Effect) -> Self {
        match effect {
            Effect::Edited { edits, .. } => Self::Edited(*edits),
            Effect::Deleted => Self::Deleted,
            Effect::Hidden => Self::Hidden,
            Effect::Reacted(emoji) => Self::Reacted(emoji.as_str().to_owned()),
            Effect::Unreacted(emoji) => Self::Unreacted(emoji.as_str().to_owned()),
            Effect::Pinned => Self::Pinned,
            Effect::Unpinned => Self::Unpinned,
            Effect::Starred => Self::Starred,
            Effect::Unstarred => Self::Unstarred,
        }
    }
}

impl From<RowEffect> for Effect {
    fn from(row: RowEffect) -> Self {
        match row {
            RowEffect::Edited(edits) => Self::Edited { content: String::new(), mentions: Vec::new(), edits },
            RowEffect::Deleted => Self::Deleted,
            RowEffect::Hidden => Self::Hidden,
            RowEffect::Reacted(emoji) => Self::Reacted(Emoji::stored(&emoji)),
            RowEffect::Unreacted(emoji) => Self::Unreacted(Emoji::stored(&emoji)),
            RowEffect::Pinned => Self::Pinned,
            RowEffect::Unpinned => Self::Unpinned,
            RowEffect::Starred => Self::Starred,
            RowEffect::Unstarred => Self::Unstarred,
        }
    }
}

impl From<&Turn> for RowTurn {
    fn from(turn: &Turn) -> Self {
        match turn {
            Turn::Added(user) => Self::Added(user.0),
            Turn::Joined(user, invite) => Self::Joined(user.0, invite.0),
            Turn::Removed(user, place) => Self::Removed(user.0, raw_place(place)),
            Turn::Banned(user, place) => Self::Banned(user.0, raw_place(place)),
            Turn::Unbanned(user) => Self::Unbanned(user.0),
            Turn::RoleSet(user, role) => Self::RoleSet(user.0, RowRole::from(*role)),
            Turn::AdminChanged(user) => Self::AdminChanged(user.0),
            Turn::Muted(user, until) => Self::Muted(user.0, until.map(|until| until.0)),
            Turn::Edited(fields) => Self::Edited(fields.0),
            Turn::Blocked(user, on) => Self::Blocked(user.0, *on),
            Turn::Invited => Self::Invited,
            Turn::InviteRevoked(invite) => Self::InviteRevoked(invite.0),
            Turn::Deleted(members) => Self::Deleted(raw(members)),
        }
    }
}

impl From<RowTurn> for Turn {
    fn from(row: RowTurn) -> Self {
        match row {
            RowTurn::Added(user) => Self::Added(UserId(user)),
            RowTurn::Joined(user, invite) => Self::Joined(UserId(user), InviteId(invite)),
            RowTurn::Removed(user, raw) => Self::Removed(UserId(user), place(raw)),
            RowTurn::Banned(user, raw) => Self::Banned(UserId(user), place(raw)),
            RowTurn::Unbanned(user) => Self::Unbanned(UserId(user)),
            RowTurn::RoleSet(user, role) => Self::RoleSet(UserId(user), role.into()),
            RowTurn::AdminChanged(user) => Self::AdminChanged(UserId(user)),
            RowTurn::Muted(user, until) => Self::Muted(UserId(user), until.map(Timestamp)),
            RowTurn::Edited(fields) => Self::Edited(Fields(fields)),
            RowTurn::Blocked(user, on) => Self::Blocked(UserId(user), on),
            RowTurn::Invited => Self::Invited,
            RowTurn::InviteRevoked(invite) => Self::InviteRevoked(InviteId(invite)),
            RowTurn::Deleted(members) => Self::Deleted(users(members)),
        }
    }
}
