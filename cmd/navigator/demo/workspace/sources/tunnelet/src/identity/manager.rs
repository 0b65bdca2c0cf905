//! Certificates are fetched once, kept, and renewed before they end.

use std::collections::HashMap;
use std::sync::mpsc;
use std::sync::Arc;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Certificate, Identity, IdentityError};
use crate::runtime::{self, BoxFuture};

/// Seconds for which a certificate is good.
const LIFETIME: u64 = 24 * 60 * 60;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Who signs certificates, and who says whether one is genuine.
pub trait CertificateAuthority: Send + Sync {
    /// Signs a certificate. Asynchronous, as an authority is usually another process.
    fn sign<'a>(
        &'a self,
        identity: &'a Identity,
    ) -> BoxFuture<'a, Result<Certificate, IdentityError>>;

    /// Checks a certificate that a peer has shown.
    fn verify(&self, certificate: &Certificate) -> Result<(), IdentityError>;
}

/// An authority in the same process, whose key every node of the demo has.
pub struct LocalAuthority {
    trust_domain: String,
    key: u64,
}

impl LocalAuthority {
    pub fn new(trust_domain: String, key: u64) -> Self {
        LocalAuthority { trust_domain, key }
    }

    /// FNV-1a over the text and the key. It stands where a signature would; it protects nothing.
    fn seal(&self, identity: &Identity, not_after: u64) -> u64 {
        format!("{identity};{not_after};{}", self.key)
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            })
    }
}

impl CertificateAuthority for LocalAuthority {
    fn sign<'a>(
        &'a self,
        identity: &'a Identity,
    ) -> BoxFuture<'a, Result<Certificate, IdentityError>> {
        Box::pin(async move {
            if identity.trust_domain() != self.trust_domain {
                return Err(IdentityError::ForeignTrustDomain);
            }
            let not_after = now() + LIFETIME;
            let signature = self.seal(identity, not_after);
            Ok(Certificate { identity: identity.clone(), not_after, signature })
        })
    }

    fn verify(&self, certificate: &Certificate) -> Result<(), IdentityError> {
        let Certificate { identity, not_after, signature } = certificate;
        if identity.trust_domain() != self.trust_domain {
            return Err(IdentityError::ForeignTrustDomain);
        }
        if self.seal(identity, *not_after) != *signature {
            return Err(IdentityError::BadCertificate);
        }
        if *not_after <= now() {
            return Err(IdentityError::Expired);
        }
        Ok(())
    }
}

struct Request {
    identity: Identity,
    reply: runtime::Sender<Result<Certificate, IdentityError>>,
}

/// Hands out certificates. One thread owns the cache, so the cache needs no lock, and a hundred
/// connections that need the same certificate at once cause one request to the authority.
pub struct CertificateManager {
    authority: Arc<dyn CertificateAuthority>,
    requests: mpsc::Sender<Request>,
}

impl CertificateManager {
    pub fn start(authority: Box<dyn CertificateAuthority>) -> Self {
        let authority: Arc<dyn CertificateAuthority> = authority.into();
        let (requests, queue) = mpsc::channel();
        let worker = Worker { authority: Arc::clone(&authority), cache: HashMap::new() };
        // Ends when the manager, which holds the only sender, is dropped.
        thread::spawn(move || worker.run(&queue));
        CertificateManager { authority, requests }
    }

    /// Returns a certificate that is good for a while.
    pub async fn fetch(&self, identity: &Identity) -> Result<Certificate, IdentityError> {
        let (reply, answer) = runtime::oneshot();
        let request = Request { identity: identity.clone(), reply };
        self.requests.send(request).map_err(|_| IdentityError::Unavailable)?;
        answer.await.unwrap_or(Err(IdentityError::Unavailable))
    }

    pub fn verify(&self, certificate: &Certificate) -> Result<(), IdentityError> {
        self.authority.verify(certificate)
    }
}

struct Worker {
    authority: Arc<dyn CertificateAuthority>,
    cache: HashMap<Identity, Certificate>,
}

impl Worker {
    fn run(mut self, queue: &mpsc::Receiver<Request>) {
        for Request { identity, reply } in queue {
            reply.send(self.certificate(&identity));
        }
    }

    fn certificate(&mut self, identity: &Identity) -> Result<Certificate, IdentityError> {
        // Renewed at half its life: an authority that is down for some hours is then no accident.
        if let Some(kept) = self.cache.get(identity) {
            if kept.not_after > now() + LIFETIME / 2 {
                return Ok(kept.clone());
            }
        }
        let fresh = runtime::block_on(self.authority.sign(identity))?;
        self.cache.insert(identity.clone(), fresh.clone());
        Ok(fresh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_certificate_is_refused() {
        let manager =
            CertificateManager::start(Box::new(LocalAuthority::new("cluster.local".into(), 7)));
        let web = Identity::new("cluster.local", "shop", "web");
        let mut certificate = runtime::block_on(manager.fetch(&web)).unwrap();
        assert_eq!(manager.verify(&certificate), Ok(()));
        certificate.identity = Identity::new("cluster.local", "shop", "admin");
        assert_eq!(manager.verify(&certificate), Err(IdentityError::BadCertificate));
    }
}
