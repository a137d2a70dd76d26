//! Where an answer to a search ended: told to whoever asked, and taken back from that one alone, for the very same search.
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::Mac;
use uuid::Uuid;

use super::{Auth, key::Key};
use crate::{
    domain::{ChatId, Seq, Timestamp, UserId},
    store::Place,
};

const PLACE_BYTES: usize = 32;
const PROOF_BYTES: usize = 16;

impl Auth {
    /// What is told of a place.
    pub fn cursor(&self, user: UserId, filters: &str, place: Place) -> String {
        self.key.cursor(user, filters, place)
    }

    /// The place of a cursor that this server gave to this user for these filters.
    pub fn read_cursor(&self, user: UserId, filters: &str, cursor: &str) -> Option<Place> {
        self.key.read_cursor(user, filters, cursor)
    }
}

impl Key {
    fn cursor(&self, user: UserId, filters: &str, place: Place) -> String {
        let place = written(place);
        let proof = self.mac_of(&signed(user, filters, &place));
        URL_SAFE_NO_PAD.encode([&place[..], &proof[..PROOF_BYTES]].concat())
    }

    /// How long this takes tells nothing of what would have been right.
    fn read_cursor(&self, user: UserId, filters: &str, cursor: &str) -> Option<Place> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (place, proof) = bytes.split_first_chunk::<PLACE_BYTES>()?;
        let mac = self.mac.clone().chain_update(signed(user, filters, place));
        let is_ours = proof.len() == PROOF_BYTES && mac.verify_truncated_left(proof).is_ok();
        is_ours.then(|| read(place)).flatten()
    }
}

fn signed(user: UserId, filters: &str, place: &[u8]) -> String {
    format!("cursor\n{user}\n{}\n{filters}", hex::encode(place))
}

fn written(place: Place) -> [u8; PLACE_BYTES] {
    let mut bytes = [0; PLACE_BYTES];
    bytes[..8].copy_from_slice(&place.at.0.to_be_bytes());
    bytes[8..24].copy_from_slice(place.chat.0.as_bytes());
    bytes[24..].copy_from_slice(&place.seq.0.to_be_bytes());
    bytes
}

fn read(bytes: &[u8; PLACE_BYTES]) -> Option<Place> {
    let (at, rest) = bytes.split_first_chunk::<8>()?;
    let (chat, rest) = rest.split_first_chunk::<16>()?;
    let seq = rest.first_chunk::<8>()?;
    let chat = ChatId(Uuid::from_bytes(*chat));
    Some(Place { at: Timestamp(i64::from_be_bytes(*at)), chat, seq: Seq(i64::from_be_bytes(*seq)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_one_user_and_one_search_on_one_server() {
        let key = Key::from(&b"one key"[..]);
        let other = Key::from(&b"another"[..]);
        let ann = UserId::new();
        let place = Place { at: Timestamp(1_769_851_800_123), chat: ChatId::new(), seq: Seq(7) };
        let cursor = key.cursor(ann, "milk", place);
        assert_eq!(key.read_cursor(ann, "milk", &cursor), Some(place));
        assert_eq!(key.read_cursor(UserId::new(), "milk", &cursor), None);
        assert_eq!(key.read_cursor(ann, "honey", &cursor), None);
        assert_eq!(other.read_cursor(ann, "milk", &cursor), None);
        for wrong in ["", "AAAA", "%", &cursor[1..], &cursor[..cursor.len() - 4]] {
            assert_eq!(key.read_cursor(ann, "milk", wrong), None, "{wrong}");
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
        bytes[31] ^= 1;
        assert_eq!(key.read_cursor(ann, "milk", &URL_SAFE_NO_PAD.encode(bytes)), None, "another place");
    }
}
