//! Readers that are not ours, each for half a second of CPU time.

use std::{env, fs, hint::black_box};

use edifact_parser::{EdifactHandler, EdifactStreamParser};
use x12_stream_parser::{Delimiters, Parser};

fn cpu() -> u64 {
    let told =
        fs::read_to_string("/proc/self/schedstat").expect("Linux tells the CPU time");
    told.split(' ').next().and_then(|first| first.parse().ok()).expect("a number")
}

struct Silent;

impl EdifactHandler for Silent {}

fn once(what: &str, file: &[u8]) -> usize {
    match what {
        "memchr" => {
            memchr::memchr_iter(if file.starts_with(b"ISA") { b'~' } else { b'\'' }, file)
                .count()
        }
        "memchr2" => {
            let mut sum = 0_usize;
            for place in memchr::memchr2_iter(b'~', b'*', file) {
                sum = sum.wrapping_add(black_box(place));
            }
            sum
        }
        "x12-stream-parser" => {
            let parser = Parser::new(file, Delimiters::new(b'~', b'*', b'>'));
            parser
                .map(|segment| segment.map_or(0, |segment| segment.elements().count()))
                .sum()
        }
        "edifact-parser" => {
            EdifactStreamParser::parse(file, &mut Silent).expect("EDIFACT");
            0
        }
        "edifact-rs" => edifact_rs::from_bytes(file)
            .map(|segment| segment.expect("EDIFACT").elements.len())
            .sum(),
        other => panic!("nothing is called {other}"),
    }
}

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let [what, file] = words.as_slice() else { panic!("what, and a file") };
    let file = fs::read(file).expect("a file");
    let (mut rounds, mut counted, start) = (0_u64, 0, cpu());
    while rounds == 0 || cpu() - start < 500_000_000 {
        counted = black_box(once(what, black_box(&file)));
        rounds += 1;
    }
    println!("{}\t{}\t{counted}", file.len() as u64 * rounds, cpu() - start);
}
