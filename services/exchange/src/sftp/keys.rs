//! Keys of ours: the hub's own as a server, and one for each mailbox that we call. Ed25519
//! (RFC 8709), sealed under the hub's secret as the keys of AS2 stations are.

use std::{fmt::Display, sync::Arc};

use aws_lc_rs::rand;
use gate::House;
use kernel::Fault;
use russh::keys::{HashAlg, PrivateKey, PublicKey, ssh_key::private::Ed25519Keypair};

use super::{Refusal, sql};
use crate::stations::seal;

/// Whose the hub's own key is.
const HUB: &str = "sftp host key";
/// The most keys of a mailbox.
const LIMIT_KEYS: usize = 10;

/// A key, sealed for its owner, and its public half as a line of `authorized_keys`.
pub(super) fn make(
    house: &House,
    owner: impl Display,
) -> Result<(String, String), Fault> {
    let mut seed = [0_u8; 32];
    rand::fill(&mut seed).map_err(|_none| {
        Fault::broken("drawing a key", "there is no chance to be had")
    })?;
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&seed));
    let public = key.public_key().to_openssh().map_err(Fault::new("writing a key"))?;
    Ok((seal::seal(&house.settings.secret, owner, &seed)?, public))
}

/// A key, opened.
pub(super) fn open(
    house: &House,
    owner: impl Display,
    sealed: &str,
) -> Result<Arc<PrivateKey>, Fault> {
    let seed = seal::open(&house.settings.secret, owner, sealed)?;
    let seed = <[u8; 32]>::try_from(seed)
        .map_err(|_length| Fault::broken("opening a key", "it has another length"))?;
    Ok(Arc::new(PrivateKey::from(Ed25519Keypair::from_seed(&seed))))
}

/// The hub's own key, made at the first start.
pub(super) async fn of_hub(house: &House) -> Result<Arc<PrivateKey>, Fault> {
    let mut conn = house.db.read().await?;
    let found = sql::host_key(&mut conn).await?;
    drop(conn);
    if let Some((sealed, _)) = found {
        return open(house, HUB, &sealed);
    }
    let made = make(house, HUB)?;
    let mut tx = house.db.write().await?;
    // Another node may be faster: its key is everybody's then.
    sql::set_host_key(&mut tx, made, house.clock.now()).await?;
    let kept = sql::host_key(&mut tx).await?;
    tx.commit().await?;
    let (sealed, _) =
        kept.ok_or_else(|| Fault::broken("keeping the host key", "it is not there"))?;
    open(house, HUB, &sealed)
}

/// `SHA256:…`, as OpenSSH tells keys apart.
pub(super) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// The public keys of a partner, one a line as in `authorized_keys`.
///
/// # Errors
/// [`Refusal::Value`] for what is no key, or a weak one.
pub(super) fn read(lines: &[String]) -> Result<Vec<PublicKey>, Refusal> {
    let refused = |why: String| Refusal::Value { field: "keys", why };
    let mut keys = Vec::new();
    for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
        let key = PublicKey::from_openssh(line).map_err(|why| {
            let start: String = line.chars().take(30).collect();
            refused(format!(
                "`{start}…` is no public key ({why}); write a line such as `ssh-ed25519 AAAA…`"
            ))
        })?;
        if key.algorithm().is_rsa() && rsa_bits(&key) < 2048 {
            return Err(refused("an RSA key needs 2,048 bits or more".to_owned()));
        }
        keys.push(key);
    }
    if keys.len() > LIMIT_KEYS {
        return Err(refused(format!("a mailbox has at most {LIMIT_KEYS} keys")));
    }
    Ok(keys)
}

fn rsa_bits(key: &PublicKey) -> usize {
    let bytes = key.key_data().rsa().and_then(|it| it.n().as_positive_bytes());
    bytes.map_or(0, |bytes| bytes.len() * 8)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn only_public_keys_of_some_strength_are_taken() {
        let good = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJTYkQHj9ZlxxwPWoyPN7FCyh19wlLVmZJmXwkXsq9aR p@q";
        assert_eq!(read(&[good.to_owned(), String::new()]).unwrap().len(), 1);

        let told = read(&["-----BEGIN OPENSSH PRIVATE KEY-----".to_owned()]).unwrap_err();
        assert!(told.to_string().contains("is no public key"), "{told}");
        assert!(read(&vec![good.to_owned(); 11]).is_err());
    }
}
