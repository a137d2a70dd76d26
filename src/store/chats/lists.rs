//! What a user sees first: the lists of chats, in one query.
use sea_orm::{
    FromQueryResult, JoinType, StatementBuilder, Value,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func, IntoIden, Order, Query, SelectStatement},
};

use super::founding::{PERSONAL, SELF};
use crate::{
    domain::{ChatId, Listed, Seq, Timestamp, UserId},
    store::{Fault, NOBODY, Store},
};
use entity::{chat, member, message, user};

/// One chat of a list, as [`listing`] finds it.
#[derive(FromQueryResult)]
pub(in crate::store) struct ListRow {
    chat: Uuid,
    kind: i16,
    title: String,
    partner: Option<Uuid>,
    last_message_at: i64,
    last_seq: i64,
    read_seq: i64,
    unread: i64,
}

/// All chats of a user but the notes, the latest first.
#[derive(Debug)]
pub struct Lists {
    /// Chats of two.
    pub personal: Vec<Listed>,
    /// Groups.
    pub groups: Vec<Listed>,
}

impl Store {
    /// Both lists of a user. One query.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn lists(&self, user: UserId) -> Result<Lists, Fault> {
        let write = || {
            let mut listing = listing();
            listing.order_by((CHAT, chat::Column::LastMessageAt), Order::Desc);
            listing.order_by((CHAT, chat::Column::Id), Order::Desc);
            StatementBuilder::build(&listing, &self.backend())
        };
        let query = self.cached.lists.bind(write, &self.list_values(user));
        Ok(Lists::from(ListRow::find_by_statement(query).all(&self.reader).await?))
    }

    /// What takes the place of each placeholder of [`listing`].
    pub(in crate::store) fn list_values(&self, user: UserId) -> [(Value, Value); 3] {
        let cap = self.unread_cap();
        let number = i64::try_from(cap).unwrap_or(i64::MAX);
        [(USER.into(), user.0.into()), (CAP.into(), number.into()), (LAST.into(), cap.saturating_sub(1).into())]
    }
}

/// Placeholder of the user.
const USER: Uuid = Uuid::nil();
/// Placeholders of how far unread messages are counted, and for the offset of the last of them.
const CAP: i64 = i64::MAX;
const LAST: u64 = i64::MAX as u64 - 1;

// The names of the tables within the query.
const MEMBER: &str = "own";
const CHAT: &str = "listed";
const OTHER: &str = "other";
const PARTNER: &str = "partner_user";

/// All chats of a user but the notes, in no order, with placeholders for what is asked.
pub(in crate::store) fn listing() -> SelectStatement {
    let is_personal = || of(CHAT, chat::Column::Kind).eq(PERSONAL);
    let partner = of(PARTNER, user::Column::Name).if_null(NOBODY);
    Query::select()
        .expr_as(of(CHAT, chat::Column::Id), "chat")
        .expr_as(of(CHAT, chat::Column::Kind), "kind")
        .expr_as(Expr::case(is_personal(), partner).finally(of(CHAT, chat::Column::Name)), "title")
        .expr_as(of(OTHER, member::Column::UserId), "partner")
        .expr_as(of(CHAT, chat::Column::LastMessageAt), "last_message_at")
        .expr_as(of(CHAT, chat::Column::LastSeq), "last_seq")
        .expr_as(of(MEMBER, member::Column::ReadSeq), "read_seq")
        .expr_as(unread(), "unread")
        .from_as(member::Entity, MEMBER)
        .join_as(
            JoinType::InnerJoin,
            chat::Entity,
            CHAT,
            of(CHAT, chat::Column::Id).equals((MEMBER, member::Column::ChatId)),
        )
        .join_as(
            JoinType::LeftJoin,
            member::Entity,
            OTHER,
            is_personal()
                .and(of(OTHER, member::Column::ChatId).equals((CHAT, chat::Column::Id)))
                .and(of(OTHER, member::Column::UserId).ne(USER)),
        )
        .join_as(
            JoinType::LeftJoin,
            user::Entity,
            PARTNER,
            of(PARTNER, user::Column::Id).equals((OTHER, member::Column::UserId)),
        )
        .and_where(of(MEMBER, member::Column::UserId).eq(USER))
        .and_where(of(CHAT, chat::Column::Kind).ne(SELF))
        .to_owned()
}

/// How many messages by others follow the read pointer of the row at hand, up to the cap. Where there cannot be more they
/// are counted; else the last that counts is looked for first, so that no chat costs more than twice the cap.
fn unread() -> Expr {
    let count = || {
        let seq = Expr::col((message::Entity, message::Column::Seq));
        scalar(of_others().expr(seq.count()).to_owned())
    };
    let last = of_others()
        .expr(Expr::val(CAP))
        .order_by((message::Entity, message::Column::Seq), Order::Asc)
        .limit(1)
        .offset(LAST)
        .to_owned();
    let most = of(CHAT, chat::Column::LastSeq).sub(of(MEMBER, member::Column::ReadSeq));
    let capped = Func::coalesce([scalar(last), count()]);
    Expr::case(most.lte(CAP), count()).finally(capped).into()
}

fn scalar(query: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(query.into()))
}

fn of_others() -> SelectStatement {
    Query::select()
        .from(message::Entity)
        .and_where(Expr::col((message::Entity, message::Column::ChatId)).equals((MEMBER, member::Column::ChatId)))
        .and_where(Expr::col((message::Entity, message::Column::Seq)).gt(of(MEMBER, member::Column::ReadSeq)))
        .and_where(Expr::col((message::Entity, message::Column::SenderId)).ne(USER))
        .to_owned()
}

fn of<C: IntoIden>(table: &'static str, column: C) -> Expr {
    Expr::col((table, column))
}

impl From<Vec<ListRow>> for Lists {
    fn from(rows: Vec<ListRow>) -> Self {
        let (personal, groups): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.kind == PERSONAL);
        let listed = |rows: Vec<ListRow>| rows.into_iter().map(Listed::from).collect();
        Self { personal: listed(personal), groups: listed(groups) }
    }
}

impl From<ListRow> for Listed {
    fn from(row: ListRow) -> Self {
        Self {
            chat: ChatId(row.chat),
            name: row.title,
            partner: row.partner.map(UserId),
            last_message_at: Timestamp(row.last_message_at),
            last_seq: Seq(row.last_seq),
            read_seq: Seq(row.read_seq),
            unread: row.unread,
        }
    }
}
