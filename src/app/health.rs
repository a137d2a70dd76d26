//! Asking a running server whether it can work: for containers and scripts that have no other program that could.
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use super::Failure;
use crate::settings::{Settings, without_password};

const PATIENCE: Duration = Duration::from_secs(5);

/// Asks `/health/ready` of the admin listener at `url`, or of the one that the settings name. Returns what it says.
///
/// # Errors
/// If it does not answer within five seconds, or says that it cannot work, with what it says.
pub async fn health(settings: &Settings, url: Option<&str>) -> Result<String, Failure> {
    let base = admin_url(settings, url)?;
    let client = awc::Client::builder().timeout(PATIENCE).finish();
    let answer = client.get(format!("{base}/health/ready")).send().await;
    let mut answer = answer.map_err(|error| format!("no answer from {}: {error}", without_password(&base)))?;
    let body = answer.body().await?;
    let said = String::from_utf8_lossy(&body);
    if answer.status().is_success() { Ok(said.into()) } else { Err(format!("not ready: {said}").into()) }
}

/// The admin listener at `url`, or the one that the settings name.
///
/// # Errors
/// If the settings leave the port to the system.
pub fn admin_url(settings: &Settings, url: Option<&str>) -> Result<String, Failure> {
    match url {
        Some(url) => Ok(url.trim_end_matches('/').to_owned()),
        None => Ok(format!("http://{}", reachable(settings.server.admin_listen)?)),
    }
}

/// The listener's address as this machine itself reaches it.
fn reachable(listen: SocketAddr) -> Result<SocketAddr, Failure> {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    match listen.port() {
        0 => Err("server.admin_listen takes any free port: name the server with --url".into()),
        port => Ok(SocketAddr::new(ip, port)),
    }
}
