//! What people say of themselves. Nothing is rewritten: nobody has said anything yet.
use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum User {
    Table,
    Bio,
    Status,
    StatusUntil,
}

fn columns() -> [ColumnDef; 3] {
    [
        string_len_null(User::Bio, 512).take(),
        string_len_null(User::Status, 128).take(),
        big_integer_null(User::StatusUntil).take(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in columns() {
            manager.alter_table(Table::alter().table(User::Table).add_column(&mut column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            let name = DynIden::from(column.get_column_name());
            manager.alter_table(Table::alter().table(User::Table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
