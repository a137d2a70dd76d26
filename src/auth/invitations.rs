//! The tokens of invitations: each is told by the invitation's id and the server's key, so that none is stored.
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::Mac;
use uuid::Uuid;

use super::{Auth, key::Key};
use crate::domain::InviteId;

const ID_BYTES: usize = 16;
const PROOF_BYTES: usize = 16;

impl Auth {
    /// The token of an invitation, and the address that shows where it leads.
    pub fn invitation(&self, id: InviteId) -> (String, String) {
        let token = self.key.invitation(id);
        let url = format!("{}/join/{token}", self.public_url);
        (token, url)
    }

    /// The invitation of a token that this server gave out.
    pub fn invited_by(&self, token: &str) -> Option<InviteId> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, proof) = bytes.split_first_chunk::<ID_BYTES>()?;
        let id = InviteId(Uuid::from_bytes(*id));
        self.key.proves(id, proof).then_some(id)
    }
}

impl Key {
    fn invitation(&self, id: InviteId) -> String {
        let proof = self.mac_of(&signed(id));
        URL_SAFE_NO_PAD.encode([&id.0.as_bytes()[..], &proof[..PROOF_BYTES]].concat())
    }

    /// How long this takes tells nothing of what would have been right.
    fn proves(&self, id: InviteId, proof: &[u8]) -> bool {
        proof.len() == PROOF_BYTES && self.mac.clone().chain_update(signed(id)).verify_truncated_left(proof).is_ok()
    }
}

fn signed(id: InviteId) -> String {
    format!("invitation\n{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_invitation_to_the_server_that_made_it_alone() {
        let one = Key::from(&b"one key"[..]);
        let other = Key::from(&b"another"[..]);
        let id = InviteId::new();
        let token = one.invitation(id);
        assert_eq!((token.len(), one.invitation(id)), (43, token.clone()));
        assert!(token != other.invitation(id) && token != one.invitation(InviteId::new()));
        let proof = &URL_SAFE_NO_PAD.decode(&token).unwrap()[ID_BYTES..];
        assert!(one.proves(id, proof) && !other.proves(id, proof) && !one.proves(InviteId::new(), proof));
        assert!(!one.proves(id, &proof[1..]) && !one.proves(id, &[]));
    }
}
