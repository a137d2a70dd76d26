//! Whose names hold something. A part of up to three characters is read from the runs of names, in the order of names, until there are
//! enough; of a longer one the rarest run of three is, and each name is looked at.
use std::collections::{BTreeSet, HashSet};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder,
    QuerySelect,
    prelude::Uuid,
    sea_query::{Asterisk, Expr, ExprTrait, LikeExpr, Query, SelectStatement},
};

use super::{
    filling::filled,
    grams::{LONGEST, runs},
    people::{Person, fold},
};
use crate::{
    domain::NamePart,
    store::{Fault, Store},
};
use entity::{person_gram, user};

/// So many rows of each run are passed to tell which one is the rarest.
const PASSED: u64 = 256;

/// What is looked for, folded.
struct Sought {
    part: String,
    pattern: LikeExpr,
    limit: u64,
}

impl Sought {
    fn new(part: &NamePart, limit: u64) -> Self {
        let part = fold(part.as_str());
        let mut pattern = String::from("%");
        for c in part.chars() {
            if matches!(c, '%' | '_' | '!') {
                pattern.push('!');
            }
            pattern.push(c);
        }
        pattern.push('%');
        Self { part, pattern: LikeExpr::new(pattern).escape('!'), limit }
    }
}

impl Store {
    /// Verified users whose name contains `part`, whatever its case; `part` is taken literally. By their names, at most `limit`; nobody if
    /// it is empty.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn search(&self, part: &NamePart, limit: u64) -> Result<Vec<Person>, Fault> {
        let sought = Sought::new(part, limit);
        if sought.part.is_empty() {
            return Ok(Vec::new());
        }
        // Before all else: whoever is not behind this has runs from here on.
        let filled = filled(&self.reader).await?;
        let gram = self.rarest(&sought.part).await?;
        let mut found = self.with_gram(&sought, gram).await?;
        if filled != Uuid::max() {
            let others = self.unfilled(&sought, filled).await?;
            let known: HashSet<Uuid> = found.iter().map(|row| row.id).collect();
            found.extend(others.into_iter().filter(|row| !known.contains(&row.id)));
            found.sort_by(|a, b| (&a.name_folded, a.id).cmp(&(&b.name_folded, b.id)));
        }
        Ok(found.into_iter().map(Person::from).take(limit as usize).collect())
    }

    /// The run to read for a part of a name: the part itself, or of its runs of three one that few names have, or else the one whose first
    /// names reach farthest.
    async fn rarest<'a>(&self, part: &'a str) -> Result<&'a str, Fault> {
        if part.chars().count() <= LONGEST {
            return Ok(part);
        }
        let grams: BTreeSet<&str> = runs(part, LONGEST).collect();
        let mut query = Query::select();
        for (column, gram) in grams.iter().enumerate() {
            query.expr_as(reach(gram), column_of(column));
        }
        let Some(row) = self.reader.query_one(&query).await? else { return Ok(part) };
        let mut reaches = Vec::with_capacity(grams.len());
        for (column, gram) in grams.into_iter().enumerate() {
            let reach: Option<String> = row.try_get("", &column_of(column))?;
            // To have no name there is to reach farther than any.
            reaches.push((reach.is_none(), reach, gram));
        }
        Ok(reaches.into_iter().max().map_or(part, |(.., gram)| gram))
    }

    async fn with_gram(&self, sought: &Sought, gram: &str) -> Result<Vec<user::Model>, Fault> {
        let [name, id] = [person_gram::Column::NameFolded, person_gram::Column::UserId];
        let mut first = in_order(gram);
        first.column(id).limit(sought.limit);
        if gram != sought.part {
            first.and_where(Expr::col(name).like(sought.pattern.clone()));
        }
        let mut people = Query::select();
        people
            .column((user::Entity, Asterisk))
            .from_subquery(first, person_gram::Entity)
            .inner_join(user::Entity, Expr::col((user::Entity, user::Column::Id)).equals((person_gram::Entity, id)))
            .order_by((person_gram::Entity, name), Order::Asc)
            .order_by((person_gram::Entity, id), Order::Asc);
        let statement = self.backend().build(&people);
        Ok(user::Model::find_by_statement(statement).all(&self.reader).await?)
    }

    /// Those who may have no runs yet.
    async fn unfilled(&self, sought: &Sought, filled: Uuid) -> Result<Vec<user::Model>, Fault> {
        Ok(user::Entity::find()
            .filter(user::Column::Id.gt(filled))
            .filter(Expr::col(user::Column::NameFolded).like(sought.pattern.clone()))
            .filter(user::Column::Verified.eq(true))
            .order_by_asc(by_code_points(self.backend()))
            .order_by_asc(user::Column::Id)
            .limit(sought.limit)
            .all(&self.reader)
            .await?)
    }
}

/// The names that a run is in, in their order.
fn in_order(gram: &str) -> SelectStatement {
    Query::select()
        .column(person_gram::Column::NameFolded)
        .from(person_gram::Entity)
        .and_where(Expr::col(person_gram::Column::Gram).eq(gram))
        .order_by(person_gram::Column::NameFolded, Order::Asc)
        .order_by(person_gram::Column::UserId, Order::Asc)
        .take()
}

/// The last of the first names that a run is in, if it is in so many.
fn reach(gram: &str) -> SelectStatement {
    in_order(gram).limit(1).offset(PASSED - 1).take()
}

fn column_of(number: usize) -> String {
    format!("reach{number}")
}

/// The names as all databases order them alike: PostgreSQL would go by a locale.
fn by_code_points(backend: DatabaseBackend) -> Expr {
    match backend {
        DatabaseBackend::Postgres => Expr::cust(r#""name_folded" COLLATE "C""#),
        _ => Expr::col(user::Column::NameFolded),
    }
}
