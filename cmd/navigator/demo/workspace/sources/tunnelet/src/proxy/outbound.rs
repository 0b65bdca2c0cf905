//! Connections of local workloads: where do they want to go, and how do they get there?

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use super::connect::{self, ConnectRequest};
use super::pool::Pool;
use super::{copy_bidirectional, Error, Handler, ProxyInputs, TUNNEL_PORT};
use crate::config::Redirect;
use crate::runtime;
use crate::state::{TunnelProtocol, Upstream};

/// How a connection is carried.
#[derive(Debug)]
enum Path {
    /// Through the tunnel of the destination's node.
    Tunnel { gateway: SocketAddr, upstream: Upstream },
    /// As it came.
    Direct(SocketAddr),
}

pub struct Outbound {
    inputs: Arc<ProxyInputs>,
    pool: Arc<Pool>,
    redirect: Redirect,
}

impl Outbound {
    pub fn new(inputs: Arc<ProxyInputs>, pool: Arc<Pool>, redirect: Redirect) -> Self {
        Outbound { inputs, pool, redirect }
    }

    /// Chooses the way to a destination.
    fn choose_path(&self, destination: SocketAddr) -> Path {
        // Not `read`: a service gives its workloads their turns, and so changes.
        let upstream = self.inputs.state.write().unwrap().find_upstream(destination);
        match upstream {
            Some(upstream) if upstream.workload.protocol == TunnelProtocol::Connect => {
                let gateway = SocketAddr::new(upstream.address.ip(), TUNNEL_PORT);
                Path::Tunnel { gateway, upstream }
            }
            Some(upstream) => Path::Direct(upstream.address),
            // Outside of the mesh. To refuse it would break every call to the outside world.
            None => Path::Direct(destination),
        }
    }

    /// Opens a tunnel: proves who the source is, and says where it wants to go.
    async fn open_tunnel(
        &self,
        gateway: SocketAddr,
        upstream: &Upstream,
    ) -> Result<TcpStream, Error> {
        let certificate = self.inputs.certificates.fetch(&self.redirect.source).await?;
        let mut stream = self.pool.take(gateway)?;
        let request = ConnectRequest { destination: upstream.address, certificate };
        request.write(&mut stream)?;
        connect::read_status(&mut stream)?;
        Ok(stream)
    }

    fn open(&self, destination: SocketAddr) -> Result<TcpStream, Error> {
        match self.choose_path(destination) {
            Path::Tunnel { gateway, upstream } => {
                self.inputs.metrics.outbound_tunneled.inc();
                runtime::block_on(self.open_tunnel(gateway, &upstream))
            }
            Path::Direct(address) => {
                let timeout = self.inputs.config.connect_timeout;
                let stream = TcpStream::connect_timeout(&address, timeout)?;
                stream.set_nodelay(true)?;
                Ok(stream)
            }
        }
    }
}

impl Handler for Outbound {
    fn name(&self) -> &'static str {
        "outbound"
    }

    fn handle(&self, downstream: TcpStream, _peer: SocketAddr) -> Result<(), Error> {
        let metrics = &self.inputs.metrics;
        metrics.outbound_opened.inc();
        let upstream =
            self.open(self.redirect.destination).inspect_err(|_| metrics.outbound_failed.inc())?;
        copy_bidirectional(&downstream, &upstream, metrics)?;
        Ok(())
    }
}
