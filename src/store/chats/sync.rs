//! What a user missed, over all chats at once: for a socket that comes back.
use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, prelude::Uuid,
};

use super::{
    Stored,
    founding::kind,
    history::{Row, select_messages, within},
};
use crate::{
    domain::{ChatId, Kind, Seq, UserId},
    store::{Fault, Store},
};
use entity::{chat, member, message};

/// The most messages of one answer, whatever was asked for: each chat in it is a condition of the query.
const MESSAGES: u64 = 500;

/// How much of what was missed is wanted at once.
#[derive(Debug, Clone, Copy)]
pub struct Portion {
    /// Messages per chat.
    pub limit: u64,
    /// Bytes of the whole answer on the wire, roughly; at least one message comes whatever its size.
    pub bytes: usize,
    /// Whether a member may see what was said before joining.
    pub history: bool,
}

/// What a user missed in one chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// The chat.
    pub chat: ChatId,
    /// What kind of chat.
    pub kind: Kind,
    /// Its newest message.
    pub last_seq: Seq,
    /// Oldest first.
    pub messages: Vec<Stored>,
    /// Whether newer ones follow.
    pub has_more: bool,
}

#[derive(FromQueryResult)]
struct Place {
    id: Uuid,
    kind: i16,
    last_seq: i64,
    joined_seq: i64,
}

/// The messages of one chat that are to be fetched: after `after`, so many.
struct Want {
    place: Place,
    after: i64,
    take: i64,
}

impl Store {
    /// All chats of a user with the messages after those already seen (from where the membership began, if the chat is not
    /// in `seen`). One query for the chats, one for all messages.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn missed(
        &self,
        user: UserId,
        seen: &HashMap<ChatId, Seq>,
        portion: Portion,
    ) -> Result<Vec<Missed>, Fault> {
        let wants = plan(self.places(user).await?, seen, portion);
        let mut messages = self.wanted(&wants).await?;
        let mut bytes = portion.bytes;
        Ok(wants
            .into_iter()
            .map(|want| {
                let found = messages.remove(&want.place.id).unwrap_or_default();
                want.answer(within(found, &mut bytes))
            })
            .collect())
    }

    /// The user's chats, the latest first.
    async fn places(&self, user: UserId) -> Result<Vec<Place>, Fault> {
        let places = member::Entity::find()
            .select_only()
            .columns([chat::Column::Id, chat::Column::Kind, chat::Column::LastSeq])
            .column(member::Column::JoinedSeq)
            .join(JoinType::InnerJoin, member::Relation::Chat.def())
            .filter(member::Column::UserId.eq(user.0))
            .order_by_desc(chat::Column::LastMessageAt)
            .into_model()
            .all(&self.reader)
            .await?;
        Ok(places)
    }

    async fn wanted(&self, wants: &[Want]) -> Result<HashMap<Uuid, Vec<Stored>>, Fault> {
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
        let mut found: HashMap<Uuid, Vec<Stored>> = HashMap::new();
        for row in rows {
            found.entry(row.chat_id).or_default().push(row.into());
        }
        Ok(found)
    }
}

/// What to fetch from each chat. The latest chats come first, for as long as there is room in the answer.
fn plan(places: Vec<Place>, seen: &HashMap<ChatId, Seq>, portion: Portion) -> Vec<Want> {
    let mut room = MESSAGES;
    let want = |place: Place| {
        let after = match seen.get(&ChatId(place.id)) {
            Some(seq) if portion.history => seq.0,
            Some(seq) => seq.0.max(place.joined_seq),
            None => place.joined_seq,
        };
        let take = u64::try_from(place.last_seq - after).unwrap_or(0).min(portion.limit).min(room);
        room -= take;
        Want { place, after, take: take as i64 }
    };
    places.into_iter().map(want).collect()
}

impl Want {
    fn answer(self, messages: Vec<Stored>) -> Missed {
        let last = messages.last().map_or(self.after, |message| message.seq.0);
        Missed {
            chat: ChatId(self.place.id),
            kind: kind(self.place.kind),
            last_seq: Seq(self.place.last_seq),
            has_more: last < self.place.last_seq,
            messages,
        }
    }
}
