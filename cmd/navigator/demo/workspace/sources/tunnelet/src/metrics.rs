//! Counters, as one table.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number that any thread may raise.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    pub fn inc(&self) {
        self.add(1);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Defines a struct of counters and a report that forgets none of them.
macro_rules! counters {
    ($(#[$attribute:meta])* $name:ident { $($(#[$doc:meta])* $counter:ident,)* }) => {
        $(#[$attribute])*
        #[derive(Debug, Default)]
        pub struct $name {
            $($(#[$doc])* pub $counter: Counter,)*
        }

        impl $name {
            /// Every counter as a line `name value`, in the order of the table.
            pub fn report(&self) -> String {
                let mut out = String::new();
                $(
                    let (name, value) = (stringify!($counter), self.$counter.get());
                    let _ = writeln!(out, "tunnelet_{name} {value}");
                )*
                out
            }
        }
    };
}

counters! {
    /// Everything that the process counts.
    Metrics {
        /// Connections of local workloads.
        outbound_opened,
        /// Of those, the ones that went through a tunnel.
        outbound_tunneled,
        outbound_failed,
        /// Tunnels that other nodes opened to this one.
        inbound_opened,
        /// Of those, the ones that a policy or a bad certificate closed.
        inbound_denied,
        inbound_failed,
        /// Tunnels that began on a connection that was there already.
        pool_hits,
        pool_misses,
        bytes_sent,
        bytes_received,
        /// Responses of the control plane.
        xds_accepted,
        xds_refused,
        xds_reconnects,
    }
}
