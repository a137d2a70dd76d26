//! What everybody who connects asks, in one query: whether the login is in force, and the lists of chats.
use sea_orm::{
    ColumnTrait, DatabaseBackend, FromQueryResult, JoinType, QueryFilter, QueryTrait, StatementBuilder,
    prelude::Uuid,
    sea_query::{Expr, Order, SelectStatement},
};

use super::{
    Login,
    in_force::{LoginRow, in_force},
};
use crate::{
    domain::{LoginId, Timestamp, UserId},
    store::{
        Fault, Lists, Store,
        chats::{LIST_COLUMNS, ListRow, shown_listing},
    },
};
use entity::session;

/// A login in force, and one of its user's chats if there are any.
#[derive(FromQueryResult)]
struct EntranceRow {
    #[sea_orm(nested)]
    login: LoginRow,
    #[sea_orm(nested)]
    listed: Option<ListRow>,
}

/// The lists' name within the query.
const LISTING: &str = "listing";

// Placeholders of the login, its user and the time.
const LOGIN: Uuid = Uuid::max();
const USER: Uuid = Uuid::nil();
const NOW: i64 = i64::MIN;

impl Store {
    /// The login, if it is in force and the user's, with both lists of that user. One query.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn entrance(&self, id: LoginId, user: UserId, now: Timestamp) -> Result<Option<(Login, Lists)>, Fault> {
        let write = || StatementBuilder::build(&entrance(self.backend()), &self.backend());
        let mut values = vec![(LOGIN.into(), id.0.into()), (NOW.into(), now.0.into())];
        // The user's placeholder is the same in the lists.
        values.extend(self.list_values(user));
        let query = self.cached.entrance.bind(write, &values);
        let mut rows = EntranceRow::find_by_statement(query).all(&self.reader).await?.into_iter();
        let Some(first) = rows.next() else { return Ok(None) };
        let listed = first.listed.into_iter().chain(rows.filter_map(|row| row.listed)).collect::<Vec<_>>();
        Ok(Some((first.login.into(), self.listed(listed))))
    }
}

fn entrance(backend: DatabaseBackend) -> SelectStatement {
    let login = in_force(Timestamp(NOW)).filter(session::Column::Id.eq(LOGIN));
    let mut entrance = login.filter(session::Column::UserId.eq(USER)).into_query();
    entrance.join_subquery(JoinType::LeftJoin, shown_listing(backend), LISTING, Expr::cust("TRUE"));
    for column in LIST_COLUMNS {
        entrance.column((LISTING, column));
    }
    entrance.order_by((LISTING, "last_message_at"), Order::Desc).order_by((LISTING, "chat"), Order::Desc);
    entrance
}
