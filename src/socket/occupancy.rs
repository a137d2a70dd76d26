//! How many there are of something that clients open: of all of it, and of each address.
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use dashmap::DashMap;

/// Counts what is open.
#[derive(Default)]
pub struct Occupancy {
    all: AtomicUsize,
    by_network: DashMap<IpAddr, usize>,
}

/// Why there is no room for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// The server is, or it is shutting down.
    Server,
    /// The client's address has its share.
    Address,
}

/// One that is counted; dropping it counts it out.
pub struct Counted {
    occupancy: Arc<Occupancy>,
    network: Option<IpAddr>,
}

impl Occupancy {
    /// Counts one more of `network`, if there are no more than `most` then, of all, and `most_of_network` there. Counted
    /// first and checked then, so that two cannot share the last place.
    pub fn enter(
        self: &Arc<Occupancy>,
        network: Option<IpAddr>,
        most: Option<usize>,
        most_of_network: Option<usize>,
    ) -> Result<Counted, Full> {
        let all = self.all.fetch_add(1, Ordering::AcqRel) + 1;
        let here = network.map_or(0, |network| *self.by_network.entry(network).and_modify(|n| *n += 1).or_insert(1));
        let counted = Counted { occupancy: self.clone(), network };
        if most.is_some_and(|most| all > most) {
            return Err(Full::Server);
        }
        if most_of_network.is_some_and(|most| here > most) {
            return Err(Full::Address);
        }
        Ok(counted)
    }

    /// How many there are.
    pub fn all(&self) -> usize {
        self.all.load(Ordering::Acquire)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.occupancy.all.fetch_sub(1, Ordering::AcqRel);
        if let Some(network) = self.network {
            self.occupancy.by_network.remove_if_mut(&network, |_, here| {
                *here -= 1;
                *here == 0
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_was_refused_is_not_taken_and_one_that_was_left_is_free() {
        let occupancy = Arc::<Occupancy>::default();
        let enter = |last: u8| occupancy.enter(Some(IpAddr::from([10, 0, 0, last])), Some(2), Some(1));
        let first = enter(1).ok();
        assert_eq!(enter(1).err(), Some(Full::Address));
        let second = enter(2).ok();
        assert!(first.is_some() && second.is_some());
        assert_eq!(enter(3).err(), Some(Full::Server));
        assert_eq!(occupancy.all(), 2);
        drop(first);
        assert!(enter(1).is_ok());
        assert_eq!((occupancy.all(), occupancy.by_network.len()), (1, 1));
    }
}
