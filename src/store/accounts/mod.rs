//! Accounts: who somebody is, by which logins and mailed proofs, and the end of all that. `auth` asks.
mod account;
mod deletion;
mod entrance;
mod in_force;
mod logins;
mod mail_tokens;
mod mails;
mod passwords;
mod people;
mod privacy;
mod retention;
mod rotation;
mod sign_up;
mod verify;

pub use account::Account;
pub use deletion::{DeletedAccount, LeftGroup};
pub use in_force::{Login, Presented};
pub use logins::{NewLogin, OwnLogin};
pub use mail_tokens::NewMailToken;
pub use mails::{DueMail, NewMail};
pub use passwords::Replaced;
pub use people::Person;
pub use privacy::Chosen;
pub use retention::{Ended, Removed};
pub use rotation::{Rotated, Rotation};
pub use sign_up::{Resent, SignUp, SignedUp};
pub use verify::{Proof, Verified};
