//! Ending one's own account.
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Admitted, Auth, Fault, Visitor};
use crate::{
    mail::Letter,
    store::{ACCOUNT_DELETED, DeletedAccount},
};

/// Tells others what the end of an account changed for them.
pub type AccountDeleted = Arc<dyn Fn(DeletedAccount) -> BoxFuture<'static, ()> + Send + Sync>;

impl Auth {
    /// Ends the caller's account for good. False if the password is another one.
    ///
    /// # Errors
    /// A fault of the database, or [`Fault::Busy`] if as many password hashes wait as may.
    pub async fn delete_account(&self, caller: &Admitted, password: &str, visitor: &Visitor) -> Result<bool, Fault> {
        let Some(stored) = self.known_password(caller, password, visitor).await? else { return Ok(false) };
        let letter = Letter::AccountDeleted { link: format!("{}/", self.public_url) };
        let mail = self.letters(&caller.email, letter, None)?;
        let user = caller.user;
        let ip = visitor.ip.clone();
        self.run_to_end(async move |this: Self| {
            let deleted = this.store.delete_account(user, &stored, &mail, this.now()).await?;
            let Some(deleted) = deleted else { return Ok(false) };
            log::info!("user {user} deleted the account from {ip}");
            deleted.ended.iter().for_each(|login| (this.login_ended)(user, *login, ACCOUNT_DELETED));
            // Beside the answer to the one who left: those who remain may be many.
            this.store.detach((this.account_deleted)(deleted));
            this.dispatch(&mail).await;
            Ok(true)
        })
        .await
    }
}
