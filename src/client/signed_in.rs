//! One signed-in socket: each of its events becomes a command for a chat, a question to the database, or a refusal.
use std::{net::IpAddr, sync::Arc, time::Instant};

use futures_util::{FutureExt, future::LocalBoxFuture};

use super::{Neighbours, people::PATIENCE, place::Place};
use crate::{
    auth::Admitted,
    chat::{Command, Request},
    domain::{ChatId, Email, Name, Refusal, UserId},
    events::{ClientEvent, name},
    limits::{self, TooMany},
    presence::Caller,
    socket::{Client, Event},
    store::in_time,
};

/// A signed-in socket.
pub(super) struct SignedIn {
    neighbours: Arc<Neighbours>,
    user: UserId,
    name: Name,
    email: Email,
    place: Place,
    /// Where it is, as limits count places.
    network: Option<IpAddr>,
}

impl SignedIn {
    pub(super) fn new(neighbours: Arc<Neighbours>, admitted: Admitted, place: Place, network: Option<IpAddr>) -> Self {
        let Admitted { user, name, email, .. } = admitted;
        Self { neighbours, user, name, email, place, network }
    }

    /// What waits for the database; later events of this socket wait for it too, so they are handled in order.
    fn carry_out(&self, caller: Caller, event: ClientEvent) -> Option<LocalBoxFuture<'static, ()>> {
        let neighbours = self.neighbours.clone();
        let registry = &neighbours.registry;
        match event {
            ClientEvent::Fetch { kind, chat, page } => {
                registry.route(self.chat(chat), Command { caller, request: Request::Fetch { kind, page } });
            }
            ClientEvent::Send { kind, chat, content, client_id } => {
                registry
                    .route(self.chat(chat), Command { caller, request: Request::Post { kind, content, client_id } });
            }
            ClientEvent::Read { kind, chat, seq } => {
                registry.route(chat, Command { caller, request: Request::MarkRead { kind, upto: seq } })
            }
            ClientEvent::Kickout(group, member) => {
                registry.route(group, Command { caller, request: Request::Kick { member } })
            }
            ClientEvent::ChangeAdmin(group, member) => {
                registry.route(group, Command { caller, request: Request::ChangeAdmin { member } })
            }
            ClientEvent::LeaveGroup(group) => registry.route(group, Command { caller, request: Request::Leave }),
            ClientEvent::DeleteGroup(group) => registry.route(group, Command { caller, request: Request::Delete }),
            ClientEvent::AddMember(group, member) => {
                return Some(async move { neighbours.add_member(caller, group, member).await }.boxed_local());
            }
            ClientEvent::FetchUserDetails => neighbours.details(&caller, &self.name, &self.email),
            question => {
                let name = self.name.clone();
                return Some(async move { neighbours.answer(caller, name, question).await }.boxed_local());
            }
        }
        None
    }

    fn chat(&self, chat: Option<ChatId>) -> ChatId {
        chat.unwrap_or_else(|| self.user.self_chat())
    }
}

impl Client for SignedIn {
    fn event(&mut self, event: Event) -> Option<LocalBoxFuture<'static, ()>> {
        let request = name::known(event.name());
        let caller =
            Caller { user: self.user, connection: self.place.connection().clone(), event: request, ack: event.ack };
        if let Err(late) = self.neighbours.count_event(Some(self.user), self.network) {
            self.neighbours.refuse(&caller, &Refusal::rate_limited(late.seconds()));
            return None;
        }
        let parsed = if event.args() > 1 || !event.attachments().is_empty() {
            Err(Refusal::bad_request("The payload must be one object, without bytes in it"))
        } else {
            ClientEvent::parse(event.name(), event.arg(0), &self.neighbours.policy.load().limits)
        };
        match parsed {
            Ok(asked) => self.carry_out(caller, asked),
            Err(refusal) => {
                self.neighbours.refuse(&caller, &refusal);
                None
            }
        }
    }

    fn user(&self) -> Option<String> {
        Some(self.user.to_string())
    }
}

impl Neighbours {
    /// One more event of a user, or of somebody who is not known yet.
    pub(super) fn count_event(&self, user: Option<UserId>, network: Option<IpAddr>) -> Result<(), TooMany> {
        if let Some(network) = network {
            let counted = self.rates.events_per_ip.check(network);
            counted.inspect_err(|_| limits::tell("too many events from one address", &network.to_string()))?;
        }
        if let Some(user) = user {
            let counted = self.rates.events_per_user.check(user);
            counted.inspect_err(|_| limits::tell("too many events of one user", &user.to_string()))?;
        }
        Ok(())
    }

    /// Names come from the database; whether the caller may ask at all, the chat decides first.
    async fn add_member(&self, caller: Caller, group: ChatId, member: Option<UserId>) {
        let person = match member {
            Some(member) => in_time(Instant::now() + PATIENCE, self.store.person(member)).await,
            None => Ok(None),
        };
        match person {
            Ok(person) => {
                let member = person.map(|person| (person.id, person.name));
                self.registry.route(group, Command { caller, request: Request::AddMember { member } });
            }
            Err(fault) => self.fail(&caller, &fault),
        }
    }
}
