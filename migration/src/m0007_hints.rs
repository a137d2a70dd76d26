//! Who may see of somebody when they are online, what they read and that they type; and how far messages arrived.
//! Nothing is rewritten: everybody begins as everybody was before.
use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum User {
    Table,
    Presence,
    AddToGroups,
    ReadReceipts,
    Typing,
}

#[derive(DeriveIden)]
enum Member {
    Table,
    DeliveredSeq,
    ShownSeq,
    Wrote,
}

fn columns() -> [(DynIden, Vec<ColumnDef>); 2] {
    [
        (
            User::Table.into_iden(),
            vec![
                small_integer(User::Presence).default(0).take(),
                small_integer(User::AddToGroups).default(0).take(),
                boolean(User::ReadReceipts).default(true).take(),
                boolean(User::Typing).default(true).take(),
            ],
        ),
        (
            Member::Table.into_iden(),
            vec![
                big_integer(Member::DeliveredSeq).default(0).take(),
                big_integer_null(Member::ShownSeq).take(),
                boolean(Member::Wrote).default(false).take(),
            ],
        ),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in columns() {
            for mut column in columns {
                manager.alter_table(Table::alter().table(table.clone()).add_column(&mut column).to_owned()).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in columns() {
            for column in columns {
                let name = DynIden::from(column.get_column_name());
                manager.alter_table(Table::alter().table(table.clone()).drop_column(name).to_owned()).await?;
            }
        }
        Ok(())
    }
}
