//! What is only in memory: who is on which node, who types, what arrived. It goes by the bus alone and may be lost; who is where is
//! told whole now and then, and a node that is not heard has nobody.
use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use actix_rt::time::interval;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    domain::{Audience, ChatId, IdHasher, NodeId, Privacy, Seq, UserId},
    presence::{Presence, Whisper},
};

/// What changed is told so often.
pub(super) const EVERY: Duration = Duration::from_millis(100);

/// All of it is told so often.
const WHOLE_EVERY: Duration = Duration::from_secs(10);

/// A node that was not heard for so long has nobody.
const SILENCE: Duration = Duration::from_secs(15);

/// So many people are told in one message.
const AT_ONCE: usize = 10_000;

/// What a node says.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) enum Soft {
    /// These are here.
    Here { people: Vec<(Uuid, u8)>, gone: Vec<Uuid> },
    /// These and those that follow are all; the number is another one for each time.
    All { round: u64, people: Vec<(Uuid, u8)>, is_last: bool },
    /// Somebody types.
    Typing(Uuid, Uuid, bool),
    /// Messages arrived.
    Delivered(Uuid, Uuid, i64),
}

impl From<Whisper> for Soft {
    fn from(whisper: Whisper) -> Self {
        match whisper {
            Whisper::Typing(chat, user, on) => Self::Typing(chat.0, user.0, on),
            Whisper::Delivered(chat, user, seq) => Self::Delivered(chat.0, user.0, seq.0),
        }
    }
}

impl Soft {
    /// With whose it is.
    pub(super) fn write(&self, me: NodeId) -> Vec<u8> {
        postcard::to_stdvec(&(me.0, self)).expect("memory takes any bytes")
    }

    pub(super) fn read(bytes: &[u8]) -> Option<(NodeId, Self)> {
        let (node, soft): (Uuid, Self) = postcard::from_bytes(bytes).ok()?;
        Some((NodeId(node), soft))
    }
}

/// Tells the others who is here, through `say`, again and again.
pub(super) async fn tell(presence: Presence, say: impl Fn(Soft)) {
    let mut told: HashMap<UserId, u8, IdHasher> = HashMap::default();
    let mut whole = Instant::now();
    let mut round = 0;
    let mut due = interval(EVERY);
    loop {
        due.tick().await;
        let here: HashMap<UserId, u8, IdHasher> =
            presence.here().into_iter().map(|(user, privacy)| (user, bits(privacy))).collect();
        if whole.elapsed() >= WHOLE_EVERY || round == 0 {
            whole = Instant::now();
            round += 1;
            let all: Vec<_> = here.iter().map(|(user, bits)| (user.0, *bits)).collect();
            let parts = all.len().div_ceil(AT_ONCE).max(1);
            for part in 0..parts {
                let people = all.iter().skip(part * AT_ONCE).take(AT_ONCE).copied().collect();
                say(Soft::All { round, people, is_last: part + 1 == parts });
            }
        } else {
            let new = here.iter().filter(|(user, bits)| told.get(user) != Some(bits));
            let people: Vec<_> = new.map(|(user, bits)| (user.0, *bits)).collect();
            let gone: Vec<_> = told.keys().filter(|user| !here.contains_key(user)).map(|user| user.0).collect();
            if !people.is_empty() || !gone.is_empty() {
                say(Soft::Here { people, gone });
            }
        }
        told = here;
    }
}

/// Who is on other nodes.
#[derive(Default)]
pub(super) struct Far {
    nodes: HashMap<NodeId, There>,
}

struct There {
    people: HashSet<UserId, IdHasher>,
    /// Those of the round that is being told.
    round: (u64, HashSet<UserId, IdHasher>),
    heard: Instant,
}

