//! What a user sees first: the lists of chats, in one query, and in the same query with whether the user may see them.
use sea_orm::{
    ColumnTrait, FromQueryResult, JoinType, QueryFilter, QueryTrait, StatementBuilder, Value,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func, IntoIden, Order, Query, SelectStatement},
};

use super::founding::{PERSONAL, SELF};
use crate::{
    domain::{ChatId, Listed, Seq, SessionId, Timestamp, UserId},
    store::{
        Fault, NOBODY, Standing, Store,
        accounts::{StandingRow, in_force},
    },
};
use entity::{chat, member, message, session, user};

#[derive(FromQueryResult)]
struct Row {
    chat: Uuid,
    kind: i16,
    title: String,
    partner: Option<Uuid>,
    last_message_at: i64,
    last_seq: i64,
    read_seq: i64,
    unread: i64,
}

/// A session in force, and one of its user's chats if there are any.
#[derive(FromQueryResult)]
struct EntranceRow {
    #[sea_orm(nested)]
    standing: StandingRow,
    #[sea_orm(nested)]
    listed: Option<Row>,
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
        let write = || {
            let mut listing = listing(Uuid::nil(), CAP);
            listing.order_by((CHAT, chat::Column::LastMessageAt), Order::Desc);
            listing.order_by((CHAT, chat::Column::Id), Order::Desc);
            StatementBuilder::build(&listing, &self.backend())
        };
        let mut values = vec![(Uuid::nil().into(), user.0.into())];
        values.extend(self.cap());
        let query = self.templates.lists.fill(write, &values);
        Ok(Lists::from(Row::find_by_statement(query).all(&self.reader).await?))
    }

    /// The session, if it is in force and the user's, with both lists of that user. One query.
    pub async fn entrance(
        &self,
        session: SessionId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Option<(Standing, Lists)>, Fault> {
        let write = || StatementBuilder::build(&entrance(), &self.backend());
        let mut values = vec![
            (Uuid::nil().into(), user.0.into()),
            (ITSELF.into(), session.0.into()),
            (i64::MIN.into(), now.0.into()),
        ];
        values.extend(self.cap());
        let query = self.templates.entrance.fill(write, &values);
        let mut rows = EntranceRow::find_by_statement(query).all(&self.reader).await?.into_iter();
        let Some(first) = rows.next() else { return Ok(None) };
        let listed = first.listed.into_iter().chain(rows.filter_map(|row| row.listed)).collect::<Vec<_>>();
        Ok(Some((first.standing.into(), Lists::from(listed))))
    }
}

impl Store {
    /// How far unread messages are counted, as a number and as the place of the last one that is counted.
    fn cap(&self) -> [(Value, Value); 2] {
        let cap = self.unread_cap();
        let number = i64::try_from(cap).unwrap_or(i64::MAX);
        [(CAP.into(), number.into()), (LAST.into(), cap.saturating_sub(1).into())]
    }
}

/// Stand in for the cap of unread messages, and for the offset of the last of them.
const CAP: i64 = i64::MAX;
const LAST: u64 = i64::MAX as u64 - 1;

// The names of the tables within the query.
const SEAT: &str = "seat";
const CHAT: &str = "listed";
const OTHER: &str = "other";
const PARTNER: &str = "partner_user";
const LISTING: &str = "listing";

/// Stands in for the session.
const ITSELF: Uuid = Uuid::max();

/// With stand-ins for the session, the user and the time.
fn entrance() -> SelectStatement {
    let user = Uuid::nil();
    let session = in_force(Timestamp(i64::MIN)).filter(session::Column::Id.eq(ITSELF));
    let mut entrance = session.filter(session::Column::UserId.eq(user)).into_query();
    entrance.join_subquery(JoinType::LeftJoin, listing(user, CAP), LISTING, Expr::cust("TRUE"));
    for column in ["chat", "kind", "title", "partner", "last_message_at", "last_seq", "read_seq", "unread"] {
        entrance.column((LISTING, column));
    }
    entrance.order_by((LISTING, "last_message_at"), Order::Desc).order_by((LISTING, "chat"), Order::Desc);
    entrance
}

/// In no order.
fn listing(user: Uuid, cap: i64) -> SelectStatement {
    let is_personal = || of(CHAT, chat::Column::Kind).eq(PERSONAL);
    let partner = of(PARTNER, user::Column::Name).if_null(NOBODY);
    Query::select()
        .expr_as(of(CHAT, chat::Column::Id), "chat")
        .expr_as(of(CHAT, chat::Column::Kind), "kind")
        .expr_as(Expr::case(is_personal(), partner).finally(of(CHAT, chat::Column::Name)), "title")
        .expr_as(of(OTHER, member::Column::UserId), "partner")
        .expr_as(of(CHAT, chat::Column::LastMessageAt), "last_message_at")
        .expr_as(of(CHAT, chat::Column::LastSeq), "last_seq")
        .expr_as(of(SEAT, member::Column::ReadSeq), "read_seq")
        .expr_as(unread(user, cap), "unread")
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
        .and_where(of(CHAT, chat::Column::Kind).ne(SELF))
        .to_owned()
}

/// How many messages by others follow the read pointer of the row at hand, up to the cap. Where there cannot be more they
/// are counted; else the last that counts is looked for first, so that no chat costs more than twice the cap.
fn unread(user: Uuid, cap: i64) -> Expr {
    let count = || {
        let seq = Expr::col((message::Entity, message::Column::Seq));
        scalar(of_others(user).expr(seq.count()).to_owned())
    };
    let last = of_others(user)
        .expr(Expr::val(cap))
        .order_by((message::Entity, message::Column::Seq), Order::Asc)
        .limit(1)
        .offset(LAST)
        .to_owned();
    let most = of(CHAT, chat::Column::LastSeq).sub(of(SEAT, member::Column::ReadSeq));
    let capped = Func::coalesce([scalar(last), count()]);
    Expr::case(most.lte(cap), count()).finally(capped).into()
}

fn scalar(query: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(query.into()))
}

fn of_others(user: Uuid) -> SelectStatement {
    Query::select()
        .from(message::Entity)
        .and_where(Expr::col((message::Entity, message::Column::ChatId)).equals((SEAT, member::Column::ChatId)))
        .and_where(Expr::col((message::Entity, message::Column::Seq)).gt(of(SEAT, member::Column::ReadSeq)))
        .and_where(Expr::col((message::Entity, message::Column::SenderId)).ne(user))
        .to_owned()
}

fn of<C: IntoIden>(table: &'static str, column: C) -> Expr {
    Expr::col((table, column))
}

impl From<Vec<Row>> for Lists {
    fn from(rows: Vec<Row>) -> Self {
        let (personal, groups): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.kind == PERSONAL);
        let listed = |rows: Vec<Row>| rows.into_iter().map(Listed::from).collect();
        Self { personal: listed(personal), groups: listed(groups) }
    }
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
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
