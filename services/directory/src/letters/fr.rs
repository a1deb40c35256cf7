//! French.

use gate::Role;

use super::Words;

const IGNORE: &str =
    "Si vous n'attendiez pas ce message, ne faites rien : le lien expire après 14 jours.";

pub(super) fn proposal(organisation: &str) -> Words {
    Words {
        subject: format!("{organisation} vous propose un partenariat"),
        lead: format!(
            "{organisation} souhaite vendre avec vous dans Entente. Tant que vous ne partagez rien, chacun voit seulement que vous êtes partenaires."
        ),
        wrote: "Leur message :",
        act: "Voir la proposition et répondre",
        foot: "La proposition expire après 14 jours.",
    }
}

pub(super) fn partner(organisation: &str, domain: &str) -> Words {
    Words {
        subject: format!("{organisation} vous invite à vendre ensemble"),
        lead: format!(
            "{organisation} souhaite vendre avec {domain} dans Entente. Par le lien, vous créez le côté de votre entreprise, qui reste le vôtre, et vous acceptez. Tant que vous ne partagez rien, chacun voit seulement que vous êtes partenaires."
        ),
        wrote: "Leur message :",
        act: "Créer votre côté et accepter",
        foot: IGNORE,
    }
}

pub(super) fn member(organisation: &str, role: &str) -> Words {
    Words {
        subject: format!("{organisation} vous invite dans Entente"),
        lead: format!(
            "{organisation} vous invite à travailler dans Entente, comme {role}."
        ),
        wrote: "Leur message :",
        act: "Accepter l'invitation",
        foot: IGNORE,
    }
}

pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => "propriétaire",
        Role::Admin => "administrateur",
        Role::ChannelManager => "responsable des partenaires",
        Role::Seller => "commercial",
        Role::Marketer => "chargé de marketing",
        Role::Buyer => "acheteur",
        Role::Support => "assistance",
        Role::EdiOperator => "opérateur EDI",
        Role::Finance => "finance",
        Role::Viewer => "lecteur",
    }
}
