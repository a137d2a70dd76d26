//! Watches against a model that knows everything at once, and the rules that a model cannot say.
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use proptest::prelude::*;

use super::{ConnectionId, Sighting, watches::Watches};
use crate::domain::{Audience, IdMap, LoginId, Privacy, PrivacyChange, Timestamp, UserId};

const GRACE: Duration = Duration::from_secs(15);
const MINUTE: i64 = 60_000;

/// A socket that watches some people, all of whom its user may see.
fn watch(watches: &mut Watches, user: UserId, number: u64, people: &[UserId]) -> Vec<Sighting> {
    let event = watches.watch(user, on(number), people);
    decide(watches, user, people, event, true);
    watches.show(user, on(number))
}

fn on(number: u64) -> ConnectionId {
    ConnectionId::numbered(number)
}

fn decide(watches: &mut Watches, user: UserId, people: &[UserId], event: u64, may: bool) {
    let sights: IdMap<_, _> = people.iter().filter(|_| may).map(|id| (*id, None)).collect();
    watches.decide(user, people, event, &sights);
}

/// All that is told now, by socket.
fn told(watches: &mut Watches) -> HashMap<(UserId, ConnectionId), Vec<Sighting>> {
    let dirty = watches.take_dirty();
    let news = dirty.into_iter().map(|(user, number)| ((user, number), watches.news(user, number)));
    news.filter(|(_, news)| !news.is_empty()).collect()
}

fn online(user: UserId) -> Sighting {
    Sighting { user, is_online: true, last_seen: None }
}

fn away(user: UserId, minute: i64) -> Sighting {
    Sighting { user, is_online: false, last_seen: Some(Timestamp(minute * MINUTE)) }
}

fn unknown(user: UserId) -> Sighting {
    Sighting { user, is_online: false, last_seen: None }
}

fn hides(audience: Audience) -> PrivacyChange {
    PrivacyChange { presence: Some(audience), ..PrivacyChange::default() }
}

fn two() -> (Watches, UserId, UserId, Instant) {
    (Watches::default(), UserId::new(), UserId::new(), Instant::now())
}

#[test]
fn somebody_counts_as_online_for_a_while_and_whoever_comes_back_was_not_away() {
    let (mut watches, ann, bob, begun) = two();
    let login = LoginId::new();
    assert_eq!(watch(&mut watches, ann, 1, &[bob]), [unknown(bob)]);
    watches.came(bob, Privacy::default());
    assert_eq!(told(&mut watches), HashMap::from([((ann, on(1)), vec![online(bob)])]));
    watches.went(bob, login, begun, Timestamp(90_000));
    watches.expire(begun + GRACE - Duration::from_millis(1), GRACE);
    watches.came(bob, Privacy::default());
    watches.expire(begun + GRACE * 2, GRACE);
    assert!(told(&mut watches).is_empty());
    watches.went(bob, login, begun + GRACE * 2, Timestamp(150_000));
    watches.expire(begun + GRACE * 3, GRACE);
    assert_eq!(told(&mut watches), HashMap::from([((ann, on(1)), vec![away(bob, 2)])]));
    assert_eq!(watches.seen(), [(bob, login, Timestamp(150_000))]);
    let known = watches.seen();
    watches.forget_seen(&known);
    assert_eq!((watches.gone(), watches.show(ann, on(1))), (0, vec![away(bob, 2)]), "what was told is known still");
}

#[test]
fn two_thousand_people_who_come_at_once_are_one_packet_for_each_who_watches() {
    let (mut watches, ann, cat, _) = two();
    let crowd: Vec<_> = (0..2_000).map(|_| UserId::new()).collect();
    watch(&mut watches, ann, 1, &crowd[..200]);
    watch(&mut watches, ann, 2, &crowd[100..101]);
    watch(&mut watches, cat, 3, &crowd[..200]);
    crowd.iter().for_each(|user| watches.came(*user, Privacy::default()));
    assert_eq!(watches.take_dirty().len(), 3);
    assert_eq!(watches.news(ann, on(1)).len(), 200);
    assert_eq!(watches.news(ann, on(2)).len(), 1);
    assert!(watches.news(ann, on(2)).is_empty(), "nothing is told twice");
}

#[test]
fn whoever_hides_is_unknown_at_once_and_is_decided_about_when_that_ends() {
    let (mut watches, ann, bob, _) = two();
    watches.came(bob, Privacy::default());
    assert_eq!(watch(&mut watches, ann, 1, &[bob]), [online(bob)]);
    watches.choose(bob, &hides(Audience::Nobody));
    assert_eq!(told(&mut watches), HashMap::from([((ann, on(1)), vec![unknown(bob)])]));
    assert_eq!(watches.privacy(bob).unwrap().presence, Audience::Nobody);
    watches.choose(bob, &hides(Audience::Contacts));
    assert!(told(&mut watches).is_empty());
    let (watched, by, event) = watches.next_doubt(9).unwrap();
    assert_eq!((watched, &by[..]), (bob, &[ann][..]));
    assert!(watches.next_doubt(9).is_none());
    decide(&mut watches, ann, &[bob], event, true);
    assert_eq!(told(&mut watches), HashMap::from([((ann, on(1)), vec![online(bob)])]));
}

