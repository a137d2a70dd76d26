//! NATS: hints that something was told, so that others need not wait for their next look. Whatever is lost, late or doubled here,
//! the same is heard from the database.
use std::time::Duration;

use actix::Recipient;
use async_nats::{Client, ConnectOptions, Subject};
use futures_util::StreamExt;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{
    messages::{Hint, Overheard},
    soft::{self, Soft},
};
use crate::{domain::NodeId, presence::Presence};

/// How long a start waits for it at most: nothing depends on it.
const PATIENCE: Duration = Duration::from_secs(1);

/// The way to the others.
#[derive(Clone)]
pub struct Bus {
    client: Client,
    feed: Subject,
    soft: Subject,
    me: NodeId,
}

impl Bus {
    /// Begins to connect, and has others told what comes. It comes back by itself whenever it is gone.
    ///
    /// # Errors
    /// If the address cannot be one.
    pub(super) async fn connect(
        url: &str,
        subject: &str,
        me: NodeId,
        hints: Recipient<Hint>,
        said: Recipient<Overheard>,
        presence: Presence,
    ) -> Result<Self, String> {
        let options = ConnectOptions::new()
            .retry_on_initial_connect()
            .connection_timeout(PATIENCE)
            .name(format!("greenroom {me}"))
            .event_callback(|event| async move { log::info!("NATS: {event}") });
        let servers: Vec<String> = url.split(',').map(|url| url.trim().to_owned()).collect();
        let client = options.connect(servers).await.map_err(|error| error.to_string())?;
        let bus = Self { client, feed: format!("{subject}.feed").into(), soft: format!("{subject}.soft").into(), me };
        actix_rt::spawn(bus.clone().listen(hints));
        actix_rt::spawn(bus.clone().overhear(said));
        actix_rt::spawn(bus.clone().say_who_is_here(presence.clone()));
        actix_rt::spawn(bus.clone().pass_on(presence));
        Ok(bus)
    }

    /// This node has told something.
    pub(super) fn hint(&self, number: i64) {
        let mut told = self.me.0.into_bytes().to_vec();
        told.extend(number.to_be_bytes());
        let (client, subject) = (self.client.clone(), self.feed.clone());
        actix_rt::spawn(async move {
            // It is a hint: one that is lost is made up for by the next look.
            let _ = client.publish(subject, told.into()).await;
        });
    }

    async fn listen(self, to: Recipient<Hint>) {
        let Ok(mut hints) = self.client.subscribe(self.feed.clone()).await else { return };
        while let Some(message) = hints.next().await {
            if let Some(hint) = read(&message.payload).filter(|hint| hint.node != self.me) {
                to.do_send(hint);
            }
        }
    }

    /// What others say of who is where.
    async fn overhear(self, to: Recipient<Overheard>) {
        let Ok(mut said) = self.client.subscribe(self.soft.clone()).await else { return };
        while let Some(message) = said.next().await {
            if let Some((node, soft)) = Soft::read(&message.payload).filter(|(node, _)| *node != self.me) {
                to.do_send(Overheard { node, soft });
            }
        }
    }

    async fn say_who_is_here(self, presence: Presence) {
        soft::tell(presence, |soft| self.say(&soft)).await;
    }

    async fn pass_on(self, presence: Presence) {
        let (whispers, mut whispered) = mpsc::unbounded_channel();
        presence.whisper_to(whispers);
        while let Some(whisper) = whispered.recv().await {
            self.say(&whisper.into());
        }
    }

    fn say(&self, soft: &Soft) {
        let (client, subject, said) = (self.client.clone(), self.soft.clone(), soft.write(self.me));
        actix_rt::spawn(async move {
            // It may be lost.
            let _ = client.publish(subject, said.into()).await;
        });
    }

    /// Whether it is there.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == async_nats::connection::State::Connected
    }
}

fn read(payload: &[u8]) -> Option<Hint> {
    let (node, number) = payload.split_at_checked(16)?;
    let node = NodeId(Uuid::from_slice(node).ok()?);
    Some(Hint { node, number: i64::from_be_bytes(number.try_into().ok()?) })
}
