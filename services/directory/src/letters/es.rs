//! Spanish.

use gate::Role;

use super::Words;

const IGNORE: &str =
    "Si no esperaba este mensaje, no haga nada: el enlace caduca a los 14 días.";

pub(super) fn proposal(organisation: &str) -> Words {
    Words {
        subject: format!("{organisation} le propone una alianza"),
        lead: format!(
            "{organisation} quiere vender con ustedes en Entente. Mientras no compartan nada, cada parte solo ve que son socios."
        ),
        wrote: "Su mensaje:",
        act: "Ver la propuesta y responder",
        foot: "La propuesta caduca a los 14 días.",
    }
}

pub(super) fn partner(organisation: &str, domain: &str) -> Words {
    Words {
        subject: format!("{organisation} le invita a vender en común"),
        lead: format!(
            "{organisation} quiere vender con {domain} en Entente. Con el enlace crea el lado de su empresa, que sigue siendo suyo, y acepta. Mientras no compartan nada, cada parte solo ve que son socios."
        ),
        wrote: "Su mensaje:",
        act: "Crear su lado y aceptar",
        foot: IGNORE,
    }
}

pub(super) fn member(organisation: &str, role: &str) -> Words {
    Words {
        subject: format!("{organisation} le invita a Entente"),
        lead: format!("{organisation} le invita a trabajar en Entente, como {role}."),
        wrote: "Su mensaje:",
        act: "Aceptar la invitación",
        foot: IGNORE,
    }
}

pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => "propietario",
        Role::Admin => "administrador",
        Role::ChannelManager => "responsable de socios",
        Role::Seller => "vendedor",
        Role::Marketer => "marketing",
        Role::Buyer => "comprador",
        Role::Support => "soporte",
        Role::EdiOperator => "operador EDI",
        Role::Finance => "finanzas",
        Role::Viewer => "lector",
    }
}
