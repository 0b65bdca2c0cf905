//! How a tunnel begins: the head of an HTTP CONNECT request and its answer. After the answer the
//! connection carries the bytes of the workloads, and HTTP is over.
//!
//! ```text
//! CONNECT 10.0.0.5:80 HTTP/1.1
//! x-tunnelet-certificate: spiffe://cluster.local/ns/shop/sa/web;1767225600;0123456789abcdef
//!
//! HTTP/1.1 200 OK
//! ```

use std::io::{self, Read, Write};
use std::net::SocketAddr;

use super::Error;
use crate::identity::Certificate;

/// A head longer than this is no head of ours.
const MAX_HEAD: usize = 8 * 1024;
const HEAD_END: &[u8] = b"\r\n\r\n";
const CERTIFICATE_HEADER: &str = "x-tunnelet-certificate";

/// What the beginning of a tunnel asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct ConnectRequest {
    pub destination: SocketAddr,
    pub certificate: Certificate,
}

impl ConnectRequest {
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let ConnectRequest { destination, certificate } = self;
        // One write, so that it leaves as one packet.
        let head = format!(
            "CONNECT {destination} HTTP/1.1\r\n{CERTIFICATE_HEADER}: {certificate}\r\n\r\n"
        );
        to.write_all(head.as_bytes())
    }

    pub fn read(from: &mut impl Read) -> Result<Self, Error> {
        let head = read_head(from)?;
        let mut lines = head.split("\r\n");
        let mut first = lines.next().unwrap_or_default().split(' ');
        if first.next() != Some("CONNECT") {
            return Err(Error::Protocol("the method is not CONNECT"));
        }
        let destination = first
            .next()
            .and_then(|authority| authority.parse().ok())
            .ok_or(Error::Protocol("the destination is no address"))?;
        let certificate = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case(CERTIFICATE_HEADER))
            .ok_or(Error::Protocol("no certificate"))?
            .1
            .trim()
            .parse()?;
        Ok(ConnectRequest { destination, certificate })
    }
}

pub fn write_status(to: &mut impl Write, status: u16) -> io::Result<()> {
    let reason = match status {
        200 => "OK",
        403 => "Forbidden",
        404 => "Not Found",
        503 => "Service Unavailable",
        _ => "Bad Request",
    };
    to.write_all(format!("HTTP/1.1 {status} {reason}\r\n\r\n").as_bytes())
}

/// Reads the answer to a CONNECT. Every status but 200 is an error.
pub fn read_status(from: &mut impl Read) -> Result<(), Error> {
    let head = read_head(from)?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .ok_or(Error::Protocol("no status"))?;
    match status {
        200 => Ok(()),
        status => Err(Error::Refused(status)),
    }
}

/// Reads up to the empty line, a byte at a time: the byte after it belongs to the workloads, and
/// must be left for them.
fn read_head(from: &mut impl Read) -> Result<String, Error> {
    let mut head = Vec::with_capacity(256);
    let mut byte = [0];
    while !head.ends_with(HEAD_END) {
        if head.len() == MAX_HEAD {
            return Err(Error::Protocol("the head is too long"));
        }
        from.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    head.truncate(head.len() - HEAD_END.len());
    String::from_utf8(head).map_err(|_| Error::Protocol("the head is no text"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Identity;

    #[test]
    fn what_follows_the_head_is_left() {
        let request = ConnectRequest {
            destination: SocketAddr::from(([10, 0, 0, 5], 80)),
            certificate: Certificate {
                identity: Identity::new("cluster.local", "shop", "web"),
                not_after: 1,
                signature: 2,
            },
        };
        let mut wire = Vec::new();
        request.write(&mut wire).unwrap();
        wire.extend_from_slice(b"hello");
        let mut rest = &wire[..];
        assert_eq!(ConnectRequest::read(&mut rest).unwrap(), request);
        assert_eq!(rest, b"hello");
    }

    #[test]
    fn refusals_carry_their_status() {
        let answer = read_status(&mut &b"HTTP/1.1 403 Forbidden\r\n\r\n"[..]);
        assert!(matches!(answer, Err(Error::Refused(403))));
    }
}
