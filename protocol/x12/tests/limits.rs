//! Files that are mostly noise take no more room than they are worth.

use x12::{Answer, Flaw, check, read};

const ISA: &str = "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       *261120*1030*U*00401*000000077*0*T*>~";
const GOOD: &str = "GS*PO*ACME*NORDWIND*20261120*1030*77*X*004010~ST*850*0001~BEG*00*SA*1**20261120~PO1*1*2*EA*9.5*PE*VP*A1~SE*4*0001~GE*1*77~IEA*1*000000077~";

#[test]
fn a_file_of_headers_keeps_a_thousand_and_counts_the_rest() {
    let file = [ISA.repeat(5000).as_str(), ISA, GOOD, &ISA.repeat(500)].concat();

    let all = read(file.as_bytes()).unwrap();

    // A thousand headers without an end, and the good interchange among the others.
    assert_eq!(all.len(), 1001);
    let (last, broken) = (&all[1000], &all[999]);
    assert_eq!(check(last).answer, Answer::Accepted);
    assert_eq!(last.sets().count(), 1);
    assert!(matches!(broken.faults.list[0].flaw, Flaw::TrailerMissing(_)));
    assert_eq!(broken.faults.list.len() + broken.faults.left_out, 4501);
    assert_eq!(broken.faults.list.len(), 1000);
    // The faults tell where the headers are that were not kept.
    assert_eq!(broken.faults.list[1].place.at, ISA.len() * 1001);
    let bytes: Vec<u8> = all.iter().flat_map(|one| one.bytes.to_vec()).collect();
    assert_eq!(bytes, file.as_bytes());
    let written: Vec<u8> = all.iter().flat_map(x12::Interchange::write).collect();
    assert_eq!(written, file.as_bytes());
}
