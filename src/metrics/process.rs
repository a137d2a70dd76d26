//! What the system knows of this process, under the names that all dashboards know. Linux tells; elsewhere there is nothing.
use std::{fmt, thread::available_parallelism};

use procfs::{
    ProcResult,
    process::{LimitValue, Process as Own, Stat},
};
use prometheus_client::{
    collector::Collector,
    encoding::DescriptorEncoder,
    metrics::{counter::ConstCounter, gauge::ConstGauge},
    registry::Unit,
};

use super::page::{Page, gauge};

/// This process.
#[derive(Debug)]
pub(super) struct Process;

struct State {
    stat: Stat,
    open_files: u64,
    most_files: Option<u64>,
}

/// How many files and sockets are open, and how many may be, if there is a limit.
pub fn open_files() -> Option<(usize, usize)> {
    let State { open_files, most_files, .. } = State::now().ok()?;
    Some((usize::try_from(open_files).ok()?, usize::try_from(most_files?).ok()?))
}

impl State {
    fn now() -> ProcResult<Self> {
        let own = Own::myself()?;
        let most_files = match own.limits()?.max_open_files.soft_limit {
            LimitValue::Value(most) => Some(most),
            LimitValue::Unlimited => None,
        };
        Ok(Self { stat: own.stat()?, open_files: own.fd_count()? as u64, most_files })
    }
}

/// The kernel counts a process's time in ticks.
fn seconds(ticks: u64) -> f64 {
    ticks as f64 / procfs::ticks_per_second() as f64
}

impl Collector for Process {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Ok(State { stat, open_files, most_files }) = State::now() else { return Ok(()) };
        let mut page = Page(encoder);
        let cores = available_parallelism().map_or(1, usize::from);
        let cpu = ConstCounter::new(seconds(stat.utime + stat.stime));
        page.one("cpu", Some(Unit::Seconds), "CPU time, of user and system.", cpu)?;
        if let Ok(boot) = procfs::boot_time_secs() {
            let started = ConstGauge::new(boot as f64 + seconds(stat.starttime));
            page.one("start_time", Some(Unit::Seconds), "When it began, in Unix time.", started)?;
        }
        let resident = stat.rss * procfs::page_size();
        page.one("resident_memory", Some(Unit::Bytes), "Memory in use.", gauge(resident))?;
        page.one("virtual_memory", Some(Unit::Bytes), "Memory asked for.", gauge(stat.vsize))?;
        page.one("open_fds", None, "Open files and sockets.", gauge(open_files))?;
        if let Some(most) = most_files {
            page.one("max_fds", None, "Files and sockets that may be open.", gauge(most))?;
        }
        page.one("cores", None, "Cores that there are for it.", gauge(cores as u64))?;
        page.one("threads", None, "Threads.", ConstGauge::new(stat.num_threads))
    }
}
