//! The seller's own system sends what follows an order: as its people would in the browser.

mod asking;
mod crediting;
mod elsewhere;

use elsewhere::*;
use serde_json::{Value, json};

use super::{
    fulfilment::state,
    stage::{Order, Stage, interchange},
    states,
};

scenes! {
    a_sellers_own_system_answers_ships_and_invoices
    what_does_not_fit_an_order_waits_with_its_reason
    only_the_seller_itself_speaks_for_it
    a_seller_speaks_edifact_to_a_buyer_who_speaks_x12
    a_buyer_who_is_not_here_is_sent_what_the_sellers_system_says
    a_change_is_answered_by_the_sellers_system
}

/// A set of X12 from Vega's own system to Dorn.
fn from_vega(control: u32, code: &str, kind: &str, segments: &[&str]) -> String {
    let count = segments.len() + 2;
    let body = segments.join("~\n");
    let set = format!("ST*{kind}*0001~\n{body}~\nSE*{count}*0001~\n");
    interchange("VEGA", "DORN", control, code, &[set])
}

fn answer(control: u32, lines: &[&str]) -> String {
    let head = ["BAK*00*AC*4711*20261120****S-9*20261122"];
    from_vega(control, "PR", "855", &[&head[..], lines].concat())
}

fn advice(control: u32, number: &str, lines: &[(&str, &str, &str)]) -> String {
    let head = format!("BSN*00*{number}*20261124*0800*0004");
    let mut segments = vec![
        head,
        "HL*1**S".into(),
        "TD5*****DHL Freight".into(),
        "REF*CN*JD014600003".into(),
        "DTM*011*20261124".into(),
        "HL*2*1*O".into(),
        "PRF*4711***20261120".into(),
        "HL*3*2*P".into(),
        "MAN*GM*00376104250021234569".into(),
    ];
    for (at, (line, product, quantity)) in (4..).zip(lines) {
        segments.push(format!("HL*{at}*3*I"));
        segments.push(format!("LIN*{line}*VP*{product}"));
        segments.push(format!("SN1*{line}*{quantity}*EA"));
    }
    segments.push(format!("CTT*{}", lines.len() + 3));
    let all: Vec<_> = segments.iter().map(String::as_str).collect();
    from_vega(control, "SH", "856", &all)
}

/// 3 × 4.15 + 10 × 0.125 + 4.90 freight = 18.60; 19 % of it is 3.534.
fn bill(control: u32, number: &str, total: &str) -> String {
    from_vega(
        control,
        "IN",
        "810",
        &[
            &format!("BIG*20261125*{number}*20261120*4711"),
            "CUR*SE*EUR",
            "ITD*05*3*****30*****30 days net",
            "IT1*1*3*EA*4.15**VP*A-1",
            "IT1*2*10*EA*0.125**VP*A-2",
            &format!("TDS*{total}"),
            "TXI*VA*3.53*19*****18.6",
            "SAC*C*D240***490",
            "CTT*2",
        ],
    )
}

async fn ordered(stage: &Stage, paper: String) -> String {
    let items = stage.send(stage.buyer, paper).await;
    let order = items[0]["order"]["id"].as_str().unwrap_or_else(|| panic!("{items:#?}"));
    format!("/orders/{order}")
}

async fn kinds(stage: &Stage, who: gate::Caller, order: &str) -> Vec<String> {
    let one = stage.get(who, order).await.expect(200);
    let papers = one["documents"].as_array().unwrap().iter();
    let told = papers.map(|it| {
        let word = |key: &str| it[key].as_str().unwrap().to_owned();
        format!("{} {} {}", word("direction"), word("kind"), word("state"))
    });
    told.collect()
}

fn why(items: &[Value]) -> String {
    assert_eq!(states(items), ["quarantined"], "{items:#?}");
    items[0]["faults"].to_string()
}

