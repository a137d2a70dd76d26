//! Whose request it is, when there may be proxies in between.
use std::net::IpAddr;

use actix_http::RequestHead;

/// The address of the client that sent `head`. A forwarding header counts only as far as `trusted` proxies wrote it:
/// from the right, the first address that is not one of them.
pub fn client_address(head: &RequestHead, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = head.peer_addr?.ip().to_canonical();
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let forwarded = head.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
    // What stands left of a word that is no address, nobody who is trusted wrote.
    let mut known = hops.into_iter().rev().map_while(|hop| hop.trim().parse::<IpAddr>().ok());
    Some(known.find(|hop| !trusted.contains(&hop.to_canonical())).unwrap_or(peer))
}
