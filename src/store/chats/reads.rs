//! Read pointers of a batch: one per member, the furthest, in few statements.
use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;

use crate::{
    domain::{ChatId, Seq, Shown, UserId},
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

const HIDDEN: Update<4> = Update {
    table: "member",
    given: ["read_chat", "reader", "place", "shown"],
    set: "read_seq = place, shown_seq = shown",
    matching: "chat_id = read_chat AND user_id = reader AND read_seq <= place",
    returning: "",
};

type Reader = (ChatId, UserId);

/// The pointers that a batch moves.
#[derive(Default)]
pub(super) struct Reads {
    /// Of those of whom others see it, as of nearly all.
    plain: BTreeMap<Reader, Seq>,
    /// Of the others, with the place that others see; `None`: they see it again.
    hidden: BTreeMap<Reader, (Seq, Option<Seq>)>,
}

impl Reads {
    pub(super) fn add(&mut self, chat: ChatId, user: UserId, seq: Seq, shown: Shown) {
        let reader = (chat, user);
        match shown {
            Shown::Moved if !self.hidden.contains_key(&reader) => {
                let furthest = self.plain.entry(reader).or_default();
                *furthest = seq.max(*furthest);
            }
            shown => {
                let (furthest, stands) = self.hidden.entry(reader).or_default();
                *furthest = seq.max(*furthest);
                *stands = if let Shown::Still(place) = shown { Some(place) } else { None };
            }
        }
    }

    /// Moves the pointers forward; one that stands further already stays.
    pub(super) async fn flush(&mut self, connection: &impl ConnectionTrait) -> Result<(), Fault> {
        let backend = connection.get_database_backend();
        let plain: Vec<_> = std::mem::take(&mut self.plain).into_iter().collect();
        for piece in pieces(&plain) {
            let rows = piece.iter().map(|((chat, user), seq)| [chat.0.into(), user.0.into(), seq.0.into()]);
            connection.execute_raw(POINTERS.statement(backend, rows)).await?;
        }
        // After the others: of one member both may have gathered, in this order.
        let hidden: Vec<_> = std::mem::take(&mut self.hidden).into_iter().collect();
        for piece in pieces(&hidden) {
            let rows = piece.iter().map(|((chat, user), (seq, shown))| {
                [chat.0.into(), user.0.into(), seq.0.into(), shown.map(|seq| seq.0).into()]
            });
            connection.execute_raw(HIDDEN.statement(backend, rows)).await?;
        }
        Ok(())
    }
}
