//! An answer of the server, and what can be read off it.
use reqwest::{RequestBuilder, header::HeaderMap};
use serde_json::Value;

/// An answer as a client sees it.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json", "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    /// Status and `success`, after checking that there is a message.
    pub fn outcome(&self) -> (u16, i64) {
        let body = self.json();
        assert!(!body["message"].as_str().unwrap().is_empty());
        (self.status, body["success"].as_i64().unwrap())
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The whole `Set-Cookie` line of a cookie.
    pub fn set_cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap().to_owned());
        lines.into_iter().find(|line| line.starts_with(&format!("{name}=")))
    }

    /// The value that a cookie was set to.
    pub fn cookie(&self, name: &str) -> String {
        let line = self.set_cookie(name).unwrap();
        line[name.len() + 1..].split(';').next().unwrap().into()
    }

    /// What a browser would send from now on.
    pub fn cookies(&self) -> String {
        format!("access_token={}; refresh_token={}", self.cookie("access_token"), self.cookie("refresh_token"))
    }
}
