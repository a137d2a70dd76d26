//! What of a list is counted: unread messages, and those of them that mention the user, each up to a cap.
use sea_orm::{
    DatabaseBackend,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func, IntoIden, Order, Query, SelectStatement},
};

use entity::{block, chat, mark, member, message};

/// Placeholder of the user.
pub(super) const USER: Uuid = Uuid::nil();
/// Placeholders of how far unread messages are counted, and for the offset of the last of them.
pub(super) const CAP: i64 = i64::MAX;
pub(super) const LAST: u64 = i64::MAX as u64 - 1;

/// Placeholders of what finds the messages that mention the user, or everybody.
pub(super) const MENTIONED: &str = "%user%";
pub(super) const ALL_MENTIONED: &str = "%everybody%";

// The names of the tables within the query.
pub(super) const MEMBER: &str = "own";
pub(super) const CHAT: &str = "listed";

/// How many messages by others follow the read pointer of the row at hand, up to the cap. Where there cannot be more they
/// are counted; else the last that counts is looked for first, so that no chat costs more than twice the cap.
pub(super) fn unread() -> Expr {
    let count = || {
        let seq = Expr::col((message::Entity, message::Column::Seq));
        scalar(of_others().expr(seq.count()).to_owned())
    };
    let capped = Func::coalesce([scalar(last_counted(Expr::val(CAP))), count()]);
    Expr::case(most().lte(CAP), count()).finally(capped).into()
}

/// How many of those mention the user, or everybody.
pub(super) fn mentioned(backend: DatabaseBackend) -> Expr {
    let column = || Expr::col((message::Entity, message::Column::Mentions));
    // SQLite plans a query anew for each pattern that it is given, so it is given none.
    let find = if backend == DatabaseBackend::Postgres { "STRPOS" } else { "INSTR" };
    let has = |text: &'static str| Expr::from(Func::cust(find).args([column(), Expr::val(text)])).gt(0);
    let seq = || Expr::col((message::Entity, message::Column::Seq));
    let count = || {
        of_others()
            .and_where(Expr::exists(blocked()).not())
            .expr(seq().count())
            .and_where(column().is_not_null())
            .and_where(has(MENTIONED).or(has(ALL_MENTIONED)))
            .to_owned()
    };
    let last = scalar(last_counted(seq()));
    let upto = Func::coalesce([last, of(CHAT, chat::Column::LastSeq)]);
    let capped = scalar(count().and_where(seq().lte(Expr::from(upto))).to_owned());
    Expr::case(most().lte(CAP), scalar(count())).finally(capped).into()
}

/// What came up to here is read, or cleared away.
fn seen() -> Expr {
    let read = of(MEMBER, member::Column::ReadSeq);
    let cleared = of(MEMBER, member::Column::ClearedSeq);
    Expr::case(cleared.clone().gt(read.clone()), cleared).finally(read).into()
}

/// How many unread messages there can be.
fn most() -> Expr {
    of(CHAT, chat::Column::LastSeq).sub(seen())
}

/// `value` of the last unread message that counts, if there are so many.
fn last_counted(value: Expr) -> SelectStatement {
    of_others()
        .expr(value)
        .order_by((message::Entity, message::Column::Seq), Order::Asc)
        .limit(1)
        .offset(LAST)
        .to_owned()
}

fn scalar(query: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(query.into()))
}

fn of_others() -> SelectStatement {
    Query::select()
        .from(message::Entity)
        .and_where(Expr::col((message::Entity, message::Column::ChatId)).equals((MEMBER, member::Column::ChatId)))
        .and_where(Expr::col((message::Entity, message::Column::Seq)).gt(seen()))
        .and_where(Expr::col((message::Entity, message::Column::SenderId)).ne(USER))
        .and_where(Expr::col((message::Entity, message::Column::DeletedAt)).is_null())
        .and_where(of(MEMBER, member::Column::Own).eq(0).or(Expr::exists(hidden()).not()))
        .to_owned()
}

/// Whether the user has blocked who said the message at hand.
fn blocked() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(block::Entity)
        .and_where(Expr::col((block::Entity, block::Column::UserId)).eq(USER))
        .and_where(
            Expr::col((block::Entity, block::Column::BlockedId)).equals((message::Entity, message::Column::SenderId)),
        )
        .to_owned()
}

/// Whether the user hid the message at hand. Who never marked anything there hid nothing.
fn hidden() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(mark::Entity)
        .and_where(Expr::col((mark::Entity, mark::Column::ChatId)).equals((message::Entity, message::Column::ChatId)))
        .and_where(Expr::col((mark::Entity, mark::Column::Seq)).equals((message::Entity, message::Column::Seq)))
        .and_where(Expr::col((mark::Entity, mark::Column::UserId)).eq(USER))
        .and_where(Expr::col((mark::Entity, mark::Column::Hidden)).eq(true))
        .to_owned()
}

pub(super) fn of<C: IntoIden>(table: &'static str, column: C) -> Expr {
    Expr::col((table, column))
}
