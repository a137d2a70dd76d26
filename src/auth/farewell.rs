//! Ending one's own account.
use std::sync::Arc;

use super::{Admitted, Auth, Fault, Visitor};
use crate::{mail::Letter, store::Departed};

/// Called with what the end of an account changed for others, who are to hear of it.
pub type Farewell = Arc<dyn Fn(Departed) + Send + Sync>;

impl Auth {
    /// Ends the caller's account for good. False if the password is another one.
    pub async fn delete_account(&self, caller: &Admitted, password: &str, visitor: &Visitor) -> Result<bool, Fault> {
        let Some(stored) = self.known_password(caller, password, visitor).await? else { return Ok(false) };
        let letter = Letter::AccountDeleted { link: format!("{}/", self.public_url) };
        let mail = self.letters(&caller.email, letter, None)?;
        let departed = self.store.delete_account(caller.user, &stored, &mail, self.now()).await?;
        let Some(departed) = departed else { return Ok(false) };
        self.dispatch(&mail).await;
        log::info!("user {} deleted the account from {}", caller.user, visitor.ip);
        departed.ended.iter().for_each(|session| (self.ended)(*session, "Account deleted"));
        (self.farewell)(departed);
        Ok(true)
    }
}
