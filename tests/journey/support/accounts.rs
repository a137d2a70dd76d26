//! Accounts over HTTP, and the mails that they bring about.
use greenroom::{domain::Email, mail::Letter};
use reqwest::Method;
use serde_json::{Value, json};

use super::{PASSWORD, Reply, TestServer};

impl TestServer {
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        Reply::to(self.request(Method::POST, path).json(&body)).await
    }

    /// Posts as a browser that keeps cookies.
    pub async fn post_with(&self, path: &str, cookies: &str, body: Value) -> Reply {
        Reply::to(self.request(Method::POST, path).header("Cookie", cookies).json(&body)).await
    }

    /// A sign-up by link.
    pub async fn sign_up(&self, email: &str, password: &str, name: &str) -> Reply {
        self.post("/signup", json!({"email": email, "password": password, "name": name})).await
    }

    pub async fn log_in(&self, email: &str, password: &str) -> Reply {
        self.post("/login", json!({"email": email, "password": password})).await
    }

    /// Signs up and follows the link. The reply carries the cookies of the first login.
    pub async fn join(&self, email: &str, name: &str) -> Reply {
        assert_eq!(self.sign_up(email, PASSWORD, name).await.status, 200);
        let reply = self.get(&self.links(email).pop().unwrap()).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply
    }

    /// All letters to an address, oldest first.
    pub fn letters(&self, email: &str) -> Vec<Letter> {
        let email = Email::new(email).unwrap();
        self.mailer.kept().into_iter().filter(|(to, _)| *to == email).map(|(_, letter)| letter).collect()
    }

    /// The mailed links of an address without the server's own part, oldest first.
    pub fn links(&self, email: &str) -> Vec<String> {
        let links = self.letters(email).into_iter().filter_map(|letter| match letter {
            Letter::VerifyLink { link } | Letter::VerifyBoth { link, .. } => {
                Some(link.strip_prefix(&self.settings.server.public_url).unwrap().into())
            }
            _ => None,
        });
        links.collect()
    }

    /// The newest mailed code of an address.
    pub fn code(&self, email: &str) -> String {
        let mut codes = self.letters(email).into_iter().filter_map(|letter| match letter {
            Letter::VerifyCode { code } | Letter::VerifyBoth { code, .. } => Some(code),
            _ => None,
        });
        codes.next_back().unwrap()
    }
}
