//! One signed-in socket: each of its events becomes a command for a chat, a question to the database, or a refusal.
use std::{net::IpAddr, sync::Arc};

use futures_util::{FutureExt, future::LocalBoxFuture};

use super::{
    Services,
    hints::TypedIn,
    presence_guard::PresenceGuard,
    unanswered::{Answered, Unanswered, within_deadline},
};
use crate::{
    auth::Admitted,
    chat::{Command, Post, Request},
    domain::{ChatId, Deed, Email, Refusal, UserId},
    events::{ClientEvent, FetchPage, ForChat, Hint, InGroup, Query, ReadMessages, SendMessage, known_name},
    limits::TooMany,
    presence::Caller,
    socket::{Client, Event},
};

/// A signed-in socket.
pub(super) struct SignedIn {
    services: Arc<Services>,
    user: UserId,
    /// As of the time when the socket was admitted.
    email: Email,
    typed: TypedIn,
    presence: PresenceGuard,
    /// Where it is, as limits count places.
    network: Option<IpAddr>,
}

impl SignedIn {
    pub(super) fn new(
        services: Arc<Services>,
        admitted: Admitted,
        presence: PresenceGuard,
        network: Option<IpAddr>,
    ) -> Self {
        let Admitted { user, email, .. } = admitted;
        let nothing_asked = Caller { user, connection: presence.connection(), event: known_name("typing"), ack: None };
        let typed = TypedIn::new(services.clone(), nothing_asked);
        Self { services, user, email, typed, presence, network }
    }

    /// What waits for the database; later events of this socket wait for it too, so they are handled in order.
    fn dispatch(&self, caller: Caller, event: ClientEvent) -> Option<LocalBoxFuture<'static, ()>> {
        match event {
            ClientEvent::ForChat(event) => self.to_chat(caller, event),
            ClientEvent::Query(query) => {
                let services = self.services.clone();
                let email = self.email.clone();
                Some(async move { services.answer(caller, email, query).await }.boxed_local())
            }
        }
    }

    fn to_chat(&self, caller: Caller, event: ForChat) -> Option<LocalBoxFuture<'static, ()>> {
        let registry = &self.services.registry;
        match event {
            ForChat::Fetch(FetchPage { kind, chat, page }) => {
                registry.route(self.chat(chat), Command { caller, request: Request::Fetch { kind, page } });
            }
            ForChat::Send(SendMessage { kind, chat, content, client_id, extras }) => {
                let post = Post { kind: Some(kind), content, client_id, extras };
                registry.route(self.chat(chat), Command { caller, request: Request::Post(post) });
            }
            ForChat::SendFiles(message, files) => {
                let services = self.services.clone();
                let chat = self.chat(message.chat);
                return Some(async move { services.send_files(caller, chat, message, files).await }.boxed_local());
            }
            ForChat::Change(asked) => {
                if let Err(late) = self.services.count_change(self.user) {
                    self.services.refuse(&caller, &Refusal::rate_limited(late.seconds()));
                } else {
                    let chat = asked.chat;
                    registry.route(chat, Command { caller, request: Request::Change(Box::new(asked)) });
                }
            }
            ForChat::Look(chat, look) => registry.route(chat, Command { caller, request: Request::Look(look) }),
            ForChat::Forward(asked) => {
                let services = self.services.clone();
                return Some(async move { services.forward(caller, asked).await }.boxed_local());
            }
            ForChat::Read(ReadMessages { kind, chat, seq }) => {
                let is_seen = self.services.shows_reads(self.user);
                registry.route(chat, Command { caller, request: Request::MarkRead { kind, upto: seq, is_seen } });
            }
            ForChat::Hint(chat, hint) => {
                let is_seen = match hint {
                    Hint::Typing(_) => self.services.shows_typing(self.user),
                    Hint::Delivered(_) => self.services.shows_reads(self.user),
                };
                registry.route(chat, Command { caller, request: Request::Hint { hint, is_seen } });
            }
            ForChat::Own(chat, deed) => {
                if let Some(caller) = self.counted(caller, &Deed::Own(deed)) {
                    registry.route(chat, Command { caller, request: Request::Own(deed) });
                }
            }
            ForChat::Invite(group, new) => {
                if let Some(caller) = self.unless_too_often(caller, self.services.count_change(self.user)) {
                    self.services.invite(caller, group, new);
                }
            }
            ForChat::RevokeInvite(group, id) => {
                let services = self.services.clone();
                let caller = self.unless_too_often(caller, self.services.count_change(self.user))?;
                return Some(async move { services.revoke_invite(caller, group, id).await }.boxed_local());
            }
            ForChat::Join(token) => {
                let services = self.services.clone();
                let caller = self.unless_too_often(caller, self.services.count_invite(self.user))?;
                return Some(async move { services.join(caller, &token).await }.boxed_local());
            }
            ForChat::Group(group, Deed::Edit(edit)) if edit.chooses_picture() => {
                let services = self.services.clone();
                let caller = self.unless_too_often(caller, self.services.count_change(self.user))?;
                return Some(async move { services.edit_group(caller, group, edit).await }.boxed_local());
            }
            ForChat::Group(group, deed) => {
                if let Some(caller) = self.counted(caller, &deed) {
                    self.services.change(caller, group, deed);
                }
            }
            ForChat::AddMember(InGroup { group, member }) => {
                let services = self.services.clone();
                return Some(async move { services.add_member(caller, group, member).await }.boxed_local());
            }
            ForChat::Ban(InGroup { group, member }) => {
                let services = self.services.clone();
                let caller = self.counted(caller, &Deed::Ban(member))?;
                return Some(async move { services.ban(caller, group, member).await }.boxed_local());
            }
        }
        None
    }

    /// Whoever asks, unless that is too often. What groups could be told from the beginning is not counted.
    fn counted(&self, caller: Caller, deed: &Deed) -> Option<Caller> {
        if matches!(deed, Deed::Kick(_) | Deed::ChangeAdmin(_) | Deed::Leave | Deed::DeleteGroup) {
            return Some(caller);
        }
        self.unless_too_often(caller, self.services.count_change(self.user))
    }

    fn unless_too_often(&self, caller: Caller, counted: Result<(), TooMany>) -> Option<Caller> {
        match counted {
            Ok(()) => Some(caller),
            Err(late) => {
                self.services.refuse(&caller, &Refusal::rate_limited(late.seconds()));
                None
            }
        }
    }

    fn chat(&self, chat: Option<ChatId>) -> ChatId {
        chat.unwrap_or_else(|| self.user.self_chat())
    }
}

