//! Who may see whether somebody is online, and when somebody was seen last.
use sea_orm::{
    ConnectionTrait, FromQueryResult, JoinType, StatementBuilder,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func, IntoIden, Query, SelectStatement},
};

use super::audience::{CONTACTS, EVERYONE};
use crate::{
    domain::{LoginId, Timestamp, UserId},
    store::{
        Fault, Store,
        kinds::PERSONAL,
        sql::{Update, pieces},
    },
};
use entity::{block, chat, member, message, session, user};

/// So many on either side are asked for at once.
pub(super) const AT_ONCE: usize = 200;

/// Whether somebody wrote in a chat of two is noted a while later, and was not noted at all in earlier versions. Until then it is
/// looked for among so many of the newest messages.
const LOOKED_AT: i64 = 256;

/// Somebody who may see whether somebody else is online.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// Who sees.
    pub watcher: UserId,
    /// Whom.
    pub watched: UserId,
    /// When the one who is seen last used a login, if that is known.
    pub last_seen: Option<Timestamp>,
}

#[derive(FromQueryResult)]
struct SightRow {
    watcher: Uuid,
    watched: Uuid,
    last_seen: Option<i64>,
}

const SEEN: Update<2> = Update {
    table: "session",
    given: ["login", "moment"],
    set: "last_seen_at = moment",
    matching: "id = login AND last_seen_at < moment",
    returning: "",
};

// The names of the tables within the query.
const WATCHER: &str = "watcher_user";
const WATCHED: &str = "watched_user";
const MINE: &str = "mine";
const THEIRS: &str = "theirs";
const CHAT: &str = "common";
const SAID: &str = "said";
const BLOCK: &str = "between";

impl Store {
    /// Which of `watchers` may see which of `watched`: those who have a chat in common, as far as the watched ones let them.
    /// This is the one place that decides it.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn sights(&self, watchers: &[UserId], watched: &[UserId]) -> Result<Vec<Sight>, Fault> {
        let mut seen = Vec::new();
        for watchers in watchers.chunks(AT_ONCE) {
            for watched in watched.chunks(AT_ONCE) {
                let query = StatementBuilder::build(&sights(watchers, watched), &self.backend());
                let rows = SightRow::find_by_statement(query).all(&self.reader).await?;
                seen.extend(rows.into_iter().map(|row| Sight {
                    watcher: UserId(row.watcher),
                    watched: UserId(row.watched),
                    last_seen: row.last_seen.map(Timestamp),
                }));
            }
        }
        Ok(seen)
    }

    /// These logins were in use until then. What is known to be later stays.
    ///
    /// # Errors
    /// A fault of the database. Some of it may be stored then.
    pub async fn remember_seen(&self, logins: &[(LoginId, Timestamp)]) -> Result<(), Fault> {
        for piece in pieces(logins) {
            let rows = piece.iter().map(|(login, at)| [login.0.into(), at.0.into()]);
            self.writer.execute_raw(SEEN.statement(self.backend(), rows)).await?;
        }
        Ok(())
    }
}

fn sights(watchers: &[UserId], watched: &[UserId]) -> SelectStatement {
    let lets = |audience: i16| of(WATCHED, user::Column::Presence).eq(audience);
    let everyone = lets(EVERYONE).and(Expr::exists(in_common()));
    let contacts = lets(CONTACTS).and(Expr::exists(written_to()));
    of_pair(watchers, watched)
        .expr_as(Expr::SubQuery(None, Box::new(last_seen().into())), "last_seen")
        .and_where(everyone.or(contacts))
        .and_where(Expr::exists(blocked()).not())
        .to_owned()
}

/// Whether one lets the other take one into groups.
pub(super) fn lets_be_added() -> Expr {
    let lets = |audience: i16| of(WATCHED, user::Column::AddToGroups).eq(audience);
    let contacts = lets(CONTACTS).and(Expr::exists(written_to()));
    lets(EVERYONE).or(contacts).and(Expr::exists(blocked()).not())
}

/// One of the two has blocked the other.
fn blocked() -> SelectStatement {
    let blocks = |one: &'static str, other: &'static str| {
        of(BLOCK, block::Column::UserId)
            .equals((one, user::Column::Id))
            .and(of(BLOCK, block::Column::BlockedId).equals((other, user::Column::Id)))
    };
    Query::select()
        .expr(Expr::val(1))
        .from_as(block::Entity, BLOCK)
        .and_where(blocks(WATCHER, WATCHED).or(blocks(WATCHED, WATCHER)))
        .to_owned()
}

/// Each of some with each of others, as far as they have accounts, yet to be filtered.
pub(super) fn of_pair(watchers: &[UserId], watched: &[UserId]) -> SelectStatement {
    let ids = |users: &[UserId]| users.iter().map(|user| user.0).collect::<Vec<_>>();
    Query::select()
        .expr_as(of(WATCHER, user::Column::Id), "watcher")
        .expr_as(of(WATCHED, user::Column::Id), "watched")
        .from_as(user::Entity, WATCHER)
        .from_as(user::Entity, WATCHED)
        .and_where(of(WATCHER, user::Column::Id).is_in(ids(watchers)))
        .and_where(of(WATCHED, user::Column::Id).is_in(ids(watched)))
        .and_where(of(WATCHED, user::Column::Verified).eq(true))
        .to_owned()
}

fn last_seen() -> SelectStatement {
    Query::select()
        .expr(Func::max(Expr::col((session::Entity, session::Column::LastSeenAt))))
        .from(session::Entity)
        .and_where(Expr::col((session::Entity, session::Column::UserId)).equals((WATCHED, user::Column::Id)))
        .to_owned()
}

/// A chat that both are in.
fn in_common() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from_as(member::Entity, MINE)
        .join_as(
            JoinType::InnerJoin,
            member::Entity,
            THEIRS,
            of(THEIRS, member::Column::ChatId).equals((MINE, member::Column::ChatId)),
        )
        .and_where(of(MINE, member::Column::UserId).equals((WATCHER, user::Column::Id)))
        .and_where(of(THEIRS, member::Column::UserId).equals((WATCHED, user::Column::Id)))
        .to_owned()
}

/// Their chat of two, if the watched one has said something there.
fn written_to() -> SelectStatement {
    let mut written_to = in_common();
    written_to
        .join_as(
            JoinType::InnerJoin,
            chat::Entity,
            CHAT,
            of(CHAT, chat::Column::Id).equals((MINE, member::Column::ChatId)),
        )
        .and_where(of(CHAT, chat::Column::Kind).eq(PERSONAL))
        .and_where(of(THEIRS, member::Column::Wrote).eq(true).or(Expr::exists(said())));
    written_to
}

fn said() -> SelectStatement {
    let first = of(CHAT, chat::Column::LastSeq).sub(LOOKED_AT);
    Query::select()
        .expr(Expr::val(1))
        .from_as(message::Entity, SAID)
        .and_where(of(SAID, message::Column::ChatId).equals((CHAT, chat::Column::Id)))
        .and_where(of(SAID, message::Column::Seq).gt(first))
        .and_where(of(SAID, message::Column::SenderId).equals((WATCHED, user::Column::Id)))
        .to_owned()
}

fn of<C: IntoIden>(table: &'static str, column: C) -> Expr {
    Expr::col((table, column))
}
