//! What holds for all bytes.

use mime::{Multipart, TransferEncoding, Value, canonical, decode, entity, parts};
use proptest::prelude::*;

proptest! {
    #[test]
    fn property_no_bytes_make_a_reader_panic(bytes: Vec<u8>, text: String) {
        let value = Value::read(&text);
        let _read = (value.param("boundary"), mime::safe_file_name(&text));
        let _read = entity(&bytes).map(|it| it.fields.content_type());
        let _read = parts(&bytes, &Value::read("multipart/x; boundary=a"));
        for by in [TransferEncoding::Base64, TransferEncoding::QuotedPrintable] {
            let _read = decode(&bytes, by);
        }
    }

    #[test]
    fn property_what_is_written_is_read_again(
        raw in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..8)
    ) {
        let slices: Vec<&[u8]> = raw.iter().map(Vec::as_slice).collect();
        let kind = "multipart/mixed";
        let written = Multipart { kind, boundary: "=_2718281828", parts: &slices };
        let content = written.content();
        let read = parts(&content, &Value::read(&written.content_type())).unwrap();
        prop_assert_eq!(read, slices);
    }

    #[test]
    fn property_the_canonical_form_is_its_own(bytes: Vec<u8>) {
        let once = canonical(&bytes).into_owned();
        prop_assert_eq!(&*canonical(&once), &*once);
    }

    #[test]
    fn property_a_safe_name_is_safe(name: String) {
        if let Some(safe) = mime::safe_file_name(&name) {
            prop_assert!(!safe.contains(['/', '\\', '\0', '"', '\n']));
            prop_assert!(!safe.starts_with('.'));
        }
    }
}
