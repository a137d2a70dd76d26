//! What a user sees first: the lists of chats, in one query.
use sea_orm::{
    FromQueryResult, JoinType, StatementBuilder,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, IntoIden, Order, Query, SelectStatement},
};

use super::{Fault, NOBODY, Store, chats};
use crate::domain::{ChatId, Listed, Seq, Timestamp, UserId};
use entity::{chat, member, message, user};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: i16,
    name: String,
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
    pub async fn lists(&self, user: UserId) -> Result<Lists, Fault> {
        let write = || StatementBuilder::build(&listing(Uuid::nil()), &self.backend());
        let query = self.templates.lists.fill(write, &[(Uuid::nil().into(), user.0.into())]);
        let rows = Row::find_by_statement(query).all(&self.reader).await?;
        let (personal, groups): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.kind == chats::PERSONAL);
        let listed = |rows: Vec<Row>| rows.into_iter().map(Listed::from).collect();
        Ok(Lists { personal: listed(personal), groups: listed(groups) })
    }
}

// The names of the tables within the query.
const SEAT: &str = "seat";
const CHAT: &str = "listed";
const OTHER: &str = "other";
const PARTNER: &str = "partner_user";

fn listing(user: Uuid) -> SelectStatement {
    let is_personal = || of(CHAT, chat::Column::Kind).eq(chats::PERSONAL);
    let partner = of(PARTNER, user::Column::Name).if_null(NOBODY);
    Query::select()
        .expr_as(of(CHAT, chat::Column::Id), "id")
        .expr_as(of(CHAT, chat::Column::Kind), "kind")
        .expr_as(Expr::case(is_personal(), partner).finally(of(CHAT, chat::Column::Name)), "name")
        .expr_as(of(OTHER, member::Column::UserId), "partner")
        .expr_as(of(CHAT, chat::Column::LastMessageAt), "last_message_at")
        .expr_as(of(CHAT, chat::Column::LastSeq), "last_seq")
        .expr_as(of(SEAT, member::Column::ReadSeq), "read_seq")
        .expr_as(Expr::SubQuery(None, Box::new(unread(user).into())), "unread")
        .from_as(member::Entity, SEAT)
        .join_as(
            JoinType::InnerJoin,
            chat::Entity,
            CHAT,
            of(CHAT, chat::Column::Id).equals((SEAT, member::Column::ChatId)),
        )
        .join_as(
            JoinType::LeftJoin,
            member::Entity,
            OTHER,
            is_personal()
                .and(of(OTHER, member::Column::ChatId).equals((CHAT, chat::Column::Id)))
                .and(of(OTHER, member::Column::UserId).ne(user)),
        )
        .join_as(
            JoinType::LeftJoin,
            user::Entity,
            PARTNER,
            of(PARTNER, user::Column::Id).equals((OTHER, member::Column::UserId)),
        )
        .and_where(of(SEAT, member::Column::UserId).eq(user))
        .and_where(of(CHAT, chat::Column::Kind).ne(chats::SELF))
        .order_by((CHAT, chat::Column::LastMessageAt), Order::Desc)
        .order_by((CHAT, chat::Column::Id), Order::Desc)
        .to_owned()
}

/// Messages by others after the read pointer of the row at hand.
fn unread(user: Uuid) -> SelectStatement {
    Query::select()
        .expr(Expr::col((message::Entity, message::Column::Seq)).count())
        .from(message::Entity)
        .and_where(Expr::col((message::Entity, message::Column::ChatId)).equals((SEAT, member::Column::ChatId)))
        .and_where(Expr::col((message::Entity, message::Column::Seq)).gt(of(SEAT, member::Column::ReadSeq)))
        .and_where(Expr::col((message::Entity, message::Column::SenderId)).ne(user))
        .to_owned()
}

fn of<C: IntoIden>(table: &'static str, column: C) -> Expr {
    Expr::col((table, column))
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        Self {
            chat: ChatId(row.id),
            name: row.name,
            partner: row.partner.map(UserId),
            last_message_at: Timestamp(row.last_message_at),
            last_seq: Seq(row.last_seq),
            read_seq: Seq(row.read_seq),
            unread: row.unread,
        }
    }
}
