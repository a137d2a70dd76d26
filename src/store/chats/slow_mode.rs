//! When members last said something in groups that have them wait from one message to the next.
use std::{collections::BTreeMap, mem};

use sea_orm::ConnectionTrait;

use crate::{
    domain::{ChatId, Timestamp, UserId},
    store::{
        Fault,
        sql::{Update, pieces},
    },
};

/// What a batch has of it, each member once. Nearly always nothing: then nothing is asked.
#[derive(Default)]
pub(super) struct Slowed(BTreeMap<(ChatId, UserId), Timestamp>);

const SAID: Update<3> = Update {
    table: "member",
    given: ["in_chat", "whose", "said_at"],
    set: "last_sent_at = said_at",
    matching: "chat_id = in_chat AND user_id = whose",
    returning: "",
};

impl Slowed {
    pub(super) fn add(&mut self, chat: ChatId, user: UserId, at: Timestamp) {
        self.0.insert((chat, user), at);
    }

    pub(super) async fn flush(&mut self, connection: &impl ConnectionTrait) -> Result<(), Fault> {
        let all: Vec<_> = mem::take(&mut self.0).into_iter().collect();
        for piece in pieces(&all) {
            let rows = piece.iter().map(|((chat, user), at)| [chat.0.into(), user.0.into(), at.0.into()]);
            connection.execute_raw(SAID.statement(connection.get_database_backend(), rows)).await?;
        }
        Ok(())
    }
}