impl Client for SignedIn {
    fn user(&self) -> Option<String> {
        Some(self.user.to_string())
    }

    fn event(&mut self, event: Event) -> Option<LocalBoxFuture<'static, ()>> {
        let request = known_name(event.name());
        let caller = Caller { user: self.user, connection: self.presence.connection(), event: request, ack: event.ack };
        if let Err(late) = self.services.count_event(Some(self.user), self.network) {
            self.services.refuse(&caller, &Refusal::rate_limited(late.seconds()));
            return None;
        }
        let parsed = if event.args() > 1 || !event.attachments().is_empty() {
            Err(Refusal::bad_request("The payload must be one object, without bytes in it"))
        } else {
            ClientEvent::parse(event.name(), event.arg(0), &self.services.policy.load().bounds)
        };
        if let Ok(ClientEvent::ForChat(ForChat::Hint(chat, Hint::Typing(on)))) = &parsed {
            self.typed.note(*chat, *on);
        }
        match parsed {
            Ok(asked) => self.dispatch(caller, asked),
            Err(refusal) => {
                self.services.refuse(&caller, &refusal);
                None
            }
        }
    }
}

impl Services {
    /// Answers with the help of the database.
    async fn answer(self: Arc<Self>, caller: Caller, email: Email, query: Query) {
        match within_deadline(self.try_to_answer(&caller, &email, query)).await {
            Ok(()) => {}
            Err(Unanswered::Refused(refusal)) => self.refuse(&caller, &refusal),
            Err(Unanswered::Failed(fault)) => self.fail(&caller, &fault),
        }
    }

    async fn try_to_answer(self: &Arc<Self>, caller: &Caller, email: &Email, query: Query) -> Answered {
        match query {
            Query::UserDetails => self.details(caller, email).await,
            Query::SearchUsers(search) => {
                self.count_people(caller.user).map_err(|late| Refusal::rate_limited(late.seconds()))?;
                self.search(caller, search).await
            }
            Query::CheckChat(partner) => self.check(caller, partner).await,
            Query::CreatePersonalChat(partner) => self.create_personal_chat(caller, partner).await,
            Query::CreateGroup(group) => self.create_group_chat(caller, group).await,
            Query::ListChats => self.lists(caller).await,
            Query::Sync(sync) => self.sync(caller, sync).await,
            Query::Invites(group) => self.invites(caller, group).await,
            Query::PreviewInvite(token) => {
                self.count_invite(caller.user).map_err(|late| Refusal::rate_limited(late.seconds()))?;
                self.preview_invite(caller, &token).await
            }
            Query::Block(user, on) => {
                self.count_change(caller.user).map_err(|late| Refusal::rate_limited(late.seconds()))?;
                self.block(caller, user, on).await
            }
            Query::EditProfile(change) => {
                self.count_profile(caller.user).map_err(|late| Refusal::rate_limited(late.seconds()))?;
                self.edit_profile(caller, change).await
            }
            Query::Profiles(users) => self.profiles(caller, &users).await,
            Query::Blocks => self.blocks(caller).await,
            Query::SearchMessages(asked) => {
                self.count_search(caller.user).map_err(|late| Refusal::rate_limited(late.seconds()))?;
                self.search_messages(caller, *asked).await
            }
            Query::Starred(asked) => self.starred(caller, asked).await,
            Query::WatchPresence(people) => self.watch_presence(caller, people).await,
            Query::SetPrivacy(change) => self.set_privacy(caller, change).await,
        }
    }
}
