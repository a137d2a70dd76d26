//! Read pointers of a batch: one per member, the furthest, in few statements.
use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{CaseStatement, Expr, ExprTrait},
};

use super::Fault;
use crate::domain::{ChatId, Seq, UserId};
use entity::member;

/// How many pointers one statement moves; its text and its work grow with the number.
const PER_STATEMENT: usize = 100;

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
        for some in pointers.chunks(PER_STATEMENT) {
            move_forward(connection, some).await?;
        }
        Ok(())
    }
}

async fn move_forward(connection: &impl ConnectionTrait, pointers: &[((ChatId, UserId), Seq)]) -> Result<(), Fault> {
    let mut place = CaseStatement::new();
    for ((chat, user), seq) in pointers {
        let behind = member::Column::ChatId
            .eq(chat.0)
            .and(member::Column::UserId.eq(user.0))
            .and(member::Column::ReadSeq.lt(seq.0));
        place = place.case(behind, seq.0);
    }
    let seats = pointers.iter().map(|((chat, user), _)| (chat.0, user.0));
    let seat = Expr::tuple([Expr::col(member::Column::ChatId), Expr::col(member::Column::UserId)]);
    member::Entity::update_many()
        .col_expr(member::Column::ReadSeq, place.finally(Expr::col(member::Column::ReadSeq)).into())
        .filter(seat.in_tuples(seats))
        .exec(connection)
        .await?;
    Ok(())
}
