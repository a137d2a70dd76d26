//! The messages that somebody looks for, the newest first, page by page.
use std::{
    collections::{HashMap, HashSet},
    slice,
    time::Instant,
};

use entity::{mark, message};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait},
};

use super::{
    lookup::candidates,
    places::{Key, Next, Places},
    scope::{Scope, parts, unindexed},
};
use crate::{
    domain::{ChatId, Kind, Seq, StoredMessage, Timestamp, UserId},
    search::{HAS_FILE, Query, Sought, said_by},
    store::{
        Fault, Store,
        chats::{
            annotations::{Annotations, Viewer},
            rows::{Row, select_messages},
        },
        kinds::kind,
    },
};

/// So many messages are read for one page at most. One without them says that there are more.
const MOST_READ: usize = 1_000;

/// So many are read with one statement, and at first.
const READ_AT_ONCE: usize = 64;

/// So many segments are asked at first; then more each time, up to the most.
const FIRST_ASKED: usize = 4;
const MOST_ASKED: usize = 64;

/// What is looked for, by whom.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Who wants to see it.
    pub user: UserId,
    /// Words.
    pub query: Option<Query>,
    /// Only in this chat.
    pub chat: Option<ChatId>,
    /// Only what this person said.
    pub from: Option<UserId>,
    /// Only messages with files.
    pub has_file: bool,
    /// Only what was said before.
    pub before: Option<Timestamp>,
    /// Only what was said then or later.
    pub after: Option<Timestamp>,
    /// Only what comes behind this.
    pub behind: Option<Place>,
    /// At most so many.
    pub limit: usize,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// When the message was said that was looked at last.
    pub at: Timestamp,
    /// Its chat.
    pub chat: ChatId,
    /// Its place there.
    pub seq: Seq,
}

/// A message that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundMessage {
    /// Its chat.
    pub chat: ChatId,
    /// What kind of chat.
    pub kind: Kind,
    /// The message.
    pub message: StoredMessage,
    /// What belongs to it.
    pub annotations: Annotations,
    /// Where the words are, as starts and lengths in UTF-16 units.
    pub ranges: Vec<(usize, usize)>,
    viewer: Viewer,
}

/// A page of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundPage {
    /// The newest first.
    pub messages: Vec<FoundMessage>,
    /// What was looked at last, if there may be more.
    pub next: Option<Place>,
}

#[derive(FromQueryResult)]
struct Hidden {
    chat_id: Uuid,
    seq: i64,
}

impl From<Key> for Place {
    fn from(key: Key) -> Self {
        Self { at: Timestamp(key.at), chat: ChatId(key.chat), seq: Seq(key.seq) }
    }
}

impl Wanted {
    /// What the index is asked for. There is always something.
    fn sought(&self) -> Vec<Sought> {
        let mut sought = self.query.as_ref().map(Query::terms).unwrap_or_default();
        sought.extend(self.from.map(|user| Sought::Whole(said_by(user.0.as_bytes()))));
        sought.extend(self.has_file.then(|| Sought::Whole(HAS_FILE.to_vec())));
        sought
    }

    fn below(&self) -> Key {
        let behind = self.behind.map(|place| Key { at: place.at.0, chat: place.chat.0, seq: place.seq.0 });
        let before = self.before.map(|at| Key { at: at.0, chat: Uuid::nil(), seq: 0 });
        behind.into_iter().chain(before).min().unwrap_or(Key { at: i64::MAX, chat: Uuid::max(), seq: i64::MAX })
    }

    /// Where the words are in a message, if it is what is looked for.
    fn ranges(&self, message: &StoredMessage) -> Option<Vec<(usize, usize)>> {
        let is_it = message.deleted.is_none()
            && self.from.is_none_or(|from| message.sender == from)
            && (!self.has_file || !message.attachments.is_empty());
        if !is_it {
            return None;
        }
        match &self.query {
            Some(query) => {
                let names: Vec<&str> = message.attachments.iter().map(|file| file.name.as_str()).collect();
                query.ranges(&message.content, &names)
            }
            None => Some(Vec::new()),
        }
    }
}

