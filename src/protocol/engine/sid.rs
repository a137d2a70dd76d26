//! The id of a connection: all that a stranger would need to speak in its name.
use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// 144 random bits, written as 24 characters that need no escape in a URL.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sid([u8; 18]);

impl Sid {
    /// A new one, from the operating system's generator.
    pub fn random() -> Sid {
        Sid(rand::random())
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// Logs do not show ids: who reads one could speak for the client.
impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sid(..)")
    }
}

impl FromStr for Sid {
    type Err = ();

    fn from_str(text: &str) -> Result<Sid, ()> {
        let mut bytes = [0; 18];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(18) => Ok(Sid(bytes)),
            _ => Err(()),
        }
    }
}
