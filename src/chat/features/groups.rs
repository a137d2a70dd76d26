//! Groups as a whole: they are what changes, and they end.
use std::time::Instant;

use actix::prelude::*;
use futures_util::{TryStreamExt, stream};
use log::Level;

use crate::{
    chat::{
        actor::{Chat, Decided, LedgerState},
        command::{Command, Request},
        ledger::{Decision, Ledger},
        notifier::Notifier,
    },
    domain::{
        Activity, Change, ChatId, Deed, GroupChange, GroupInfo, Member, Name, Returning, Rev, Roster, Ruling, Seq,
        Timestamp, UserId,
    },
    events::{Answer, ChatChanged, ChatDone, ChatEvent, Granted, GroupEvent, Info, InfoEvent, RosterRow, role_name},
    measure::tell,
    presence::{Caller, Presence, packet},
    store::{DEADLINES, Fault, Store, in_time},
};

/// So many queries for the lists of those who were in a deleted group are under way at once.
const LISTS_AT_ONCE: usize = 2;

impl Chat {
    /// Decides a change in a group. Other chats do not change: for these commands they do not exist.
    pub(in crate::chat) fn change(&mut self, caller: &Caller, deed: Deed, ctx: &mut Context<Self>) -> Decided {
        let rules = self.shared.rules();
        let chat = self.id;
        let at = Timestamp::now();
        let ledger = self.ledger()?;
        if matches!(deed, Deed::Join { .. }) {
            // Of those who race for the last use of an invitation each hears what is so, and not what might have been.
            if ledger.is_unsettled() {
                return self.ask_again(caller, Request::Group(deed));
            }
        } else {
            ledger.decided.member(caller.user)?;
            ledger.sound()?;
        }
        match ledger.judge(&rules, caller.user, &deed, at)? {
            Ruling::Group(change) => {
                let name = |user: UserId| ledger.decided.name_of(user).cloned().unwrap_or_else(|| Name::stored(""));
                let whom = match &change {
                    Change::Added { name, .. } | Change::Joined { name, .. } => name.clone(),
                    change => name(change.whom().unwrap_or(caller.user)),
                };
                let by = if let Change::Joined { user, name, .. } = &change {
                    (*user, name.clone())
                } else {
                    (caller.user, name(caller.user))
                };
                let changed = GroupChange { chat, change, by, whom, at };
                self.decide(caller.clone(), Decision::Change(Box::new(changed)), ctx)
            }
            // It is so by something that is pending, and may fail: it is asked again when that is known.
            Ruling::Already if ledger.pending() > 0 => self.ask_again(caller, Request::Group(deed)),
            _ if !self.is_sure() => {
                self.when_abreast(Command { caller: caller.clone(), request: Request::Group(deed) }, ctx);
                Ok(())
            }
            _ => {
                let notifier = Notifier { chat, shared: &self.shared };
                if let LedgerState::Loaded(ledger) = &self.state {
                    notifier.answer_as_is(&ledger.told, caller, &deed);
                }
                Ok(())
            }
        }
    }
}

