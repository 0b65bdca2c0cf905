//! The binary: reads the configuration, starts everything, and waits to be told to stop.

use std::io::Read;
use std::process::ExitCode;
use std::sync::{Arc, RwLock};

use tunnelet::config::Config;
use tunnelet::drain;
use tunnelet::identity::{CertificateManager, LocalAuthority};
use tunnelet::metrics::Metrics;
use tunnelet::proxy::Proxy;
use tunnelet::state::WorkloadStore;
use tunnelet::xds::DiscoveryClient;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: tunnelet CONFIG");
        return ExitCode::from(2);
    };
    match run(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("tunnelet: {err}");
            ExitCode::FAILURE
        }
    }
}

fn run(path: &str) -> Result<(), Box<dyn std::error::Error>> {
    let config = Arc::new(Config::from_file(path)?);
    let metrics = Arc::new(Metrics::default());
    let state = Arc::new(RwLock::new(WorkloadStore::default()));
    let (drain, watcher) = drain::new();

    let authority = LocalAuthority::new(config.trust_domain.clone(), config.ca_key);
    let certificates = Arc::new(CertificateManager::start(Box::new(authority)));

    let discovery = DiscoveryClient::new(&config, Arc::clone(&state), Arc::clone(&metrics));
    let discovery = discovery.start(watcher.clone());

    let proxy = Proxy::new(config, state, certificates, Arc::clone(&metrics));
    let listeners = proxy.start(watcher)?;

    // The standard library knows no signals. Whoever starts the tunnel holds its standard input,
    // and closes it to end the tunnel.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    drain.start();
    for listener in listeners {
        let _ = listener.join();
    }
    let _ = discovery.join();
    print!("{}", metrics.report());
    Ok(())
}