pub(super) async fn a_sellers_own_system_answers_ships_and_invoices(stage: Stage) {
    let deal = stage.deal("Hall 4", "Somebody").await;
    let named = Order { reference: Some("hall 4"), ..Order::default() };
    let order = ordered(&stage, named.alone(1)).await;

    // Line 1 with another quantity and day, line 2 as it was ordered.
    let said = answer(
        1,
        &[
            "PO1*1*3*EA*4.15**VP*A-1",
            "ACK*IQ*2*EA*067*20261224",
            "PO1*2*10*EA*0.125**VP*A-2",
            "ACK*IA*10*EA",
        ],
    );
    let items = stage.send(stage.vendor, said.clone()).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    assert_eq!(
        (&items[0]["kind"], &items[0]["direction"]),
        (&json!("855"), &json!("out"))
    );
    assert_eq!(items[0]["acknowledged_by"][0]["kind"], "997");
    let one = stage.get(stage.buyer, &order).await.expect(200);
    assert_eq!(one["state"], "accepted_with_change");
    assert_eq!(
        one["lines"][0]["answer"],
        json!({ "decision": "change", "quantity": "2", "requested_on": "2026-12-24" })
    );
    assert_eq!(one["lines"][1]["answer"]["decision"], "accept");

    // In two parts; the second is sent once more under a number of its own, and changes nothing.
    let first = advice(2, "SHP-1", &[("1", "A-1", "2"), ("2", "A-2", "4")]);
    let items = stage.send(stage.vendor, first).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    assert_eq!(state(&stage, stage.buyer, &order).await, "part_shipped");
    let rest = [("2", "A-2", "6")];
    stage.send(stage.vendor, advice(3, "SHP-2", &rest)).await;
    let again = stage.send(stage.vendor, advice(4, "SHP-2", &rest)).await;
    assert_eq!(states(&again), ["applied"], "{again:#?}");
    assert_eq!(state(&stage, stage.buyer, &order).await, "shipped");
    assert_eq!(stage.count("select count(*) from shipment").await, 2);
    let one = stage.get(stage.buyer, &order).await.expect(200);
    let sent = &one["fulfilment"]["shipments"][0];
    assert_eq!(
        (&sent["number"], &sent["carrier"]),
        (&json!("SHP-1"), &json!("DHL Freight"))
    );
    assert_eq!(sent["tracking"], "JD014600003");
    let path = format!("/shipments/{}", sent["id"].as_str().unwrap());
    let view = stage.get(stage.buyer, &path).await.expect(200);
    assert_eq!(view["contents"][0]["sscc"], "376104250021234569");
    let bytes = stage.get(stage.buyer, &format!("{path}/document")).await.bytes;
    assert_eq!(store::Sha256::of(&bytes).to_string(), view["sha256"].as_str().unwrap());

    // 2 × 4.15 + 10 × 0.125 + 4.90 = 14.45; 19 % is 2.7455.
    let bill = bill(5, "R-77", "1720")
        .replace("IT1*1*3", "IT1*1*2")
        .replace("3.53*19*****18.6", "2.75*19*****14.45");
    let items = stage.send(stage.vendor, bill).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let bills = stage.get(stage.buyer, "/invoices?side=buyer").await.expect(200);
    let one = &bills["items"][0];
    assert_eq!((&one["number"], &one["total_minor"]), (&json!("R-77"), &json!(1720)));
    assert_eq!(one["due_on"], "2026-12-25");
    let path = format!("/invoices/{}/answer", one["id"].as_str().unwrap());
    let approve = json!({ "answer": "approve", "revision": 1 });
    stage.post(stage.buyer, &path, approve).await.expect(200);
    assert_eq!(state(&stage, stage.vendor, &order).await, "closed");

    // The buyer holds what came, and what goes out to its own system; the deal's room tells of all.
    let theirs = kinds(&stage, stage.buyer, &order).await;
    assert_eq!(
        theirs.iter().filter(|it| *it == "in 855 applied").count(),
        1,
        "{theirs:?}"
    );
    assert!(theirs.contains(&"in 855 built".to_owned()), "{theirs:?}");
    assert!(theirs.contains(&"in 810 built".to_owned()), "{theirs:?}");
    let room = stage.room(deal).await;
    let papers =
        room.iter().filter(|(kind, it)| kind == "edi" && it["state"] == "applied");
    let papers: Vec<_> = papers.map(|(_, it)| it["kind"].clone()).collect();
    assert_eq!(papers, ["855", "856", "856", "856", "810"]);
    assert!(room.iter().any(|(_, it)| it["shipment"]["number"] == "SHP-1"));
    assert!(room.iter().any(|(_, it)| it["invoice"]["number"] == "R-77"));
    stage.get(stage.rival, &order).await.expect(404);
    let none = json!({ "items": [], "next": null });
    assert_eq!(stage.get(stage.rival, "/edi/interchanges").await.expect(200), none);
    for (kind, count) in
        [("order_answered", 1), ("order_shipped", 2), ("invoice_received", 1)]
    {
        let sql = format!("select count(*) from notification where kind = '{kind}'");
        assert_eq!(stage.count(Box::leak(sql.into())).await, count, "{kind}");
    }
    // The very same interchange is a duplicate.
    let same = stage.send(stage.vendor, said).await;
    assert_eq!(states(&same), ["duplicate"]);
}

