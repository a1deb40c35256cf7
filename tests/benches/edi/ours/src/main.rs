//! How fast EDI is read and judged here and elsewhere, in MB (10^6 bytes) per second of CPU time.
//!
//! `ours table` makes the files, builds the peers, runs each as a process of its own and prints one
//! table; `ours WHAT FILE` is one such process; `ours make x12 BYTES` prints such a file.

mod files;
mod table;

use std::{env, fs, hint::black_box, process::ExitCode};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["table"] | [] => table::run(),
        ["make", kind @ ("x12" | "edifact"), bytes] => {
            let bytes = bytes.parse().expect("a number of bytes");
            print!("{}", if *kind == "x12" { files::x12(bytes) } else { files::edifact(bytes) });
            ExitCode::SUCCESS
        }
        [what, file] => {
            let file = fs::read(file).expect("the file is there");
            measure(what, &file);
            ExitCode::SUCCESS
        }
        _ => ExitCode::from(2),
    }
}

/// Does it until half a second of CPU time is spent; prints bytes, nanoseconds and what was counted.
fn measure(what: &str, file: &[u8]) {
    let once = |file: &[u8]| -> usize {
        match what {
            "x12-read" => {
                x12::read(file).expect("X12").iter().map(|one| one.sets().count()).sum()
            }
            "edifact-read" => edifact::read(file)
                .expect("EDIFACT")
                .iter()
                .map(|one| one.sets().count())
                .sum(),
            "x12-write" => {
                x12::read(file).expect("X12").iter().map(|one| one.write().len()).sum()
            }
            "edifact-write" => edifact::read(file)
                .expect("EDIFACT")
                .iter()
                .map(|one| one.write().len())
                .sum(),
            "x12-judge" | "edifact-judge" => judge(file),
            other => panic!("nothing is called {other}"),
        }
    };
    let (mut rounds, mut counted) = (0_u64, 0);
    let start = cpu();
    while rounds == 0 || cpu() - start < 500_000_000 {
        counted = black_box(once(black_box(file)));
        rounds += 1;
    }
    println!("{}\t{}\t{counted}", file.len() as u64 * rounds, cpu() - start);
}

/// As `entente edi validate` does: in pieces of 256 KiB.
fn judge(file: &[u8]) -> usize {
    let mut stream = trade::edi::Stream::new(None);
    for piece in file.chunks(256 << 10) {
        stream.push(piece);
        while stream.found().is_some() {}
    }
    stream.end();
    while stream.found().is_some() {}
    assert_eq!(stream.sum().errors, 0, "the file is valid");
    stream.sum().sets
}

/// The CPU time of this thread, in nanoseconds.
fn cpu() -> u64 {
    let told =
        fs::read_to_string("/proc/self/schedstat").expect("Linux tells the CPU time");
    told.split(' ').next().and_then(|first| first.parse().ok()).expect("a number")
}
