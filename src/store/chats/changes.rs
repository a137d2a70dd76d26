//! Changes of messages and of what members see on them, each in the transaction of the batch it came with.
use std::collections::BTreeMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QuerySelect, prelude::Uuid, sea_query::OnConflict,
};

use super::columns::{emojis_column, mentions_column, reactions_column};
use crate::{
    domain::{ChatId, Effect, Emoji, Fact, MessageChange, Own, Rev, UserId},
    store::{
        Fault, files,
        sql::{Update, pieces},
    },
};
use entity::{mark, member, message, pin, reaction};

/// Numbers for changes that single members alone see: each member's counter moves by as many as there are.
#[derive(Default)]
pub(super) struct Owns(BTreeMap<(ChatId, UserId), Own>);

const CLAIM: Update<3> = Update {
    table: "member",
    given: ["in_chat", "whose", "claimed"],
    set: "own = own + claimed",
    matching: "chat_id = in_chat AND user_id = whose",
    returning: "chat_id, user_id, own",
};

#[derive(FromQueryResult)]
struct OwnRow {
    chat_id: Uuid,
    user_id: Uuid,
    own: i64,
}

impl Owns {
    /// Nearly always there is nothing to claim: then nothing is asked.
    pub(super) async fn claim(connection: &impl ConnectionTrait, facts: &[Fact]) -> Result<Self, Fault> {
        let mut claims: BTreeMap<(ChatId, UserId), i64> = BTreeMap::new();
        for fact in facts {
            if let Some(owner) = fact.owner() {
                *claims.entry((fact.chat(), owner)).or_default() += 1;
            }
        }
        let backend = connection.get_database_backend();
        let mut before = BTreeMap::new();
        for piece in pieces(&claims.into_iter().collect::<Vec<_>>()) {
            let rows = piece.iter().map(|((chat, user), claimed)| [chat.0.into(), user.0.into(), (*claimed).into()]);
            let update = CLAIM.statement(backend, rows);
            let now = if backend == DatabaseBackend::MySql {
                connection.execute_raw(update).await?;
                counters_of(connection, piece.iter().map(|(whose, _)| *whose)).await?
            } else {
                let rows = connection.query_all_raw(update).await?;
                rows.iter().map(|row| OwnRow::from_query_result(row, "")).collect::<Result<_, _>>()?
            };
            let claimed: BTreeMap<_, _> = piece.iter().copied().collect();
            before.extend(now.into_iter().filter_map(|OwnRow { chat_id, user_id, own }| {
                let whose = (ChatId(chat_id), UserId(user_id));
                Some((whose, Own(own - claimed.get(&whose)?)))
            }));
        }
        Ok(Self(before))
    }

    /// The number of a change; 0 if only others see it. `None`: whoever made it is no member any more.
    pub(super) fn next(&mut self, fact: &Fact) -> Option<Own> {
        let Some(owner) = fact.owner() else { return Some(Own(0)) };
        let own = self.0.get_mut(&(fact.chat(), owner))?;
        *own = own.next();
        Some(*own)
    }
}

async fn counters_of(
    connection: &impl ConnectionTrait,
    members: impl Iterator<Item = (ChatId, UserId)>,
) -> Result<Vec<OwnRow>, Fault> {
    let any = members.fold(Condition::any(), |any, (chat, user)| {
        let place = Condition::all().add(member::Column::ChatId.eq(chat.0)).add(member::Column::UserId.eq(user.0));
        any.add(place)
    });
    let columns = [member::Column::ChatId, member::Column::UserId, member::Column::Own];
    let found = member::Entity::find().select_only().columns(columns).filter(any);
    Ok(found.into_model().all(connection).await?)
}

/// Makes a change true. Says whether there was room for it.
pub(super) async fn apply(
    connection: &impl ConnectionTrait,
    change: &MessageChange,
    rev: Rev,
    own: Own,
) -> Result<bool, Fault> {
    match &change.effect {
        Effect::Edited { content, mentions, edits } => {
            let set = message::ActiveModel {
                content: Set(content.clone()),
                mentions: Set(mentions_column(mentions)),
                edited_at: Set(Some(change.at.0)),
                edits: Set(i32::try_from(*edits).unwrap_or(i32::MAX)),
                ..Default::default()
            };
            update(connection, change, rev, set).await?;
        }
        Effect::Deleted => erase(connection, change, rev).await?,
        Effect::Pinned | Effect::Unpinned => {
            let since = (change.effect == Effect::Pinned).then_some(change.at.0);
            let set = message::ActiveModel { pinned_at: Set(since), ..Default::default() };
            update(connection, change, rev, set).await?;
            unpin(connection, change).await?;
            if since.is_some() {
                let pinned = pin::ActiveModel { chat_id: Set(change.chat.0), seq: Set(change.seq.0) };
                pin::Entity::insert(pinned).exec_without_returning(connection).await?;
            }
        }
        Effect::Reacted(emoji) => {
            react(connection, change, emoji, rev).await?;
            show_reactions(connection, change, rev).await?;
            put_mark(connection, change, own, mark::Column::Reactions).await?;
        }
        Effect::Unreacted(emoji) => {
            let key = (change.chat.0, change.seq.0, emoji.bare(), change.by.0);
            reaction::Entity::delete_by_id(key).exec(connection).await?;
            show_reactions(connection, change, rev).await?;
            put_mark(connection, change, own, mark::Column::Reactions).await?;
        }
        Effect::Starred if starred(connection, change.by).await? >= change.stars as u64 => return Ok(false),
        Effect::Starred | Effect::Unstarred => put_mark(connection, change, own, mark::Column::StarredAt).await?,
        Effect::Hidden => put_mark(connection, change, own, mark::Column::Hidden).await?,
    }
    Ok(true)
}

