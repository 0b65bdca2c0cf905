//! Tunnels that arrive: who is it, is it allowed, and where does it go?

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use super::connect::{self, ConnectRequest};
use super::{copy_bidirectional, Error, Handler, ProxyInputs};
use crate::rbac;

/// A peer that connects must say soon what it wants. A pool connects ahead of need, so this is
/// longer than a pool keeps a connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

pub struct Inbound {
    inputs: Arc<ProxyInputs>,
}

impl Inbound {
    pub fn new(inputs: Arc<ProxyInputs>) -> Self {
        Inbound { inputs }
    }

    /// Decides on a request, before anything is connected. The order matters: a peer that cannot
    /// prove who it is learns nothing about the workloads of this node.
    fn authorize(&self, request: &ConnectRequest) -> Result<(), Error> {
        self.inputs.certificates.verify(&request.certificate)?;

        let source = &request.certificate.identity;
        let connection = rbac::Connection { source, destination_port: request.destination.port() };
        if !rbac::allowed(&self.inputs.config.policies, &connection) {
            return Err(Error::Denied(source.clone()));
        }

        // Only workloads of this node: a tunnel must not become a way to everywhere.
        let state = self.inputs.state.read().unwrap();
        match state.workload_at(request.destination.ip()) {
            Some(workload) if workload.node == self.inputs.config.node => Ok(()),
            _ => Err(Error::UnknownDestination(request.destination)),
        }
    }

    fn open(&self, request: &ConnectRequest) -> Result<TcpStream, Error> {
        self.authorize(request)?;
        let timeout = self.inputs.config.connect_timeout;
        let upstream = TcpStream::connect_timeout(&request.destination, timeout)?;
        upstream.set_nodelay(true)?;
        Ok(upstream)
    }
}

/// The status that tells a peer why its tunnel was refused.
fn status_of(err: &Error) -> u16 {
    match err {
        Error::Identity(_) | Error::Denied(_) => 403,
        Error::UnknownDestination(_) => 404,
        Error::Io(_) => 503,
        Error::Protocol(_) | Error::Refused(_) => 400,
    }
}

impl Handler for Inbound {
    fn name(&self) -> &'static str {
        "inbound"
    }

    fn handle(&self, mut downstream: TcpStream, _peer: SocketAddr) -> Result<(), Error> {
        let metrics = &self.inputs.metrics;
        downstream.set_read_timeout(Some(HEAD_TIMEOUT))?;
        let request = match ConnectRequest::read(&mut downstream) {
            // A connection of a pool that nobody needed in the end.
            Err(Error::Io(_)) => return Ok(()),
            other => other?,
        };
        metrics.inbound_opened.inc();
        let upstream = match self.open(&request) {
            Ok(upstream) => upstream,
            Err(err) => {
                match err {
                    Error::Identity(_) | Error::Denied(_) => metrics.inbound_denied.inc(),
                    _ => metrics.inbound_failed.inc(),
                }
                connect::write_status(&mut downstream, status_of(&err))?;
                return Err(err);
            }
        };
        connect::write_status(&mut downstream, 200)?;
        downstream.set_read_timeout(None)?;
        // From here on the bytes mean nothing to the tunnel.
        copy_bidirectional(&downstream, &upstream, metrics)?;
        Ok(())
    }
}
