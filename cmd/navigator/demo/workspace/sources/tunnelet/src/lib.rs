//! A small L4 tunnel, written to be read.
//!
//! It carries the TCP connections of the workloads of one node to the workloads of others, in
//! tunnels whose ends know each other's identity. It never looks at the bytes that it carries: that
//! is what makes it an L4 proxy, and what keeps it small.
//!
//! It uses the standard library alone: a thread serves a connection, where a tunnel for production
//! would run thousands of them as tasks on a few threads.

pub mod config;
pub mod drain;
pub mod identity;
pub mod metrics;
pub mod proxy;
pub mod rbac;
pub mod runtime;
pub mod state;
pub mod xds;
