//! Compressed data.

use std::io::{Read as _, Write as _};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};

use super::{open, wrap};
use crate::{
    Broken,
    asn1::{INTEGER, OCTETS, oid, sequence, value},
    oids,
};

/// Compresses.
///
/// # Errors
/// [`Broken::Crypto`], never in fact: memory does not refuse a write.
pub fn compress(bytes: &[u8]) -> Result<Vec<u8>, Broken> {
    let never = |_never| Broken::Crypto("compressing");
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).map_err(never)?;
    let packed = encoder.finish().map_err(never)?;
    let content = sequence(&[&oid(oids::DATA), &value(0xa0, &value(OCTETS, &packed))]);
    let algorithm = sequence(&[&oid(oids::ZLIB)]);
    let body = sequence(&[&value(INTEGER, &[0]), &algorithm, &content]);
    Ok(wrap(oids::COMPRESSED_DATA, &body))
}

/// Undoes it, up to a size: a kilobyte may claim to be a gigabyte.
///
/// # Errors
/// [`Broken::Incompressible`] for damaged content and for more than `limit_bytes`.
pub fn decompress(bytes: &[u8], limit_bytes: usize) -> Result<Vec<u8>, Broken> {
    let (kind, body) = open(bytes)?;
    if kind != oids::COMPRESSED_DATA {
        return Err(Broken::Unsupported("no compressed data"));
    }
    let mut inside = body.inside();
    inside.expect(INTEGER)?;
    if inside.sequence()?.oid()? != oids::ZLIB {
        return Err(Broken::Unsupported("a compression"));
    }
    let mut content = inside.sequence()?;
    content.oid()?;
    let packed = content.expect(0xa0)?.inside().any()?.octets()?;
    let most = u64::try_from(limit_bytes).unwrap_or(u64::MAX).saturating_add(1);
    let mut out = Vec::new();
    ZlibDecoder::new(&*packed)
        .take(most)
        .read_to_end(&mut out)
        .map_err(|_damaged| Broken::Incompressible("is damaged"))?;
    if out.len() > limit_bytes {
        return Err(Broken::Incompressible("is larger than is allowed here"));
    }
    Ok(out)
}