impl Notifier<'_> {
    /// It is so already.
    pub(in crate::chat) fn answer_as_is(&self, roster: &Roster, caller: &Caller, deed: &Deed) {
        match deed {
            Deed::Join { .. } => return self.let_in(caller, roster, None),
            Deed::Block(on) => {
                let other = roster.others(caller.user).next();
                return other.into_iter().for_each(|other| self.confirm_block(caller, other.user, *on));
            }
            _ => {}
        }
        let row = deed.whom().and_then(|user| roster.member(user).ok());
        let rows: Vec<RosterRow> = row.map(|member| RosterRow::of(member, roster.admin)).into_iter().collect();
        let info = matches!(deed, Deed::Edit(_)).then(|| Info::of(&GroupInfo::from(roster)));
        let rev = (!matches!(deed, Deed::Unban(_))).then_some(roster.rev);
        let done = ChatDone { chat_id: self.chat, rev, members: &rows, info: info.as_ref() };
        self.shared.presence.grant(caller, &Granted::with(&done));
    }

    /// The change is stored; `newest` is the newest message at that moment, `returning` what was kept of somebody who comes in.
    pub(in crate::chat) fn changed(
        &self,
        ledger: &mut Ledger<Caller>,
        caller: &Caller,
        changed: &GroupChange,
        (newest, rev): (Seq, Rev),
        returning: Returning,
    ) {
        let change = &changed.change;
        if *change == Change::Deleted {
            return self.ended(ledger, caller, changed);
        }
        let before = ledger.told.clone();
        ledger.told.apply(change, newest, rev);
        if let Change::Added { user, .. } | Change::Joined { user, .. } = change {
            ledger.told.restore(*user, returning);
            ledger.decided.restore(*user, returning);
        }
        if let Change::Removed(user) | Change::Banned { user, is_member: true } = change {
            self.shared.presence.part(*user, &ids(&ledger.told));
        }
        log_change(self.chat, caller.user, change);
        let Some(happened) = self.record(&before, &ledger.told, changed, newest, rev) else {
            // Nobody but the caller hears of it.
            match change {
                Change::Invited(invited) => return self.invited(caller, invited),
                Change::Blocked { user, on, .. } => return self.blocked(caller, *user, *on),
                _ => {}
            }
            let rev = matches!(change, Change::Banned { .. }).then_some(before.rev);
            let done = ChatDone { chat_id: self.chat, rev, members: &[], info: None };
            return self.shared.presence.grant(caller, &Granted::with(&done));
        };
        match change {
            Change::Joined { .. } => self.let_in(caller, &ledger.told, Some(rev)),
            _ => self.shared.presence.grant(caller, &Granted::with(&happened.done())),
        }
        match change {
            Change::Added { user, name } | Change::Joined { user, name, .. } => self.added(&before, *user, name),
            Change::AdminChanged(admin) => self.handed_over(&before, caller, *admin),
            Change::Removed(user) if *user == caller.user => self.left(&before, *user),
            Change::Removed(user) => self.kicked(&before, caller, *user),
            Change::Banned { user, .. } => self.removed(&before, caller, *user),
            Change::RoleSet(..)
            | Change::Muted(..)
            | Change::Edited(_)
            | Change::Unbanned(_)
            | Change::Blocked { .. }
            | Change::Invited(_)
            | Change::InviteRevoked(_)
            | Change::Deleted => {}
        }
        let event = InfoEvent::ChatChanged(&happened);
        if matches!(change, Change::Joined { .. }) {
            // Whoever comes in hears it everywhere, as somebody does who is taken in.
            self.tell_all(&ledger.told, &event);
        } else if ledger.told.has(caller.user) {
            self.tell_all_but_caller(&ledger.told, caller, &event);
        } else {
            self.tell_others(&ledger.told, caller.user, &event);
        }
    }

    /// What happened, with the rows that it changed, if members hear of it.
    fn record(
        &self,
        before: &Roster,
        now: &Roster,
        changed: &GroupChange,
        newest: Seq,
        rev: Rev,
    ) -> Option<ChatChanged> {
        let GroupChange { change, by, whom, at, .. } = changed;
        let what = change.what(by.0)?;
        let user = change.whom().unwrap_or(by.0);
        let activity = Activity { rev, after: newest, at: *at, what, by: by.clone(), whom: (user, whom.clone()) };
        let changed_row = |member: &&Member| member.rev == rev;
        let mut rows: Vec<RosterRow> =
            now.members.iter().filter(changed_row).map(|member| RosterRow::of(member, now.admin)).collect();
        if let (Change::Removed(_) | Change::Banned { .. }, Ok(member)) = (change, before.member(user)) {
            rows.push(RosterRow::gone(member, rev));
        }
        let info = (now.info_rev == rev).then(|| Info::of(&GroupInfo::from(now)));
        Some(ChatChanged::of(self.chat, &activity, rows, info))
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
        self.show_lists_to(ids(group), caller);
    }

    /// The same to those whose ids are known.
    pub(in crate::chat) fn show_lists_to(&self, mut members: Vec<UserId>, caller: &Caller) {
        members.retain(|user| self.shared.presence.is_online(*user));
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
        Change::Joined { user, invite, .. } => log::info!("group {group}: user {user} joined by invitation {invite}"),
        Change::Blocked { on, .. } => log::debug!("chat {group}: block by user {by}: {on}"),
        Change::Invited(invited) => log::info!("group {group}: invitation {} made by user {by}", invited.invite.id),
        Change::InviteRevoked(id) => log::info!("group {group}: invitation {id} ended by user {by}"),
        Change::Removed(user) if *user == by => log::info!("group {group}: user {user} left"),
        Change::Removed(user) => log::info!("group {group}: user {user} kicked by user {by}"),
        Change::Banned { user, .. } => log::info!("group {group}: user {user} banned by user {by}"),
        Change::Unbanned(user) => log::info!("group {group}: user {user} banned no more by user {by}"),
        Change::RoleSet(user, role) => log::info!("group {group}: user {user} made {} by user {by}", role_name(*role)),
        Change::AdminChanged(user) => log::info!("group {group}: user {user} made admin by user {by}"),
        Change::Muted(user, Some(_)) => log::info!("group {group}: user {user} muted by user {by}"),
        Change::Muted(user, None) => log::info!("group {group}: user {user} muted no more by user {by}"),
        Change::Edited(_) => log::info!("group {group}: edited by user {by}"),
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
