//! The log: to stderr, at `info` unless `RUST_LOG` says otherwise.
use log::LevelFilter;

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

/// Starts the log. Whatever `RUST_LOG` asks for, libraries say no more than their warnings.
pub fn start() {
    let mut builder = env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info"));
    for library in DISCREET {
        builder.filter_module(library, LevelFilter::Warn);
    }
    builder.init();
}
