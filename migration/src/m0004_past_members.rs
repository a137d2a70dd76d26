//! Who was in a chat once: their export finds what they said there without reading the messages of everybody.
use sea_orm_migration::prelude::*;

use crate::tables;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum PastMember {
    Table,
    UserId,
    ChatId,
}

#[derive(DeriveIden)]
enum Member {
    Table,
    UserId,
    ChatId,
}

#[derive(DeriveIden)]
enum Message {
    Table,
    SenderId,
    ChatId,
}

#[derive(DeriveIden)]
enum User {
    Table,
    Id,
}

/// Whoever said something where they are no members now. It reads every message once.
fn so_far() -> InsertStatement {
    let member = Query::select()
        .expr(Expr::val(1))
        .from(Member::Table)
        .and_where(Expr::col((Member::Table, Member::ChatId)).equals((Message::Table, Message::ChatId)))
        .and_where(Expr::col((Member::Table, Member::UserId)).equals((Message::Table, Message::SenderId)))
        .to_owned();
    let account = Query::select()
        .expr(Expr::val(1))
        .from(User::Table)
        .and_where(Expr::col((User::Table, User::Id)).equals((Message::Table, Message::SenderId)))
        .to_owned();
    let said = Query::select()
        .distinct()
        .columns([(Message::Table, Message::SenderId), (Message::Table, Message::ChatId)])
        .from(Message::Table)
        .and_where(Expr::exists(member).not())
        .and_where(Expr::exists(account))
        .to_owned();
    let mut insert = Query::insert();
    insert.into_table(PastMember::Table).columns([PastMember::UserId, PastMember::ChatId]);
    insert.select_from(said).expect("it selects as many columns as it inserts");
    insert
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(PastMember::Table)
            .col(ColumnDef::new(PastMember::UserId).uuid().not_null())
            .col(ColumnDef::new(PastMember::ChatId).uuid().not_null())
            .primary_key(Index::create().col(PastMember::UserId).col(PastMember::ChatId))
            .to_owned();
        tables::create(manager, table).await?;
        let chats =
            Index::create().name("past_member_chat").table(PastMember::Table).col(PastMember::ChatId).to_owned();
        manager.create_index(chats).await?;
        manager.execute(so_far()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(PastMember::Table).to_owned()).await
    }
}
