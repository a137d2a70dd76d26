//! What a user missed, over all chats at once: for a socket that comes back.
use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait, prelude::Uuid,
};

use super::{
    annotations::{Annotations, Viewer},
    catch_up::Changes,
    preferences,
    rows::{Row, select_messages, within},
    settings,
    wants::{Place, Portion, Position, Want},
};
use crate::{
    domain::{ChatId, Kind, Own, Rev, Seq, StoredMessage, UserId},
    store::{Fault, Store, kinds::kind},
};
use entity::{chat, member, message};

/// The part of an answer that is for who is in which group.
const ROSTERS: usize = 4;

/// What a user missed in one chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// The chat.
    pub chat: ChatId,
    /// What kind of chat.
    pub kind: Kind,
    /// Its newest message.
    pub last_seq: Seq,
    /// Up to which changes that members share it is complete, with what the client has already.
    pub rev: Rev,
    /// The same for those that the user alone sees.
    pub own: Own,
    /// The user's read pointer.
    pub read: Seq,
    /// The first message that the user sees.
    pub first: Seq,
    /// Oldest first.
    pub messages: Vec<StoredMessage>,
    /// Whether newer ones follow.
    pub has_more: bool,
    /// What belongs to the messages, and to those that changed.
    pub annotations: Annotations,
    /// What changed, unless only messages were asked for.
    pub changes: Option<Changes>,
    /// The client has something that is not there: it is to forget its copy.
    pub is_reset: bool,
}

impl Store {
    /// All chats of a user with the messages after those already seen (from where the membership began, if the chat is not
    /// in `seen`), and with what changed of the others. One query for the chats, one for all messages, and a few more for what
    /// changed, if anything did.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn missed(
        &self,
        user: UserId,
        seen: &HashMap<ChatId, Position>,
        portion: Portion,
    ) -> Result<Vec<Missed>, Fault> {
        let wants = self.plan(self.places(user).await?, seen, portion);
        let mut messages = self.wanted(&wants).await?;
        // Members have room of their own: a roster that is left out cannot be asked for again if it never changed.
        let mut roster_bytes = portion.bytes / ROSTERS;
        let mut bytes = portion.bytes - roster_bytes;
        let messages: Vec<Vec<StoredMessage>> =
            wants.iter().map(|want| within(messages.remove(&want.place.id).unwrap_or_default(), &mut bytes)).collect();
        let changes = self.changes(user, &wants, portion.limit, &mut bytes, &mut roster_bytes).await?;
        let mut annotated: Vec<(ChatId, Viewer, Vec<StoredMessage>)> = Vec::with_capacity(wants.len());
        for ((want, said), changes) in wants.iter().zip(&messages).zip(&changes) {
            let changed = changes.iter().flat_map(|changes| &changes.changed);
            annotated.push((ChatId(want.place.id), want.viewer(user), said.iter().chain(changed).cloned().collect()));
        }
        let all = annotated.iter().map(|(chat, viewer, messages)| (*chat, *viewer, messages.as_slice()));
        let mut annotations = self.annotations_of(all).await?;
        let answers = wants.into_iter().zip(messages).zip(changes).map(|((want, messages), changes)| {
            let annotations = annotations.remove(&ChatId(want.place.id)).unwrap_or_default();
            want.answer(messages, changes, annotations)
        });
        Ok(answers.collect())
    }

    /// The user's chats, the latest first.
    async fn places(&self, user: UserId) -> Result<Vec<Place>, Fault> {
        let places = member::Entity::find()
            .select_only()
            .columns([chat::Column::Id, chat::Column::Kind, chat::Column::LastSeq, chat::Column::Rev])
            .columns([chat::Column::InfoRev, chat::Column::RosterRev])
            .columns([chat::Column::Name, chat::Column::Description, chat::Column::AdminId])
            .column(chat::Column::AvatarId)
            .columns(settings::COLUMNS)
            .columns([member::Column::JoinedSeq, member::Column::ReadSeq, member::Column::Own])
            .column(member::Column::SeesHistory)
            .columns(preferences::COLUMNS)
            .join(JoinType::InnerJoin, member::Relation::Chat.def())
            .filter(member::Column::UserId.eq(user.0))
            .order_by_desc(chat::Column::LastMessageAt)
            .into_model()
            .all(&self.reader)
            .await?;
        Ok(places)
    }

    async fn wanted(&self, wants: &[Want]) -> Result<HashMap<Uuid, Vec<StoredMessage>>, Fault> {
        let any = wants.iter().filter(|want| want.take > 0).fold(Condition::any(), |any, want| {
            any.add(
                Condition::all()
                    .add(message::Column::ChatId.eq(want.place.id))
                    .add(message::Column::Seq.gt(want.after))
                    .add(message::Column::Seq.lte(want.after + want.take)),
            )
        });
        if any.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<Row> =
            select_messages().filter(any).order_by_asc(message::Column::Seq).into_model().all(&self.reader).await?;
        let mut found: HashMap<Uuid, Vec<StoredMessage>> = HashMap::new();
        for row in rows {
            found.entry(row.chat_id).or_default().push(row.into());
        }
        Ok(found)
    }
}

impl Want {
    fn viewer(&self, user: UserId) -> Viewer {
        Viewer { user, first: self.first, has_marks: self.place.own > 0 }
    }

    fn answer(self, messages: Vec<StoredMessage>, changes: Option<Changes>, annotations: Annotations) -> Missed {
        let last = messages.last().map_or(self.after, |message| message.seq.0);
        let (rev, own) = match &changes {
            Some(changes) => changes.upto,
            None => (Rev(self.place.rev), Own(self.place.own)),
        };
        Missed {
            chat: ChatId(self.place.id),
            kind: kind(self.place.kind),
            last_seq: Seq(self.place.last_seq),
            rev,
            own,
            read: Seq(self.place.read_seq),
            first: self.first,
            has_more: last < self.place.last_seq,
            messages,
            annotations,
            changes,
            is_reset: self.is_reset,
        }
    }
}
