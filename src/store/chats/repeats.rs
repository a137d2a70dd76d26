//! Messages of a batch that are stored already: by an earlier attempt at it, or because they were sent before.
use std::collections::{HashMap, HashSet};

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait},
};

use super::{
    annotations::ALTERNATIVES,
    counters::{CounterRow, locked},
};
use crate::{
    domain::{ChatId, ClientId, Fact, IdMap, MessageId, Posted, Seq, Timestamp, UserId},
    store::Fault,
};
use entity::message;

/// What tells a message that is sent again.
pub(super) type Key<'a> = (ChatId, UserId, &'a ClientId);

pub(super) fn key(posted: &Posted) -> Option<Key<'_>> {
    posted.client_id.as_ref().map(|client_id| (posted.chat, posted.sender, client_id))
}

/// The messages stored before under the keys of this batch.
pub(super) async fn repeats<'a>(
    connection: &impl ConnectionTrait,
    facts: &'a [Fact],
) -> Result<HashMap<Key<'a>, (MessageId, Seq, Timestamp)>, Fault> {
    let keys: HashMap<(Uuid, Uuid, &str), Key<'a>> =
        posts(facts).filter_map(key).map(|key| ((key.0.0, key.1.0, key.2.as_str()), key)).collect();
    let conditions = keys.keys().map(|(chat, sender, client_id)| {
        message::Column::ChatId
            .eq(*chat)
            .and(message::Column::SenderId.eq(*sender))
            .and(message::Column::ClientId.eq(*client_id))
    });
    let found = any_of(connection, conditions).await?;
    Ok(found
        .iter()
        .filter_map(|row| {
            let key = keys.get(&(row.chat_id, row.sender_id, row.client_id.as_deref()?))?;
            Some((*key, (MessageId(row.id), Seq(row.seq), Timestamp(row.sent_at))))
        })
        .collect())
}

/// The messages of this batch that are stored already. There is one writer, so if they are, they lie among the `earlier`
/// newest of their chats: no more than that came in the attempt that stored them. That attempt may be under way still, so
/// its chats are held first: then it is not.
pub(super) async fn stored_before(
    connection: &impl ConnectionTrait,
    facts: &[Fact],
    earlier: usize,
) -> Result<IdMap<MessageId, Seq>, Fault> {
    let ids: IdMap<MessageId, ChatId> = posts(facts).map(|posted| (posted.id, posted.chat)).collect();
    let newest = locked(connection, ids.values().map(|chat| chat.0).collect::<HashSet<_>>()).await?;
    let conditions = newest.iter().map(|CounterRow { id, last_seq, .. }| {
        message::Column::ChatId.eq(*id).and(message::Column::Seq.gt(last_seq - earlier as i64))
    });
    let rows = any_of(connection, conditions).await?;
    Ok(rows.into_iter().map(|row| (MessageId(row.id), Seq(row.seq))).filter(|(id, _)| ids.contains_key(id)).collect())
}

fn posts(facts: &[Fact]) -> impl Iterator<Item = &Posted> {
    facts.iter().filter_map(|fact| if let Fact::Posted(posted) = fact { Some(posted) } else { None })
}

/// The messages that meet one of the conditions.
async fn any_of(
    connection: &impl ConnectionTrait,
    conditions: impl Iterator<Item = Expr>,
) -> Result<Vec<message::Model>, Fault> {
    let mut found = Vec::new();
    for some in conditions.collect::<Vec<_>>().chunks(ALTERNATIVES) {
        let any = some.iter().cloned().fold(Condition::any(), Condition::add);
        found.extend(message::Entity::find().filter(any).all(connection).await?);
    }
    Ok(found)
}
