//! Groups that govern themselves: who may do what, moderators, silence for a while, slow mode, and those who may not come in.
//! Nothing is rewritten: every group goes by what held for all of them before.
use sea_orm_migration::{prelude::*, schema::*};

use crate::tables;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum Chat {
    Table,
    WhoPosts,
    WhoAdds,
    WhoPins,
    WhoEdits,
    WhoMentionsAll,
    SlowMode,
    OpenHistory,
}

#[derive(DeriveIden, Clone, Copy)]
enum Member {
    Table,
    Role,
    MutedUntil,
    LastSentAt,
    SeesHistory,
}

#[derive(DeriveIden, Clone, Copy)]
enum PastMember {
    Table,
    MutedUntil,
    LastSentAt,
}

#[derive(DeriveIden, Clone, Copy)]
enum Activity {
    Table,
    Detail,
}

#[derive(DeriveIden)]
enum Ban {
    Table,
    ChatId,
    UserId,
    ById,
    At,
}

// How roles are numbered in the tables.
const MEMBER: i16 = 0;
const MODERATOR: i16 = 1;
const OWNER: i16 = 2;

fn columns() -> Vec<(DynIden, ColumnDef)> {
    let who = |column: Chat, role: i16| (Chat::Table.into_iden(), small_integer(column).default(role).take());
    let member = |column: ColumnDef| (Member::Table.into_iden(), column);
    let past = |column: ColumnDef| (PastMember::Table.into_iden(), column);
    vec![
        who(Chat::WhoPosts, MEMBER),
        who(Chat::WhoAdds, OWNER),
        who(Chat::WhoPins, MODERATOR),
        who(Chat::WhoEdits, MODERATOR),
        who(Chat::WhoMentionsAll, MEMBER),
        (Chat::Table.into_iden(), integer(Chat::SlowMode).default(0).take()),
        (Chat::Table.into_iden(), boolean(Chat::OpenHistory).default(false).take()),
        member(small_integer(Member::Role).default(MEMBER).take()),
        member(big_integer_null(Member::MutedUntil).take()),
        member(big_integer_null(Member::LastSentAt).take()),
        member(boolean(Member::SeesHistory).default(false).take()),
        past(big_integer_null(PastMember::MutedUntil).take()),
        past(big_integer_null(PastMember::LastSentAt).take()),
        (Activity::Table.into_iden(), small_integer(Activity::Detail).default(0).take()),
    ]
}

/// Those who may not come into a group.
fn ban() -> TableCreateStatement {
    Table::create()
        .table(Ban::Table)
        .col(uuid(Ban::ChatId))
        .col(uuid(Ban::UserId))
        .col(uuid(Ban::ById))
        .col(big_integer(Ban::At))
        .primary_key(Index::create().col(Ban::ChatId).col(Ban::UserId))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, mut column) in columns() {
            manager.alter_table(Table::alter().table(table).add_column(&mut column).to_owned()).await?;
        }
        tables::create(manager, ban()).await?;
        manager.create_index(Index::create().name("ban_user").table(Ban::Table).col(Ban::UserId).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Ban::Table).to_owned()).await?;
        for (table, column) in columns() {
            let name = DynIden::from(column.get_column_name());
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
