//! How the process ends: new connections are refused at once, those that exist get some time.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

#[derive(Default)]
struct Shared {
    draining: Mutex<bool>,
    changed: Condvar,
}

/// Begins the end.
pub struct DrainTrigger {
    shared: Arc<Shared>,
}

/// Watches for the end. Every loop of the process has one.
#[derive(Clone)]
pub struct DrainWatcher {
    shared: Arc<Shared>,
}

pub fn new() -> (DrainTrigger, DrainWatcher) {
    let shared = Arc::new(Shared::default());
    (DrainTrigger { shared: Arc::clone(&shared) }, DrainWatcher { shared })
}

impl DrainTrigger {
    pub fn start(&self) {
        *self.shared.draining.lock().unwrap() = true;
        self.shared.changed.notify_all();
    }
}

impl DrainWatcher {
    pub fn is_draining(&self) -> bool {
        *self.shared.draining.lock().unwrap()
    }

    /// Sleeps, but not past the beginning of the end. Returns whether it has begun.
    pub fn sleep(&self, time: Duration) -> bool {
        let draining = self.shared.draining.lock().unwrap();
        let (draining, _) =
            self.shared.changed.wait_timeout_while(draining, time, |draining| !*draining).unwrap();
        *draining
    }
}
