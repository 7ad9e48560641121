//! Which machines may be asked.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Proxy};

/// How long a host that was not found is not looked for again. Without a network, each
/// search may take seconds, and a page may ask one host for a hundred files.
const LOST: Duration = Duration::from_secs(30);

/// Finds the addresses of hosts, but none in private networks: a page, or a redirect of a
/// server, could otherwise have the machine that builds a site ask its neighbours. It is the
/// address that is connected to that counts, whatever a name led to before.
#[derive(Debug)]
pub(super) struct PublicResolver {
    inner: DefaultResolver,
    allows_private: bool,
    /// The host of the proxy, which decides itself who may be asked.
    proxy: Option<String>,
    /// The hosts that were not found, and when.
    lost: Mutex<HashMap<String, Instant>>,
}

impl PublicResolver {
    pub(super) fn new(allows_private: bool, proxy: Option<&Proxy>) -> Self {
        Self {
            inner: DefaultResolver::default(),
            allows_private,
            proxy: proxy.map(|proxy| proxy.host().to_owned()),
            lost: Mutex::default(),
        }
    }

    /// The addresses of the host of an address.
    fn find(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().unwrap_or_default();
        let lost = self.lost.lock().get(host).copied();
        if lost.is_some_and(|at| at.elapsed() < LOST) {
            return Err(Error::HostNotFound);
        }
        let found = self.inner.resolve(uri, config, timeout);
        found.map_err(|_| {
            self.lost.lock().insert(host.to_owned(), Instant::now());
            Error::HostNotFound
        })
    }
}

impl Resolver for PublicResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.find(uri, config, timeout)?;
        if self.allows_private || (self.proxy.is_some() && uri.host() == self.proxy.as_deref()) {
            return Ok(found);
        }
        let mut public = self.inner.empty();
        for address in found.iter().filter(|address| is_public(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() {
            let host = uri.host().unwrap_or_default();
            let message = format!(
                "`{host}` is this machine or one of a private network, which are only asked with \
                 `--fetch-private`"
            );
            return Err(Error::Io(io::Error::other(message)));
        }
        Ok(public)
    }
}

/// Whether an address is one of the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    // 0.0.0.0/8, shared addresses of providers, those of protocols and benchmarks, and what is
    // reserved.
    let is_special = a == 0
        || (a == 100 && b & 0xc0 == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && b & 0xfe == 18)
        || a >= 240;
    !(is_special
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [a, b, ..] = address.segments();
    if (a, b) == (0x64, 0xff9b) || a == 0x2002 {
        // Addresses that stand for one of version 4.
        let octets = address.octets();
        let at = if a == 0x2002 { 2 } else { 12 };
        let [w, x, y, z] = [octets[at], octets[at + 1], octets[at + 2], octets[at + 3]];
        return is_public_v4(Ipv4Addr::new(w, x, y, z));
    }
    // Only these are given out to the internet so far; what is for documentation is not.
    a & 0xe000 == 0x2000 && (a, b) != (0x2001, 0xdb8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_was_not_found_is_not_looked_for_again() {
        let resolver = PublicResolver::new(true, None);
        let find = |uri: &str| {
            let uri = uri.parse().expect("an address");
            resolver.resolve(&uri, &Config::default(), NextTimeout::default())
        };
        assert!(find("http://localhost:80/").is_ok());
        let name = || "localhost".to_owned();
        resolver.lost.lock().insert(name(), Instant::now());
        assert!(matches!(
            find("http://localhost/a"),
            Err(Error::HostNotFound)
        ));
        resolver.lost.lock().clear();
        assert!(matches!(
            find("http://nowhere.invalid/"),
            Err(Error::HostNotFound)
        ));
        assert!(resolver.lost.lock().contains_key("nowhere.invalid"));
    }

    #[test]
    fn machines_nearby_are_not_public() {
        for (address, expected) in [
            ("8.8.8.8", true),
            ("100.128.0.1", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.31.0.1", false),
            ("192.168.0.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("198.19.0.1", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("2606:4700::1111", true),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
            ("2001:db8::1", false),
        ] {
            let parsed = address.parse().expect("an address");
            assert_eq!(is_public(parsed), expected, "{address}");
        }
    }
}
