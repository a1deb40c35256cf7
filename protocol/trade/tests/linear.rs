//! Time grows with the bytes and no faster, whatever they are; memory does not grow with them.
//!
//! Time is told in instructions, counted by valgrind (`cargo xtask test` installs it), so that it is
//! the same on a busy machine. Each shape is judged at three sizes, each twice the one before: what the
//! second doubling costs more is about twice what the first does, and four times where time is square.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use std::process::{Command, Output};

use trade::edi::{Answering, Notice, Numbering, Reading, Stream};

const SHAPE: &str = "ENTENTE_LINEAR_SHAPE";
const SIZE: &str = "ENTENTE_LINEAR_SIZE";

const ISA: &str = "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       *261120*1030*U*00401*000000077*0*T*>~";
const GS: &str = "GS*PO*ACME*NORDWIND*20261120*1030*77*X*004010~";

const SHAPES: &[&str] = &[
    "orders",
    "messages",
    "terminators",
    "released",
    "no terminator",
    "huge element",
    "many elements",
    "deep loops",
    "wrong counts",
    "open sets",
    "headers",
    "strays",
];

/// A file of about so many bytes.
fn file(shape: &str, size: usize) -> Vec<u8> {
    let fill = |head: String, piece: &dyn Fn(usize) -> String| {
        let (mut file, mut count) = (head, 0);
        while file.len() < size {
            count += 1;
            file.push_str(&piece(count));
        }
        file.into_bytes()
    };
    let unb = || "UNB+UNOC:3+A+B+261122:1015+77'".to_owned();
    let open = || format!("{ISA}{GS}ST*850*0001~BEG*00*SA*1**20261120~");
    let levels = |count: usize| format!("HL*{count}*{}*I~", count - 1);
    match shape {
        "orders" => fill(format!("{ISA}{GS}"), &|count| {
            format!(
                "ST*850*{count:06}~BEG*00*SA*{count}**20261120~PO1*1*2*EA*9.5*PE*VP*A1~SE*4*{count:06}~"
            )
        }),
        "messages" => fill(unb(), &|count| {
            format!(
                "UNH+{count}+ORDERS:D:96A:UN'BGM+220+{count}+9'DTM+137:20261120:102'UNS+S'UNT+5+{count}'"
            )
        }),
        "terminators" => fill(open(), &|_| "~".repeat(10) + &"x".repeat(90)),
        "released" => fill(unb(), &|_| "?".repeat(100)),
        "no terminator" => fill(open(), &|_| "x".repeat(100)),
        "huge element" => fill(format!("{}PO1*", open()), &|_| "9".repeat(100)),
        "many elements" => fill(format!("{}PO1", open()), &|_| "*1".repeat(50)),
        "deep loops" => fill(format!("{ISA}{GS}ST*856*0001~"), &levels),
        "wrong counts" => fill(format!("{ISA}{GS}"), &|count| {
            format!(
                "ST*850*{count:06}~BEG*00*SA*1**20261341~SE*9*1~GE*9*9~GS*PO*A*B*20261120*1030*{count}*X*004010~"
            )
        }),
        "open sets" => fill(format!("{ISA}{GS}"), &|count| format!("ST*850*{count:06}~")),
        "headers" => fill(String::new(), &|_| ISA.to_owned()),
        "strays" => {
            fill(format!("{ISA}IEA*0*000000077~"), &|_| "ISA*UNB+stray ".to_owned())
        }
        other => unreachable!("no shape is called {other}"),
    }
}

/// Judges a file in pieces and answers it, as `entente edi` does.
fn work(file: impl Iterator<Item = Vec<u8>>) -> (usize, usize) {
    let numbering = Numbering {
        interchange: 1,
        group: 1,
        set: 1,
        date: "20261122".into(),
        time: "1830".into(),
    };
    let mut answering = Answering::new(Notice::Functional, numbering, None);
    let (mut stream, mut reading) = (Stream::new(None), Reading::default());
    let mut answered = 0;
    for piece in file.map(Some).chain([None]) {
        if let Some(piece) = piece {
            stream.push(&piece);
            reading.push(&piece);
        } else {
            stream.end();
            reading.end();
        }
        while stream.found().is_some() {}
        while let Ok(Some(part)) = reading.part() {
            answered += answering.part(&part).map_or(0, |answer| answer.len());
        }
    }
    (stream.sum().errors, answered)
}

#[test]
#[ignore = "the child of the other tests: they run it with a shape and a size"]
fn child() {
    let size: usize = std::env::var(SIZE).unwrap().parse().unwrap();
    let shape = std::env::var(SHAPE).unwrap();
    if shape == "stream" {
        // The file is made as it is read, so that it is never held.
        let head = std::iter::once(format!("{ISA}{GS}").into_bytes());
        let set = |count: usize| {
            format!("ST*850*{count:06}~BEG*00*SA*{count}**20261120~PO1*1*2*EA*9.5*PE*VP*A1~PID*F****{}~SE*5*{count:06}~", "goods ".repeat(12)).into_bytes()
        };
        println!("{:?}", work(head.chain((1..=size).map(set))));
    } else {
        println!("{:?}", work(std::iter::once(file(&shape, size))));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap());
}

/// The child's output; under valgrind where `program` says so.
fn run(program: Option<&str>, shape: &str, size: usize) -> Output {
    let own = std::env::current_exe().unwrap();
    let mut command = program.map_or_else(|| Command::new(&own), Command::new);
    if program.is_some() {
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&own);
    }
    command.args(["--exact", "child", "--ignored", "--nocapture", "--test-threads=1"]);
    let output = command.env(SHAPE, shape).env(SIZE, size.to_string()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{shape} of {size}: {told}");
    output
}

/// How many instructions a shape takes at a size.
fn instructions(shape: &str, size: usize) -> i64 {
    let output = run(Some("valgrind"), shape, size);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let count = told
        .lines()
        .find_map(|line| line.split("Collected : ").nth(1)?.trim().parse().ok());
    assert!(count.is_some(), "valgrind tells no count: {told}");
    count.unwrap_or_default()
}

#[test]
fn twice_the_bytes_take_twice_the_instructions() {
    double(&SHAPES[..6]);
}

#[test]
fn twice_the_faults_take_twice_the_instructions() {
    double(&SHAPES[6..]);
}

#[expect(clippy::print_stdout, reason = "what was measured is told")]
fn double(shapes: &[&str]) {
    if Command::new("valgrind").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI is set and valgrind is missing");
        println!("left out: valgrind is missing; `cargo xtask tools` installs it");
        return;
    }
    for shape in shapes {
        let [one, two, four] =
            [5_000, 10_000, 20_000].map(|size| instructions(shape, size));
        let (first, second) = (two - one, four - two);
        println!("{shape}: {} instructions a byte", second / 10_000);
        // A fixed part is noise: what is allocated the first time, tables that are read.
        assert!(second < first * 3 + 1_000_000, "{shape}: {one}, {two}, {four}");
    }
}

/// The most memory that answering so many sets took, in kilobytes.
#[cfg(target_os = "linux")]
fn memory(sets: usize) -> i64 {
    let output = run(None, "stream", sets);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = told.lines().find_map(|line| line.split("VmHWM:").nth(1)).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn memory_grows_by_a_line_of_the_answer_for_each_set() {
    let (few, many) = (memory(2_000), memory(22_000));
    // 20,000 sets of 180 bytes came in besides; the answer has 25 bytes of each, held twice at its end.
    let grown = (many - few) * 1024 / 20_000;
    assert!(grown < 100, "{grown} bytes a set: {few} and {many} kB");
}
