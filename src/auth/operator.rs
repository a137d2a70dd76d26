//! What the operator may do past sign-up and login, from the command line.
use std::time::Duration;

use super::{Auth, Fault, Opened, Password, Visitor, key::Key};
use crate::{
    domain::{Email, Name, UserId},
    settings,
    store::{self, NewLogin},
};

impl Auth {
    /// Whether the key that signs tokens can be read, if there is one already. Makes none.
    ///
    /// # Errors
    /// [`Fault::Broken`] if there is a key that cannot be read, or a weak one.
    pub fn check(settings: &settings::Auth) -> Result<(), Fault> {
        Key::check(settings)
    }

    /// Adds somebody whose address needs no proof, once the operator is told of the id: of an account that could not be told of there
    /// is none. Fails with `store::Fault::Duplicate` if the address has an account.
    ///
    /// # Errors
    /// What `tell` failed with, [`store::Fault::Duplicate`] if the address has an account, or any other fault. Nobody is added then.
    pub async fn add_verified_user<E>(
        &self,
        name: &Name,
        email: &Email,
        password: &Password,
        tell: impl FnOnce(UserId) -> Result<(), E>,
    ) -> Result<UserId, E>
    where
        E: From<Fault> + From<store::Fault>,
    {
        let hash = self.hasher.hash(password.as_str()).await?;
        let people = [(name.clone(), email.clone())];
        let tell = |ids: &[UserId]| ids.first().map_or(Ok(()), |id| tell(*id));
        let added = self.store.add_verified_if(&people, &hash, self.now(), tell).await?;
        added.first().copied().ok_or_else(|| Fault::broken("nobody was added").into())
    }

    /// Adds many people with one password, hashed once. Their ids come back in the same order. All of them or none.
    ///
    /// # Errors
    /// As [`add_verified_user`](Self::add_verified_user).
    pub async fn add_verified_users(
        &self,
        people: &[(Name, Email)],
        password: &Password,
    ) -> Result<Vec<UserId>, Fault> {
        let hash = self.hasher.hash(password.as_str()).await?;
        Ok(self.store.add_verified(people, &hash, self.now()).await?)
    }

    /// Logs people in without their passwords. Both tokens live for `life`.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn issue(&self, users: &[UserId], life: Duration) -> Result<Vec<Opened>, Fault> {
        let visitor = Visitor { user_agent: "greenroom".into(), ..Visitor::default() };
        let (logins, refreshes): (Vec<(UserId, NewLogin)>, Vec<String>) = users
            .iter()
            .map(|user| {
                let (login, refresh) = self.new_login(life, life, &visitor);
                ((*user, login), refresh)
            })
            .unzip();
        self.store.open_logins(&logins, self.now()).await?;
        let tickets = logins.iter().zip(refreshes).map(|((user, login), refresh)| {
            let access = self.sign(*user, login.id, life)?;
            Ok(Opened { user: *user, login: login.id, access, refresh })
        });
        tickets.collect()
    }
}
