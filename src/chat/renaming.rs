//! A member is called otherwise from now on, or has another picture. It takes no number and waits for nothing: the database knows it already.
use actix::prelude::*;

use super::actor::{Chat, LedgerState};
use crate::domain::{FileId, Name, UserId};

/// Somebody has another name or picture. From the registry.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Rename {
    /// Who.
    pub user: UserId,
    /// The name of now.
    pub name: Name,
    /// The picture of now.
    pub avatar: Option<FileId>,
}

impl Handler<Rename> for Chat {
    type Result = ();

    /// A ledger that is not loaded yet will be loaded with the new name.
    fn handle(&mut self, Rename { user, name, avatar }: Rename, _: &mut Self::Context) {
        if let LedgerState::Loaded(ledger) = &mut self.state {
            ledger.decided.rename(user, &name, avatar);
            ledger.told.rename(user, &name, avatar);
            ledger.open.rename(user, &name);
        }
    }
}
