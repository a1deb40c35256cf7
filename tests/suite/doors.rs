//! No operation without its lock: a stranger is told to sign in, the wrong role is told no, and
//! another organisation is told that there is no such thing.

use gate::Role;
use suite::on_both_databases;

use crate::{operations, scene::Scene};

/// The doors that are open to strangers. This list only shrinks.
const OPEN: &[&str] = &[
    "POST /api/v1/sign-in",
    "POST /api/v1/invitations/accept",
    "GET /api/v1/invitations/by-token/{token}",
    // The socket takes its token in the first frame; `sockets.rs` knocks there.
    "GET /api/v1/socket",
    // Whoever has a letter may stop more from coming (RFC 8058).
    "GET /api/v1/mail/unsubscribe/{token}",
    "POST /api/v1/mail/unsubscribe/{token}",
];

/// What changes something and is nevertheless for every role: what is one's own.
const FOR_EVERY_ROLE: &[&str] = &[
    "DELETE /api/v1/edi/views/{view}",
    "DELETE /api/v1/me/push/{device}",
    "DELETE /api/v1/sessions/{session}",
    "DELETE /api/v1/tokens/{token}",
    "PATCH /api/v1/me",
    "POST /api/v1/me/push/test",
    "PUT /api/v1/me/push",
    "PUT /api/v1/me/quiet",
    "POST /api/v1/edi/views",
    "POST /api/v1/me/mail/held/{mail}/discard",
    "POST /api/v1/me/mail/held/{mail}/release",
    "POST /api/v1/notifications/read",
    "PATCH /api/v1/rooms/{room}/own",
    "PUT /api/v1/me/mail",
    "PUT /api/v1/rooms/{room}/mail",
    "POST /api/v1/rooms/{room}/reports",
    "POST /api/v1/rooms/{room}/read",
    "POST /api/v1/sign-out",
    "POST /api/v1/switch",
    "POST /api/v1/tokens",
];

/// What reads, but not for every role.
const READ_BY_FEW: &[&str] = &[
    "GET /api/v1/as2/messages",
    "GET /api/v1/as2/messages/{message}/proof",
    "GET /api/v1/as2/partners",
    "GET /api/v1/as2/station",
    "GET /api/v1/audit",
    "GET /api/v1/funds/{fund}/ledger",
    "GET /api/v1/funds/{fund}/ledger/csv",
    "GET /api/v1/deals/{deal}/exports",
    "GET /api/v1/deals/{deal}/exports/{export}/file",
    "GET /api/v1/holds",
    "GET /api/v1/holds/{hold}/files/{file}",
    "GET /api/v1/holds/{hold}/words",
    "GET /api/v1/invitations",
    "GET /api/v1/mappings/{partnership}/overlap/{population}/{their_population}/csv",
    "GET /api/v1/order-partners",
    "GET /api/v1/mail/outbox",
    "GET /api/v1/mail/outbox/{letter}/raw",
    "GET /api/v1/mail/quarantine",
    "GET /api/v1/mail/quarantine/{mail}",
    "GET /api/v1/mail/quarantine/{mail}/raw",
    "GET /api/v1/mail/setup",
    "GET /api/v1/mail/suppressed",
    "GET /api/v1/mailing/files",
    "GET /api/v1/mailing/files/{mail_file}",
    "GET /api/v1/mailing/partners",
    "GET /api/v1/reports",
    "GET /api/v1/sftp/files",
    "GET /api/v1/sftp/mailboxes",
];

on_both_databases! {
    async fn a_stranger_is_told_to_sign_in(hub: Hub) {
        let scene = Scene::play(&hub).await;
        let stranger = hub.stranger();

        for operation in operations::all() {
            let open = OPEN.contains(&operation.name().as_str());
            let answer = operation.ask(&stranger, &operation.path_in(&scene), &scene).await;
            if !open {
                assert_eq!(answer.status, 401, "{}", operation.name());
            }
        }
    }

    async fn the_wrong_role_is_told_no(hub: Hub) {
        let scene = Scene::play(&hub).await;
        let mut wrong = Vec::new();

        for operation in operations::all() {
            let name = operation.name();
            if OPEN.contains(&name.as_str()) || FOR_EVERY_ROLE.contains(&name.as_str()) {
                continue;
            }
            let viewer = hub.person(&scene.vendor, Role::Viewer, &format!("V {}", rand::random::<u64>())).await;
            let answer = operation.ask(&viewer, &operation.path_in(&scene), &scene).await;
            if !operation.reads() || READ_BY_FEW.contains(&name.as_str()) {
                if answer.status != 403 {
                    wrong.push(format!("{name} lets a viewer in: {}", answer.status));
                }
            } else if answer.status == 403 {
                wrong.push(format!("{name} refuses a viewer"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    async fn another_organisation_is_told_that_there_is_no_such_thing(hub: Hub) {
        let scene = Scene::play(&hub).await;
        let (_, carl) = hub.company("Kestrel").await;
        let (mut tried, mut wrong) = (0, Vec::new());

        for operation in operations::all() {
            let name = operation.name();
            if OPEN.contains(&name.as_str()) || operation.parameters().is_empty() || name.contains("{token}") {
                continue;
            }
            tried += 1;
            let path = operation.path_in(&scene);
            let answer = operation.ask(&carl, &path, &scene).await;
            if answer.status != 404 {
                let told = String::from_utf8_lossy(&answer.bytes).into_owned();
                wrong.push(format!("{name}: {} {told}", answer.status));
            }
            // The very same answer as for an id that nobody has.
            let nobodys = swap_ids(&path);
            let absent = operation.ask(&carl, &nobodys, &scene).await;
            if answer.bytes != absent.bytes {
                wrong.push(format!("{name} tells what exists"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(tried > 30, "else nothing was tried");
    }
}

/// The path with every id replaced by one of its kind that nobody has.
fn swap_ids(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.split_once('_') {
        Some((kind, digits)) if digits.len() == 26 => {
            let fresh = kernel::Id::<kernel::Job>::mint().to_string();
            format!("{kind}_{}", fresh.split_once('_').unwrap().1)
        }
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}