pub(super) async fn what_does_not_fit_an_order_waits_with_its_reason(stage: Stage) {
    let order = ordered(&stage, Order::default().alone(1)).await;
    let lines = ["PO1*1*3*EA*4.15**VP*A-1", "ACK*IA*3*EA"];
    let accepted = "PO1*2*10*EA*0.125**VP*A-2";

    let items = stage.send(stage.vendor, advice(1, "SHP-1", &[("1", "A-1", "1")])).await;
    assert!(why(&items).contains("answer it first"), "{items:#?}");
    let early = items[0]["id"].as_str().unwrap().to_owned();
    let items = stage.send(stage.vendor, answer(2, &lines)).await;
    assert!(why(&items).contains("line 2 has no answer"), "{items:#?}");
    let other = answer(3, &lines).replace("*4711*", "*4712*");
    let items = stage.send(stage.vendor, other).await;
    assert!(why(&items).contains("you have no order 4712 of ZZ:DORN"), "{items:#?}");
    let unknown = [&lines[..], &["PO1*7*1*EA*1**VP*A-7", "ACK*IA*1*EA"]].concat();
    let items = stage.send(stage.vendor, answer(4, &unknown)).await;
    assert!(why(&items).contains("is no line of order 4711"), "{items:#?}");
    let boxes = [&lines[..], &["PO1*2*10*CA*0.125**VP*A-2", "ACK*IA*10*CA"]].concat();
    let items = stage.send(stage.vendor, answer(5, &boxes)).await;
    assert!(why(&items).contains("line 2 counts CS, and the order EA"), "{items:#?}");
    assert_eq!(state(&stage, stage.vendor, &order).await, "received");
    // The buyer hears of none of it: it waits for the seller's people alone.
    assert_eq!(
        kinds(&stage, stage.buyer, &order).await,
        ["out 850 applied", "in 997 built"]
    );
    let path = format!("/edi/interchanges/{early}");
    stage.get(stage.buyer, &path).await.expect(404);
    let told = "select count(*) from notification where kind = 'edi_quarantined'";
    assert!(stage.count(told).await > 0);

    let good = [&lines[..], &[accepted, "ACK*IA*10*EA"]].concat();
    assert_eq!(states(&stage.send(stage.vendor, answer(6, &good)).await), ["applied"]);
    assert_eq!(state(&stage, stage.buyer, &order).await, "accepted");
    let other = [&lines[..], &[accepted, "ACK*IR"]].concat();
    let items = stage.send(stage.vendor, answer(7, &other)).await;
    assert!(why(&items).contains("it is answered once"), "{items:#?}");
    // What waited fits by now, and is judged again by the seller alone.
    let replay = format!("{path}/replay");
    stage.post(stage.buyer, &replay, json!({})).await.expect(404);
    let done = stage.post(stage.vendor, &replay, json!({})).await.expect(202);
    assert_eq!(done["items"][0]["state"], "applied", "{done:#}");
    stage.get(stage.buyer, &path).await.expect(200);

    let much = stage.send(stage.vendor, advice(8, "SHP-2", &[("1", "A-1", "3")])).await;
    assert!(why(&much).contains("line 1: 2 are open"), "{much:#?}");
    let rest = [("1", "A-1", "2"), ("2", "A-2", "10")];
    assert_eq!(
        states(&stage.send(stage.vendor, advice(9, "SHP-2", &rest)).await),
        ["applied"]
    );
    let other = stage.send(stage.vendor, advice(10, "SHP-2", &rest[..1])).await;
    assert!(why(&other).contains("another paper SHP-2"), "{other:#?}");
    let wrong = stage.send(stage.vendor, bill(11, "R-1", "2214")).await;
    assert!(
        why(&wrong).contains(
            "it says it comes to 22.14, and its lines, charges and taxes come to 22.13"
        ),
        "{wrong:#?}"
    );
    let dollars = bill(12, "R-1", "2213").replace("CUR*SE*EUR", "CUR*SE*USD");
    assert!(why(&stage.send(stage.vendor, dollars).await).contains("it is in USD"));
    assert_eq!(stage.count("select count(*) from invoice").await, 0);
    assert_eq!(stage.count("select count(*) from document_holding where media_type = 'application/json'").await, 4);
    let items = stage.send(stage.vendor, bill(13, "R-1", "2213")).await;
    assert_eq!(states(&items), ["applied"], "{items:#?}");
    let twice = bill(14, "R-2", "2213");
    let twice = stage.send(stage.vendor, twice).await;
    assert!(why(&twice).contains("are to be invoiced, and not 3"), "{twice:#?}");
}