impl Far {
    /// A node says who is there.
    pub(super) fn hear(&mut self, node: NodeId, soft: &Soft, presence: &Presence) {
        let there = self.nodes.entry(node).or_insert_with(|| There {
            people: HashSet::default(),
            round: (0, HashSet::default()),
            heard: Instant::now(),
        });
        there.heard = Instant::now();
        let mut came = |people: &[(Uuid, u8)]| {
            for (user, bits) in people {
                let (user, privacy) = (UserId(*user), privacy(*bits));
                if there.people.insert(user) {
                    presence.came_far(user, privacy);
                }
            }
        };
        match soft {
            Soft::Here { people, gone } => {
                came(people);
                gone.iter().for_each(|user| there.goes(UserId(*user), presence));
            }
            Soft::All { round, people, is_last } => {
                came(people);
                if there.round.0 != *round {
                    there.round = (*round, HashSet::default());
                }
                there.round.1.extend(people.iter().map(|(user, _)| UserId(*user)));
                if *is_last {
                    let all = std::mem::take(&mut there.round.1);
                    let gone: Vec<UserId> = there.people.difference(&all).copied().collect();
                    gone.into_iter().for_each(|user| there.goes(user, presence));
                }
            }
            Soft::Typing(..) | Soft::Delivered(..) => {}
        }
    }

    /// Nodes that are not heard any more have nobody.
    pub(super) fn expire(&mut self, presence: &Presence) {
        self.nodes.retain(|_, there| {
            let is_heard = there.heard.elapsed() < SILENCE;
            if !is_heard {
                there.people.drain().for_each(|user| presence.went_far(user));
            }
            is_heard
        });
    }
}

impl There {
    fn goes(&mut self, user: UserId, presence: &Presence) {
        if self.people.remove(&user) {
            presence.went_far(user);
        }
    }
}

/// What is to be passed on to a chat.
pub(super) fn whisper(soft: &Soft) -> Option<(ChatId, Whisper)> {
    match soft {
        Soft::Typing(chat, user, on) => Some((ChatId(*chat), Whisper::Typing(ChatId(*chat), UserId(*user), *on))),
        Soft::Delivered(chat, user, seq) => {
            Some((ChatId(*chat), Whisper::Delivered(ChatId(*chat), UserId(*user), Seq(*seq))))
        }
        Soft::Here { .. } | Soft::All { .. } => None,
    }
}

const AUDIENCES: [Audience; 3] = [Audience::Everyone, Audience::Contacts, Audience::Nobody];

fn bits(privacy: Privacy) -> u8 {
    let number = |audience| AUDIENCES.iter().position(|of| *of == audience).unwrap_or_default() as u8;
    let Privacy { presence, add_to_groups, read_receipts, typing } = privacy;
    number(presence) | number(add_to_groups) << 2 | u8::from(read_receipts) << 4 | u8::from(typing) << 5
}

fn privacy(bits: u8) -> Privacy {
    let audience = |bits: u8| AUDIENCES.get(usize::from(bits & 3)).copied().unwrap_or(Audience::Nobody);
    Privacy {
        presence: audience(bits),
        add_to_groups: audience(bits >> 2),
        read_receipts: bits & 16 != 0,
        typing: bits & 32 != 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_heard() {
        let me = NodeId::new();
        let said = Soft::Here { people: vec![(Uuid::now_v7(), 3)], gone: vec![Uuid::now_v7()] };
        assert_eq!(Soft::read(&said.write(me)), Some((me, said)));
        assert_eq!(Soft::read(b"?"), None);
    }

    #[test]
    fn what_somebody_lets_others_know_survives_the_way() {
        for presence in AUDIENCES {
            for add_to_groups in AUDIENCES {
                for (read_receipts, typing) in [(true, false), (false, true), (true, true), (false, false)] {
                    let all = Privacy { presence, add_to_groups, read_receipts, typing };
                    assert_eq!(privacy(bits(all)), all);
                }
            }
        }
    }

    #[test]
    fn a_node_has_those_whom_it_names_and_after_a_whole_round_no_others() {
        let presence = Presence::default();
        let (node, ann, bob) = (NodeId::new(), UserId::new(), UserId::new());
        let mut far = Far::default();
        let hear = |far: &mut Far, soft: Soft| far.hear(node, &soft, &presence);
        hear(&mut far, Soft::Here { people: vec![(ann.0, 0), (bob.0, 0)], gone: vec![] });
        hear(&mut far, Soft::All { round: 1, people: vec![(ann.0, 0)], is_last: false });
        assert_eq!(far.nodes[&node].people.len(), 2, "more may follow");
        hear(&mut far, Soft::All { round: 1, people: vec![], is_last: true });
        assert!(far.nodes[&node].people.contains(&ann) && !far.nodes[&node].people.contains(&bob));
    }
}
