//! `backup` and `restore`: the database and the files, while the hub is in use.

use std::{fs, io, path::Path};

use kernel::Fault;
use store::Dialect;

use super::{Failure, admin, say};
use crate::Config;

/// Copies the database first and the files second: a file is written before the row that
/// names it, so every row of the copy finds its file.
pub(super) async fn backup(config: &Config, folder: &Path) -> Result<(), Failure> {
    fs::create_dir(folder)
        .map_err(Fault::new(format!("making `{}`", folder.display())))?;
    let house = admin::open(config).await?;
    house.db.copy_to(&folder.join("entente.db")).await?;
    copy(house.files.folder(), &folder.join("files"))
        .map_err(Fault::new("copying the files"))?;
    let secret =
        config.secret_file.clone().unwrap_or_else(|| config.data_dir.join("secret"));
    fs::copy(secret, folder.join("secret")).map_err(Fault::new("copying the secret"))?;
    match house.db.dialect() {
        Dialect::Sqlite => say("database, files and secret are copied"),
        Dialect::Postgres => {
            say(
                "files and secret are copied; copy the database with `pg_dump` (begun before this)",
            );
        }
    }
    Ok(())
}

/// Puts a backup into an empty data folder.
pub(super) fn restore(config: &Config, folder: &Path) -> Result<(), Failure> {
    let data = &config.data_dir;
    if data.join("entente.db").exists() || data.join("files").exists() {
        let text = format!(
            "`{}` is in use; name an empty folder as the data folder",
            data.display()
        );
        return Err(Failure::Refused(text));
    }
    copy(folder, data).map_err(Fault::new("putting the backup in place"))?;
    say("the backup is in place; start the hub");
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    if !from.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            // What these hold is in its place besides, or not kept yet.
            if entry.file_name() != "journal" && entry.file_name() != "spool" {
                copy(&entry.path(), &target)?;
            }
            continue;
        }
        match fs::copy(entry.path(), &target) {
            // It was being written, and has its name by now; no row of the copy names it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            copied => drop(copied?),
        }
    }
    Ok(())
}
