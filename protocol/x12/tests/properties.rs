//! What holds for every input.

use proptest::prelude::{Just, Strategy, any, proptest};
use proptest::{collection::vec, prop_assert, prop_assert_eq, prop_oneof, sample::Index};
use x12::{Flaw, check, read};

const SAMPLE: &str = "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       *261120*1030*U*00401*000000077*1*T*>~\r\nGS*PO*ACME*NORDWIND*20261120*1030*77*X*004010~\r\nST*850*0001~\r\nBEG*00*SA*4500000042**20261120~\r\nREF*CO*Q-1001~\r\nDTM*002*20261201~\r\nN1*BY*Acme*92*ACME~\r\nN3*1 Dock Rd~\r\nN4*Reno*NV*89501*US~\r\nPO1*1*100*EA*12.50**VP*WIDGET-001~\r\nPID*F****Widget, blue~\r\nPO1*2*100*EA*48.00**VP*PANEL-A3~\r\nCTT*2~\r\nSE*12*0001~\r\nST*850*0002~\r\nBEG*00*SA*4500000043**20261120~\r\nPO1*1*1*EA~\r\nCTT*1~\r\nSE*5*0002~\r\nGE*2*77~\r\nIEA*1*000000077~\r\n";

/// The sample with a few bytes changed, left out or put in.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let byte =
        prop_oneof![any::<u8>(), proptest::sample::select(b"*~>^\r\nA0 -.".to_vec()),];
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
        x12::reads_anything(&tail);
        x12::reads_anything(&[b"ISA".as_slice(), &tail].concat());
        x12::reads_anything(&[&SAMPLE.as_bytes()[..106], &tail].concat());
    }

    #[test]
    fn a_damaged_file_is_read_and_written_back_byte_by_byte(bytes in mutated()) {
        x12::reads_anything(&bytes);
        if let Ok(all) = read(&bytes) {
            let written: Vec<u8> = all.iter().flat_map(x12::Interchange::write).collect();
            prop_assert_eq!(written, bytes);
        }
    }

    #[test]
    fn every_fault_points_at_what_it_names(bytes in mutated()) {
        let Ok(all) = read(&bytes) else { return Ok(()) };
        for interchange in &all {
            for broken in check(interchange).all() {
                let place = &broken.place;
                let end = place.at + place.length;
                prop_assert!(end <= bytes.len(), "{broken:?}");
                let raw = &bytes[place.at..end];
                if !matches!(broken.flaw, Flaw::SegmentMissing { .. }) {
                    prop_assert_eq!(&broken.value, &segments::escape(raw), "{:?}", broken);
                }
                if place.element == 0 && place.length > 0 && !place.segment.is_empty() {
                    prop_assert_eq!(&place.segment, &segments::escape(raw));
                }
            }
        }
    }
}
