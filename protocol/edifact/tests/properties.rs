//! What holds for every input.

use edifact::{Flaw, check, read};
use proptest::prelude::{Just, Strategy, any, proptest};
use proptest::{collection::vec, prop_assert, prop_assert_eq, prop_oneof, sample::Index};

const SAMPLE: &str = "UNA:+.? 'UNB+UNOC:3+5412345000013:14+4012345500004:14+261122:1015+77'UNH+1+ORDERS:D:96A:UN'BGM+220+PO-900+9'DTM+137:20261122:102'FTX+AAI+++Gate 5?: ask?''NAD+BY+5412345000013::9'CUX+2:EUR:9'LIN+1++4000862141404:EN'QTY+21:100:PCE'PRI+AAA:12.5'UNS+S'CNT+2:1'UNT+12+1'UNH+2+ORDERS:D:96A:UN'BGM+220+PO-901+9'DTM+137:20261122:102'UNS+S'UNT+5+2'UNZ+2+77'";

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let byte =
        prop_oneof![any::<u8>(), proptest::sample::select(b"+:'?*\r\nUN0 -.".to_vec())];
    let step = (any::<Index>(), 0..4_u8, byte);
    (Just(SAMPLE.as_bytes().to_vec()), vec(step, 0..12)).prop_map(|(mut bytes, steps)| {
        for (place, kind, byte) in steps {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(tail in any::<Vec<u8>>()) {
        edifact::reads_anything(&tail);
        edifact::reads_anything(&[b"UNA:+.? 'UNB+".as_slice(), &tail].concat());
        edifact::reads_anything(&[&SAMPLE.as_bytes()[..95], &tail].concat());
    }

    #[test]
    fn a_damaged_file_is_read_and_written_back_byte_by_byte(bytes in mutated()) {
        edifact::reads_anything(&bytes);
        if let Ok(all) = read(&bytes) {
            let written: Vec<u8> = all.iter().flat_map(edifact::Interchange::write).collect();
            prop_assert_eq!(written, bytes);
        }
    }

    #[test]
    fn every_fault_points_at_what_it_names(bytes in mutated()) {
        let Ok(all) = read(&bytes) else { return Ok(()) };
        for interchange in &all {
            for broken in check(interchange).all() {
                let end = broken.place.at + broken.place.length;
                prop_assert!(end <= bytes.len(), "{broken:?}");
                if !matches!(broken.flaw, Flaw::SegmentMissing { .. }) {
                    let raw = &bytes[broken.place.at..end];
                    prop_assert_eq!(&broken.value, &segments::escape(raw), "{:?}", broken);
                }
            }
        }
    }
}