/// How many messages somebody has starred. The writer alone stars, so there are no more when it does.
async fn starred(connection: &impl ConnectionTrait, user: UserId) -> Result<u64, Fault> {
    let starred = mark::Entity::find()
        .filter(mark::Column::UserId.eq(user.0))
        .filter(mark::Column::StarredAt.is_not_null())
        .count(connection)
        .await?;
    Ok(starred)
}

async fn update(
    connection: &impl ConnectionTrait,
    change: &MessageChange,
    rev: Rev,
    set: message::ActiveModel,
) -> Result<(), Fault> {
    message::Entity::update_many()
        .set(message::ActiveModel { rev: Set(rev.0), ..set })
        .filter(message::Column::ChatId.eq(change.chat.0))
        .filter(message::Column::Seq.eq(change.seq.0))
        .exec(connection)
        .await?;
    Ok(())
}

async fn show_reactions(connection: &impl ConnectionTrait, change: &MessageChange, rev: Rev) -> Result<(), Fault> {
    let reactions = Set(reactions_column(&change.reactions));
    update(connection, change, rev, message::ActiveModel { reactions, ..Default::default() }).await
}

/// Nothing is left but the place: what it said, and what others did with it, is not in the database any more.
async fn erase(connection: &impl ConnectionTrait, change: &MessageChange, rev: Rev) -> Result<(), Fault> {
    let set = message::ActiveModel {
        content: Set(String::new()),
        edited_at: Set(None),
        edits: Set(0),
        deleted_at: Set(Some(change.at.0)),
        deleted_by: Set(Some(change.by.0)),
        reply_to: Set(None),
        forwarded: Set(false),
        mentions: Set(None),
        reactions: Set(None),
        pinned_at: Set(None),
        attachments: Set(None),
        ..Default::default()
    };
    update(connection, change, rev, set).await?;
    unpin(connection, change).await?;
    files::free(connection, change.chat, change.seq, &change.freed, change.at).await?;
    reaction::Entity::delete_many()
        .filter(reaction::Column::ChatId.eq(change.chat.0))
        .filter(reaction::Column::Seq.eq(change.seq.0))
        .exec(connection)
        .await?;
    let none = mark::ActiveModel { reactions: Set(None), starred_at: Set(None), ..Default::default() };
    mark::Entity::update_many()
        .set(none)
        .filter(mark::Column::ChatId.eq(change.chat.0))
        .filter(mark::Column::Seq.eq(change.seq.0))
        .exec(connection)
        .await?;
    Ok(())
}

async fn unpin(connection: &impl ConnectionTrait, change: &MessageChange) -> Result<(), Fault> {
    pin::Entity::delete_by_id((change.chat.0, change.seq.0)).exec(connection).await?;
    Ok(())
}

/// If an attempt came true whose answer was lost, the reaction is there.
async fn react(
    connection: &impl ConnectionTrait,
    change: &MessageChange,
    emoji: &Emoji,
    rev: Rev,
) -> Result<(), Fault> {
    let row = reaction::ActiveModel {
        chat_id: Set(change.chat.0),
        seq: Set(change.seq.0),
        bare: Set(emoji.bare()),
        user_id: Set(change.by.0),
        emoji: Set(emoji.as_str().to_owned()),
        rev: Set(rev.0),
    };
    let key = [reaction::Column::ChatId, reaction::Column::Seq, reaction::Column::Bare, reaction::Column::UserId];
    let known = OnConflict::columns(key).update_column(reaction::Column::Rev).to_owned();
    reaction::Entity::insert(row).on_conflict(known).exec_without_returning(connection).await?;
    Ok(())
}

/// Sets one thing of a member's marks, and their number.
async fn put_mark(
    connection: &impl ConnectionTrait,
    change: &MessageChange,
    own: Own,
    what: mark::Column,
) -> Result<(), Fault> {
    let row = mark::ActiveModel {
        chat_id: Set(change.chat.0),
        seq: Set(change.seq.0),
        user_id: Set(change.by.0),
        own: Set(own.0),
        reactions: Set(emojis_column(&change.marks.reactions)),
        starred_at: Set(change.marks.starred_at.map(|at| at.0)),
        hidden: Set(change.marks.hidden),
    };
    let key = [mark::Column::ChatId, mark::Column::Seq, mark::Column::UserId];
    let known = OnConflict::columns(key).update_columns([mark::Column::Own, what]).to_owned();
    mark::Entity::insert(row).on_conflict(known).exec_without_returning(connection).await?;
    Ok(())
}
