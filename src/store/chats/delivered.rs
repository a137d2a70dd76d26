//! How far messages arrived, and who wrote at all: of a batch, one per member, in few statements.
use std::collections::{BTreeMap, BTreeSet};

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
    given: ["arrived_chat", "receiver", "place"],
    set: "delivered_seq = place",
    matching: "chat_id = arrived_chat AND user_id = receiver AND delivered_seq < place",
    returning: "",
};

const WRITERS: Update<2> = Update {
    table: "member",
    given: ["written_chat", "author"],
    set: "wrote = TRUE",
    matching: "chat_id = written_chat AND user_id = author",
    returning: "",
};

/// What a batch remembers of arrivals.
#[derive(Default)]
pub(super) struct Arrivals {
    pointers: BTreeMap<(ChatId, UserId), Seq>,
    writers: BTreeSet<(ChatId, UserId)>,
}

impl Arrivals {
    pub(super) fn add(&mut self, chat: ChatId, user: UserId, seq: Seq) {
        let furthest = self.pointers.entry((chat, user)).or_default();
        *furthest = seq.max(*furthest);
    }

    pub(super) fn wrote(&mut self, chat: ChatId, user: UserId) {
        self.writers.insert((chat, user));
    }

    /// Moves the pointers forward; one that stands further already stays.
    pub(super) async fn flush(&mut self, connection: &impl ConnectionTrait) -> Result<(), Fault> {
        let backend = connection.get_database_backend();
        let pointers: Vec<_> = std::mem::take(&mut self.pointers).into_iter().collect();
        for piece in pieces(&pointers) {
            let rows = piece.iter().map(|((chat, user), seq)| [chat.0.into(), user.0.into(), seq.0.into()]);
            connection.execute_raw(POINTERS.statement(backend, rows)).await?;
        }
        let writers: Vec<_> = std::mem::take(&mut self.writers).into_iter().collect();
        for piece in pieces(&writers) {
            let rows = piece.iter().map(|(chat, user)| [chat.0.into(), user.0.into()]);
            connection.execute_raw(WRITERS.statement(backend, rows)).await?;
        }
        Ok(())
    }
}
