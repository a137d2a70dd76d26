//! What is told of what another node did, read where it stands: as it is now, with the number that tells how new that is.
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};

use super::{
    activity::at_rev, annotations::Viewer, creation::place, history::Span, messages::Opened, settings::settings,
};
use crate::{
    domain::{
        Activity, ChatId, Departure, Description, FileId, GroupInfo, Member, Name, Part, Quoted, Rev, Seq,
        StoredMessage, Turn, UserId,
    },
    store::{Fault, Store},
};
use entity::{chat, member, user};

/// What belongs to a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawn {
    /// The part says it all.
    Nothing,
    /// Messages, oldest first, each with the one that it answers.
    Said(Vec<(StoredMessage, Option<Quoted>)>),
    /// A message, if it is there, as whoever changed it sees it.
    Message(Option<Box<Opened>>),
    /// Somebody's place, if that one is in.
    Place(Option<Box<Member>>),
    /// What the group's record says, who came in and what the group is now.
    Turned {
        /// The record.
        activity: Option<Activity>,
        /// Who came in.
        newcomer: Option<Box<Member>>,
        /// The group.
        info: Option<Box<GroupInfo>>,
    },
    /// What the record says of somebody who left with the account, and of who leads the group since.
    Departed(Option<Activity>, Option<(Activity, Box<GroupInfo>)>),
}

impl Store {
    /// What belongs to the parts, in their order.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn draw(&self, chat: ChatId, parts: &[Part]) -> Result<Vec<Drawn>, Fault> {
        let mut drawn = Vec::with_capacity(parts.len());
        for part in parts {
            drawn.push(match part {
                Part::Said { first, count } => Drawn::Said(self.said(chat, *first, i64::from(*count)).await?),
                Part::Founded { .. } | Part::Read { .. } => Drawn::Nothing,
                Part::Preferred { user, .. } => Drawn::Place(self.place_of(chat, *user).await?),
                Part::Message { seq, by, .. } => Drawn::Message(self.opened(chat, *seq, *by).await?.map(Box::new)),
                Part::Turned { turn, rev, .. } => self.turned(chat, turn, *rev).await?,
                Part::Departed(Departure { left, led, .. }) => {
                    self.departed(chat, *left, led.map(|(rev, _)| rev)).await?
                }
            });
        }
        Ok(drawn)
    }

    async fn said(&self, chat: ChatId, first: Seq, count: i64) -> Result<Vec<(StoredMessage, Option<Quoted>)>, Fault> {
        let anybody = Viewer { user: UserId(Uuid::nil()), first: Seq(1), has_marks: false };
        let span = Span {
            chat,
            after: Seq(first.0 - 1),
            before: Seq(first.0 + count),
            oldest: true,
            limit: count.unsigned_abs(),
            bytes: usize::MAX,
            viewer: Some(anybody),
        };
        let page = self.page(span).await?;
        let quoted = page.annotations.quoted;
        let with_original = |message: StoredMessage| {
            let original = message.reply_to.and_then(|seq| quoted.get(&seq).cloned());
            (message, original)
        };
        Ok(page.messages.into_iter().rev().map(with_original).collect())
    }

    async fn place_of(&self, chat: ChatId, user: UserId) -> Result<Option<Box<Member>>, Fault> {
        let Some(row) = member::Entity::find_by_id((chat.0, user.0)).one(&self.reader).await? else { return Ok(None) };
        let person = user::Entity::find_by_id(user.0).one(&self.reader).await?;
        Ok(Some(Box::new(place(&row, person.as_ref()))))
    }

    async fn turned(&self, chat: ChatId, turn: &Turn, rev: Rev) -> Result<Drawn, Fault> {
        let activity = at_rev(&self.reader, chat, rev).await?;
        let newcomer = match turn.newcomer() {
            Some(user) => self.place_of(chat, user).await?,
            None => None,
        };
        let info = if matches!(turn, Turn::Edited(_)) { self.group_info(chat).await? } else { None };
        Ok(Drawn::Turned { activity, newcomer, info })
    }

    async fn departed(&self, chat: ChatId, left: Option<Rev>, led: Option<Rev>) -> Result<Drawn, Fault> {
        let left = match left {
            Some(rev) => at_rev(&self.reader, chat, rev).await?,
            None => None,
        };
        let led = match led {
            Some(rev) => at_rev(&self.reader, chat, rev).await?.zip(self.group_info(chat).await?),
            None => None,
        };
        Ok(Drawn::Departed(left, led))
    }

    async fn group_info(&self, id: ChatId) -> Result<Option<Box<GroupInfo>>, Fault> {
        let found = chat::Entity::find().filter(chat::Column::Id.eq(id.0)).one(&self.reader).await?;
        Ok(found.map(|row| {
            Box::new(GroupInfo {
                rev: Rev(row.info_rev),
                name: Name::stored(&row.name),
                description: Description::stored(&row.description),
                avatar: row.avatar_id.map(FileId),
                admin: row.admin_id.map(UserId),
                settings: settings(&row),
            })
        }))
    }
}
