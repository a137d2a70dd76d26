//! Tokens that mean nothing but themselves. Only their hashes are stored.
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

const CODE_DIGITS: usize = 6;

/// 256 random bits, fit for URLs and cookies.
pub(super) fn token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// A code that people can type.
pub(super) fn code() -> String {
    format!("{:06}", rand::random_range(0..1_000_000))
}

/// Whether a text has the shape of a code rather than of a token.
pub(super) fn is_code(text: &str) -> bool {
    text.len() == CODE_DIGITS && text.bytes().all(|b| b.is_ascii_digit())
}

/// SHA-256 in hexadecimal. A random token needs no salt and no slow hash.
pub(super) fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_43_characters_for_urls_and_a_code_is_six_digits() {
        let token = token();
        let code = code();
        assert!(token.len() == 43 && !is_code(&token) && token != super::token());
        assert!(is_code(&code) && !is_code("12345") && !is_code("12345a"));
    }

    #[test]
    fn a_hash_is_sha256() {
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
