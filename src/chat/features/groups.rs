//! Groups as a whole: they are what changes, and they end.
use std::time::Instant;

use actix::prelude::*;
use futures_util::{TryStreamExt, stream};
use log::Level;

use crate::{
    chat::{
        actor::{Chat, Decided},
        ledger::{Decision, Ledger},
        notifier::Notifier,
    },
    domain::{
        Activity, Change, ChatId, Deed, GroupChange, GroupInfo, Member, Name, Own, Refusal, Rev, Roster, Ruling, Seq,
        Timestamp, UserId, What,
    },
    events::{Answer, ChatChanged, ChatEvent, Granted, GroupEvent, Info, InfoEvent, RosterRow},
    measure::tell,
    presence::{Caller, Presence, packet},
    store::{DEADLINES, Fault, Store, in_time},
};

/// So many queries for the lists of those who were in a deleted group are under way at once.
const LISTS_AT_ONCE: usize = 2;

impl Chat {
    /// Decides a change in a group. Other chats do not change: for these commands they do not exist.
    pub(in crate::chat) fn change(&mut self, caller: &Caller, deed: &Deed, ctx: &mut Context<Self>) -> Decided {
        let rules = self.shared.rules();
        let chat = self.id;
        let at = Timestamp::now();
        let ledger = self.ledger()?;
        ledger.decided.member(caller.user)?;
        ledger.sound()?;
        let Ruling::Group(change) = ledger.judge(&rules, caller.user, deed, at)? else {
            return Err(Refusal::no_such_chat());
        };
        let name = |user: UserId| ledger.decided.name_of(user).cloned().unwrap_or_else(|| Name::stored(""));
        let whom = match &change {
            Change::Added { name, .. } => name.clone(),
            Change::Removed(user) | Change::AdminChanged(user) => name(*user),
            Change::Deleted => name(caller.user),
        };
        let by = (caller.user, name(caller.user));
        let changed = GroupChange { chat, change, by, whom, at };
        self.decide(caller.clone(), Decision::Change(Box::new(changed)), ctx)
    }
}

