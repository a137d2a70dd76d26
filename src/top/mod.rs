//! `greenroom top`: a running server in the terminal, read from its admin listener every second. It runs beside the
//! server, even far from it, and knows no other room: only the names of the numbers.
//!
//! `source`: asks the server · `snapshot`: one answer, and what changed since the one before · `screen`: draws it.
mod screen;
mod snapshot;
mod source;

use std::{io, time::Duration};

use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures_util::StreamExt;
use ratatui::DefaultTerminal;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::Instant,
};

use snapshot::{Snapshot, Trouble};
use source::Source;

const PERIOD: Duration = Duration::from_secs(1);

/// What is known of the server.
#[derive(Default)]
struct Monitor {
    url: String,
    before: Option<Snapshot>,
    now: Option<Snapshot>,
    /// Why the last answer did not come.
    trouble: Option<Trouble>,
}

impl Monitor {
    fn update(&mut self, answer: Result<Snapshot, Trouble>) {
        match answer {
            Ok(snapshot) => {
                self.before = self.now.replace(snapshot);
                self.trouble = None;
            }
            Err(trouble) => self.trouble = Some(trouble),
        }
    }
}

/// Shows the server whose admin listener is at `url`, until the reader has seen enough.
///
/// ```no_run
/// # async fn watch() -> std::io::Result<()> {
/// greenroom::top::run("http://127.0.0.1:9090".into()).await
/// # }
/// ```
///
/// # Errors
/// If this is not a terminal.
pub async fn run(url: String) -> io::Result<()> {
    let mut terminal = ratatui::try_init()?;
    let watched = watch(&mut terminal, url).await;
    ratatui::try_restore()?;
    watched
}

async fn watch(terminal: &mut DefaultTerminal, url: String) -> io::Result<()> {
    let mut monitor = Monitor { url, ..Monitor::default() };
    let source = Source::new(&monitor.url);
    let mut keys = EventStream::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut next = Instant::now();
    let mut answer = Box::pin(source.read(next));
    loop {
        terminal.draw(|frame| screen::draw(frame, &monitor))?;
        tokio::select! {
            event = keys.next() => match event {
                Some(Ok(event)) if !is_enough(&event) => {}
                Some(Err(error)) => return Err(error),
                _ => return Ok(()),
            },
            _ = terminate.recv() => return Ok(()),
            snapshot = &mut answer => {
                monitor.update(snapshot);
                next = Instant::now().max(next + PERIOD);
                answer.set(source.read(next));
            }
        }
    }
}

/// Whether a key says that it is enough. In this mode Ctrl-C is a key like any other.
fn is_enough(event: &Event) -> bool {
    let Event::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press, .. }) = event else { return false };
    let quits = matches!(code, KeyCode::Char('q' | 'Q') | KeyCode::Esc);
    quits || (*code == KeyCode::Char('c') && modifiers.contains(KeyModifiers::CONTROL))
}
