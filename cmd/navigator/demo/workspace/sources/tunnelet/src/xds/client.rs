//! The client of the control plane: connects, listens, applies, answers, and begins again.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, RwLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::config::Config;
use crate::drain::DrainWatcher;
use crate::metrics::Metrics;
use crate::state::{Change, WorkloadStore};

const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const MAX_BACKOFF: Duration = Duration::from_secs(15);

/// How long a read waits before it looks whether the process is to end.
const READ_TIMEOUT: Duration = Duration::from_millis(500);

pub struct DiscoveryClient {
    node: String,
    address: Option<SocketAddr>,
    connect_timeout: Duration,
    state: Arc<RwLock<WorkloadStore>>,
    metrics: Arc<Metrics>,
}

impl DiscoveryClient {
    pub fn new(config: &Config, state: Arc<RwLock<WorkloadStore>>, metrics: Arc<Metrics>) -> Self {
        DiscoveryClient {
            node: config.node.clone(),
            address: config.xds,
            connect_timeout: config.connect_timeout,
            state,
            metrics,
        }
    }

    pub fn start(self, drain: DrainWatcher) -> JoinHandle<()> {
        thread::spawn(move || {
            if let Some(address) = self.address {
                self.run(address, &drain);
            }
        })
    }

    /// Keeps a stream open. While there is none, the proxy goes on with what it knows: a control
    /// plane that is down stops changes, not traffic.
    fn run(&self, address: SocketAddr, drain: &DrainWatcher) {
        let mut backoff = FIRST_BACKOFF;
        while !drain.is_draining() {
            match self.stream(address, drain) {
                // The stream worked for a while, so the next attempt may come soon.
                Ok(accepted) if accepted > 0 => backoff = FIRST_BACKOFF,
                Ok(_) => {}
                Err(err) => eprintln!("xds: {err}"),
            }
            if drain.sleep(backoff) {
                return;
            }
            self.metrics.xds_reconnects.inc();
            backoff = (backoff * 2).min(MAX_BACKOFF);
        }
    }

    /// Reads one stream to its end. Returns how many responses it accepted.
    fn stream(&self, address: SocketAddr, drain: &DrainWatcher) -> io::Result<u64> {
        let mut stream = TcpStream::connect_timeout(&address, self.connect_timeout)?;
        stream.set_read_timeout(Some(READ_TIMEOUT))?;
        writeln!(stream, "node {}", self.node)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut accepted = 0;
        let mut response = Vec::new();
        let mut line = String::new();
        loop {
            // After a timeout the line keeps what has come of it.
            match reader.read_line(&mut line) {
                Ok(0) => return Ok(accepted),
                Ok(_) => {}
                Err(err) if is_timeout(&err) => {
                    if drain.is_draining() {
                        return Ok(accepted);
                    }
                    continue;
                }
                Err(err) => return Err(err),
            }
            match line.trim().strip_prefix("end ") {
                Some(nonce) => {
                    let answer = self.handle(&response);
                    response.clear();
                    match answer {
                        Ok(()) => {
                            accepted += 1;
                            writeln!(stream, "ack {nonce}")?;
                        }
                        Err(reason) => writeln!(stream, "nack {nonce} {reason}")?,
                    }
                }
                None if !line.trim().is_empty() => response.push(line.trim().to_owned()),
                None => {}
            }
            line.clear();
        }
    }

    /// Applies a response whole, or not at all: half of a change could send traffic to a workload
    /// whose policy has not come yet.
    fn handle(&self, response: &[String]) -> Result<(), String> {
        let changes: Result<Vec<Change>, _> = response.iter().map(|line| line.parse()).collect();
        match changes {
            Ok(changes) => {
                let mut state = self.state.write().unwrap();
                changes.into_iter().for_each(|change| state.apply(change));
                self.metrics.xds_accepted.inc();
                Ok(())
            }
            Err(err) => {
                self.metrics.xds_refused.inc();
                Err(err.to_string())
            }
        }
    }
}

fn is_timeout(err: &io::Error) -> bool {
    matches!(err.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
