//! What we write, shown to readers that are not ours: every sample and reading in every release,
//! rich documents of every kind, and our answers to every sample.

use std::fs;
use std::path::Path;

use trade::Kind;
use trade::edi::{Numbering, Target, acknowledge, convert};

use crate::oracles::{Folder, table};
use crate::{Peers, rich};

fn numbering() -> Numbering {
    Numbering {
        interchange: 1,
        group: 1,
        set: 1,
        date: "20261122".into(),
        time: "1830".into(),
    }
}

/// Every release that there are tables of, with a word for file names.
fn targets() -> Vec<(String, Target)> {
    let all = Target::names().into_iter().filter(|name| name != "json");
    all.map(|name| (name.replace([':', '.'], ""), name.parse().unwrap())).collect()
}

/// Puts what a file becomes in every release; how many.
fn put_all(folder: &Folder, name: &str, file: &[u8]) -> usize {
    let mut count = 0;
    for (word, target) in targets() {
        let conversion = convert(file, target, &numbering());
        for one in conversion.map(|all| all.documents).unwrap_or_default() {
            count += 1;
            folder.put(&format!("{name}_{word}_{count}"), &one.bytes);
        }
    }
    count
}

#[test]
fn what_we_write_is_valid_to_other_readers() {
    let Some(peers) = Peers::find() else { return };
    let folder = Folder::new("written");
    let mut count = 0;
    for place in ["samples", "readings"] {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(place);
        for entry in fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "edi") {
                continue;
            }
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let file = fs::read(&path).unwrap();
            count += put_all(&folder, &name, &file);
            let answers = acknowledge(&file, &numbering()).unwrap_or_default();
            for (place, answer) in answers.iter().enumerate() {
                count += 1;
                folder.put(&format!("answer_to_{name}_{place}"), answer);
            }
        }
    }
    for kind in Kind::ALL {
        for seed in 0..3 {
            let document = rich::Draw::new(seed).document(kind);
            let json = serde_json::to_vec(&document).unwrap();
            let name = format!("rich_{}_{seed}", serde_json::to_value(kind).unwrap());
            count += put_all(&folder, &name.replace('"', ""), &json);
        }
    }
    let reasons = Peers::script("reasons-written.tsv");

    let (holds, told) = table(&peers, Some(&folder.0), &reasons, None);

    assert!(holds, "{told}");
    assert!(count > 250, "{count}");
    let sum = format!("\n{count} files, of which we take {count};");
    assert!(told.contains(&sum), "{told}");
}
