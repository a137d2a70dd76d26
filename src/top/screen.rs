//! What the reader sees.
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::Stylize,
    text::{Line, Span, Text},
    widgets::{Block, Paragraph, Row, Table},
};

use super::{Monitor, snapshot::Window};

const CLASSES: [&str; 4] = ["session", "registry", "chat", "writer"];
const ID_WIDTH: u16 = 36;

pub(super) fn draw(frame: &mut Frame, monitor: &Monitor) {
    let heights = [Constraint::Length(1), Constraint::Length(4), Constraint::Length(7), Constraint::Fill(1)];
    let [title, totals, classes, below] = Layout::vertical(heights).areas(frame.area());
    frame.render_widget(headline(monitor), title);
    let Some(now) = &monitor.now else { return };
    let window = Window { before: monitor.before.as_ref(), now };
    frame.render_widget(Paragraph::new(overview(window)), totals);
    frame.render_widget(actors(window), classes);
    let widths = [Constraint::Length(ID_WIDTH + 16), Constraint::Fill(1)];
    let [left, right] = Layout::horizontal(widths).areas(below);
    draw_busiest(frame, window, left);
    frame.render_widget(trouble(window), right);
}

fn headline(monitor: &Monitor) -> Line<'_> {
    let mut line =
        Line::from(vec![" greenroom top ".bold().reversed(), " ".into(), monitor.url.as_str().into(), "  ".into()]);
    line.push_span(match (&monitor.trouble, &monitor.now) {
        (Some(trouble), _) => format!("NOT REACHED, trying again: {trouble}").red().bold(),
        (None, None) => "asking".dim(),
        (None, Some(_)) => "q quits".dim(),
    });
    line
}

/// Four lines: sockets, messages, storage, process.
fn overview(window: Window) -> Vec<Line<'static>> {
    let sum = |name: &str, labels| whole(window.now.sum(name, labels));
    let rate = |name: &str| format!("{}/s", short(window.rate(name, &[])));
    let sockets = [
        ("websocket", sum("greenroom_sockets", &[("transport", "websocket")])),
        ("polling", sum("greenroom_sockets", &[("transport", "polling")])),
        ("users", sum("greenroom_users_online", &[])),
        ("connects", rate("greenroom_connects_total")),
        ("disconnects", rate("greenroom_disconnects_total")),
    ];
    let messages = [
        ("in", rate("greenroom_messages_received_total")),
        ("acked", rate("greenroom_messages_acked_total")),
        ("delivered", rate("greenroom_messages_delivered_total")),
        ("queued", bytes(window.now.sum("greenroom_outbound_queued_bytes", &[]))),
    ];
    let storage = [
        ("batch", window.mean("greenroom_batch_records").map_or("-".into(), short)),
        ("commit", time(window.p99("greenroom_commit_seconds", &[]))),
        ("query", time(window.p99("greenroom_query_seconds", &[("kind", "read")]))),
        ("retries", rate("greenroom_writer_retries_total")),
        ("stuck", format!("{} s", short(window.now.sum("greenroom_writer_stuck_seconds", &[])))),
    ];
    let process = [
        ("cpu", format!("{} %", whole(window.rate("process_cpu_seconds_total", &[]) * 100.0))),
        ("memory", bytes(window.now.sum("process_resident_memory_bytes", &[]))),
        ("files", sum("process_open_fds", &[])),
        ("of", sum("process_max_fds", &[])),
        ("mails", sum("greenroom_mail_waiting", &[])),
    ];
    vec![row("sockets", &sockets), row("messages", &messages), row("storage", &storage), row("process", &process)]
}

fn row(title: &str, facts: &[(&str, String)]) -> Line<'static> {
    let title: Span = format!(" {title:<9}").bold();
    let facts = facts.iter().flat_map(|(name, value)| [format!("{name} ").dim(), format!("{value}  ").into()]);
    std::iter::once(title).chain(facts).collect()
}

/// Actors and mailboxes by class.
fn actors(window: Window) -> Table<'static> {
    let rows = CLASSES.map(|class| {
        let labels: &[_] = &[("class", class)];
        let sum = |name: &str| whole(window.now.sum(name, labels));
        let rate = |name: &str| short(window.rate(name, labels));
        aligned([
            class.to_owned(),
            sum("greenroom_actors"),
            rate("greenroom_actors_started_total"),
            rate("greenroom_actors_stopped_total"),
            sum("greenroom_mailbox_depth"),
            sum("greenroom_mailbox_capacity"),
            time(window.p99("greenroom_mailbox_wait_seconds", labels)),
            time(window.p99("greenroom_turn_seconds", labels)),
            rate("greenroom_refusals_total"),
        ])
    });
    let names = ["class", "live", "start/s", "stop/s", "waiting", "each of", "wait p99", "turn p99", "refused/s"];
    let header = aligned(names.map(str::to_owned)).dim();
    let widths = [8, 7, 7, 6, 7, 7, 9, 9, 9].map(Constraint::Length);
    Table::new(rows, widths).header(header).block(Block::bordered().title(" Actors and their mailboxes "))
}

