//! Finding people, as other users may see them: the verified ones.
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LikeExpr},
};

use super::{Fault, Store};
use crate::domain::{Email, Name, NamePart, UserId};
use entity::user;

/// A verified user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub id: UserId,
    /// The name shown to others.
    pub name: Name,
    /// The address.
    pub email: Email,
}

impl From<user::Model> for Person {
    fn from(row: user::Model) -> Self {
        Self { id: UserId(row.id), name: Name::stored(&row.name), email: Email::stored(&row.email) }
    }
}

impl Store {
    /// A verified user.
    pub async fn person(&self, id: UserId) -> Result<Option<Person>, Fault> {
        let found = user::Entity::find_by_id(id.0).filter(user::Column::Verified.eq(true)).one(&self.reader).await?;
        Ok(found.map(Person::from))
    }

    /// Those of `ids` that are verified users, in no order.
    pub async fn people(&self, ids: &[UserId]) -> Result<Vec<Person>, Fault> {
        let found = user::Entity::find()
            .filter(user::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(user::Column::Verified.eq(true))
            .all(&self.reader)
            .await?;
        Ok(found.into_iter().map(Person::from).collect())
    }

    /// Verified users whose name contains `part`, whatever its case; `part` is taken literally.
    pub async fn search(&self, part: &NamePart, limit: u64) -> Result<Vec<Person>, Fault> {
        let mut pattern = String::from("%");
        for c in fold(part.as_str()).chars() {
            if matches!(c, '%' | '_' | '!') {
                pattern.push('!');
            }
            pattern.push(c);
        }
        pattern.push('%');
        let found = user::Entity::find()
            .filter(Expr::col(user::Column::NameFolded).like(LikeExpr::new(pattern).escape('!')))
            .filter(user::Column::Verified.eq(true))
            .order_by_asc(user::Column::NameFolded)
            .order_by_asc(user::Column::Id)
            .limit(limit)
            .all(&self.reader)
            .await?;
        Ok(found.into_iter().map(Person::from).collect())
    }
}

/// How names are compared: the same for every database, whatever its own idea of case.
pub(super) fn fold(name: &str) -> String {
    name.to_lowercase()
}
