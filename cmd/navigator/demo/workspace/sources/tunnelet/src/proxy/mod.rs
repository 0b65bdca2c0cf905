//! The data path: where connections come in, and where they go.
//!
//! ```text
//!  node a                                    node b
//!  web ──▶ outbound ══ CONNECT tunnel ══▶ inbound ──▶ cart
//! ```

mod connect;
mod inbound;
mod outbound;
mod pool;

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, RwLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::config::Config;
use crate::drain::DrainWatcher;
use crate::identity::{CertificateManager, Identity, IdentityError};
use crate::metrics::{Counter, Metrics};
use crate::state::WorkloadStore;

pub use inbound::Inbound;
pub use outbound::Outbound;
pub use pool::Pool;

/// The port at which every node takes tunnels.
pub const TUNNEL_PORT: u16 = 15008;

/// How often a listener that has nothing to accept looks whether it is to end.
const ACCEPT_INTERVAL: Duration = Duration::from_millis(20);

const COPY_BUFFER: usize = 16 * 1024;

/// Why a connection failed.
#[derive(Debug)]
pub enum Error {
    Io(io::Error),
    Identity(IdentityError),
    /// The peer does not speak the protocol of tunnels.
    Protocol(&'static str),
    /// The other end of the tunnel refused, with this status.
    Refused(u16),
    /// A policy forbids the connection.
    Denied(Identity),
    /// Nobody at this node has the address.
    UnknownDestination(SocketAddr),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io(err) => err.fmt(f),
            Error::Identity(err) => err.fmt(f),
            Error::Protocol(what) => write!(f, "not a tunnel: {what}"),
            Error::Refused(status) => write!(f, "the other end refused with {status}"),
            Error::Denied(identity) => write!(f, "a policy denies {identity}"),
            Error::UnknownDestination(address) => write!(f, "no workload here has {address}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(err: io::Error) -> Self {
        Error::Io(err)
    }
}

impl From<IdentityError> for Error {
    fn from(err: IdentityError) -> Self {
        Error::Identity(err)
    }
}

/// What every connection may use.
pub struct ProxyInputs {
    pub config: Arc<Config>,
    pub state: Arc<RwLock<WorkloadStore>>,
    pub certificates: Arc<CertificateManager>,
    pub metrics: Arc<Metrics>,
}

/// Serves the connections of one listener.
pub trait Handler: Send + Sync + 'static {
    /// Names the listener in logs.
    fn name(&self) -> &'static str;

    /// Serves a connection to its end.
    fn handle(&self, downstream: TcpStream, peer: SocketAddr) -> Result<(), Error>;
}

pub struct Proxy {
    inputs: Arc<ProxyInputs>,
    pool: Arc<Pool>,
}

impl Proxy {
    pub fn new(
        config: Arc<Config>,
        state: Arc<RwLock<WorkloadStore>>,
        certificates: Arc<CertificateManager>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let pool = Arc::new(Pool::new(&config, Arc::clone(&metrics)));
        Proxy { inputs: Arc::new(ProxyInputs { config, state, certificates, metrics }), pool }
    }

    /// Binds every listener, and only then begins to serve: a port that is taken is known before
    /// the first connection comes.
    pub fn start(&self, drain: DrainWatcher) -> io::Result<Vec<JoinHandle<()>>> {
        let mut bound: Vec<(TcpListener, Arc<dyn Handler>)> = Vec::new();
        let inbound = Inbound::new(Arc::clone(&self.inputs));
        bound.push((TcpListener::bind(self.inputs.config.inbound)?, Arc::new(inbound)));
        for redirect in &self.inputs.config.redirects {
            let outbound =
                Outbound::new(Arc::clone(&self.inputs), Arc::clone(&self.pool), redirect.clone());
            bound.push((TcpListener::bind(redirect.listen)?, Arc::new(outbound)));
        }
        let threads = bound.into_iter().map(|(listener, handler)| {
            listener.set_nonblocking(true)?;
            let drain = drain.clone();
            Ok(thread::spawn(move || accept_loop(&listener, &handler, &drain)))
        });
        threads.collect()
    }
}

fn accept_loop(listener: &TcpListener, handler: &Arc<dyn Handler>, drain: &DrainWatcher) {
    while !drain.is_draining() {
        match listener.accept() {
            Ok((downstream, peer)) => {
                let handler = Arc::clone(handler);
                thread::spawn(move || serve(&*handler, downstream, peer));
            }
            Err(err) => {
                if err.kind() != ErrorKind::WouldBlock {
                    eprintln!("{}: accept: {err}", handler.name());
                }
                drain.sleep(ACCEPT_INTERVAL);
            }
        }
    }
}

fn serve(handler: &dyn Handler, downstream: TcpStream, peer: SocketAddr) {
    // Accepted from a listener that does not block, and to be served by a thread that may.
    let result = downstream
        .set_nonblocking(false)
        .and_then(|()| downstream.set_nodelay(true))
        .map_err(Error::from)
        .and_then(|()| handler.handle(downstream, peer));
    if let Err(err) = result {
        eprintln!("{}: {peer}: {err}", handler.name());
    }
}

/// Carries bytes both ways until both ends have said that they send no more. The end of one
/// direction is passed on and does not end the other: a client may close its side and still wait
/// for the answer.
fn copy_bidirectional(
    downstream: &TcpStream,
    upstream: &TcpStream,
    metrics: &Metrics,
) -> io::Result<()> {
    thread::scope(|scope| {
        let sending = scope.spawn(|| copy(downstream, upstream, &metrics.bytes_sent));
        let receiving = copy(upstream, downstream, &metrics.bytes_received);
        let sending = sending.join().unwrap_or_else(|_| Err(ErrorKind::Other.into()));
        sending.and(receiving)
    })
}

fn copy(mut from: &TcpStream, mut to: &TcpStream, counter: &Counter) -> io::Result<()> {
    let mut buffer = [0; COPY_BUFFER];
    let result = loop {
        match from.read(&mut buffer) {
            Ok(0) => break Ok(()),
            Ok(count) => {
                // Blocks while the receiver is slow, and so stops the reading: that is all the flow
                // control that an L4 proxy needs.
                if let Err(err) = to.write_all(&buffer[..count]) {
                    break Err(err);
                }
                counter.add(count as u64);
            }
            Err(err) if err.kind() == ErrorKind::Interrupted => {}
            Err(err) => break Err(err),
        }
    };
    let _ = to.shutdown(Shutdown::Write);
    if result.is_err() {
        // The other direction must not wait for an end that will never come.
        let _ = from.shutdown(Shutdown::Both);
    }
    result
}
