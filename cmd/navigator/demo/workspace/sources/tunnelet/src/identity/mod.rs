//! Who a workload is, and how it proves it.

mod manager;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

pub use manager::{CertificateAuthority, CertificateManager, LocalAuthority};

/// The identity of a workload, in the form of SPIFFE:
/// `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`.
///
/// Not its address: addresses are given to other workloads when one ends, and policies that speak
/// of addresses then speak of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    trust_domain: Arc<str>,
    namespace: Arc<str>,
    service_account: Arc<str>,
}

impl Identity {
    pub fn new(trust_domain: &str, namespace: &str, service_account: &str) -> Self {
        Identity {
            trust_domain: trust_domain.into(),
            namespace: namespace.into(),
            service_account: service_account.into(),
        }
    }

    pub fn trust_domain(&self) -> &str {
        &self.trust_domain
    }

    pub fn namespace(&self) -> &str {
        &self.namespace
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Identity { trust_domain, namespace, service_account } = self;
        write!(f, "spiffe://{trust_domain}/ns/{namespace}/sa/{service_account}")
    }
}

impl FromStr for Identity {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let rest = text.strip_prefix("spiffe://").ok_or(IdentityError::NotSpiffe)?;
        let parts: Vec<&str> = rest.split('/').collect();
        match parts[..] {
            [domain, "ns", namespace, "sa", account]
                if ![domain, namespace, account].contains(&"") =>
            {
                Ok(Identity::new(domain, namespace, account))
            }
            _ => Err(IdentityError::NotSpiffe),
        }
    }
}

/// A proof of identity. Real ones are X.509 certificates; this one is a line of text under a
/// signature that is NO cryptography: it shows where a certificate is made, kept, shown and
/// checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub identity: Identity,
    /// Seconds since 1970.
    pub not_after: u64,
    pub signature: u64,
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{};{};{:016x}", self.identity, self.not_after, self.signature)
    }
}

impl FromStr for Certificate {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let mut parts = text.split(';');
        let mut next = || parts.next().ok_or(IdentityError::BadCertificate);
        Ok(Certificate {
            identity: next()?.parse()?,
            not_after: next()?.parse().map_err(|_| IdentityError::BadCertificate)?,
            signature: u64::from_str_radix(next()?, 16)
                .map_err(|_| IdentityError::BadCertificate)?,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityError {
    NotSpiffe,
    BadCertificate,
    Expired,
    ForeignTrustDomain,
    /// The certificate authority is gone.
    Unavailable,
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IdentityError::NotSpiffe => "not a SPIFFE identity",
            IdentityError::BadCertificate => "the certificate is not valid",
            IdentityError::Expired => "the certificate has expired",
            IdentityError::ForeignTrustDomain => "the identity is of another trust domain",
            IdentityError::Unavailable => "no certificate could be had",
        })
    }
}

impl std::error::Error for IdentityError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_round_trip() {
        let text = "spiffe://cluster.local/ns/shop/sa/web";
        assert_eq!(text.parse::<Identity>().unwrap().to_string(), text);
    }

    #[test]
    fn empty_parts_are_refused() {
        assert_eq!(
            "spiffe://cluster.local/ns//sa/web".parse::<Identity>(),
            Err(IdentityError::NotSpiffe)
        );
    }
}
