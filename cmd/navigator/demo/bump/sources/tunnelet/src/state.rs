//! What is known of the mesh.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use crate::identity::Identity;

/// How the bytes of a workload are carried between two nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TunnelProtocol {
    /// As they are.
    #[default]
    None,
    /// In an HTTP CONNECT tunnel.
    Connect,
}

impl TunnelProtocol {
    /// Whether the other end of a connection sees anything but the bytes themselves.
    pub fn is_tunnel(self) -> bool {
        self != TunnelProtocol::None
    }
}

/// One instance of a program. See `Workload` in `proto/workload.proto`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    pub uid: String,
    pub identity: Identity,
    pub address: IpAddr,
    pub node: String,
    pub protocol: TunnelProtocol,
    pub healthy: bool,
}

/// A name behind which workloads stand, with an address of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub hostname: String,
    pub address: IpAddr,
    pub target_port: u16,
    /// Uids of its workloads.
    pub workloads: Vec<String>,
}

/// A change to what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Workload(Workload),
    Service(Service),
    Removed(String),
}

/// Where a connection goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    pub workload: Arc<Workload>,
    /// The workload's address and the port at which it serves.
    pub address: SocketAddr,
}

#[derive(Debug, Default)]
pub struct WorkloadStore {
    by_uid: HashMap<String, Arc<Workload>>,
    by_address: HashMap<IpAddr, Arc<Workload>>,
    services: HashMap<IpAddr, Service>,
    /// Counts the connections to services, to give each workload its turn.
    turn: usize,
}

impl WorkloadStore {
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Workload(workload) => self.insert(workload),
            Change::Service(service) => {
                self.services.insert(service.address, service);
            }
            Change::Removed(name) => self.remove(&name),
        }
    }

    fn insert(&mut self, workload: Workload) {
        // The workload may have had another address before.
        self.remove(&workload.uid);
        let workload = Arc::new(workload);
        self.by_address.insert(workload.address, Arc::clone(&workload));
        self.by_uid.insert(workload.uid.clone(), workload);
    }

    fn remove(&mut self, name: &str) {
        if let Some(workload) = self.by_uid.remove(name) {
            self.by_address.remove(&workload.address);
        }
        self.services.retain(|_, service| service.hostname != name);
    }

    pub fn workload_at(&self, address: IpAddr) -> Option<&Arc<Workload>> {
        self.by_address.get(&address)
    }

    /// Finds who should get a connection to an address: the workload that has it, or one of those
    /// of the service that has it. An address that nobody knows gives `None`, and is no mistake: it
    /// may lie outside of the mesh.
    pub fn find_upstream(&mut self, destination: SocketAddr) -> Option<Upstream> {
        if let Some(workload) = self.by_address.get(&destination.ip()) {
            return Some(Upstream { workload: Arc::clone(workload), address: destination });
        }
        let service = self.services.get(&destination.ip())?;
        let healthy: Vec<&Arc<Workload>> = service
            .workloads
            .iter()
            .filter_map(|uid| self.by_uid.get(uid))
            .filter(|workload| workload.healthy)
            .collect();
        self.turn = self.turn.wrapping_add(1);
        let workload = *healthy.get(self.turn % healthy.len().max(1))?;
        let address = SocketAddr::new(workload.address, service.target_port);
        Some(Upstream { workload: Arc::clone(workload), address })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workload(uid: &str, last: u8) -> Workload {
        Workload {
            uid: uid.to_owned(),
            identity: Identity::new("cluster.local", "shop", uid),
            address: IpAddr::from([10, 0, 0, last]),
            node: "a".to_owned(),
            protocol: TunnelProtocol::Connect,
            healthy: true,
        }
    }

    #[test]
    fn a_service_gives_each_workload_its_turn() {
        let mut store = WorkloadStore::default();
        store.apply(Change::Workload(workload("w1", 1)));
        store.apply(Change::Workload(workload("w2", 2)));
        store.apply(Change::Service(Service {
            hostname: "web.shop".to_owned(),
            address: IpAddr::from([10, 96, 0, 1]),
            target_port: 8080,
            workloads: vec!["w1".to_owned(), "w2".to_owned()],
        }));
        let destination = SocketAddr::from(([10, 96, 0, 1], 80));
        let first = store.find_upstream(destination).unwrap();
        let second = store.find_upstream(destination).unwrap();
        assert_ne!(first.workload.uid, second.workload.uid);
        assert_eq!(first.address.port(), 8080);
    }

    #[test]
    fn a_moved_workload_leaves_its_address() {
        let mut store = WorkloadStore::default();
        store.apply(Change::Workload(workload("w1", 1)));
        store.apply(Change::Workload(workload("w1", 2)));
        assert!(store.workload_at(IpAddr::from([10, 0, 0, 1])).is_none());
    }
}
