//! What tables need that the databases do not do by themselves, or not all in the same way.
use sea_orm_migration::{
    prelude::*,
    sea_orm::{DatabaseBackend, Statement},
};

/// Collations of MariaDB and of MySQL that tell any two texts apart: case, accents and blanks at the end count.
const EXACT: [&str; 2] = ["utf8mb4_nopad_bin", "utf8mb4_0900_bin"];

/// Makes a table whose texts hold every character and are equal only if they are the same, on every database.
pub async fn create(manager: &SchemaManager<'_>, mut table: TableCreateStatement) -> Result<(), DbErr> {
    if manager.get_database_backend() == DatabaseBackend::MySql {
        table.engine("InnoDB").character_set("utf8mb4").collate(exact_collation(manager).await?);
    }
    manager.create_table(table).await
}

async fn exact_collation(manager: &SchemaManager<'_>) -> Result<String, DbErr> {
    let names = EXACT.map(|name| format!("'{name}'")).join(", ");
    let query =
        format!("SELECT collation_name AS name FROM information_schema.collations WHERE collation_name IN ({names})");
    let statement = Statement::from_string(DatabaseBackend::MySql, query);
    match manager.get_connection().query_one_raw(statement).await? {
        Some(row) => row.try_get("", "name"),
        None => Err(DbErr::Custom("this server is too old: MariaDB 10.3 or MySQL 8.0.17 is needed".into())),
    }
}

/// A text of any length that a setting may allow. MySQL's own `text` ends at 64 KiB.
pub fn long_text<C: IntoIden>(backend: DatabaseBackend, column: C) -> ColumnDef {
    let mut column = ColumnDef::new(column);
    if backend == DatabaseBackend::MySql {
        column.custom(Alias::new("longtext"))
    } else {
        column.text()
    };
    column.not_null().take()
}
