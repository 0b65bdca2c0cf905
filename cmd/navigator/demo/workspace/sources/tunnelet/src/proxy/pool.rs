//! Connections to other nodes, made ahead of need: a tunnel then begins without waiting for a
//! handshake. A connection carries one tunnel and is not given back, so the pool is a stock, filled
//! up behind each one that is taken.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::config::Config;
use crate::metrics::Metrics;

struct Idle {
    stream: TcpStream,
    since: Instant,
}

#[derive(Default)]
struct Stock {
    idle: Vec<Idle>,
    /// Connections that are being made now.
    pending: usize,
}

struct Shared {
    size: usize,
    max_idle: Duration,
    connect_timeout: Duration,
    stocks: Mutex<HashMap<SocketAddr, Stock>>,
}

pub struct Pool {
    shared: Arc<Shared>,
    metrics: Arc<Metrics>,
}

impl Pool {
    pub fn new(config: &Config, metrics: Arc<Metrics>) -> Self {
        let shared = Arc::new(Shared {
            size: config.pool_size,
            max_idle: config.pool_idle,
            connect_timeout: config.connect_timeout,
            stocks: Mutex::default(),
        });
        Pool { shared, metrics }
    }

    /// Returns a connection: one of the stock, else a new one.
    pub fn take(&self, gateway: SocketAddr) -> io::Result<TcpStream> {
        let ready = self.shared.take_idle(gateway);
        // Only after a node was asked for once is a stock kept for it.
        Shared::refill(&self.shared, gateway);
        match ready {
            Some(stream) => {
                self.metrics.pool_hits.inc();
                Ok(stream)
            }
            None => {
                self.metrics.pool_misses.inc();
                self.shared.connect(gateway)
            }
        }
    }
}

impl Shared {
    /// Takes the newest connection that still lives, and drops those that do not.
    fn take_idle(&self, gateway: SocketAddr) -> Option<TcpStream> {
        let mut stocks = self.stocks.lock().unwrap();
        let stock = stocks.entry(gateway).or_default();
        stock.idle.retain(|idle| idle.since.elapsed() < self.max_idle);
        while let Some(Idle { stream, .. }) = stock.idle.pop() {
            if is_alive(&stream) {
                return Some(stream);
            }
        }
        None
    }

    fn refill(shared: &Arc<Shared>, gateway: SocketAddr) {
        let mut stocks = shared.stocks.lock().unwrap();
        let stock = stocks.entry(gateway).or_default();
        let missing = shared.size.saturating_sub(stock.idle.len() + stock.pending);
        stock.pending += missing;
        drop(stocks); // the lock is not held while the network is waited for
        for _ in 0..missing {
            let shared = Arc::clone(shared);
            thread::spawn(move || {
                let made = shared.connect(gateway);
                let mut stocks = shared.stocks.lock().unwrap();
                let stock = stocks.entry(gateway).or_default();
                stock.pending -= 1;
                stock.idle.extend(made.map(|stream| Idle { stream, since: Instant::now() }));
            });
        }
    }

    fn connect(&self, gateway: SocketAddr) -> io::Result<TcpStream> {
        let stream = TcpStream::connect_timeout(&gateway, self.connect_timeout)?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// Whether the peer has closed an idle connection meanwhile. The peer never speaks first, so there
/// is nothing to read while it is open.
fn is_alive(stream: &TcpStream) -> bool {
    let peek = || {
        stream.set_nonblocking(true)?;
        let result = stream.peek(&mut [0]);
        stream.set_nonblocking(false)?;
        result
    };
    matches!(peek(), Err(err) if err.kind() == ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_closed_connection_is_not_alive() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (peer, _) = listener.accept().unwrap();
        assert!(is_alive(&stream));
        drop(peer);
        thread::sleep(Duration::from_millis(50));
        assert!(!is_alive(&stream));
    }
}
