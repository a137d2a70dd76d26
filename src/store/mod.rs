//! Every query. The only room that knows the tables.
//!
//! ```
//! use greenroom::{
//!     domain::{Email, Name, Timestamp},
//!     settings::{Database, Synchronous},
//!     store::Store,
//! };
//!
//! # #[actix_rt::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let url = format!("sqlite://{}/chat.db", folder.path().display());
//! let store = Store::open(&Database { url: url.into(), synchronous: Synchronous::Full }).await?;
//! let people = [(Name::new("Ada")?, Email::new("ada@example.org")?)];
//! let ids = store.add_verified(&people, "a password's hash", Timestamp::now()).await?;
//! let ada = store.person(ids[0]).await?.expect("she was added");
//! assert_eq!(ada.name.as_str(), "Ada");
//! # Ok(())
//! # }
//! ```
mod accounts;
mod chats;
mod cluster;
mod detached;
mod fault;
mod files;
mod kinds;
mod migrate;
mod open;
mod relations;
mod sql;
mod sqlite;
mod stats;

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use sea_orm::DatabaseConnection;
use tokio::{sync::Semaphore, time::timeout_at};

use crate::domain::Seq;

use detached::Detached;
use sql::CachedStatement;

/// How long is waited for what is asked here.
pub use crate::settings::DEADLINES;
pub use accounts::{
    ACCOUNT_DELETED, Account, Chosen, DeletedAccount, DueMail, Ended, LOGGED_OUT, LeftGroup, Login, NewLogin, NewMail,
    NewMailToken, NotEdited, OwnLogin, PASSWORD_CHANGED, Person, Presented, ProfileEdited, Proof, Replaced, Resent,
    Rotated, Rotation, SESSION_ENDED, ShownProfile, SignUp, SignedUp, Verified,
};
pub use chats::{
    Annotations, Attempt, Banned, Behind, Changes, ChatInfo, Created, Drawn, FoundMessage, FoundPage, InLine, Indexed,
    Invitation, Lists, Loaded, Missed, NewChat, NotCreated, Opened, Outcome, OwnMessage, OwnReactions, Page, Place,
    Portion, Position, Span, Starred, StarredMessage, StarredPage, Unread, Viewer, Wanted,
};
pub use cluster::{Heard, Line, Look, Neighbour, NotAlone, Own, Print};
pub use fault::Fault;
pub use files::{Deletion, Disagreements, FoundFile, KnownFile, NewFile, Reserved};
pub use relations::{Blocked, Blocking, Sight};
pub use sqlite::{BackupError, ServerLock};
pub use stats::Stats;

/// Shown in place of somebody who no longer has an account.
const NOBODY: &str = "Deleted user";

/// The database. Cheap to clone: all clones share the same connections.
#[derive(Clone)]
pub struct Store {
    /// For queries.
    reader: DatabaseConnection,
    /// For transactions that change something. SQLite knows one writer at a time, so there it is a single connection.
    writer: DatabaseConnection,
    detached: Arc<Detached>,
    /// The file of SQLite.
    opened: Option<sqlite::Opened>,
    stats: Arc<Stats>,
    counters: Arc<chats::Counters>,
    cached: Arc<CachedStatements>,
    unread_cap: Arc<AtomicU64>,
    open_history: Arc<AtomicBool>,
    fresh: Arc<chats::Fresh>,
    /// What others hear of, if there are any.
    line: Arc<OnceLock<Arc<Line>>>,
    /// So many searches at once.
    searches: Arc<Semaphore>,
}

/// How far unread messages are counted until somebody says otherwise.
const UNREAD_CAP: u64 = 1_000;

/// The queries of everybody who connects.
#[derive(Default)]
struct CachedStatements {
    lists: CachedStatement,
    login: CachedStatement,
    entrance: CachedStatement,
}

/// What `work` on the database comes to, or that the database is unavailable if there is no answer in time.
///
/// # Errors
/// What the work failed with, or [`Fault::Unavailable`] at `until`.
pub async fn in_time<T, E: From<Fault>>(until: Instant, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let answered = timeout_at(until.into(), work).await;
    answered.unwrap_or_else(|_| Err(Fault::Unavailable("no answer in time".into()).into()))
}

impl Store {
    /// Closes all connections. With SQLite what was written last is in the database's own file then, and in no other.
    pub async fn close(&self) {
        for connection in [&self.reader, &self.writer] {
            if let Err(error) = connection.close_by_ref().await {
                log::warn!("a connection to the database was not closed: {error}");
            }
        }
    }

    /// From now on unread messages are counted up to `cap`, which then stands for so many or more.
    pub fn cap_unread(&self, cap: u64) {
        self.unread_cap.store(cap, Relaxed);
    }

    /// From now on those who join later see what was said before, or not.
    pub fn open_history(&self, open: bool) {
        self.open_history.store(open, Relaxed);
    }

    /// The first message that somebody sees who joined when `joined` was the newest, and may have been
    /// shown what was said before, or have cleared it away up to `cleared`.
    fn first_seen(&self, joined: Seq, sees_history: bool, cleared: Seq) -> Seq {
        let open = sees_history || self.open_history.load(Relaxed);
        let first = if open { Seq(1) } else { joined.next() };
        first.max(cleared.next())
    }

    fn unread_cap(&self) -> u64 {
        self.unread_cap.load(Relaxed)
    }

    /// How many statements were run since the start.
    pub fn statements(&self) -> u64 {
        self.stats.statements.get()
    }

    /// What is counted about statements.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use futures_util::future::poll_immediate;
    use tokio::sync::oneshot;

    use super::*;
    use crate::settings::{Database, Synchronous};

    #[actix::test]
    async fn work_without_an_answer_is_given_up() {
        let now = Instant::now();
        let given_up = in_time(now, pending::<Result<(), Fault>>()).await;
        assert!(given_up.unwrap_err().is_passing());
        assert_eq!(in_time(now, ready(Ok::<_, Fault>(7))).await, Ok(7));
    }

    #[actix::test]
    async fn work_runs_to_its_end_although_nobody_waits_for_it_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("x.db").display());
        let store = Store::open(&Database { url: url.into(), synchronous: Synchronous::Off }).await.unwrap();
        let (go, gone) = oneshot::channel::<()>();
        let (done, is_done) = oneshot::channel();
        let mut asked = Box::pin(store.run_to_end(async move {
            gone.await.map_err(|_| Fault::Refused("nobody".into()))?;
            let _ = done.send(());
            Ok::<_, Fault>(())
        }));
        assert_eq!(poll_immediate(&mut asked).await, None);
        drop(asked);
        let mut rest = Box::pin(store.detached_done());
        assert_eq!(poll_immediate(&mut rest).await, None, "it is under way");
        go.send(()).unwrap();
        rest.await;
        assert_eq!(is_done.await, Ok(()));
        let broken = store.run_to_end::<(), Fault>(async { panic!("planted") }).await;
        assert!(matches!(broken, Err(Fault::Refused(_))), "{broken:?}");
        store.detached_done().await;
    }
}