fn draw_busiest(frame: &mut Frame, window: Window, area: Rect) {
    let rows = window.now.busiest.iter().map(|busy| aligned([busy.chat.clone(), short(busy.rate)]));
    let widths = [Constraint::Length(ID_WIDTH), Constraint::Length(11)];
    let header = aligned(["chat".to_owned(), "commands/s".to_owned()]).dim();
    let table = Table::new(rows, widths).header(header).block(Block::bordered().title(" Busiest chats "));
    frame.render_widget(table, area);
}

/// Refusals and disconnects, as far as there are any.
fn trouble(window: Window) -> Table<'static> {
    let refusals = window.now.positive("greenroom_refusals_total", &["class", "code"]);
    let disconnects = window.now.positive("greenroom_disconnects_total", &["reason"]);
    let rows = refusals.into_iter().chain(disconnects).map(|(labels, total)| aligned([labels.join(" "), whole(total)]));
    let widths = [Constraint::Fill(1), Constraint::Length(9)];
    Table::new(rows, widths).block(Block::bordered().title(" Refused, disconnected "))
}

/// A row whose first cell is a name; the others are numbers.
fn aligned<const N: usize>(cells: [String; N]) -> Row<'static> {
    let cells = cells.into_iter().enumerate().map(|(at, cell)| {
        let cell = Text::from(cell);
        if at == 0 { cell } else { cell.right_aligned() }
    });
    Row::new(cells)
}

/// 12, 1234, 56k, 7.8M
fn whole(number: f64) -> String {
    match number {
        n if n >= 10_000_000.0 => format!("{:.0}M", n / 1e6),
        n if n >= 1_000_000.0 => format!("{:.1}M", n / 1e6),
        n if n >= 10_000.0 => format!("{:.0}k", n / 1e3),
        n => format!("{n:.0}"),
    }
}

/// The same, with one digit after the point while it is small.
fn short(number: f64) -> String {
    if number == 0.0 || number >= 100.0 { whole(number) } else { format!("{number:.1}") }
}

fn bytes(number: f64) -> String {
    match number {
        n if n >= 1_073_741_824.0 => format!("{:.1} GiB", n / 1_073_741_824.0),
        n if n >= 1_048_576.0 => format!("{:.0} MiB", n / 1_048_576.0),
        n if n >= 1024.0 => format!("{:.0} KiB", n / 1024.0),
        n => format!("{n:.0} B"),
    }
}

/// The bound of a bucket, in seconds.
fn time(bound: Option<f64>) -> String {
    match bound {
        None => "-".into(),
        Some(seconds) if seconds.is_infinite() => "> 10 s".into(),
        Some(seconds) if seconds >= 1.0 => format!("< {seconds:.0} s"),
        Some(seconds) if seconds >= 0.001 => format!("< {:.0} ms", seconds * 1e3),
        Some(seconds) if seconds >= 0.000_5 => format!("< {:.1} ms", seconds * 1e3),
        Some(seconds) => format!("< {:.0} µs", seconds * 1e6),
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{Terminal, backend::TestBackend};

    use super::*;
    use crate::top::snapshot::{Busy, Snapshot};

    const PAGE: &str = include_str!("page.txt");

    fn monitor() -> Monitor {
        let busiest = vec![Busy { chat: "0199d9a2-0000-7000-8000-000000000001".into(), rate: 1234.5 }];
        let now = Snapshot::new(PAGE, busiest).unwrap();
        Monitor { url: "http://127.0.0.1:9090".into(), now: Some(now), ..Monitor::default() }
    }

    fn screen(monitor: &Monitor, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, monitor)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn actors_chats_refusals_and_totals_are_on_the_screen() {
        let screen = screen(&monitor(), 80, 24);
        for part in [
            "websocket 3",
            "users 2",
            "session        5",
            "chat           7",
            "4096",
            "< 2 ms",
            "1234",
            "chat busy",
            "ping timeout",
            "memory 20 MiB",
            "each of",
        ] {
            assert!(screen.contains(part), "no {part:?} in\n{screen}");
        }
    }

    #[test]
    fn a_server_that_is_away_is_said_to_be_and_its_last_numbers_stay() {
        let mut monitor = monitor();
        monitor.update(Err("connection refused".into()));
        let screen = screen(&monitor, 100, 24);
        assert!(screen.contains("NOT REACHED, trying again: connection refused"), "{screen}");
        assert!(screen.contains("websocket 3"), "{screen}");
    }

    #[test]
    fn any_terminal_is_large_enough_to_draw_on() {
        for (width, height) in [(1, 1), (5, 40), (20, 5), (40, 12), (300, 100)] {
            screen(&monitor(), width, height);
            screen(&Monitor::default(), width, height);
        }
    }
}
