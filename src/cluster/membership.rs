//! Coming among the nodes, staying there and leaving.
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use actix::prelude::*;
use actix_rt::time::{sleep, timeout};
use tokio::sync::mpsc;

use super::{
    bus::Bus,
    feed::{Feed, Parts, Signs, Tuning},
    handlers::Ride,
    stats::Stats,
};
use crate::{
    domain::{NodeId, Rules},
    presence::Presence,
    registry::Registry,
    store::{Fault, Line, Neighbour, NotAlone, Print, Store},
    writer::{SettleBy, Writer},
};

/// A node that lives says so this often.
const BEAT: Duration = Duration::from_secs(2);

/// A row that does not beat for so long belongs to nobody who lives.
const SILENCE: Duration = Duration::from_secs(6);

/// The exit status of a node that cannot go on, and may start anew at once.
pub const SWEPT: u8 = 75;

/// Why a server does not come among the others.
#[derive(Debug, thiserror::Error)]
pub enum NotJoined {
    /// The database does not work.
    #[error("the nodes of this database cannot be read: {0}")]
    Fault(#[from] Fault),
    /// One that lives does not suit this one.
    #[error("{0}")]
    Neighbour(String),
}

/// A server's place among those on its database.
pub struct Membership {
    me: NodeId,
    store: Store,
    is_clustered: bool,
}

/// Waits until no server lives here that this one cannot work beside, and enters it.
///
/// # Errors
/// If one goes on living, or the database does not work.
pub async fn join(store: &Store, name: &str, is_clustered: bool, print: &Print) -> Result<Membership, NotJoined> {
    let before = store.nodes().await?;
    let unlike: Vec<&Neighbour> =
        before.iter().filter(|node| !node.has_left && node.bears(is_clustered, print).is_err()).collect();
    if !unlike.is_empty() {
        log::info!(
            "{} other servers have a row on this database: whether they live is known in {SILENCE:?}",
            unlike.len()
        );
        sleep(SILENCE).await;
        let now = store.nodes().await?;
        for old in unlike {
            let is_alive = now.iter().any(|node| node.id == old.id && !node.has_left && node.beat != old.beat);
            if let (true, Err(why)) = (is_alive, old.bears(is_clustered, print)) {
                return Err(NotJoined::Neighbour(told(&why)));
            }
            store.remove_node(old.id, old.beat).await?;
        }
    }
    let me = NodeId::new();
    store.enter_node(me, name, is_clustered, print).await?;
    // Of two that came at the same moment the later one sees the other.
    let first = store.nodes().await?.into_iter().find(|node| !node.has_left && node.id < me);
    if let Some(why) = first.and_then(|node| node.bears(is_clustered, print).err()) {
        store.forget_node(me).await?;
        return Err(NotJoined::Neighbour(told(&why)));
    }
    Ok(Membership { me, store: store.clone(), is_clustered })
}

fn told(why: &NotAlone) -> String {
    match why {
        NotAlone::OtherKind(name) => format!(
            "cluster.enabled: the server {name} lives on this database, and is not set as this one: all must have it, or one alone"
        ),
        NotAlone::OtherSecret(name) => {
            format!("auth.secret: the node {name} lives on this database and has another one: all must have the same")
        }
        NotAlone::OtherPlace(name) => format!(
            "files.folder: the node {name} lives on this database and keeps its files elsewhere: all must mount the same folder, or have the same bucket"
        ),
        NotAlone::OtherWire(name) => {
            format!(
                "the node {name} lives on this database and is too old or too new for this one: upgrade step by step"
            )
        }
    }
}

impl Membership {
    /// Which node this is.
    pub fn me(&self) -> NodeId {
        self.me
    }

    /// Begins to hear the others, and has the writer and the registry work with them.
    ///
    /// # Errors
    /// If the database does not work.
    pub async fn hear(
        &self,
        registry: &Registry,
        presence: &Presence,
        writer: &Addr<Writer>,
        tuning: Tuning,
        rules: Rules,
    ) -> Result<(Addr<Feed>, Hearing), NotJoined> {
        let (own, told) = mpsc::unbounded_channel();
        let history = self.store.newest_numbers().await?;
        self.store.form_line(Line::new(self.me, own, rules));
        let Some(line) = self.store.line().cloned() else { return Err(Fault::Refused("no line".into()).into()) };
        let stats = Arc::new(Stats::default());
        let parts = Parts {
            store: self.store.clone(),
            line,
            own: told,
            registry: registry.clone(),
            presence: presence.clone(),
            tuning,
            history,
            stats: stats.clone(),
        };
        let (feed, signs) = Feed::start(&Arbiter::new().handle(), parts);
        registry.join_nodes(feed.clone().recipient());
        if writer.send(SettleBy(feed.clone().recipient())).await.is_err() {
            log::error!("the writer is gone");
        }
        Ok((feed, Hearing { signs, stats }))
    }

