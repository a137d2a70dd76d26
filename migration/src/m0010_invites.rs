//! Invitations into groups.
use sea_orm_migration::{prelude::*, schema::*};

use crate::tables;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Invite {
    Table,
    Id,
    ChatId,
    ById,
    CreatedAt,
    ExpiresAt,
    MaxUses,
    Uses,
    Revoked,
}

fn invite() -> TableCreateStatement {
    Table::create()
        .table(Invite::Table)
        .col(uuid(Invite::Id).primary_key())
        .col(uuid(Invite::ChatId))
        .col(uuid(Invite::ById))
        .col(big_integer(Invite::CreatedAt))
        .col(big_integer(Invite::ExpiresAt))
        .col(integer_null(Invite::MaxUses))
        .col(integer(Invite::Uses))
        .col(boolean(Invite::Revoked))
        .to_owned()
}

fn index(name: &str, column: Invite) -> IndexCreateStatement {
    Index::create().name(name).table(Invite::Table).col(column).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::create(manager, invite()).await?;
        manager.create_index(index("invite_chat", Invite::ChatId)).await?;
        manager.create_index(index("invite_by", Invite::ById)).await?;
        manager.create_index(index("invite_end", Invite::ExpiresAt)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Invite::Table).to_owned()).await
    }
}
