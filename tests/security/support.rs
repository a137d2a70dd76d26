//! The built server as an attacker meets it: a process of its own, its log, HTTP and sockets.
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

#[allow(dead_code)]
#[path = "../support/socket.rs"]
mod socket;

pub use socket::Socket;

pub const PASSWORD: &str = "tr0mbone in the attic";
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Server {
    pub url: String,
    pub home: TempDir,
    environment: Vec<(String, String)>,
    log: Arc<Mutex<String>>,
    reloads: mpsc::Receiver<()>,
    reader: Option<JoinHandle<()>>,
    process: Child,
    client: Client,
}

pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

/// Somebody who is logged in.
#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub email: String,
    pub access: String,
    pub refresh: String,
}

pub fn greenroom(home: &TempDir, environment: &[(String, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
    command.current_dir(home.path()).env("RUST_LOG", "trace").stdin(Stdio::null()).stdout(Stdio::null());
    for key in ["SERVER__LISTEN", "SERVER__ADMIN_LISTEN"] {
        command.env(format!("GREENROOM__{key}"), "127.0.0.1:0");
    }
    command.envs(environment.iter().map(|(key, value)| (format!("GREENROOM__{key}"), value)));
    command
}

impl Server {
    pub fn start(settings: &[(&str, &str)]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), settings)
    }

    pub fn start_in(home: TempDir, settings: &[(&str, &str)]) -> Self {
        let environment: Vec<(String, String)> = settings.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        let mut process = greenroom(&home, &environment).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let kept = log.clone();
        let (found, urls) = mpsc::channel();
        let (reloaded, reloads) = mpsc::channel();
        let reader = thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, url)) = line.split_once("] listening on ") {
                    let _ = found.send(url.split(',').next().unwrap().to_owned());
                }
                let is_reload = line.contains("settings reloaded: ");
                kept.lock().unwrap().push_str(&(line + "\n"));
                if is_reload {
                    let _ = reloaded.send(());
                }
            }
        });
        let started = urls.recv_timeout(PATIENCE * 3);
        let url = started.unwrap_or_else(|_| panic!("not started: {}", log.lock().unwrap()));
        let client = crate::client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { url, home, environment, log, reloads, reader: Some(reader), process, client }
    }

    /// What it wrote so far. While this is held nobody reads on.
    pub fn log(&self) -> MutexGuard<'_, String> {
        self.log.lock().unwrap()
    }

    /// Ends the server and returns all that it wrote: while it runs, a line may still be on its way, but none behind a later one.
    pub fn end_for_log(&mut self) -> String {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", "HUP", &pid]).status().unwrap().success());
        self.reloads.recv_timeout(PATIENCE).expect("settings reloaded");
        let _ = self.process.kill();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        self.log().clone()
    }

    /// The most memory that the process has had so far.
    pub fn most_memory_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        most.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// All that the server answers to these bytes before it closes.
    pub async fn raw(&self, request: &[u8]) -> String {
        let mut tcp = tokio::net::TcpStream::connect(self.url.strip_prefix("http://").unwrap()).await.unwrap();
        tcp.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        // A reset after the last byte is an end too.
        let _ = timeout(PATIENCE, tcp.read_to_end(&mut answer)).await.expect("in time");
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        Answer::to(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn post_as(&self, person: &Person, path: &str, body: Value) -> Answer {
        Answer::to(self.request(Method::POST, path).bearer_auth(&person.access).json(&body)).await
    }

    /// A verified account, added by the operator.
    pub fn add(&self, name: &str, email: &str) -> String {
        let mut command = greenroom(&self.home, &self.environment);
        let args = ["user", "add", "--name", name, "--email", email, "--password", PASSWORD];
        let made = command.args(args).stdout(Stdio::piped()).stderr(Stdio::null()).output().unwrap();
        assert!(made.status.success());
        String::from_utf8(made.stdout).unwrap().trim().into()
    }

    pub async fn person(&self, name: &str) -> Person {
        let email = format!("{}@x.org", name.to_lowercase());
        let id = self.add(name, &email);
        self.log_in(&id, &email, PASSWORD).await
    }

    pub async fn log_in(&self, id: &str, email: &str, password: &str) -> Person {
        let body = self.post("/login", json!({"email": email, "password": password, "source": "app"})).await.json();
        let token = |name: &str| body[name].as_str().unwrap().to_owned();
        Person { id: id.into(), email: email.into(), access: token("accessToken"), refresh: token("refreshToken") }
    }

    /// The mails in the outbox, oldest first.
    pub fn mails(&self) -> Vec<String> {
        let folder = self.home.path().join("data/outbox");
        let files = std::fs::read_dir(folder).map(|files| files.map(|file| file.unwrap().path()).collect());
        let mut files: Vec<_> = files.unwrap_or_default();
        files.sort();
        files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
    }

    pub async fn socket(&self, person: &Person) -> Socket {
        let mut socket = Socket::open(&self.url, &[]).await;
        socket.sign_in(&person.access).await;
        socket
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Answer {
    pub async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
