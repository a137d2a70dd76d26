//! What may be told of what nodes did: each batch after all before it of its node, and after those that it names. Pure.
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::{Batch, NodeId};

/// What was heard of each node, and what came early.
#[derive(Debug, Default)]
pub(super) struct Order {
    heard: HashMap<NodeId, i64>,
    early: HashMap<NodeId, BTreeMap<i64, Batch>>,
    /// Those that have a row, or had one when somebody last looked.
    present: HashSet<NodeId>,
}

impl Order {
    /// What is there of a node up to a number is history.
    pub(super) fn begin(&mut self, node: NodeId, number: i64) {
        self.heard.insert(node, number);
        self.present.insert(node);
    }

    /// These have a row; of all others everything that there is was heard.
    pub(super) fn see(&mut self, nodes: impl Iterator<Item = NodeId>) {
        self.present.extend(nodes);
    }

    /// Of a node nothing will come any more. Says whether it was known.
    pub(super) fn forget(&mut self, node: NodeId) -> bool {
        self.early.remove(&node);
        self.heard.remove(&node);
        self.present.remove(&node)
    }

    /// Up to where a node was heard.
    pub(super) fn heard(&self, node: NodeId) -> i64 {
        self.heard.get(&node).copied().unwrap_or_default()
    }

    /// Those that were ever heard of.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (NodeId, i64)> {
        self.heard.iter().map(|(node, number)| (*node, *number))
    }

    /// A batch came, perhaps early, perhaps again.
    pub(super) fn come(&mut self, node: NodeId, number: i64, batch: Batch) {
        self.present.insert(node);
        self.heard.entry(node).or_default();
        if number > self.heard(node) {
            self.early.entry(node).or_default().entry(number).or_insert(batch);
        }
    }

    /// The newest that has come of each node but `me`, heard or not.
    pub(super) fn newest(&self, me: NodeId) -> Vec<(NodeId, i64)> {
        let newest = |(node, heard): (&NodeId, &i64)| {
            let early = self.early.get(node).and_then(|early| early.last_key_value());
            (*node, early.map_or(*heard, |(number, _)| *number).max(*heard))
        };
        self.heard.iter().filter(|(node, _)| **node != me).map(newest).collect()
    }

    /// Whether all of it is heard.
    pub(super) fn has_heard(&self, all: &[(NodeId, i64)]) -> bool {
        all.iter().all(|(node, number)| !self.present.contains(node) || self.heard(*node) >= *number)
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.early.values().map(BTreeMap::len).sum()
    }

    /// The next batch that may be told, if `is_ready` says so of it too.
    pub(super) fn next(&mut self, is_ready: impl Fn(NodeId, i64) -> bool) -> Option<(NodeId, i64, Batch)> {
        let may = |(node, early): (&NodeId, &BTreeMap<i64, Batch>)| {
            let (number, batch) = early.first_key_value()?;
            let is_next = *number == self.heard(*node) + 1;
            (is_next && self.follows(batch) && is_ready(*node, *number)).then_some(*node)
        };
        let node = self.early.iter().find_map(may)?;
        let (number, batch) = self.early.get_mut(&node)?.pop_first()?;
        self.heard.insert(node, number);
        Some((node, number, batch))
    }

    /// Whether all is heard that a batch names. A node without a row is gone, with all that it told.
    fn follows(&self, batch: &Batch) -> bool {
        self.has_heard(&batch.after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(names: &[(NodeId, i64)]) -> Batch {
        Batch { after: names.to_vec(), news: Vec::new() }
    }

    fn told(order: &mut Order) -> Vec<(NodeId, i64)> {
        std::iter::from_fn(|| order.next(|_, _| true).map(|(node, number, _)| (node, number))).collect()
    }

    #[test]
    fn a_batch_waits_for_those_before_it() {
        let (x, y) = (NodeId::new(), NodeId::new());
        let mut order = Order::default();
        order.begin(x, 3);
        order.begin(y, 0);
        order.come(x, 5, after(&[]));
        order.come(y, 1, after(&[(x, 4)]));
        assert_eq!(told(&mut order), []);
        order.come(x, 4, after(&[]));
        let all = told(&mut order);
        let at = |of| all.iter().position(|told| *told == of).unwrap();
        assert_eq!(all.len(), 3);
        assert!(at((x, 4)) < at((x, 5)) && at((x, 4)) < at((y, 1)));
        order.come(x, 4, after(&[]));
        assert_eq!(told(&mut order), [], "each is told once");
    }

    #[test]
    fn a_node_without_a_row_is_waited_for_by_nobody() {
        let (x, gone) = (NodeId::new(), NodeId::new());
        let mut order = Order::default();
        order.begin(x, 0);
        order.come(x, 1, after(&[(gone, 7)]));
        assert_eq!(told(&mut order), [(x, 1)]);
    }

    #[test]
    fn whatever_the_order_of_arrival_each_node_and_what_is_named_comes_in_order() {
        for seed in 0..200_u64 {
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut random = |below: u64| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state % below
            };
            let nodes: Vec<NodeId> = (0..3).map(|_| NodeId::new()).collect();
            let mut written: Vec<(NodeId, i64, Batch)> = Vec::new();
            for _ in 0..40 {
                let node = nodes[random(3) as usize];
                let number = written.iter().filter(|(of, ..)| *of == node).count() as i64 + 1;
                let named = written.iter().filter(|_| random(4) == 0).map(|(node, number, _)| (*node, *number));
                let batch = Batch { after: named.collect(), news: Vec::new() };
                written.push((node, number, batch));
            }
            let mut order = Order::default();
            nodes.iter().for_each(|node| order.begin(*node, 0));
            let mut all = Vec::new();
            let mut rest = written.clone();
            while !rest.is_empty() {
                let (node, number, batch) = rest.swap_remove(random(rest.len() as u64) as usize);
                order.come(node, number, batch);
                all.extend(told(&mut order));
            }
            assert_eq!(all.len(), written.len(), "seed {seed}");
            for (node, number, batch) in &written {
                let at = |of: &(NodeId, i64)| all.iter().position(|told| told == of).unwrap();
                let mine = at(&(*node, *number));
                assert!(*number == 1 || at(&(*node, number - 1)) < mine, "seed {seed}");
                assert!(batch.after.iter().all(|named| at(named) < mine), "seed {seed}");
            }
        }
    }
}
