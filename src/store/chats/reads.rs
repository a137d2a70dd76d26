//! Read pointers of a batch: one per member, the furthest, in few statements.
use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;

use crate::{
    domain::{ChatId, Seq, UserId},
    store::{
        Fault,
        sql::{Update, pieces},
    },
};

const POINTERS: Update<3> = Update {
    table: "member",
    given: ["read_chat", "reader", "place"],
    set: "read_seq = place",
    matching: "chat_id = read_chat AND user_id = reader AND read_seq < place",
    returning: "",
};

/// The pointers that a batch moves.
#[derive(Default)]
pub(super) struct Reads(BTreeMap<(ChatId, UserId), Seq>);

impl Reads {
    pub(super) fn add(&mut self, chat: ChatId, user: UserId, seq: Seq) {
        let furthest = self.0.entry((chat, user)).or_default();
        *furthest = seq.max(*furthest);
    }

    /// Moves the pointers forward; one that stands further already stays.
    pub(super) async fn flush(&mut self, connection: &impl ConnectionTrait) -> Result<(), Fault> {
        let pointers: Vec<_> = std::mem::take(&mut self.0).into_iter().collect();
        for piece in pieces(&pointers) {
            let rows = piece.iter().map(|((chat, user), seq)| [chat.0.into(), user.0.into(), seq.0.into()]);
            connection.execute_raw(POINTERS.statement(connection.get_database_backend(), rows)).await?;
        }
        Ok(())
    }
}
