//! The rules of the house.

use axum::http::StatusCode;
use serde_json::Value;

use super::scenes;

scenes! {
    async fn every_statement_fits_the_schema(stage: Stage) {
        for (feature, statements) in crate::STATEMENTS {
            for statement in *statements {
                let prepared = stage.house.db.prepare(*statement).await;
                assert!(prepared.is_ok(), "{feature} {}: {prepared:?}", statement.name);
                let scoped = statement.sqlite.contains("organisation_id");
                assert!(
                    scoped || statement.unscoped.is_some(),
                    "{feature} {} names no organisation", statement.name
                );
            }
        }
    }

    async fn a_stranger_gets_401_everywhere(stage: Stage) {
        for path in ["/accounts", "/deals", "/deals/board", "/search", "/deal-invitations", "/accounts/imports", "/registrations", "/registration-terms", "/registration-vendors", "/leads", "/lead-offers", "/lead-terms", "/mappings", "/populations"] {
            let (status, _) = stage.ask("", ("GET", path), Value::Null).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
}
