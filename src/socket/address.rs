//! Whose request it is, when there may be proxies in between.
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_http::RequestHead;
use ipnet::IpNet;

/// A single IPv6 customer has a network of this length at least.
const IPV6_NETWORK_BITS: u32 = 64;

/// The address of the client that sent `head`. A forwarding header counts only as far as `trusted` proxies wrote it:
/// from the right, the first address that is not one of them.
pub fn client_address(head: &RequestHead, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = head.peer_addr?.ip().to_canonical();
    let trusts = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    if !trusts(&peer) {
        return Some(peer);
    }
    // A client may write what it likes left of what the proxies write, also bytes that are no text.
    let forwarded = head.headers().get_all("x-forwarded-for");
    let hops: Vec<&[u8]> = forwarded.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).collect();
    // What stands left of a word that is no address, nobody who is trusted wrote.
    let mut known = hops.into_iter().rev().map_while(|hop| address(str::from_utf8(hop).ok()?.trim()));
    Some(known.find(|hop| !trusts(hop)).unwrap_or(peer))
}

/// With or without a port, as proxies write it.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse::<IpAddr>().ok();
    let address = bare.or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok()).map(|address| address.to_canonical())
}

/// What counts as one place: an IPv4 address, or the network that a single IPv6 customer has.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> IPV6_NETWORK_BITS << IPV6_NETWORK_BITS)),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use actix_http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn client(trusted: &[&str], peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            headers.append(HeaderName::from_static("x-forwarded-for"), line);
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let mut head = RequestHead::default();
        head.headers = headers;
        head.peer_addr = Some(SocketAddr::new(peer.parse().unwrap(), 4711));
        client_address(&head, &trusted).unwrap().to_string()
    }

    #[test]
    fn nobody_is_believed_unless_trusted() {
        assert_eq!(client(&[], "127.0.0.1", &["6.6.6.6"]), "127.0.0.1");
        assert_eq!(client(&["10.0.0.0/8"], "127.0.0.1", &["6.6.6.6"]), "127.0.0.1");
    }

    #[test]
    fn a_trusted_proxy_names_its_client_and_nothing_before_that_counts() {
        let trusted = ["10.0.0.0/8", "127.0.0.1/32"];
        assert_eq!(client(&trusted, "127.0.0.1", &["6.6.6.6, 9.9.9.9"]), "9.9.9.9");
        assert_eq!(client(&trusted, "127.0.0.1", &["6.6.6.6", "9.9.9.9, 10.1.2.3"]), "9.9.9.9");
        assert_eq!(client(&trusted, "::ffff:127.0.0.1", &["9.9.9.9:4711"]), "9.9.9.9");
        assert_eq!(client(&trusted, "127.0.0.1", &["[2001:db8::1]:80"]), "2001:db8::1");
    }

    #[test]
    fn bytes_that_are_no_text_hide_nothing_that_a_proxy_wrote() {
        let trusted = ["10.0.0.0/8", "127.0.0.1/32"];
        assert_eq!(client(&trusted, "127.0.0.1", &["\u{e9}, 9.9.9.9"]), "9.9.9.9");
        assert_eq!(client(&trusted, "127.0.0.1", &["6.6.6.6, \u{e9}", "9.9.9.9, 10.1.2.3"]), "9.9.9.9");
        assert_eq!(client(&trusted, "127.0.0.1", &["6.6.6.6", "\u{e9}"]), "127.0.0.1", "and show nothing before them");
    }

    #[test]
    fn what_is_no_address_ends_the_chain() {
        let trusted = ["127.0.0.1/32"];
        assert_eq!(client(&trusted, "127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(client(&trusted, "127.0.0.1", &["9.9.9.9, unknown"]), "127.0.0.1");
    }

    #[test]
    fn an_ipv6_customer_is_one_place() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!((network("9.9.9.9"), network("::ffff:9.9.9.9")), ("9.9.9.9".into(), "9.9.9.9".into()));
    }
}
