//! A member is called otherwise from now on. It takes no number and waits for nothing: the database knows it already.
use actix::prelude::*;

use super::actor::{Chat, LedgerState};
use crate::domain::{Name, UserId};

/// Somebody has another name. From the registry.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Rename {
    /// Who.
    pub user: UserId,
    /// The new name.
    pub name: Name,
}

impl Handler<Rename> for Chat {
    type Result = ();

    /// A ledger that is not loaded yet will be loaded with the new name.
    fn handle(&mut self, Rename { user, name }: Rename, _: &mut Self::Context) {
        if let LedgerState::Loaded(ledger) = &mut self.state {
            ledger.decided.rename(user, &name);
            ledger.told.rename(user, &name);
            ledger.open.rename(user, &name);
        }
    }
}