/// Nobody answers an order in the seller's name: not its buyer, and no third company.
pub(super) async fn only_the_seller_itself_speaks_for_it(stage: Stage) {
    let order = ordered(&stage, Order::default().alone(1)).await;
    let lines = [
        "PO1*1*3*EA*4.15**VP*A-1",
        "ACK*IA*3*EA",
        "PO1*2*10*EA*0.125**VP*A-2",
        "ACK*IA*10*EA",
    ];

    let forged = stage.send(stage.buyer, answer(1, &lines)).await;
    assert!(why(&forged).contains("is sold by ZZ:VEGA on this hub"), "{forged:#?}");
    let theirs = stage.send(stage.rival, answer(1, &lines)).await;
    assert!(why(&theirs).contains("neither is an EDI id of your"), "{theirs:#?}");
    let own = answer(1, &lines).replace("VEGA ", "RIVAL").replace("*VEGA*", "*RIVAL*");
    let own = stage.send(stage.rival, own).await;
    assert!(why(&own).contains("you have no order 4711"), "{own:#?}");
    let mixed = answer(2, &lines);
    let (head, foot) = mixed.split_once("GE*1").unwrap();
    let inner = Order::default().set();
    let mixed = format!(
        "{head}GE*1*2~\nGS*PO*VEGA*DORN*20261122*1200*3*X*004010~\n{inner}GE*1*3~\nIEA*2{}",
        foot.split_once("IEA*1").unwrap().1
    );
    let mixed = stage.send(stage.vendor, mixed).await;
    assert!(
        why(&mixed).contains("you have no order 4711 with ZZ:VEGA")
            || why(&mixed).contains("is sold by"),
        "{mixed:#?}"
    );
    assert_eq!(state(&stage, stage.buyer, &order).await, "received");

    // The operator's drop folder is trusted with its senders.
    let folder = stage.drop_folder();
    let incoming = folder.folder.join("in");
    std::fs::create_dir_all(&incoming).unwrap();
    std::fs::write(incoming.join("answer.edi"), answer(3, &lines)).unwrap();
    let watch = crate::drop_folder::watch(stage.house.clone(), folder);
    let watch = tokio::spawn(watch);
    for _ in 0..200 {
        if state(&stage, stage.buyer, &order).await == "accepted" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    watch.abort();
    assert_eq!(state(&stage, stage.buyer, &order).await, "accepted");
}