#[test]
fn a_decision_that_was_asked_for_before_something_changed_does_not_count() {
    let (mut watches, ann, bob, _) = two();
    watches.came(bob, Privacy::default());
    let asked = watches.watch(ann, on(1), &[bob]);
    watches.part(&[bob], &[ann]);
    decide(&mut watches, ann, &[bob], asked, true);
    assert_eq!(watches.show(ann, on(1)), [unknown(bob)]);
    let (_, by, event) = watches.next_doubt(9).unwrap();
    watches.choose(bob, &hides(Audience::Nobody));
    decide(&mut watches, ann, &[bob], event, true);
    assert_eq!(watches.show(ann, on(1)), [unknown(bob)]);
    watches.doubt_again(bob, &by);
    let (_, _, event) = watches.next_doubt(9).unwrap();
    decide(&mut watches, ann, &[bob], event, false);
    assert!(told(&mut watches).is_empty());
}

#[test]
fn parting_is_decided_about_both_ways_and_only_of_those_who_watch() {
    let (mut watches, ann, bob, _) = two();
    let others: Vec<_> = (0..5).map(|_| UserId::new()).collect();
    watch(&mut watches, ann, 1, &[bob, others[0]]);
    watch(&mut watches, bob, 2, &[ann]);
    watches.part(&[bob], &[&[ann][..], &others].concat());
    let mut doubts: Vec<_> = std::iter::from_fn(|| watches.next_doubt(9)).map(|(who, by, _)| (who, by)).collect();
    doubts.sort_unstable();
    let mut expected = [(ann, vec![bob]), (bob, vec![ann])];
    expected.sort_unstable();
    assert_eq!(doubts, expected);
    let all = [&[ann, bob][..], &others].concat();
    watches.part(&all, &all);
    assert_eq!(std::iter::from_fn(|| watches.next_doubt(9)).count(), 3);
}

#[test]
fn a_socket_that_is_gone_or_watches_others_leaves_nothing_behind() {
    let (mut watches, ann, bob, _) = two();
    let cat = UserId::new();
    watch(&mut watches, ann, 1, &[bob, cat]);
    watch(&mut watches, ann, 2, &[bob]);
    watch(&mut watches, ann, 1, &[cat, cat]);
    watches.unwatch(ann, on(2));
    watches.came(bob, Privacy::default());
    assert!(told(&mut watches).is_empty());
    watches.came(cat, Privacy::default());
    watches.part(&[cat], &[ann]);
    watches.unwatch(ann, on(1));
    assert!(watches.next_doubt(9).is_none() && told(&mut watches).is_empty());
    assert_eq!(watches.count(), 0);
}

/// What happens to the world.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Come(usize),
    Go(usize),
    Wait(u64),
    Watch(usize, u8),
    Unwatch(usize),
    Hide(usize),
    Show(usize),
    Part(usize, usize),
    Meet(usize, usize),
    Decide,
}

const PEOPLE: usize = 4;

fn deed() -> impl Strategy<Value = Deed> {
    let who = || 0..PEOPLE;
    prop_oneof![
        who().prop_map(Deed::Come),
        who().prop_map(Deed::Go),
        (0..20_000u64).prop_map(Deed::Wait),
        (who(), any::<u8>()).prop_map(|(who, whom)| Deed::Watch(who, whom)),
        who().prop_map(Deed::Unwatch),
        who().prop_map(Deed::Hide),
        who().prop_map(Deed::Show),
        (who(), who()).prop_map(|(one, other)| Deed::Part(one, other)),
        (who(), who()).prop_map(|(one, other)| Deed::Meet(one, other)),
        Just(Deed::Decide),
    ]
}

/// The world as it is.
struct World {
    ids: Vec<UserId>,
    now: Instant,
    sockets: Vec<usize>,
    left: Vec<Option<Instant>>,
    hidden: Vec<bool>,
    /// Whether two have a chat in common.
    common: [[bool; PEOPLE]; PEOPLE],
    /// What each one's socket was told of the others, if it watches.
    known: Vec<Option<HashMap<UserId, bool>>>,
}

impl World {
    fn may(&self, watcher: usize, watched: usize) -> bool {
        self.common[watcher][watched] && !self.hidden[watched]
    }

    fn is_online(&self, who: usize) -> bool {
        self.sockets[who] > 0 || self.left[who].is_some_and(|left| self.now < left + GRACE)
    }

