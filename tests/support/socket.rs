//! A Socket.IO client of few lines, over a WebSocket.
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
    },
};

const PATIENCE: Duration = Duration::from_secs(10);

/// A WebSocket that keeps the events that it heard until a test takes them.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>,
    heard: Vec<(String, Value)>,
    asked: u64,
}

impl Socket {
    /// A WebSocket with headers of its own, open but not connected to a namespace.
    pub async fn try_open(server: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let url = server.replacen("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket";
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            request.headers_mut().insert(HeaderName::try_from(*name).unwrap(), value);
        }
        match connect_async(request).await {
            Ok((stream, _)) => {
                let mut socket = Self { stream, heard: vec![], asked: 0 };
                assert!(socket.frame().await.unwrap().starts_with('0'));
                Ok(socket)
            }
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn open(server: &str, headers: &[(&str, &str)]) -> Self {
        Self::try_open(server, headers).await.unwrap_or_else(|status| panic!("{status}"))
    }

    pub async fn send(&mut self, frame: &str) {
        self.stream.send(Message::text(frame)).await.unwrap();
    }

    /// The next frame but pings; nothing once the connection is closed.
    pub async fn frame(&mut self) -> Option<String> {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("in time") {
                Some(Ok(Message::Text(text))) if text.as_str() == "2" => self.send("3").await,
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }

    /// Connects to the namespace by an access token, and hears the opening events. Returns them: who it is, and both lists.
    pub async fn sign_in(&mut self, access: &str) -> [Value; 3] {
        self.send(&format!("40{}", json!({"accessToken": access}))).await;
        assert!(self.frame().await.unwrap().starts_with("40"));
        [self.next("user-id").await, self.next("personal-chat-list").await, self.next("group-chat-list").await]
    }

    /// Waits for a ping and answers it.
    pub async fn ping(&mut self) {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("in time") {
                Some(Ok(Message::Text(text))) if text.as_str() == "2" => return self.send("3").await,
                Some(Ok(_)) => {}
                end => panic!("{end:?} instead of a ping"),
            }
        }
    }

    /// The next frame but pings, which are not answered; nothing once the connection is closed.
    pub async fn frame_but_pings(&mut self) -> Option<String> {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("in time") {
                Some(Ok(Message::Text(text))) if text.as_str() == "2" => {}
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                _ => return None,
            }
        }
    }

    /// Waits for the end of the connection or of the namespace. What was heard before is thrown away.
    pub async fn ended(&mut self) {
        while let Some(frame) = self.frame().await {
            if frame == "41" {
                return;
            }
        }
    }

    /// The payload of the next event of this name.
    pub async fn next(&mut self, name: &str) -> Value {
        if let Some(at) = self.heard.iter().position(|(heard, _)| heard == name) {
            return self.heard.remove(at).1;
        }
        loop {
            let frame = self.frame().await.unwrap_or_else(|| panic!("closed before {name}"));
            let Some(event) = frame.strip_prefix("42") else { continue };
            let (event, payload): (String, Value) = serde_json::from_str(event).unwrap();
            if event == name {
                return payload;
            }
            self.heard.push((event, payload));
        }
    }

    /// Sends an event and returns its acknowledgement.
    pub async fn ask(&mut self, event: &str, payload: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&format!("42{id}{}", json!([event, payload]))).await;
        let start = format!("43{id}");
        loop {
            let frame = self.frame().await.unwrap_or_else(|| panic!("closed before {event} was answered"));
            if let Some(answer) = frame.strip_prefix(&start) {
                let [answer]: [Value; 1] = serde_json::from_str(answer).unwrap();
                return answer;
            }
            if let Some(heard) = frame.strip_prefix("42") {
                self.heard.push(serde_json::from_str(heard).unwrap());
            }
        }
    }

    /// The code of a refusal, or `Ok`.
    pub async fn code(&mut self, event: &str, payload: Value) -> String {
        let answer = self.ask(event, payload).await;
        answer["Code"].as_str().unwrap_or("Ok").into()
    }

    /// Sends an event that wants no acknowledgement.
    pub async fn emit(&mut self, event: &str, payload: Value) {
        self.send(&format!("42{}", json!([event, payload]))).await;
    }

    /// Asks for something that must be granted.
    pub async fn ok(&mut self, event: &str, payload: Value) -> Value {
        let answer = self.ask(event, payload).await;
        assert_eq!(answer["Ok"], true, "{event}: {answer}");
        answer
    }

    /// The names of the events that were heard and that no test took, oldest first.
    pub fn untaken(&self) -> Vec<&str> {
        self.heard.iter().map(|(name, _)| name.as_str()).collect()
    }
}
