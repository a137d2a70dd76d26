//! Queries that everybody who connects asks: their text is written once, and only the values change.
use std::sync::OnceLock;

use sea_orm::{Statement, Value};

/// One query whose text does not change.
#[derive(Debug, Default)]
pub(in crate::store) struct CachedStatement(OnceLock<Statement>);

impl CachedStatement {
    /// What `write` builds, which is asked for it once, with each first of these values replaced by its second.
    pub(in crate::store) fn bind(&self, write: impl FnOnce() -> Statement, values: &[(Value, Value)]) -> Statement {
        let mut statement = self.0.get_or_init(write).clone();
        for place in statement.values.iter_mut().flat_map(|places| &mut places.0) {
            if let Some((_, value)) = values.iter().find(|(placeholder, _)| placeholder == place) {
                *place = value.clone();
            }
        }
        statement
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::DatabaseBackend;

    use super::*;

    #[test]
    fn values_take_the_places_of_their_placeholders_and_nothing_else_changes() {
        let cached = CachedStatement::default();
        let write = || Statement::from_sql_and_values(DatabaseBackend::Sqlite, "a = ? OR b = ? OR c = ?", values(0, 7));
        let bound = |a: i64| cached.bind(write, &[(Value::from(0_i64), a.into())]);
        assert_eq!(
            bound(1),
            Statement::from_sql_and_values(DatabaseBackend::Sqlite, "a = ? OR b = ? OR c = ?", values(1, 7))
        );
        assert_eq!(bound(2).values.unwrap().0, values(2, 7));
    }

    fn values(a: i64, b: i64) -> [Value; 3] {
        [a.into(), b.into(), a.into()]
    }
}
