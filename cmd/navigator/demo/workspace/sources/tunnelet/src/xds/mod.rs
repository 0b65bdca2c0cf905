//! How the control plane says what runs where.
//!
//! The messages are those of `proto/workload.proto`. On the wire of this demo each is a line of
//! text, so that a control plane can be played with a terminal:
//!
//! ```text
//! workload uid=w1 address=10.0.0.1 identity=spiffe://cluster.local/ns/shop/sa/web node=a tunnel=connect
//! service hostname=web.shop address=10.96.0.1 port=8080 workloads=w1,w2
//! removed w1
//! end 17
//! ```
//!
//! A line `end N` closes a response: the lines since the last one are applied together or not at
//! all, and the answer is `ack N` or `nack N reason`.

mod client;

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

pub use client::DiscoveryClient;

use crate::state::{Change, Service, TunnelProtocol, Workload};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParseError {
    UnknownKind(String),
    Missing(&'static str),
    /// A key, and the value that it cannot have.
    Invalid(&'static str, String),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::UnknownKind(kind) => write!(f, "unknown kind `{kind}`"),
            ParseError::Missing(key) => write!(f, "`{key}` is missing"),
            ParseError::Invalid(key, value) => write!(f, "`{key}` cannot be `{value}`"),
        }
    }
}

impl std::error::Error for ParseError {}

/// The values of a line `kind key=value key=value`.
struct Fields<'a>(HashMap<&'a str, &'a str>);

impl<'a> Fields<'a> {
    fn new(words: impl Iterator<Item = &'a str>) -> Self {
        Fields(words.filter_map(|word| word.split_once('=')).collect())
    }

    fn text(&self, key: &'static str) -> Result<&'a str, ParseError> {
        self.0.get(key).copied().ok_or(ParseError::Missing(key))
    }

    fn parse<T: FromStr>(&self, key: &'static str) -> Result<T, ParseError> {
        let text = self.text(key)?;
        text.parse().map_err(|_| ParseError::Invalid(key, text.to_owned()))
    }
}

impl FromStr for Change {
    type Err = ParseError;

    fn from_str(line: &str) -> Result<Self, ParseError> {
        let mut words = line.split_whitespace();
        let kind = words.next().unwrap_or_default();
        if kind == "removed" {
            let name = words.next().ok_or(ParseError::Missing("name"))?;
            return Ok(Change::Removed(name.to_owned()));
        }
        let fields = Fields::new(words);
        match kind {
            "workload" => Ok(Change::Workload(Workload {
                uid: fields.text("uid")?.to_owned(),
                identity: fields.parse("identity")?,
                address: fields.parse("address")?,
                node: fields.text("node")?.to_owned(),
                protocol: match fields.text("tunnel").unwrap_or("none") {
                    "connect" => TunnelProtocol::Connect,
                    "none" => TunnelProtocol::None,
                    other => return Err(ParseError::Invalid("tunnel", other.to_owned())),
                },
                healthy: fields.text("status").map_or(true, |status| status == "healthy"),
            })),
            "service" => Ok(Change::Service(Service {
                hostname: fields.text("hostname")?.to_owned(),
                address: fields.parse("address")?,
                target_port: fields.parse("port")?,
                workloads: fields.text("workloads")?.split(',').map(str::to_owned).collect(),
            })),
            other => Err(ParseError::UnknownKind(other.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_workload() {
        let line = "workload uid=w1 address=10.0.0.1 \
            identity=spiffe://cluster.local/ns/shop/sa/web node=a tunnel=connect";
        let Change::Workload(workload) = line.parse().unwrap() else { panic!("not a workload") };
        assert_eq!(workload.protocol, TunnelProtocol::Connect);
        assert!(workload.healthy);
    }

    #[test]
    fn names_what_is_missing() {
        assert_eq!("workload uid=w1".parse::<Change>(), Err(ParseError::Missing("identity")));
    }
}