impl Store {
    /// A page of what somebody looks for: only what that person sees at this moment, whatever the index says. All of it is read from
    /// one state of the database.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn find_messages(&self, wanted: &Wanted) -> Result<FoundPage, Fault> {
        // Each holds a connection, and others have questions too.
        let _turn = self.searches.acquire().await.map_err(|_| Fault::Unavailable("no searches any more".into()))?;
        let begun = Instant::now();
        let on = self.snapshot().await?;
        let mut page = self.find_in(&on, wanted).await?;
        on.commit().await?;
        for found in &mut page.messages {
            let annotations = self.annotations(found.chat, found.viewer, slice::from_ref(&found.message));
            found.annotations = annotations.await?;
        }
        self.stats.searches.observe(begun.elapsed().as_secs_f64());
        Ok(page)
    }

    async fn find_in(&self, on: &DatabaseTransaction, wanted: &Wanted) -> Result<FoundPage, Fault> {
        let scopes = self.scopes(on, wanted.user, wanted.chat).await?;
        let mut places = Places::new(wanted.below(), wanted.after.map_or(i64::MIN, |at| at.0));
        for (scope, part) in parts(on, &scopes).await? {
            places.add_segment(scope, part);
        }
        for (scope, unindexed) in unindexed(on, &scopes).await? {
            places.add(scope, scopes[scope].chat_id, unindexed);
        }
        let sought = wanted.sought();
        let mut found = Vec::new();
        let mut last = None;
        let mut left = MOST_READ;
        let mut asked = FIRST_ASKED;
        while found.len() <= wanted.limit && left > 0 {
            match places.next(asked, READ_AT_ONCE.min(left)) {
                Next::Nothing => break,
                Next::Ask(parts) => {
                    asked = (asked * 4).min(MOST_ASKED);
                    let candidates = candidates(on, &parts, &sought).await?;
                    for ((scope, part), mut candidates) in parts.into_iter().zip(candidates) {
                        candidates.retain(|candidate| candidate.seq >= scopes[scope].first.0);
                        places.add(scope, part.chat_id, candidates);
                    }
                }
                Next::Look(keys) => {
                    left -= keys.len();
                    self.stats.candidates.add(keys.len() as u64);
                    last = keys.last().map(|(_, key)| *key).or(last);
                    found.extend(look(on, wanted, &scopes, &keys).await?);
                }
            }
        }
        let next = if found.len() > wanted.limit {
            found.truncate(wanted.limit);
            found.last().map(|(key, _)| *key)
        } else {
            last.filter(|_| !places.is_empty())
        };
        Ok(FoundPage { messages: found.into_iter().map(|(_, message)| message).collect(), next: next.map(Place::from) })
    }
}

/// Reads messages and keeps those that are looked for, in the order of their places.
async fn look(
    on: &DatabaseTransaction,
    wanted: &Wanted,
    scopes: &[Scope],
    keys: &[(usize, Key)],
) -> Result<Vec<(Key, FoundMessage)>, Fault> {
    let mut by_chat: HashMap<usize, Vec<i64>> = HashMap::new();
    keys.iter().for_each(|(scope, key)| by_chat.entry(*scope).or_default().push(key.seq));
    let places = |chat: message::Column, seq: message::Column, scope: usize, seqs: &[i64]| {
        chat.eq(scopes[scope].chat_id).and(seq.is_in(seqs.iter().copied()))
    };
    let any = by_chat.iter().fold(Condition::any(), |any, (scope, seqs)| {
        any.add(places(message::Column::ChatId, message::Column::Seq, *scope, seqs))
    });
    let rows: Vec<Row> = select_messages().filter(any).into_model().all(on).await?;
    let mut hits: HashMap<(Uuid, i64), Row> = HashMap::with_capacity(rows.len());
    hits.extend(rows.into_iter().map(|row| ((row.chat_id, row.seq), row)));
    let mut found = Vec::new();
    for (scope, key) in keys {
        let Some(hit) = hits.remove(&(key.chat, key.seq)) else { continue };
        let scope = &scopes[*scope];
        let message = StoredMessage::from(hit);
        let Some(ranges) = wanted.ranges(&message) else { continue };
        let annotations = Annotations::default();
        let chat = ChatId(key.chat);
        let viewer = Viewer { user: wanted.user, first: scope.first, has_marks: scope.own > 0 };
        found.push((*key, FoundMessage { chat, kind: kind(scope.kind), message, annotations, ranges, viewer }));
    }
    let hidden = hidden(on, wanted.user, scopes, &by_chat, &found).await?;
    found.retain(|(key, _)| !hidden.contains(&(key.chat, key.seq)));
    Ok(found)
}

/// Those that the one who looks has hidden.
async fn hidden(
    on: &DatabaseTransaction,
    user: UserId,
    scopes: &[Scope],
    by_chat: &HashMap<usize, Vec<i64>>,
    found: &[(Key, FoundMessage)],
) -> Result<HashSet<(Uuid, i64)>, Fault> {
    let marked = by_chat.iter().filter(|(scope, _)| scopes[**scope].own > 0);
    let alternatives: Vec<Expr> = marked
        .map(|(scope, seqs)| {
            mark::Column::ChatId.eq(scopes[*scope].chat_id).and(mark::Column::Seq.is_in(seqs.iter().copied()))
        })
        .collect();
    if alternatives.is_empty() || found.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<Hidden> = mark::Entity::find()
        .select_only()
        .columns([mark::Column::ChatId, mark::Column::Seq])
        .filter(mark::Column::UserId.eq(user.0))
        .filter(mark::Column::Hidden.eq(true))
        .filter(alternatives.into_iter().fold(Condition::any(), Condition::add))
        .into_model()
        .all(on)
        .await?;
    Ok(rows.into_iter().map(|row| (row.chat_id, row.seq)).collect())
}
