//! Accounts: signing up, in and out, passwords, and what one sees of one's own account. A file per route.
pub(super) mod change_password;
pub(super) mod export;
pub(super) mod forgot_password;
pub(super) mod login;
pub(super) mod logout;
pub(super) mod me;
pub(super) mod refresh;
pub(super) mod renew;
pub(super) mod resend;
pub(super) mod reset_password;
pub(super) mod sessions;
pub(super) mod signup;
pub(super) mod verify;
