//! Other readers beside ours, on every sample and on what the tables make: where they differ, a
//! reason is written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Peers;
use crate::make::{Extent, broken, document, every_set};

/// The table of a folder (of the samples, for none), by the reasons of a file and by some readers
/// (all, for none): whether it holds, and what it prints.
pub(crate) fn table(
    peers: &Peers,
    folder: Option<&Path>,
    reasons: &Path,
    reader: Option<&str>,
) -> (bool, String) {
    let mut table = Command::new(&peers.python);
    table.arg(Peers::script("oracles.py")).args([&peers.entente, &peers.edifact_rs]);
    table.arg("--reasons").arg(reasons);
    if let Some(folder) = folder {
        table.arg("--folder").arg(folder);
    }
    if let Some(reader) = reader {
        table.args(["--readers", reader]);
    }
    let ended = table.output().unwrap();
    let told = String::from_utf8(ended.stdout).unwrap();
    (ended.status.success(), told + &String::from_utf8_lossy(&ended.stderr))
}

/// A folder that goes when the test ends.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = format!("entente-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(format!("{name}.edi")), bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[test]
fn where_another_reader_of_a_sample_differs_the_reason_is_written() {
    let Some(peers) = Peers::find() else { return };

    let (holds, told) = table(&peers, None, &Peers::script("reasons.tsv"), None);

    assert!(holds, "{told}");
    assert!(told.contains("\n75 files, of which we take "), "{told}");
}

#[test]
fn a_difference_without_a_reason_and_a_reason_without_a_difference_are_told() {
    let Some(peers) = Peers::find() else { return };
    let reasons = fs::read_to_string(Peers::script("reasons.tsv")).unwrap();
    let is_kept = |line: &&str| !line.starts_with("TA1_mock.edi\tx12-tidy");
    let kept: Vec<&str> = reasons.lines().filter(is_kept).collect();
    let other = kept.join("\n").replace("\tB04 D02\t", "\tB05\t")
        + "\n850_mock_in.edi\tpyx12\tX12Error\tno longer so\n";
    let folder = Folder::new("reasons");
    let path = folder.0.join("reasons.tsv");
    fs::write(&path, other).unwrap();

    let (holds, told) = table(&peers, None, &path, None);

    assert!(!holds, "{told}");
    assert!(told.contains("no reason: TA1_mock.edi\tx12-tidy"), "{told}");
    assert!(told.contains("another finding: 856_crossdock.edi\tx12-doctor"), "{told}");
    assert!(told.contains("fits no difference: 850_mock_in.edi\tpyx12"), "{told}");
    assert!(told.contains(" differences, 3 to be looked at"), "{told}");
}

#[test]
fn every_set_made_from_our_tables_is_valid_by_other_tables_too() {
    let Some(peers) = Peers::find() else { return };
    let folder = Folder::new("made");
    for (version, release, set) in every_set() {
        for (extent, name) in [(Extent::Full, "full"), (Extent::Minimal, "minimal")] {
            let bytes = document(release, &set, extent).write(&version);
            folder.put(&format!("{set}_{version}_{name}"), &bytes);
        }
    }
    let reasons = Peers::script("reasons-made.tsv");

    let (holds, told) = table(&peers, Some(&folder.0), &reasons, None);

    assert!(holds, "{told}");
    let all = every_set().len() * 2;
    assert!(told.contains(&format!("\n{all} files, of which we take {all};")), "{told}");
}

#[test]
fn bots_finds_every_fault_that_its_grammars_know_of() {
    let Some(peers) = Peers::find() else { return };
    let folder = Folder::new("broken");
    for (version, release, set) in every_set() {
        let full = document(release, &set, Extent::Full);
        for wrong in broken(release, &set, &full) {
            let bytes = wrong.document.write(&version);
            let place = format!("{}{:02}", wrong.segment, wrong.element);
            folder.put(&format!("{set}_{version}_{place}_{}", wrong.rule), &bytes);
        }
    }
    let reasons = Peers::script("reasons-broken.tsv");

    let (holds, told) = table(&peers, Some(&folder.0), &reasons, Some("bots"));

    assert!(holds, "{told}");
    assert!(told.contains(" files, of which we take 0;"), "{told}");
}
