//! What belongs to messages for the one who is to see them: that person's own marks, and the messages that they answer, as
//! they are now.
use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::Expr, sea_query::ExprTrait};

use super::{
    columns::emojis,
    rows::{Row, select_messages},
};
use crate::{
    domain::{ChatId, Marks, Own, Quoted, Seq, StoredMessage, Timestamp, UserId},
    store::{Fault, Store},
};
use entity::{mark, message};

/// How many alternatives one condition has at most; SQLite takes 1,000 at the utmost.
pub(super) const ALTERNATIVES: usize = 200;

/// Who looks at the messages of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub user: UserId,
    /// The first message that this person sees there.
    pub first: Seq,
    /// Whether there ever were any marks of this person there.
    pub has_marks: bool,
}

/// What belongs to messages of one chat, by their places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Annotations {
    /// Marks of the one who looks.
    pub marks: HashMap<Seq, Marks>,
    /// Messages that others answer, as far as they are visible.
    pub quoted: HashMap<Seq, Quoted>,
}

/// What is to be looked up in one chat.
struct Wanted {
    viewer: Viewer,
    seqs: Vec<i64>,
    originals: BTreeSet<i64>,
}

impl Store {
    pub(super) async fn annotations(
        &self,
        chat: ChatId,
        viewer: Viewer,
        messages: &[StoredMessage],
    ) -> Result<Annotations, Fault> {
        let mut found = self.annotations_of([(chat, viewer, messages)].into_iter()).await?;
        Ok(found.remove(&chat).unwrap_or_default())
    }

    /// The same for messages of several chats. Nothing is asked where there is nothing.
    pub(super) async fn annotations_of<'a>(
        &self,
        messages: impl Iterator<Item = (ChatId, Viewer, &'a [StoredMessage])>,
    ) -> Result<HashMap<ChatId, Annotations>, Fault> {
        let mut wanted: BTreeMap<ChatId, Wanted> = BTreeMap::new();
        for (chat, viewer, messages) in messages {
            let wanted =
                wanted.entry(chat).or_insert_with(|| Wanted { viewer, seqs: Vec::new(), originals: BTreeSet::new() });
            if viewer.has_marks {
                wanted.seqs.extend(messages.iter().map(|message| message.seq.0));
            }
            let originals = messages.iter().filter_map(|message| message.reply_to).filter(|seq| *seq >= viewer.first);
            wanted.originals.extend(originals.map(|seq| seq.0));
        }
        let mut found: HashMap<ChatId, Annotations> = HashMap::new();
        for (chat, seq, marks) in self.marks(&wanted).await? {
            found.entry(chat).or_default().marks.insert(seq, marks);
        }
        for (chat, quoted) in self.quoted(&wanted).await? {
            found.entry(chat).or_default().quoted.insert(quoted.seq, quoted);
        }
        Ok(found)
    }

    async fn marks(&self, wanted: &BTreeMap<ChatId, Wanted>) -> Result<Vec<(ChatId, Seq, Marks)>, Fault> {
        let of_chats: Vec<Expr> = wanted
            .iter()
            .flat_map(|(chat, wanted)| wanted.seqs.chunks(ALTERNATIVES).map(move |seqs| (chat, wanted, seqs)))
            .map(|(chat, wanted, seqs)| {
                mark::Column::ChatId
                    .eq(chat.0)
                    .and(mark::Column::UserId.eq(wanted.viewer.user.0))
                    .and(mark::Column::Seq.is_in(seqs.iter().copied()))
            })
            .collect();
        let mut found = Vec::new();
        for some in of_chats.chunks(ALTERNATIVES) {
            let any = some.iter().cloned().fold(Condition::any(), Condition::add);
            let rows = mark::Entity::find().filter(any).all(&self.reader).await?;
            found.extend(rows.into_iter().map(|row| (ChatId(row.chat_id), Seq(row.seq), Marks::from(row))));
        }
        Ok(found)
    }

    async fn quoted(&self, wanted: &BTreeMap<ChatId, Wanted>) -> Result<Vec<(ChatId, Quoted)>, Fault> {
        let of_chats: Vec<Expr> = wanted
            .iter()
            .filter(|(_, wanted)| !wanted.originals.is_empty())
            .map(|(chat, wanted)| {
                message::Column::ChatId.eq(chat.0).and(message::Column::Seq.is_in(wanted.originals.iter().copied()))
            })
            .collect();
        let mut found = Vec::new();
        for some in of_chats.chunks(ALTERNATIVES) {
            let any = some.iter().cloned().fold(Condition::any(), Condition::add);
            let rows: Vec<Row> = select_messages().filter(any).into_model().all(&self.reader).await?;
            found.extend(rows.into_iter().map(|row| (ChatId(row.chat_id), StoredMessage::from(row).quoted())));
        }
        Ok(found)
    }
}

impl From<mark::Model> for Marks {
    fn from(row: mark::Model) -> Self {
        Self {
            own: Own(row.own),
            reactions: emojis(row.reactions.as_deref()),
            starred_at: row.starred_at.map(Timestamp),
            hidden: row.hidden,
        }
    }
}
