//! Who gets in, and what a socket hears first.
use std::{net::IpAddr, sync::Arc, time::Instant};

use futures_util::{FutureExt, future::LocalBoxFuture};
use log::Level;

use super::{Chatroom, Services, dispatch::SignedIn, presence_guard::PresenceGuard, tokens};
use crate::{
    auth::{Admitted, Bearer, Denied},
    cluster::Watch,
    domain::UserId,
    events::{ChatEvent, LoginEvent},
    measure::tell,
    presence::{NotJoined, packet},
    settings::RefuseWith,
    socket::{Admission, Application, Connect, MAIN, Packet, Port, network},
    store::Lists,
};

impl Application for Chatroom {
    fn connect(&self, connect: Connect) -> LocalBoxFuture<'static, Admission> {
        let services = self.0.clone();
        async move {
            if connect.namespace != MAIN {
                return Admission::Refused { message: "Invalid namespace".into() };
            }
            let network = connect.handshake.peer.map(network);
            if services.count_event(None, network).is_err() {
                return Admission::Later;
            }
            let tokens = tokens::of(&connect, services.policy().allow_query_tokens);
            match services.auth.bearer(&tokens).await {
                Ok(bearer) => services.admit(bearer, &connect.port, network).await,
                Err(denied) => services.deny(denied, None, network),
            }
        }
        .boxed_local()
    }
}

impl Services {
    /// Has the socket join its user's, then looks up what it hears first: nothing that happens meanwhile passes it by. What
    /// that is waits until the socket is admitted, and is dropped if the login is over.
    async fn admit(self: Arc<Self>, bearer: Bearer, port: &Port, network: Option<IpAddr>) -> Admission {
        let user = bearer.user;
        let login = bearer.login;
        let mut presence = match PresenceGuard::join(&self.presence, user, login, port, self.policy().sockets_per_user)
        {
            Ok(guard) => guard,
            Err(NotJoined::TooMany) => {
                tell_refused_login("Too many connections", Some(user), network);
                return dismissed("Too many connections");
            }
            Err(NotJoined::Ended) => return self.refuse_login("Logged out", Some(user), network),
        };
        let since = Instant::now();
        match self.auth.enter(bearer).await {
            Ok((admitted, lists)) => {
                self.watch(user, &lists, since, &mut presence);
                log::info!(
                    "connection {} of user {user} admitted from {}, login {login}",
                    port.number(),
                    shown(network)
                );
                presence.admit(admitted.login, admitted.privacy);
                let opening = self.opening(&admitted, lists);
                let client = SignedIn::new(self.clone(), admitted, presence, network);
                Admission::Accepted { client: Box::new(client), opening }
            }
            Err(denied) => self.deny(denied, Some(user), network),
        }
    }

    /// What other nodes do in the chats of somebody who is here is told here.
    fn watch(&self, user: UserId, lists: &Lists, since: Instant, presence: &mut PresenceGuard) {
        let Some(nodes) = self.nodes.get() else { return };
        let chats = lists.personal.iter().chain(&lists.groups).map(|listed| listed.chat);
        let chats = chats.chain([user.self_chat()]).collect();
        nodes.watch.do_send(Watch { user, chats, since });
        presence.tell_when_gone(nodes.left.clone());
    }

    /// What a socket hears first.
    fn opening(&self, admitted: &Admitted, lists: Lists) -> Vec<Packet> {
        let Lists { mut personal, groups } = lists;
        self.presence.add_arrivals(&mut personal);
        let personal = ChatEvent::personal_chat_list(personal);
        let groups = ChatEvent::group_chat_list(groups);
        let who = LoginEvent::UserId { user_id: admitted.user, user_name: admitted.name.as_str() };
        let token = admitted.access_token.as_deref();
        let renewed = token.map(|access_token| packet(&LoginEvent::AccessToken { access_token }));
        renewed.into_iter().chain([packet(&who), packet(&personal), packet(&groups)]).collect()
    }

    /// Storage that is down is no fault of the client's tokens.
    fn deny(&self, denied: Denied, user: Option<UserId>, network: Option<IpAddr>) -> Admission {
        match denied {
            Denied::Refused(reason) => self.refuse_login(reason, user, network),
            Denied::Fault(fault) => {
                let line = format_args!("socket not admitted: {fault}");
                tell(Level::Error, "socket with a fault of the server", &fault.to_string(), line);
                Admission::Later
            }
        }
    }

    /// No valid tokens: pages are told in an event, new clients may be told in the protocol's own way.
    fn refuse_login(&self, reason: &str, user: Option<UserId>, network: Option<IpAddr>) -> Admission {
        tell_refused_login(reason, user, network);
        match self.policy().refuse_with {
            RefuseWith::Event => dismissed(reason),
            RefuseWith::ConnectError => Admission::Refused { message: reason.into() },
        }
    }
}

/// Strangers can cause it as often as they like, so the log has it now and then; by reason, as the first one says little of others.
fn tell_refused_login(reason: &str, user: Option<UserId>, network: Option<IpAddr>) {
    let place = format!("{}, {reason}", shown(network));
    let who = user.map_or_else(|| "somebody".to_owned(), |user| format!("user {user}"));
    let line = format_args!("login of a socket of {who} from {} refused: {reason}", shown(network));
    tell(Level::Info, "login of a socket", &place, line);
}

fn shown(network: Option<IpAddr>) -> String {
    network.map_or_else(|| "nowhere".to_owned(), |network| network.to_string())
}

fn dismissed(reason: &str) -> Admission {
    Admission::Dismissed { packets: vec![packet(&LoginEvent::AuthFailure { reason })] }
}
