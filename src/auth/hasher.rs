//! Argon2id on the blocking pool: as many hashes at once as there are cores but one, and a bounded queue before them.
use std::{sync::Arc, thread::available_parallelism};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use super::{Fault, opaque};
use crate::settings;

/// OWASP's choice for Argon2id with 19 MiB: two passes, one lane.
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What a password was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Checked {
    pub right: bool,
    /// The stored hash was made with less than the setting asks for.
    pub outdated: bool,
}

#[derive(Clone)]
pub(super) struct Hasher {
    argon2: Argon2<'static>,
    /// Hashed against when there is no account, so that its absence takes as long as a wrong password.
    decoy: Arc<str>,
    /// One per core that hashes.
    working: Arc<Semaphore>,
    /// One per core that hashes and one per place in the queue.
    places: Arc<Semaphore>,
}

impl Hasher {
    pub(super) fn new(settings: &settings::Auth) -> Result<Self, Fault> {
        let params = Params::new(settings.argon2_memory_kib, PASSES, LANES, None).map_err(Fault::broken)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, &opaque::token())?.into();
        // One core stays with the chat: messages must not wait behind logins.
        let cores = available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1));
        let places = Arc::new(Semaphore::new(cores.saturating_add(settings.hash_queue).min(Semaphore::MAX_PERMITS)));
        Ok(Self { argon2, decoy, working: Arc::new(Semaphore::new(cores)), places })
    }

    /// A new hash in PHC form.
    pub(super) async fn hash(&self, password: &str) -> Result<String, Fault> {
        let argon2 = self.argon2.clone();
        let password = password.to_owned();
        self.run(move || hash(&argon2, &password)).await
    }

    /// Compares with a stored hash; without one it works as long and says no.
    pub(super) async fn check(&self, password: &str, stored: Option<&str>) -> Result<Checked, Fault> {
        let stored = stored.filter(|hash| !hash.is_empty()).map(str::to_owned);
        let hasher = self.clone();
        let password = password.to_owned();
        self.run(move || match stored {
            Some(stored) => hasher.compare(&password, &stored),
            None => hasher.compare(&password, &hasher.decoy).map(|_| Checked { right: false, outdated: false }),
        })
        .await
    }

    fn compare(&self, password: &str, stored: &str) -> Result<Checked, Fault> {
        let stored = PasswordHash::new(stored).map_err(Fault::broken)?;
        let right = self.argon2.verify_password(password.as_bytes(), &stored).is_ok();
        let made = Params::try_from(&stored).map_err(Fault::broken)?;
        let now = self.argon2.params();
        let outdated = made.m_cost() < now.m_cost() || made.t_cost() < now.t_cost();
        Ok(Checked { right, outdated })
    }

    /// The permit goes along to the blocking pool: a request that is given up frees its core only when the hash is done.
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let _place = self.places.try_acquire().map_err(|_| Fault::Busy)?;
        let core = self.working.clone().acquire_owned().await.map_err(Fault::broken)?;
        let done = actix_rt::task::spawn_blocking(move || {
            let outcome = job();
            drop(core);
            outcome
        });
        done.await.map_err(Fault::broken)?
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, Fault> {
    Ok(argon2.hash_password(password.as_bytes()).map_err(Fault::broken)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    fn hasher(change: impl Fn(&mut settings::Auth)) -> Hasher {
        let mut settings = Settings::defaults().auth;
        change(&mut settings);
        Hasher::new(&settings).unwrap()
    }

    #[actix_rt::test]
    async fn a_hash_is_argon2id_with_its_parameters_and_knows_its_password() {
        let hasher = hasher(|_| ());
        let stored = hasher.hash("correct horse").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let right = Checked { right: true, outdated: false };
        assert_eq!(hasher.check("correct horse", Some(&stored)).await, Ok(right));
        for wrong in ["correct hors", "correct horse ", "Correct horse"] {
            assert!(!hasher.check(wrong, Some(&stored)).await.unwrap().right, "{wrong}");
        }
    }

    #[actix_rt::test]
    async fn without_an_account_every_password_is_wrong() {
        for none in [None, Some("")] {
            let wrong = Checked { right: false, outdated: false };
            assert_eq!(hasher(|_| ()).check("anything", none).await, Ok(wrong));
        }
    }

    #[actix_rt::test]
    async fn a_hash_with_less_memory_than_the_setting_is_outdated() {
        let stored = hasher(|_| ()).hash("correct horse").await.unwrap();
        let stronger = hasher(|settings| settings.argon2_memory_kib = 20_000);
        assert!(stronger.check("correct horse", Some(&stored)).await.unwrap().outdated);
    }

    #[actix_rt::test]
    async fn beyond_the_queue_callers_are_told_busy_at_once() {
        let hasher = hasher(|_| ());
        let _all = hasher.places.clone().acquire_many_owned(hasher.places.available_permits() as u32).await.unwrap();
        assert_eq!(hasher.hash("correct horse").await, Err(Fault::Busy));
        assert_eq!(
            hasher.check("correct horse", None).await,
            Err(Fault::Busy),
            "an unknown address waits like a known one"
        );
    }
}