    /// Connects the bus, if there is one.
    ///
    /// # Errors
    /// If the address cannot be one.
    pub async fn ride(
        &self,
        url: &str,
        subject: &str,
        feed: &Addr<Feed>,
        presence: &Presence,
    ) -> Result<Option<Bus>, String> {
        if url.is_empty() {
            return Ok(None);
        }
        let (hints, said) = (feed.clone().recipient(), feed.clone().recipient());
        let bus = Bus::connect(url, subject, self.me, hints, said, presence.clone()).await?;
        feed.do_send(Ride(bus.clone()));
        Ok(Some(bus))
    }

    /// Says that this server lives, as long as it does. Returns why it cannot go on, if it cannot.
    pub async fn beat(self: Arc<Self>) -> String {
        loop {
            sleep(BEAT).await;
            match timeout(BEAT, self.store.beat(self.me)).await {
                Ok(Ok(true)) | Err(_) => {}
                Ok(Ok(false)) => return "the other servers have taken this one for gone".into(),
                Ok(Err(fault)) => log::debug!("this server could not say that it lives: {fault}"),
            }
        }
    }

    /// Removes what is older than `keep`: of what this node told, and nodes that are gone.
    pub async fn sweep(self: Arc<Self>, keep: Duration) {
        let mut told: VecDeque<(Instant, i64)> = VecDeque::new();
        let mut silent: HashMap<NodeId, (i64, Instant)> = HashMap::new();
        let every = (keep / 10).clamp(Duration::from_secs(1), Duration::from_secs(60));
        loop {
            sleep(every).await;
            if let Some(line) = self.store.line() {
                let newest = line.newest();
                told.push_back((Instant::now(), newest));
                let old = told.iter().take_while(|(at, _)| at.elapsed() > keep).count();
                if let Some((_, upto)) = told.drain(..old).next_back()
                    && let Err(fault) = self.store.sweep_feed(self.me, upto.min(newest - 1)).await
                {
                    log::debug!("old rows of the feed not removed: {fault}");
                }
            }
            if let Ok(nodes) = self.store.nodes().await {
                self.sweep_nodes(&nodes, &mut silent, keep + Duration::from_secs(60)).await;
            }
        }
    }

    async fn sweep_nodes(&self, nodes: &[Neighbour], silent: &mut HashMap<NodeId, (i64, Instant)>, patience: Duration) {
        silent.retain(|id, _| nodes.iter().any(|node| node.id == *id));
        for node in nodes.iter().filter(|node| node.id != self.me) {
            let (beat, since) = silent.entry(node.id).or_insert((node.beat, Instant::now()));
            if *beat != node.beat {
                (*beat, *since) = (node.beat, Instant::now());
            } else if since.elapsed() > patience && matches!(self.store.remove_node(node.id, node.beat).await, Ok(true))
            {
                log::info!("node {} ({}) is gone", node.name, node.id);
            }
        }
    }

    /// This server stops in order.
    pub async fn leave(&self) {
        let left = match self.is_clustered {
            true => self.store.leave_nodes(self.me).await,
            false => self.store.forget_node(self.me).await,
        };
        if let Err(fault) = left {
            log::debug!("the other servers do not know that this one stopped: {fault}");
        }
    }
}

/// A node that hears the others.
#[derive(Clone)]
pub struct Hearing {
    signs: Signs,
    /// What it counts.
    pub stats: Arc<Stats>,
}

impl Hearing {
    /// For how long nothing could be heard.
    pub fn blind_for(&self) -> Duration {
        self.signs.seen.borrow().elapsed()
    }

    /// Waits until this node cannot go on, and says why.
    pub async fn until_lost(self, keep: Duration) -> String {
        let Signs { seen, mut fatal } = self.signs;
        let blind = async {
            loop {
                sleep(Duration::from_secs(1)).await;
                // Whoever heard nothing for half of what is kept may miss something soon.
                if seen.borrow().elapsed() > keep / 2 {
                    return format!("nothing was heard of the other nodes for {:?}", keep / 2);
                }
            }
        };
        let told = async {
            match fatal.wait_for(Option::is_some).await {
                Ok(why) => why.clone().unwrap_or_default(),
                Err(_) => "the feed is gone by a panic, which the log tells of".into(),
            }
        };
        tokio::select! {
            why = blind => why,
            why = told => why,
        }
    }
}
