//! The log: to stderr, as talkative as `log.level` says, or as `RUST_LOG` says if it is set.
use std::{env, time::Duration};

use actix_rt::time::sleep;
use log::LevelFilter;

use super::library_lines::{self, Calm};
use crate::measure;

const ENVIRONMENT: &str = "RUST_LOG";

/// Nothing is summed up more often than once a minute; this is how late it may be.
const BETWEEN_SUMS: Duration = Duration::from_secs(10);

/// Crates that know secrets or message bodies and might print them when asked to be talkative.
const DISCREET: [&str; 10] = [
    "actix_http",
    "actix_server",
    "actix_web",
    "h2",
    "lettre",
    "mio",
    "rustls",
    "sea_orm",
    "sea_orm_migration",
    "sqlx",
];

/// Starts the log, at `info` until the settings are read. Whatever is asked for, libraries say no more than their warnings.
pub fn start() {
    let mut builder = env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("trace"));
    for library in DISCREET {
        builder.filter_module(library, LevelFilter::Warn);
    }
    let logger = builder.build();
    log::set_max_level(logger.filter());
    if log::set_boxed_logger(Box::new(Calm(logger))).is_ok() {
        set_level(LevelFilter::Info);
    }
}

/// Tells, for as long as the server runs, how often what was told came again.
pub(super) async fn sum_up() {
    loop {
        sleep(BETWEEN_SUMS).await;
        measure::sum_up();
        library_lines::sum_up();
    }
}

/// Lines less important than `level` are dropped from now on. `RUST_LOG` can be finer than a level, so it stays as it is.
pub fn set_level(level: LevelFilter) {
    if env::var_os(ENVIRONMENT).is_none() {
        log::set_max_level(level);
    }
}
