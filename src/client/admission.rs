//! Who gets in, and what a socket hears first.
use std::{net::IpAddr, sync::Arc};

use futures_util::{FutureExt, future::LocalBoxFuture};
use log::Level;

use super::{Chatroom, Neighbours, place::Place, signed_in::SignedIn, tokens};
use crate::{
    auth::{Admitted, Bearer, Denied},
    events::ServerEvent,
    measure::tell,
    presence::{NotJoined, packet},
    settings::RefuseWith,
    socket::{Admission, Application, Connect, MAIN, Packet, Port, network},
    store::Lists,
};

impl Application for Chatroom {
    fn connect(&self, connect: Connect) -> LocalBoxFuture<'static, Admission> {
        let neighbours = self.0.clone();
        async move {
            if connect.namespace != MAIN {
                return Admission::Refused { message: "Invalid namespace".into() };
            }
            let network = connect.handshake.peer.map(network);
            if neighbours.count_event(None, network).is_err() {
                return Admission::Later;
            }
            let tokens = tokens::of(&connect, neighbours.policy().allow_query_tokens);
            match neighbours.auth.bearer(&tokens).await {
                Ok(bearer) => neighbours.welcome(bearer, &connect.port, network).await,
                Err(denied) => neighbours.deny(denied),
            }
        }
        .boxed_local()
    }
}

impl Neighbours {
    /// Gives the socket its place, then looks up what it hears first: nothing that happens meanwhile passes it by. What
    /// that is waits until the socket is admitted, and is dropped if the login is over.
    async fn welcome(self: Arc<Self>, bearer: Bearer, port: &Port, network: Option<IpAddr>) -> Admission {
        let (user, login) = (bearer.user, bearer.login);
        let place = match Place::take(&self.presence, user, login, port, self.policy().sockets_per_user) {
            Ok(place) => place,
            Err(NotJoined::TooMany) => return dismissed("Too many connections"),
            Err(NotJoined::Ended) => return self.turn_away("Logged out"),
        };
        match self.auth.enter(bearer).await {
            Ok((admitted, lists)) => {
                let opening = opening(&admitted, lists);
                let client = SignedIn::new(self.clone(), admitted, place, network);
                Admission::Accepted { client: Box::new(client), opening }
            }
            Err(denied) => self.deny(denied),
        }
    }

    /// Storage that is down is no fault of the client's tokens.
    fn deny(&self, denied: Denied) -> Admission {
        match denied {
            Denied::Refused(reason) => self.turn_away(reason),
            Denied::Fault(fault) => {
                let place = fault.to_string();
                tell(
                    Level::Error,
                    "socket with a fault of the server",
                    &place,
                    format_args!("socket not admitted: {fault}"),
                );
                Admission::Later
            }
        }
    }

    /// No valid tokens: pages are told in an event, new clients may be told in the protocol's own way.
    fn turn_away(&self, reason: &str) -> Admission {
        match self.policy().refuse_with {
            RefuseWith::Event => dismissed(reason),
            RefuseWith::ConnectError => Admission::Refused { message: reason.into() },
        }
    }
}

/// What a socket hears first.
fn opening(admitted: &Admitted, lists: Lists) -> Vec<Packet> {
    let Lists { personal, groups } = lists;
    let (personal, groups) = (ServerEvent::personal_chat_list(personal), ServerEvent::group_chat_list(groups));
    let who = ServerEvent::UserId { user_id: admitted.user, user_name: admitted.name.as_str() };
    let token = admitted.access_token.as_deref();
    let renewed = token.map(|access_token| packet(&ServerEvent::AccessToken { access_token }));
    renewed.into_iter().chain([packet(&who), packet(&personal), packet(&groups)]).collect()
}

fn dismissed(reason: &str) -> Admission {
    Admission::Dismissed { packets: vec![packet(&ServerEvent::AuthFailure { reason })] }
}
