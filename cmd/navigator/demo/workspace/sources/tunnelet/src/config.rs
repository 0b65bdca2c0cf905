//! The configuration: a file of lines, each a key and its values.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use crate::identity::Identity;
use crate::rbac::{Action, Policy, Rule};

const DEFAULT_POOL_SIZE: usize = 4;
const DEFAULT_POOL_IDLE: Duration = Duration::from_secs(30);
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A destination that local workloads reach through the tunnel. In a cluster the kernel would
/// redirect every connection, and tell where it was going; here each destination has a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    pub listen: SocketAddr,
    pub destination: SocketAddr,
    /// On whose behalf the connections are made.
    pub source: Identity,
}

#[derive(Debug, Clone)]
pub struct Config {
    /// The node that this process serves.
    pub node: String,
    pub trust_domain: String,
    /// The secret of the toy certificate authority.
    pub ca_key: u64,
    /// Where tunnels from other nodes arrive.
    pub inbound: SocketAddr,
    pub redirects: Vec<Redirect>,
    /// Who may connect to the workloads of this node.
    pub policies: Vec<Policy>,
    /// Where the control plane listens.
    pub xds: Option<SocketAddr>,
    /// Connections kept ready for each destination node.
    pub pool_size: usize,
    pub pool_idle: Duration,
    pub connect_timeout: Duration,
}

#[derive(Debug)]
pub enum ConfigError {
    Io(std::io::Error),
    /// The line, counted from 1, and what is wrong with it.
    Line(usize, String),
    Missing(&'static str),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::Io(err) => write!(f, "reading the configuration: {err}"),
            ConfigError::Line(line, what) => write!(f, "configuration, line {line}: {what}"),
            ConfigError::Missing(key) => write!(f, "the configuration lacks `{key}`"),
        }
    }
}

impl std::error::Error for ConfigError {}

impl From<std::io::Error> for ConfigError {
    fn from(err: std::io::Error) -> Self {
        ConfigError::Io(err)
    }
}

impl Config {
    pub fn from_file(path: &str) -> Result<Self, ConfigError> {
        std::fs::read_to_string(path)?.parse()
    }
}

impl FromStr for Config {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut node = None;
        let mut inbound = None;
        let mut config = Config {
            node: String::new(),
            trust_domain: "cluster.local".to_owned(),
            ca_key: 0,
            inbound: SocketAddr::from(([0, 0, 0, 0], 0)),
            redirects: Vec::new(),
            policies: Vec::new(),
            xds: None,
            pool_size: DEFAULT_POOL_SIZE,
            pool_idle: DEFAULT_POOL_IDLE,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
        };
        for (index, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let bad = |what: String| ConfigError::Line(index + 1, what);
            match words.as_slice() {
                [] => {}
                [first, ..] if first.starts_with('#') => {}
                ["node", name] => node = Some((*name).to_owned()),
                ["trust_domain", name] => config.trust_domain = (*name).to_owned(),
                ["ca_key", key] => config.ca_key = parse(key).map_err(bad)?,
                ["inbound", address] => inbound = Some(parse(address).map_err(bad)?),
                ["xds", address] => config.xds = Some(parse(address).map_err(bad)?),
                ["pool_size", size] => config.pool_size = parse(size).map_err(bad)?,
                ["redirect", listen, destination, source] => config.redirects.push(Redirect {
                    listen: parse(listen).map_err(bad)?,
                    destination: parse(destination).map_err(bad)?,
                    source: parse(source).map_err(bad)?,
                }),
                ["allow", what, value] => {
                    config.policies.push(parse_policy(Action::Allow, what, value).map_err(bad)?);
                }
                ["deny", what, value] => {
                    config.policies.push(parse_policy(Action::Deny, what, value).map_err(bad)?);
                }
                [key, ..] => return Err(bad(format!("`{key}` is unknown or has too few values"))),
            }
        }
        config.node = node.ok_or(ConfigError::Missing("node"))?;
        config.inbound = inbound.ok_or(ConfigError::Missing("inbound"))?;
        Ok(config)
    }
}

fn parse_policy(action: Action, what: &str, value: &str) -> Result<Policy, String> {
    let mut rule = Rule::default();
    match what {
        "identity" => rule.identities.push(parse(value)?),
        "namespace" => rule.namespaces.push(value.to_owned()),
        "port" => rule.ports.push(parse(value)?),
        _ => {
            return Err(format!("a policy speaks of identity, namespace or port, not of `{what}`"))
        }
    }
    Ok(Policy { action, rules: vec![rule] })
}

fn parse<T>(text: &str) -> Result<T, String>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    text.parse().map_err(|err| format!("`{text}`: {err}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_redirect() {
        let config: Config = "node a\ninbound 127.0.0.1:15008\n\
            redirect 127.0.0.1:7001 10.0.0.5:80 spiffe://cluster.local/ns/shop/sa/web"
            .parse()
            .unwrap();
        assert_eq!(config.redirects[0].destination.port(), 80);
        assert_eq!(config.redirects[0].source.namespace(), "shop");
    }

    #[test]
    fn names_the_line_of_a_mistake() {
        let err = "node a\npool_size many".parse::<Config>().unwrap_err();
        assert!(err.to_string().starts_with("configuration, line 2"), "{err}");
    }
}
