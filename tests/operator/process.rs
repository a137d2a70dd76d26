//! The built program in a folder of its own, and what it writes.
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);

/// A folder with a settings file.
pub struct Home(TempDir);

/// A server that runs.
pub struct Server {
    pub url: String,
    pub admin: String,
    pub home: Arc<Home>,
    process: Child,
    lines: Receiver<String>,
}

impl Home {
    pub fn with(settings: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.write(settings);
        home
    }

    pub fn write(&self, settings: &str) {
        self.put("own.toml", settings);
    }

    pub fn put(&self, file: &str, text: &str) {
        fs::write(self.0.path().join(file), text).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The program with the folder's settings, on ports that the system chooses.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.current_dir(self.0.path()).env_remove("RUST_LOG").stdin(Stdio::null());
        command.args(["--config", "own.toml"]).args(arguments);
        for key in ["SERVER__LISTEN", "SERVER__ADMIN_LISTEN"] {
            command.env(format!("GREENROOM__{key}"), "127.0.0.1:0");
        }
        command
    }

    /// The program, which may have `files` open.
    pub fn command_with_files(&self, files: usize) -> Command {
        let program = self.command(&[]);
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]);
        limited.arg(program.get_program()).args(program.get_args()).stdin(Stdio::null());
        limited.current_dir(self.0.path()).env_remove("RUST_LOG");
        for (name, value) in program.get_envs() {
            if let Some(value) = value {
                limited.env(name, value);
            }
        }
        limited
    }

    /// Whether the command succeeded, and what it wrote to stdout and stderr.
    pub fn run(&self, arguments: &[&str]) -> (bool, String, String) {
        said(self.command(arguments).output().unwrap())
    }
}

/// Whether a command succeeded, and what it wrote to stdout and stderr.
pub fn said(output: Output) -> (bool, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

impl Server {
    pub fn start(settings: &str) -> Self {
        Self::start_in(Home::with(settings).into())
    }

    pub fn start_in(home: Arc<Home>) -> Self {
        Self::spawn(home).listening()
    }

    /// A server that may have `files` open.
    pub fn with_files(settings: &str, files: usize) -> Self {
        let home: Arc<Home> = Home::with(settings).into();
        let command = home.command_with_files(files);
        Self::run(home, command).listening()
    }

    /// One that may not have started yet.
    pub fn spawn(home: Arc<Home>) -> Self {
        let command = home.command(&[]);
        Self::run(home, command)
    }

    fn run(home: Arc<Home>, mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (written, lines) = channel();
        let log = BufReader::new(process.stderr.take().unwrap());
        thread::spawn(move || log.lines().map_while(Result::ok).try_for_each(|line| written.send(line)));
        Self { url: String::new(), admin: String::new(), home, process, lines }
    }

    /// Waits until it has started.
    pub fn listening(mut self) -> Self {
        self.admin = self.after("admin (health, metrics) on ");
        self.url = self.after("] listening on ").split(',').next().unwrap().into();
        self
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    pub fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits for its end, and returns the exit code unless a signal ended it.
    pub fn ended(&mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }

    /// Changes the settings file and has it read again.
    pub fn reload(&self, settings: &str) {
        self.home.write(settings);
        self.signal("HUP");
    }

    /// Stops the server by SIGTERM: its exit code, and how long it took.
    pub fn terminate(mut self) -> (Option<i32>, Duration) {
        let begin = Instant::now();
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        (self.process.wait().unwrap().code(), begin.elapsed())
    }

    /// What stands behind `text` in the next line of the log that has it.
    pub fn after(&self, text: &str) -> String {
        self.split_at(text).1
    }

    /// The lines of the log before the next one that has `text`.
    pub fn until(&self, text: &str) -> Vec<String> {
        self.split_at(text).0
    }

    fn split_at(&self, text: &str) -> (Vec<String>, String) {
        let mut before = Vec::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no {text:?} in {before:#?}"));
            if let Some((_, rest)) = line.split_once(text) {
                return (before, rest.into());
            }
            before.push(line);
        }
    }

    /// The status of a GET.
    pub async fn status(&self, path: &str) -> u16 {
        crate::client::get(format!("{}{path}", self.url)).await.unwrap().status().as_u16()
    }

    pub async fn json(&self, path: &str) -> serde_json::Value {
        let body = crate::client::get(format!("{}{path}", self.url)).await.unwrap().bytes().await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
