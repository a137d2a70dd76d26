//! Where somebody may look: the chats that this person is in, what is seen there, and how far the index has them.
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, prelude::Uuid,
};

use super::behind::progress;
use crate::{
    domain::{ChatId, Seq, UserId},
    store::{Fault, Store},
};
use entity::{chat, member, message, search_progress, search_segment};

/// So many chats are asked for at once.
const CHATS_AT_ONCE: usize = 500;

/// Of so many chats that the index is behind in, those with the newest messages, it is looked at what it does not have.
const CHATS_BEHIND: usize = 64;

/// Of each, so many messages.
const MESSAGES_BEHIND: u64 = 1_000;

/// One chat.
#[derive(FromQueryResult)]
pub(super) struct Scope {
    pub(super) chat_id: Uuid,
    pub(super) kind: i16,
    pub(super) own: i64,
    joined_seq: i64,
    sees_history: bool,
    cleared_seq: i64,
    last_seq: i64,
    rev: i64,
    seq: Option<i64>,
    known_rev: Option<i64>,
    /// The first message that is seen.
    #[sea_orm(skip)]
    pub(super) first: Seq,
}

/// A segment that may have something.
#[derive(FromQueryResult)]
pub(super) struct Part {
    pub(super) id: Uuid,
    pub(super) chat_id: Uuid,
    pub(super) first_seq: i64,
    pub(super) last_seq: i64,
    pub(super) first_at: i64,
    pub(super) last_at: i64,
}

/// A message of a chat that may be what is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) at: i64,
    pub(super) seq: i64,
}

#[derive(FromQueryResult)]
struct Unindexed {
    seq: i64,
    sent_at: i64,
}

impl Store {
    /// All chats that have messages, or one.
    pub(super) async fn scopes(
        &self,
        on: &DatabaseTransaction,
        user: UserId,
        chat: Option<ChatId>,
    ) -> Result<Vec<Scope>, Fault> {
        let mut query = member::Entity::find()
            .select_only()
            .columns([
                member::Column::ChatId,
                member::Column::Own,
                member::Column::JoinedSeq,
                member::Column::SeesHistory,
                member::Column::ClearedSeq,
            ])
            .columns([chat::Column::Kind, chat::Column::LastSeq, chat::Column::Rev])
            .column(search_progress::Column::Seq)
            .column_as(search_progress::Column::Rev, "known_rev")
            .join(JoinType::InnerJoin, member::Relation::Chat.def())
            .join(JoinType::LeftJoin, progress())
            .filter(member::Column::UserId.eq(user.0))
            .filter(chat::Column::LastSeq.gt(0))
            .order_by_desc(chat::Column::LastMessageAt);
        if let Some(chat) = chat {
            query = query.filter(member::Column::ChatId.eq(chat.0));
        }
        let mut scopes: Vec<Scope> = query.into_model().all(on).await?;
        for scope in &mut scopes {
            scope.first = self.first_seen(Seq(scope.joined_seq), scope.sees_history, Seq(scope.cleared_seq));
        }
        scopes.retain(|scope| scope.first.0 <= scope.last_seq);
        Ok(scopes)
    }
}

/// The segments of these chats that hold something visible.
pub(super) async fn parts(on: &DatabaseTransaction, scopes: &[Scope]) -> Result<Vec<(usize, Part)>, Fault> {
    let mut found = Vec::new();
    for (piece, some) in scopes.chunks(CHATS_AT_ONCE).enumerate() {
        let rows: Vec<Part> = search_segment::Entity::find()
            .select_only()
            .columns([
                search_segment::Column::Id,
                search_segment::Column::ChatId,
                search_segment::Column::FirstSeq,
                search_segment::Column::LastSeq,
                search_segment::Column::FirstAt,
                search_segment::Column::LastAt,
            ])
            .filter(search_segment::Column::ChatId.is_in(some.iter().map(|scope| scope.chat_id)))
            .into_model()
            .all(on)
            .await?;
        let of: std::collections::HashMap<Uuid, usize> =
            some.iter().enumerate().map(|(at, scope)| (scope.chat_id, piece * CHATS_AT_ONCE + at)).collect();
        let placed = rows.into_iter().filter_map(|part| Some((*of.get(&part.chat_id)?, part)));
        found.extend(placed.filter(|(scope, part)| part.last_seq >= scopes[*scope].first.0));
    }
    Ok(found)
}

/// What the index does not have yet, or not as it is: all of it may be what is looked for.
pub(super) async fn unindexed(
    on: &DatabaseTransaction,
    scopes: &[Scope],
) -> Result<Vec<(usize, Vec<Candidate>)>, Fault> {
    let is_behind = |scope: &Scope| {
        scope.last_seq > scope.seq.unwrap_or(0) || scope.known_rev.is_some_and(|known| scope.rev > known)
    };
    let mut found = Vec::new();
    let behind = scopes.iter().enumerate().filter(|(_, scope)| is_behind(scope));
    for (at, scope) in behind.take(CHATS_BEHIND) {
        let mut candidates = Vec::new();
        let newer = message::Column::Seq.gt(scope.seq.unwrap_or(0));
        candidates.extend(messages(on, scope, newer).await?);
        if let Some(known) = scope.known_rev.filter(|known| scope.rev > *known) {
            candidates.extend(messages(on, scope, message::Column::Rev.gt(known)).await?);
        }
        found.push((at, candidates));
    }
    Ok(found)
}

async fn messages(
    on: &DatabaseTransaction,
    scope: &Scope,
    which: sea_orm::sea_query::Expr,
) -> Result<impl Iterator<Item = Candidate>, Fault> {
    let rows: Vec<Unindexed> = message::Entity::find()
        .select_only()
        .columns([message::Column::Seq, message::Column::SentAt])
        .filter(message::Column::ChatId.eq(scope.chat_id))
        .filter(message::Column::Seq.gte(scope.first.0))
        .filter(which)
        .order_by_desc(message::Column::Seq)
        .limit(MESSAGES_BEHIND)
        .into_model()
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|row| Candidate { at: row.sent_at, seq: row.seq }))
}
