//! Mails that wait to be sent: written in the transaction that they tell of, gone once they were handed over.
use std::time::Duration;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, prelude::Uuid, sea_query::Expr,
};

use crate::{
    domain::Timestamp,
    store::{Fault, Store},
};
use entity::mail;

/// How long whoever took a mail has for handing it over, before another may try.
const LEASE: Duration = Duration::from_secs(120);
/// No mail waits longer than this for its next try. A later time was written when the clock was ahead.
const FURTHEST: Duration = Duration::from_secs(60 * 60);

/// What is to be written to somebody, or to nobody: a row of either kind costs the same, so that the time an answer
/// takes does not tell which it was. Sealed, because only `auth` may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    /// The mail's id.
    pub id: Uuid,
    /// If what was asked for is so.
    pub if_so: String,
    /// If it is not.
    pub otherwise: String,
    /// Whoever writes it hands it over as well, at once: nobody else takes it before that one has had the time for it.
    pub taken: bool,
}

/// A mail that is to be tried now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueMail {
    /// Its id.
    pub id: Uuid,
    /// Address and letter.
    pub sealed: String,
    /// How often it was tried before.
    pub attempts: u32,
    /// When it was written.
    pub created_at: Timestamp,
}

impl NewMail {
    pub(super) async fn insert(&self, on: &impl ConnectionTrait, so: bool, now: Timestamp) -> Result<(), Fault> {
        let row = mail::ActiveModel {
            id: Set(self.id),
            sealed: Set(if so { &self.if_so } else { &self.otherwise }.clone()),
            attempts: Set(0),
            created_at: Set(now.0),
            due_at: Set(if self.taken { now.plus(LEASE) } else { now }.0),
        };
        mail::Entity::insert(row).exec_without_returning(on).await?;
        Ok(())
    }
}

fn is_due(now: Timestamp) -> Condition {
    Condition::any().add(mail::Column::DueAt.lte(now.0)).add(mail::Column::DueAt.gt(now.plus(FURTHEST).0))
}

impl Store {
    /// Mails whose time has come, the longest waiting first.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn due_mails(&self, now: Timestamp, limit: u64) -> Result<Vec<Uuid>, Fault> {
        Ok(mail::Entity::find()
            .select_only()
            .column(mail::Column::Id)
            .filter(is_due(now))
            .order_by_asc(mail::Column::DueAt)
            .limit(limit)
            .into_tuple()
            .all(&self.reader)
            .await?)
    }

    /// When the next mail is to be tried.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn next_mail(&self) -> Result<Option<Timestamp>, Fault> {
        let query = mail::Entity::find().select_only().column(mail::Column::DueAt).order_by_asc(mail::Column::DueAt);
        Ok(query.limit(1).into_tuple::<i64>().one(&self.reader).await?.map(Timestamp))
    }

    /// Takes a mail for a while, so that of several servers only one sends it. None if another was faster.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn lease_mail(&self, id: Uuid, now: Timestamp) -> Result<Option<DueMail>, Fault> {
        let taken = mail::Entity::update_many()
            .col_expr(mail::Column::DueAt, Expr::value(now.plus(LEASE).0))
            .filter(mail::Column::Id.eq(id))
            .filter(is_due(now))
            .exec(&self.writer)
            .await?;
        if taken.rows_affected == 0 {
            return Ok(None);
        }
        self.taken_mail(id).await
    }

    /// A mail that the caller has taken. None if it was never written.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn taken_mail(&self, id: Uuid) -> Result<Option<DueMail>, Fault> {
        let found = mail::Entity::find_by_id(id).one(&self.writer).await?;
        Ok(found.map(|row| DueMail {
            id: row.id,
            sealed: row.sealed,
            attempts: row.attempts.try_into().unwrap_or(0),
            created_at: Timestamp(row.created_at),
        }))
    }

    /// The mail was handed over, or never will be.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn delete_mail(&self, id: Uuid) -> Result<(), Fault> {
        mail::Entity::delete_by_id(id).exec(&self.writer).await?;
        Ok(())
    }

    /// The mail could not be handed over: it is tried again at `due`.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn postpone_mail(&self, mail: &DueMail, due: Timestamp) -> Result<(), Fault> {
        mail::Entity::update_many()
            .col_expr(mail::Column::DueAt, Expr::value(due.0))
            .col_expr(mail::Column::Attempts, Expr::value(i32::try_from(mail.attempts).unwrap_or(i32::MAX - 1) + 1))
            .filter(mail::Column::Id.eq(mail.id))
            .exec(&self.writer)
            .await?;
        Ok(())
    }

    /// Mails that were not handed over yet.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn waiting_mails(&self) -> Result<u64, Fault> {
        Ok(mail::Entity::find().count(&self.reader).await?)
    }
}
