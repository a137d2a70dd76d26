//! The chat: what it is made of, and how it loads itself before the first command is read.
use std::{collections::VecDeque, mem, sync::Arc, time::Instant};

use actix::prelude::*;
use log::Level;
use tokio::sync::oneshot;

use super::{
    command::{Request, Said},
    hints::Hints,
    ledger::Ledger,
    shared::Shared,
    stand::Coming,
    told::Told,
};
use crate::{
    domain::{ChatId, Kind, Refusal, Seq},
    events::{Look, PageRequest},
    measure::tell,
    presence::Caller,
    store::{DEADLINES, LeftGroup, Opened, in_time},
};

/// What the chat knows of itself.
pub(super) enum LedgerState {
    /// The database did not answer; the next command asks again.
    Unloaded,
    /// There is no such chat, or no more.
    Absent,
    /// Loaded.
    Loaded(Box<Ledger<Caller>>),
}

/// Whether something is done, or on its way to be; the caller hears of the refusal.
pub(super) type Decided = Result<(), Refusal>;

/// One live chat.
pub struct Chat {
    pub(super) id: ChatId,
    pub(super) shared: Arc<Shared>,
    pub(super) state: LedgerState,
    /// What waits for decisions that are still pending, with the number of the last of them.
    pub(super) waiting: VecDeque<(u64, Waiting)>,
    /// Whether a `HandOver` is on its way.
    pub(super) hand_over_queued: bool,
    /// How many decisions the writer has. The ledger is not loaded before those of the ledger before it are settled.
    pub(super) in_flight: usize,
    /// The database was changed by somebody else since the ledger was loaded, or may have been by a commit without an answer.
    pub(super) outdated: bool,
    /// What comes after this may be stored, and nobody has heard it.
    pub(super) unconfirmed: Option<Told>,
    /// Loads the ledger again after it could not be loaded.
    pub(super) reloading: Option<SpawnHandle>,
    /// Those whose accounts ended, until it is told.
    pub(super) departed: Vec<LeftGroup>,
    /// What other nodes did, and what became of decisions here, until it is told.
    pub(super) coming: VecDeque<Coming>,
    /// How many answers of the database are waited for.
    pub(super) waits: usize,
    /// Messages as they were when changes of this chat's own came true, until those are told.
    pub(super) shown: VecDeque<Opened>,
    /// Whether the request at hand was taken after all was heard that was stored before it.
    pub(super) is_abreast: bool,
    /// The members' sockets here were renewed: what comes up to where the chat is loaded is theirs already.
    pub(super) is_renewed: bool,
    /// Who types here, and what arrived.
    pub(super) hints: Hints,
    /// When a query failed for want of a database.
    failed: Option<Instant>,
    /// When there was a panic.
    pub(super) panicked: Option<Instant>,
}

/// Somebody who wants to see something.
pub(super) struct Fetch {
    pub caller: Caller,
    pub wanted: Wanted,
}

/// What somebody wants to see.
pub(super) enum Wanted {
    /// A page of the chat as a `kind`.
    Page(Kind, PageRequest),
    /// Something else of it.
    Look(Look),
    /// What a message says, to say it elsewhere.
    Copy(Seq, oneshot::Sender<Result<Said, Refusal>>),
}

/// What waits for pending decisions.
pub(super) enum Waiting {
    /// Something to be seen that must show them.
    Fetch(Fetch),
    /// Something that is so already by one of them, if that comes true: it is asked again then.
    Request(Caller, Box<Request>),
    /// Somebody who wants to know that they are told.
    Settled(oneshot::Sender<()>),
}

impl Chat {
    /// Starts the chat on the present arbiter. It loads itself; commands wait in its mailbox meanwhile.
    pub fn start(id: ChatId, shared: Arc<Shared>) -> Addr<Self> {
        Self::create(|ctx| {
            ctx.set_mailbox_capacity(shared.mailbox_capacity());
            Self {
                id,
                shared,
                state: LedgerState::Unloaded,
                waiting: VecDeque::new(),
                hand_over_queued: false,
                in_flight: 0,
                outdated: false,
                unconfirmed: None,
                reloading: None,
                departed: Vec::new(),
                coming: VecDeque::new(),
                waits: 0,
                shown: VecDeque::new(),
                is_abreast: false,
                is_renewed: false,
                hints: Hints::default(),
                failed: None,
                panicked: None,
            }
        })
    }

    pub(super) fn load(&mut self, ctx: &mut Context<Self>) {
        if self.in_flight > 0 {
            return;
        }
        let store = self.shared.store.clone();
        let id = self.id;
        let is_unconfirmed = self.unconfirmed.is_some();
        let look = async move {
            let until = Instant::now() + DEADLINES.query;
            if is_unconfirmed {
                in_time(until, store.chat_at_rest(id)).await
            } else {
                in_time(until, store.chat(id)).await
            }
        };
        self.wait_for("loading", ctx, look, |chat, found, ctx| match found {
            Ok(found) => {
                let is_new = !mem::take(&mut chat.is_renewed);
                chat.open(found, is_new, ctx);
            }
            Err(fault) => {
                let line = format_args!("chat {} not loaded: {fault}", chat.id);
                tell(Level::Error, "chat with a fault of the server", &fault.to_string(), line);
                chat.state = LedgerState::Unloaded;
                chat.back_off();
                chat.reload_later(ctx);
            }
        });
    }

    /// After a turn: hands over what is left, or loads an outdated ledger again.
    pub(super) fn go_on(&mut self, ctx: &mut Context<Self>) {
        self.hand_over(ctx);
        self.reload_if_outdated(ctx);
    }

    /// Loads an outdated ledger again, once nothing is pending that was decided by it.
    pub(super) fn reload_if_outdated(&mut self, ctx: &mut Context<Self>) {
        let pending = matches!(&self.state, LedgerState::Loaded(ledger) if ledger.pending() > 0);
        if self.outdated && !pending && self.in_flight == 0 {
            self.outdated = false;
            self.keep_unconfirmed();
            self.load(ctx);
        }
    }

    /// A query failed: those who wait behind it are not kept waiting by the next.
    pub(super) fn back_off(&mut self) {
        self.failed = Some(Instant::now());
    }

    /// Whether a query failed just now.
    pub(super) fn backs_off(&self) -> bool {
        self.failed.is_some_and(|failed| failed.elapsed() < DEADLINES.pause)
    }

    /// The ledger, or why there is none.
    pub(super) fn ledger(&mut self) -> Result<&mut Ledger<Caller>, Refusal> {
        match &mut self.state {
            LedgerState::Loaded(ledger) => Ok(ledger),
            LedgerState::Absent => Err(Refusal::no_such_chat()),
            LedgerState::Unloaded => Err(Refusal::unavailable()),
        }
    }
}

impl Chat {
    /// What is asked is so by something that is pending, and may fail: it is asked again when that is known.
    pub(super) fn ask_again(&mut self, caller: &Caller, request: Request) -> Decided {
        if self.waiting.len() >= self.shared.mailbox_capacity() {
            return Err(Refusal::busy());
        }
        self.waiting.push_back((self.entered(), Waiting::Request(caller.clone(), Box::new(request))));
        Ok(())
    }
}

impl Actor for Chat {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        self.load(ctx);
    }
}
