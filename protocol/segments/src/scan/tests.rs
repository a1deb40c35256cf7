use super::*;

const X12: Marks = Marks {
    element: b'*',
    component: b'>',
    repetition: None,
    release: None,
    decimal: b'.',
    segment: b'~',
};
const EDIFACT: Marks = Marks {
    element: b'+',
    component: b':',
    repetition: None,
    release: Some(b'?'),
    decimal: b'.',
    segment: b'\'',
};

fn cut(bytes: &[u8], marks: Marks) -> Vec<Vec<String>> {
    let mut scanner = Scanner::new(bytes, 0, marks);
    let mut all = Vec::new();
    while let Some(segment) = scanner.next_segment() {
        let mut one = vec![String::from_utf8_lossy(segment.name()).into_owned()];
        for place in 1..=segment.len() {
            let raw = segment.element(place).unwrap_or_default();
            one.push(String::from_utf8_lossy(raw).into_owned());
        }
        all.push(one);
    }
    all
}

#[test]
fn segments_are_cut_wherever_the_marks_fall_in_a_word() {
    let long = "x".repeat(21);
    let text = format!("ST*850*0001~\r\n  BEG*{long}**~SE*1*0001");

    assert_eq!(
        cut(text.as_bytes(), X12),
        [
            vec!["ST", "850", "0001"],
            vec!["BEG", long.as_str(), "", ""],
            vec!["SE", "1", "0001"],
        ]
    );
}

/// Cuts byte by byte, as the standard tells it: name, elements, filling, whether it ended.
fn plainly(bytes: &[u8], marks: Marks) -> Vec<(Vec<Vec<u8>>, Vec<u8>, bool)> {
    let (mut all, mut at) = (Vec::new(), 0);
    loop {
        let start = opening(bytes, at, marks);
        if start >= bytes.len() {
            return all;
        }
        let filling = bytes[at..start].to_vec();
        let (mut parts, mut ended, mut plain) = (vec![Vec::new()], false, false);
        at = bytes.len();
        for (place, byte) in bytes.iter().enumerate().skip(start) {
            let released = std::mem::take(&mut plain);
            if !released && *byte == marks.element {
                parts.push(Vec::new());
                continue;
            }
            if !released && *byte == marks.segment {
                (at, ended) = (place.wrapping_add(1), true);
                break;
            }
            plain = !released && Some(*byte) == marks.release;
            parts.last_mut().unwrap().push(*byte);
        }
        all.push((parts, filling, ended));
    }
}

proptest::proptest! {
    #[test]
    fn properties_of_blocks_are_those_of_bytes(
        letters in proptest::collection::vec(0..12_usize, 0..400), odd in 0..4_u8,
    ) {
        let marks = match odd {
            0 => X12,
            1 => EDIFACT,
            2 => Marks { segment: b'\n', release: Some(b'\t'), ..EDIFACT },
            _ => Marks { segment: 0xc2, element: 0x85, ..EDIFACT },
        };
        let release = marks.release.unwrap_or(b'R');
        let choice = [
            marks.element, marks.segment, release, release, b'a', b'b', b'c', b' ', b'\n', 0,
            0x85, b'Z',
        ];
        let bytes: Vec<u8> = letters.iter().map(|letter| choice[*letter]).collect();
        let mut scanner = Scanner::new(&bytes, 0, marks);
        let mut index = Index::default();
        let mut all = Vec::new();
        while let Some(segment) = scanner.next_segment() {
            let mut parts = vec![segment.name().to_vec()];
            let elements = (1..=segment.len()).map(|place| segment.element(place));
            parts.extend(elements.map(|raw| raw.unwrap().to_vec()));
            let in_order = segment.elements().map(<[u8]>::to_vec);
            proptest::prop_assert_eq!(in_order.collect::<Vec<_>>(), &parts[1..]);
            all.push((parts, segment.filling().to_vec(), segment.ended()));
            index.push(&segment);
        }
        proptest::prop_assert_eq!(&all, &plainly(&bytes, marks));

        // What is known of the cuts comes to the same, from any segment on.
        let mut live = Scanner::new(&bytes, 0, marks);
        while let Some(first) = live.next_segment() {
            let (from, number) = (first.start(), first.number());
            let mut again = Scanner::within(&bytes, 0, from, marks);
            let mut known = Sheet::new(&bytes, 0).with(&index).segments(from, marks);
            known.renumber(number);
            again.renumber(number);
            loop {
                let (one, other) = (known.next_segment(), again.next_segment());
                proptest::prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
                if one.is_none() {
                    break;
                }
            }
        }
    }
}

#[test]
fn a_release_character_makes_the_next_byte_plain() {
    assert_eq!(
        cut(b"FTX+AAI+a?'b?+c??'UNS+S'", EDIFACT),
        [vec!["FTX", "AAI", "a?'b?+c??"], vec!["UNS", "S"]]
    );
}

#[test]
fn a_part_of_a_file_tells_places_of_the_file() {
    let file = b"BEG*00~\r\nPO1*1*24~CTT*1~";
    let mut scanner = Scanner::within(&file[4..], 4, 7, X12);

    let po1 = scanner.next_segment().unwrap();
    assert_eq!((po1.start(), po1.at(2), po1.end(), po1.after()), (9, 15, 17, 18));
    assert_eq!((po1.text(2).as_ref(), po1.filling()), ("24", b"\r\n".as_slice()));
    assert_eq!((scanner.at(), scanner.peek()), (18, 18));
}

#[test]
fn a_segment_that_the_bytes_break_off_is_lent_and_says_so() {
    let mut scanner = Scanner::new(b"DTM*002*2026", 0, X12);
    assert!(!scanner.next_segment().is_some_and(|segment| segment.ended()));
    assert!(scanner.next_segment().is_none());
}
