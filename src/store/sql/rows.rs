//! Statements that take a row of values for each row they touch. Any number of rows is cut into pieces of few sizes, so that
//! there are few different texts: the driver prepares each once and keeps it.
use std::{fmt::Write, iter};

use sea_orm::{DatabaseBackend, Statement, Value};

/// The most rows of one statement. At ten values each that is far below what any of the databases takes.
const MOST: usize = 512;

/// Cuts `rows` into pieces of 1, 2, 4 … rows, the largest first.
pub(in crate::store) fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    iter::from_fn(move || {
        let size = MOST.min(1 << rows.len().checked_ilog2()?);
        let (piece, rest) = rows.split_at(size);
        rows = rest;
        Some(piece)
    })
}

/// Adds whole rows to a table.
pub(in crate::store) struct Insert<const N: usize> {
    pub table: &'static str,
    pub columns: [&'static str; N],
}

impl<const N: usize> Insert<N> {
    pub(in crate::store) fn statement(
        &self,
        backend: DatabaseBackend,
        rows: impl ExactSizeIterator<Item = [Value; N]>,
    ) -> Statement {
        let Self { table, columns } = self;
        let insert = verb("INSERT", backend);
        let columns = columns.join(", ");
        let places = places::<N>(backend, rows.len());
        let sql = format!("{insert} INTO {table} ({columns}) VALUES {places}");
        Statement::from_sql_and_values(backend, sql, rows.flatten())
    }
}

/// Changes a row of a table for each row `given`. The names of the given columns must not be columns of the table.
pub(in crate::store) struct Update<const N: usize> {
    pub table: &'static str,
    pub given: [&'static str; N],
    pub set: &'static str,
    pub matching: &'static str,
    /// What to answer of each changed row, where the database can: `MySQL` cannot.
    pub returning: &'static str,
}

impl<const N: usize> Update<N> {
    pub(in crate::store) fn statement(
        &self,
        backend: DatabaseBackend,
        rows: impl ExactSizeIterator<Item = [Value; N]>,
    ) -> Statement {
        let Self { table, set, matching, returning, .. } = self;
        let sql = match backend {
            DatabaseBackend::MySql => {
                let first = self.given.map(|column| format!("? AS {column}")).join(", ");
                let others = format!(" UNION ALL SELECT {}", ["?"; N].join(", ")).repeat(rows.len() - 1);
                format!("UPDATE {table}, (SELECT {first}{others}) AS given SET {set} WHERE {matching}")
            }
            _ => {
                let columns = self.given.join(", ");
                let places = places::<N>(backend, rows.len());
                let update = verb("UPDATE", backend);
                let answer = if returning.is_empty() { String::new() } else { format!(" RETURNING {returning}") };
                format!(
                    "WITH given ({columns}) AS (VALUES {places}) {update} {table} SET {set} FROM given WHERE {matching}{answer}"
                )
            }
        };
        Statement::from_sql_and_values(backend, sql, rows.flatten())
    }
}

/// SQLite keeps a copy of every page that a statement over several rows touches, to take half of the statement back if it
/// fails in the middle. Here the transaction is given up then.
fn verb(verb: &str, backend: DatabaseBackend) -> String {
    if backend == DatabaseBackend::Sqlite { format!("{verb} OR FAIL") } else { verb.into() }
}

/// Room for the values of `rows` rows: `(?, ?), (?, ?)`.
fn places<const N: usize>(backend: DatabaseBackend, rows: usize) -> String {
    let mut text = String::with_capacity(rows * N * 4);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..N {
            text.push_str(if column == 0 { "" } else { ", " });
            match backend {
                DatabaseBackend::Postgres => write!(text, "${}", row * N + column + 1).expect("memory takes any text"),
                _ => text.push('?'),
            }
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_rows_makes_few_pieces_of_few_sizes() {
        let sizes = |rows: usize| pieces(&vec![(); rows]).map(<[()]>::len).collect::<Vec<_>>();
        assert!(sizes(0).is_empty());
        assert_eq!(sizes(1), [1]);
        assert_eq!(sizes(1 + 2 + 64), [64, 2, 1]);
        assert_eq!(sizes(3 * MOST + 3), [MOST, MOST, MOST, 2, 1]);
    }

    #[test]
    fn each_database_is_told_in_its_own_words() {
        let given = |backend| {
            let rows = [[1, 2], [3, 4]].map(|row| row.map(Value::from));
            let update = Update { table: "t", given: ["a", "b"], set: "x = b", matching: "y = a", returning: "y" };
            update.statement(backend, rows.into_iter()).sql
        };
        assert_eq!(
            given(DatabaseBackend::Sqlite),
            "WITH given (a, b) AS (VALUES (?, ?), (?, ?)) UPDATE OR FAIL t SET x = b FROM given WHERE y = a RETURNING y"
        );
        assert_eq!(
            given(DatabaseBackend::Postgres),
            "WITH given (a, b) AS (VALUES ($1, $2), ($3, $4)) UPDATE t SET x = b FROM given WHERE y = a RETURNING y"
        );
        assert_eq!(
            given(DatabaseBackend::MySql),
            "UPDATE t, (SELECT ? AS a, ? AS b UNION ALL SELECT ?, ?) AS given SET x = b WHERE y = a"
        );
    }
}
