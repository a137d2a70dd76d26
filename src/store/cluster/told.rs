//! A transaction that others hear of, of whatever is no batch of facts: the foundation of a chat, the end of a login. On a server
//! alone it is a transaction like others.
use std::{ops::Deref, sync::Arc, time::Instant};

use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use tokio::sync::OwnedMutexGuard;

use super::line::{Line, Place};
use crate::{
    domain::{Batch, ChatId, ChatNews, News, NodeId, Part, Step},
    settings::DEADLINES,
    store::{Fault, Store},
};
use entity::chat;

/// The transaction, and the turn of it.
pub(in crate::store) struct Told {
    store: Store,
    transaction: DatabaseTransaction,
    turn: Option<(Arc<Line>, OwnedMutexGuard<Place>)>,
    batch: Batch,
    until: Instant,
}

impl Deref for Told {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

impl Store {
    /// A transaction that will write, and that others are to hear of. What it locks it locks in its turn, so that nothing that
    /// has the turn waits for it.
    pub(in crate::store) async fn begin_told(&self) -> Result<Told, Fault> {
        let until = Instant::now() + DEADLINES.question;
        let turn = match self.line() {
            Some(line) => {
                let mut place = line.turn(until).await?;
                self.settle(line, &mut place).await?;
                Some((line.clone(), place))
            }
            None => None,
        };
        let transaction = self.begin().await?;
        Ok(Told { store: self.clone(), transaction, turn, batch: Batch::default(), until })
    }
}

impl Told {
    /// Which transaction of which node it is, if there are others to hear of it.
    pub(in crate::store) fn number(&self) -> Option<(NodeId, i64)> {
        self.turn.as_ref().map(|(line, place)| (line.me, place.next))
    }

    /// Others are to hear it, after what they hear of `before`.
    pub(in crate::store) fn tell(&mut self, news: News, before: Option<(NodeId, i64)>) {
        if self.turn.is_some() {
            self.batch.news.push(news);
            self.batch.after.extend(before);
        }
    }

    /// A chat that this transaction holds has one step more, which decisions rest on.
    pub(in crate::store) async fn step(&self, chat: &chat::Model) -> Result<(), Fault> {
        let Some((node, number)) = self.number() else { return Ok(()) };
        let step = chat.step + 1;
        let moved = chat::ActiveModel {
            step: Set(step),
            guard: Set(step),
            by_node: Set(Some(node.0)),
            by_number: Set(number),
            ..Default::default()
        };
        chat::Entity::update_many().set(moved).filter(chat::Column::Id.eq(chat.id)).exec(&self.transaction).await?;
        Ok(())
    }

    /// What that step was; `chat` is as it was before.
    pub(in crate::store) fn tell_of(&mut self, chat: &chat::Model, part: Part) {
        let news = ChatNews { chat: ChatId(chat.id), step: Step(chat.step + 1), parts: vec![part] };
        let before = chat.by_node.map(|node| (NodeId(node), chat.by_number));
        self.tell(News::Chat(news), before);
    }

    /// Makes it true.
    pub(in crate::store) async fn commit(self) -> Result<(), Fault> {
        let Self { store, transaction, turn, batch, until } = self;
        match turn {
            Some((line, mut place)) if !batch.news.is_empty() => {
                store.commit_numbered(&line, &mut place, transaction, batch, false, until).await?;
                Ok(())
            }
            _ => Ok(transaction.commit().await?),
        }
    }
}
