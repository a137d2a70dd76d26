//! What a user sees first: the lists of chats, one query each.
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
    name: String,
    partner: Option<Uuid>,
    last_message_at: i64,
    last_seq: i64,
    read_seq: i64,
    unread: i64,
}

impl Store {
    /// The user's personal chats, the latest first.
    pub async fn personal_chats(&self, user: UserId) -> Result<Vec<Listed>, Fault> {
        let mut query = list(user, chats::PERSONAL);
        query
            .expr_as(of(PARTNER, user::Column::Name).if_null(NOBODY), "name")
            .expr_as(of(OTHER, member::Column::UserId), "partner")
            .join_as(
                JoinType::InnerJoin,
                member::Entity,
                OTHER,
                of(OTHER, member::Column::ChatId)
                    .equals((CHAT, chat::Column::Id))
                    .and(of(OTHER, member::Column::UserId).ne(user.0)),
            )
            .join_as(
                JoinType::LeftJoin,
                user::Entity,
                PARTNER,
                of(PARTNER, user::Column::Id).equals((OTHER, member::Column::UserId)),
            );
        self.listed(query).await
    }

    /// The user's groups, the latest first.
    pub async fn group_chats(&self, user: UserId) -> Result<Vec<Listed>, Fault> {
        let mut query = list(user, chats::GROUP);
        query.expr_as(of(CHAT, chat::Column::Name), "name");
        self.listed(query).await
    }

    async fn listed(&self, query: SelectStatement) -> Result<Vec<Listed>, Fault> {
        let statement = StatementBuilder::build(&query, &self.backend());
        let rows = Row::find_by_statement(statement).all(&self.reader).await?;
        Ok(rows.into_iter().map(Listed::from).collect())
    }
}

// The names of the tables within the query.
const SEAT: &str = "seat";
const CHAT: &str = "listed";
const OTHER: &str = "other";
const PARTNER: &str = "partner_user";

/// What both lists share.
fn list(user: UserId, kind: i16) -> SelectStatement {
    Query::select()
        .expr_as(of(CHAT, chat::Column::Id), "id")
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
        .and_where(of(SEAT, member::Column::UserId).eq(user.0))
        .and_where(of(CHAT, chat::Column::Kind).eq(kind))
        .order_by((CHAT, chat::Column::LastMessageAt), Order::Desc)
        .order_by((CHAT, chat::Column::Id), Order::Desc)
        .to_owned()
}

/// Messages by others after the read pointer of the row at hand.
fn unread(user: UserId) -> SelectStatement {
    Query::select()
        .expr(Expr::col((message::Entity, message::Column::Seq)).count())
        .from(message::Entity)
        .and_where(Expr::col((message::Entity, message::Column::ChatId)).equals((SEAT, member::Column::ChatId)))
        .and_where(Expr::col((message::Entity, message::Column::Seq)).gt(of(SEAT, member::Column::ReadSeq)))
        .and_where(Expr::col((message::Entity, message::Column::SenderId)).ne(user.0))
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
