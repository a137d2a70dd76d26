//! Somebody hangs up in the middle of a request, at any point of it: what it changed by then is told to whom it concerns.
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use greenroom::{
    auth::{Admitted, Auth, Opened, Password, Tokens, Visitor},
    domain::{Email, LoginId, Name, Privacy, Timestamp, UserId},
    mail::{Letter, Mailer},
    settings::Settings,
    store::Store,
};

use crate::{polled::polled, scratch::Scratch};

const OLD: &str = "tr0mbone in the attic";
const NEW: &str = "an entirely new phrase";
const LIFE: Duration = Duration::from_secs(600);

/// What ends sessions.
#[derive(Debug, Clone, Copy)]
enum Deed {
    LogOut,
    Revoke,
    ChangePassword,
    ResetPassword,
    DeleteAccount,
    RefreshTwice,
    ConnectWithASpentToken,
}

struct House {
    auth: Auth,
    store: Store,
    mailer: Mailer,
    /// The sessions and users whose end was told.
    told: Arc<Mutex<(HashSet<LoginId>, HashSet<UserId>)>>,
    people: usize,
    _scratch: Scratch,
}

/// Somebody with two logins.
struct Person {
    admitted: Admitted,
    here: Opened,
    there: Opened,
}

impl House {
    async fn new() -> Self {
        let scratch = Scratch::new().await;
        let store = Store::open(&scratch.settings()).await.unwrap();
        let mut settings = Settings::defaults();
        settings.auth.secret = "0123456789abcdef0123456789abcdef-not-a-real-one".into();
        settings.auth.argon2_memory_kib = 64; // Nobody attacks these.
        settings.server.public_url = "http://127.0.0.1:1".into();
        let mailer = Mailer::keeping();
        let told = Arc::new(Mutex::new((HashSet::new(), HashSet::new())));
        let sessions = told.clone();
        let users = told.clone();
        let auth = Auth::new(&settings, store.clone(), mailer.clone())
            .unwrap()
            .on_login_ended(Arc::new(move |_, session, _| sessions.lock().unwrap().0.extend([session])))
            .on_account_deleted(Arc::new(move |departed| {
                let users = users.clone();
                Box::pin(async move { users.lock().unwrap().1.extend([departed.user]) })
            }));
        Self { auth, store, mailer, told, people: 0, _scratch: scratch }
    }

    async fn person(&mut self) -> Person {
        self.people += 1;
        let email = Email::new(&format!("person.{}@example.org", self.people)).unwrap();
        let name = Name::new("Ann").unwrap();
        let people = [(name.clone(), email.clone())];
        let user = self.auth.add_verified_users(&people, &Password::new(OLD).unwrap()).await.unwrap()[0];
        let [here, there] = self.auth.issue(&[user, user], LIFE).await.unwrap().try_into().ok().unwrap();
        let admitted =
            Admitted { user, name, email, login: here.login, privacy: Privacy::default(), access_token: None };
        Person { admitted, here, there }
    }

    /// The mailed token for a new password.
    async fn reset_token(&self, person: &Person) -> String {
        self.auth.forgot_password(&person.admitted.email).await.unwrap();
        let kept = self.mailer.kept();
        let (_, Letter::ResetPassword { link }) = kept.last().unwrap() else { panic!("{kept:?}") };
        link.split_once("token=").unwrap().1.to_owned()
    }

    /// A refresh token whose successor was spent too.
    async fn stale_token(&self, person: &Person) -> String {
        let visitor = Visitor::default();
        let next = self.auth.refresh(&person.here.refresh, &visitor).await.unwrap().unwrap();
        self.auth.refresh(&next.refresh, &visitor).await.unwrap().unwrap();
        person.here.refresh.clone()
    }

    /// Hangs up after so many polls. False if it was all over before.
    async fn cut(&mut self, deed: Deed, polls: usize) -> bool {
        let person = self.person().await;
        let auth = self.auth.clone();
        let visitor = Visitor::default();
        let me = &person.admitted;
        let new = Password::new(NEW).unwrap();
        let token = match deed {
            Deed::ResetPassword => self.reset_token(&person).await,
            Deed::RefreshTwice | Deed::ConnectWithASpentToken => self.stale_token(&person).await,
            _ => String::new(),
        };
        let refresh = Tokens { access: None, refresh: Some(token.clone()) };
        let access = Tokens { access: Some(person.here.access.clone()), refresh: None };
        let work = async {
            match deed {
                Deed::LogOut => auth.logout(&access, &visitor).await.unwrap(),
                Deed::Revoke => drop(auth.end_login(me.user, person.there.login, &visitor).await.unwrap()),
                Deed::ChangePassword => drop(auth.change_password(me, OLD, &new, &visitor).await.unwrap()),
                Deed::ResetPassword => drop(auth.reset_password(&token, &new, &visitor).await.unwrap()),
                Deed::DeleteAccount => drop(auth.delete_account(me, OLD, &visitor).await.unwrap()),
                Deed::RefreshTwice => drop(auth.refresh(&token, &visitor).await.unwrap()),
                Deed::ConnectWithASpentToken => drop(auth.bearer(&refresh).await),
            }
        };
        let cut = polled(work, polls).await.is_none();
        self.store.detached_done().await;
        self.compare(&person, deed, polls).await;
        cut
    }

    async fn compare(&self, person: &Person, deed: Deed, polls: usize) {
        let told = self.told.lock().unwrap().clone();
        let now = Timestamp::now();
        // On SQLite whatever was begun before is done before this.
        self.store.touch(LoginId::new(), now).await.unwrap();
        for login in [person.here.login, person.there.login] {
            let over = self.store.login(login, now).await.unwrap().is_none();
            assert_eq!(told.0.contains(&login), over, "{deed:?} cut after {polls} polls");
        }
        let gone = self.store.person(person.admitted.user).await.unwrap().is_none();
        assert_eq!(told.1.contains(&person.admitted.user), gone, "{deed:?} cut after {polls} polls");
    }
}

#[actix::test]
async fn whenever_the_client_hangs_up_the_end_of_a_session_is_told_if_it_came_true() {
    let mut house = House::new().await;
    for deed in [
        Deed::LogOut,
        Deed::Revoke,
        Deed::ChangePassword,
        Deed::ResetPassword,
        Deed::DeleteAccount,
        Deed::RefreshTwice,
        Deed::ConnectWithASpentToken,
    ] {
        *house.told.lock().unwrap() = Default::default();
        let mut polls = 0;
        while house.cut(deed, polls).await {
            polls += 1;
        }
        assert!(polls > 0, "{deed:?}");
        let (sessions, users) = house.told.lock().unwrap().clone();
        assert!(!sessions.is_empty(), "{deed:?}");
        assert_eq!(!users.is_empty(), matches!(deed, Deed::DeleteAccount), "{deed:?}");
    }
}