impl Notifier<'_> {
    /// The change is stored; `newest` is the newest message at that moment.
    pub(in crate::chat) fn changed(
        &self,
        ledger: &mut Ledger<Caller>,
        caller: &Caller,
        changed: &GroupChange,
        newest: Seq,
        rev: Rev,
        own: Own,
    ) {
        let change = &changed.change;
        if *change == Change::Deleted {
            return self.ended(ledger, caller, changed);
        }
        let before = ledger.told.clone();
        ledger.told.apply(change, newest, rev);
        if let Change::Added { user, .. } = change {
            ledger.told.number_own(*user, own);
        }
        if let Change::Removed(user) = change {
            self.shared.presence.part(*user, &ids(&ledger.told));
        }
        log_change(self.chat, caller.user, change);
        let happened = self.record(&before, &ledger.told, changed, newest, rev);
        self.shared.presence.grant(caller, &Granted::with(&happened.done()));
        match change {
            Change::Added { user, name } => self.added(&before, *user, name),
            Change::AdminChanged(admin) => self.handed_over(&before, caller, *admin),
            Change::Removed(user) if *user == caller.user => self.left(&before, *user),
            Change::Removed(user) => self.kicked(&before, caller, *user),
            Change::Deleted => {}
        }
        let event = InfoEvent::ChatChanged(&happened);
        if ledger.told.has(caller.user) {
            self.tell_all_but_caller(&ledger.told, caller, &event);
        } else {
            self.tell_others(&ledger.told, caller.user, &event);
        }
    }

    /// What happened, with the rows that it changed.
    fn record(&self, before: &Roster, now: &Roster, changed: &GroupChange, newest: Seq, rev: Rev) -> ChatChanged {
        let GroupChange { change, by, whom, at, .. } = changed;
        let (what, user) = match change {
            Change::Added { user, .. } => (What::Added, *user),
            Change::Removed(user) if *user == by.0 => (What::Left, *user),
            Change::Removed(user) => (What::Removed, *user),
            Change::AdminChanged(user) => (What::AdminChanged, *user),
            Change::Deleted => (What::Removed, by.0),
        };
        let activity = Activity { rev, after: newest, at: *at, what, by: by.clone(), whom: (user, whom.clone()) };
        let changed_row = |member: &&Member| member.rev == rev;
        let mut rows: Vec<RosterRow> =
            now.members.iter().filter(changed_row).map(|member| RosterRow::of(member, now.admin)).collect();
        if let (Change::Removed(_), Ok(member)) = (change, before.member(user)) {
            rows.push(RosterRow::gone(member, rev));
        }
        let info = (now.info_rev == rev).then(|| Info::of(&GroupInfo::from(now), &now.settings));
        ChatChanged::of(self.chat, &activity, rows, info)
    }

    /// The group is gone.
    pub(in crate::chat) fn ended(&self, ledger: &mut Ledger<Caller>, caller: &Caller, changed: &GroupChange) {
        self.shared.presence.answer(caller, Answer::Done);
        let before = ledger.told.clone();
        ledger.told.apply(&changed.change, ledger.newest, before.rev);
        self.shared.presence.disband(&ids(&before));
        log_change(self.chat, caller.user, &changed.change);
        self.deleted(&before, caller);
    }

    /// `group` is as it was before.
    fn deleted(&self, group: &Roster, caller: &Caller) {
        let group_id = self.chat;
        self.shared.presence.tell_caller(caller, &GroupEvent::DeleteGroupChatCreator { group_id });
        self.tell_all_but_caller(group, caller, &GroupEvent::DeleteGrpSuccessReceiver { group_id });
        self.show_lists(group, caller);
    }

    /// The group is gone: those who were in it and are online see their lists without it, all but the socket that deleted
    /// it. Beside the chat's turns, and few at once: how many that are is up to whoever made the group.
    fn show_lists(&self, group: &Roster, caller: &Caller) {
        let online = |user: &UserId| self.shared.presence.is_online(*user);
        let members: Vec<UserId> = group.members.iter().map(|member| member.user).filter(online).collect();
        let store = self.shared.store.clone();
        let presence = self.shared.presence.clone();
        let caller = caller.clone();
        let chat = self.chat;
        self.shared.store.detach(async move {
            let show = |user| show_list(&store, &presence, &caller, user);
            let shown = stream::iter(members.into_iter().map(Ok)).try_for_each_concurrent(LISTS_AT_ONCE, show);
            if let Err(fault) = shown.await {
                let line = format_args!("chat {chat}: lists not shown: {fault}");
                tell(Level::Error, "lists with a fault of the server", &fault.to_string(), line);
            }
        });
    }
}

fn ids(roster: &Roster) -> Vec<UserId> {
    roster.members.iter().map(|member| member.user).collect()
}

/// Who may do what changes here: the log can say since when, and by whom.
fn log_change(group: ChatId, by: UserId, change: &Change) {
    match change {
        Change::Added { user, .. } => log::info!("group {group}: user {user} added by user {by}"),
        Change::Removed(user) if *user == by => log::info!("group {group}: user {user} left"),
        Change::Removed(user) => log::info!("group {group}: user {user} kicked by user {by}"),
        Change::AdminChanged(user) => log::info!("group {group}: user {user} made admin by user {by}"),
        Change::Deleted => log::info!("group {group}: deleted by user {by}"),
    }
}

/// Shows somebody the present list of groups.
async fn show_list(store: &Store, presence: &Presence, caller: &Caller, user: UserId) -> Result<(), Fault> {
    let lists = in_time(Instant::now() + DEADLINES.query, store.lists(user)).await?;
    let list = packet(&ChatEvent::group_chat_list(lists.groups));
    if user == caller.user {
        presence.tell_own_others(caller, &list);
    } else {
        presence.tell(user, &list);
    }
    Ok(())
}