    fn decide(&self, watches: &mut Watches, watcher: usize, people: &[UserId], event: u64) {
        let may = |id: &&UserId| self.may(watcher, self.place(**id));
        let sights = people.iter().filter(may).map(|id| (*id, None)).collect();
        watches.decide(self.ids[watcher], people, event, &sights);
    }

    fn place(&self, id: UserId) -> usize {
        self.ids.iter().position(|known| *known == id).unwrap()
    }

    fn hear(&mut self, watches: &mut Watches) {
        watches.expire(self.now, GRACE);
        for ((user, _), news) in told(watches) {
            let at = self.place(user);
            for Sighting { user, is_online, .. } in news {
                let known = self.known[at].as_mut().expect("whoever does not watch is told nothing");
                known.insert(user, is_online);
            }
        }
    }
}

fn happen(world: &mut World, watches: &mut Watches, deed: Deed) {
    let ids = world.ids.clone();
    match deed {
        Deed::Come(who) => {
            let presence = if world.hidden[who] { Audience::Nobody } else { Audience::Everyone };
            watches.came(ids[who], Privacy { presence, ..Privacy::default() });
            world.sockets[who] += 1;
        }
        Deed::Go(who) if world.sockets[who] > 0 => {
            world.sockets[who] -= 1;
            world.left[who] = Some(world.now);
            watches.went(ids[who], LoginId::new(), world.now, Timestamp::now());
        }
        Deed::Go(_) => {}
        Deed::Wait(millis) => world.now += Duration::from_millis(millis),
        Deed::Watch(who, whom) => {
            let people: Vec<_> = (0..PEOPLE).filter(|at| whom & (1 << at) != 0).map(|at| ids[at]).collect();
            let event = watches.watch(ids[who], on(who as u64), &people);
            world.decide(watches, who, &people, event);
            let shown = watches.show(ids[who], on(who as u64));
            let known: HashMap<_, _> = shown.into_iter().map(|row| (row.user, row.is_online)).collect();
            assert_eq!(known.len(), people.len());
            world.known[who] = (!people.is_empty()).then_some(known);
        }
        Deed::Unwatch(who) => {
            watches.unwatch(ids[who], on(who as u64));
            world.known[who] = None;
        }
        Deed::Hide(who) => {
            world.hidden[who] = true;
            watches.choose(ids[who], &hides(Audience::Nobody));
        }
        Deed::Show(who) => {
            world.hidden[who] = false;
            watches.choose(ids[who], &hides(Audience::Everyone));
        }
        Deed::Part(one, other) => {
            (world.common[one][other], world.common[other][one]) = (false, false);
            watches.part(&[ids[one]], &[ids[other]]);
        }
        // Nobody is told of a chat that begins; the next one who asks sees it.
        Deed::Meet(one, other) => {
            if world.known.iter().all(Option::is_none) {
                (world.common[one][other], world.common[other][one]) = (true, true);
            }
        }
        Deed::Decide => {
            while let Some((watched, by, event)) = watches.next_doubt(2) {
                for watcher in by {
                    world.decide(watches, world.place(watcher), &[watched], event);
                }
            }
        }
    }
}

proptest! {
    /// Whatever happened: once all is decided and told, each socket knows of those whom it watches who is online that it may see.
    #[test]
    fn whoever_watches_knows_in_the_end_what_is_so(deeds in proptest::collection::vec(deed(), 0..80)) {
        let ids: Vec<_> = (0..PEOPLE).map(|_| UserId::new()).collect();
        let mut watches = Watches::default();
        let mut world = World {
            ids,
            now: Instant::now(),
            sockets: vec![0; PEOPLE],
            left: vec![None; PEOPLE],
            hidden: vec![false; PEOPLE],
            common: [[true; PEOPLE]; PEOPLE],
            known: (0..PEOPLE).map(|_| None).collect(),
        };
        for deed in deeds {
            happen(&mut world, &mut watches, deed);
            world.hear(&mut watches);
        }
        happen(&mut world, &mut watches, Deed::Decide);
        world.hear(&mut watches);
        for (watcher, known) in world.known.iter().enumerate() {
            for (user, is_online) in known.iter().flatten() {
                let watched = world.place(*user);
                let expected = world.may(watcher, watched) && world.is_online(watched);
                prop_assert_eq!(*is_online, expected, "{} of {}", watcher, watched);
            }
        }
        (0..PEOPLE).for_each(|who| happen(&mut world, &mut watches, Deed::Unwatch(who)));
        while world.sockets.iter().any(|sockets| *sockets > 0) {
            (0..PEOPLE).for_each(|who| happen(&mut world, &mut watches, Deed::Go(who)));
        }
        watches.expire(world.now + GRACE * 2, GRACE);
        let seen = watches.seen();
        watches.forget_seen(&seen);
        watches.take_dirty();
        prop_assert!(watches.is_empty(), "something is left behind");
    }
}
