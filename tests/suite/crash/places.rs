//! Every place that the code names is one at which a test lets the process die; and a test that
//! names a place waits until the process has died there.

use std::{collections::BTreeSet, fs, path::Path};

fn sources(folder: &Path, all: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("ui") {
            sources(&path, all);
        } else if path.extension().is_some_and(|it| it == "rs") {
            all.push(fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn a_test_dies_at_every_place_that_the_code_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut code, mut tests) = (Vec::new(), Vec::new());
    sources(&root.join("../services"), &mut code);
    let own = file!().rsplit('/').next().unwrap();
    for file in ["suite/crash", "suite/calls.rs"].map(|it| root.join(it)) {
        let inside = fs::read_dir(&file).map(|it| it.flatten().map(|it| it.path()));
        let files = inside.map_or_else(|_| vec![file], Iterator::collect);
        let files = files.iter().filter(|it| it.file_name() != Some(own.as_ref()));
        tests.extend(files.map(|it| fs::read_to_string(it).unwrap()));
    }
    let named = |text: &String| -> Vec<String> {
        let calls = text.split("brink(\"").skip(1);
        calls.filter_map(|it| it.split('"').next()).map(str::to_owned).collect()
    };
    let places: BTreeSet<String> = code.iter().flat_map(named).collect();
    assert!(places.len() > 40, "else little was read: {places:?}");
    let dies =
        |place: &String| tests.iter().any(|it| it.contains(&format!("\"{place}\"")));
    let untried: Vec<_> = places.iter().filter(|it| !dies(it)).collect();
    assert_eq!(untried, Vec::<&String>::new(), "let a process die there");
}
