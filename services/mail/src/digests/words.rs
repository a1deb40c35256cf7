//! What letters to members say, in each language.

use directory::Locale;
use sharing::RoomKind;

/// How a letter stands in the outbox, which others read: it names no room.
pub(super) const fn outbox(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "What you have not read",
        Locale::Fr => "Ce que vous n’avez pas lu",
        Locale::Es => "Lo que no ha leído",
    }
}

/// The subject of a letter of several rooms.
pub(super) fn several(locale: Locale, rooms: usize, messages: usize) -> String {
    match locale {
        Locale::En => format!("{messages} new messages in {rooms} conversations"),
        Locale::Fr => format!("{messages} nouveaux messages dans {rooms} conversations"),
        Locale::Es => format!("{messages} mensajes nuevos en {rooms} conversaciones"),
    }
}

/// What a room is called that has no title for its reader.
pub(super) const fn untitled(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "A conversation",
        Locale::Fr => "Une conversation",
        Locale::Es => "Una conversación",
    }
}

/// What kind of room it is, where that has to be said.
pub(super) fn kind(locale: Locale, kind: RoomKind, organisation: &str) -> Option<String> {
    match (kind, locale) {
        (RoomKind::Internal, Locale::En) => Some(format!(
            "Internal note: only {organisation} reads it, and an answer stays a note."
        )),
        (RoomKind::Internal, Locale::Fr) => Some(format!(
            "Note interne : seul {organisation} la lit, et une réponse reste une note."
        )),
        (RoomKind::Internal, Locale::Es) => Some(format!(
            "Nota interna: solo la lee {organisation}, y una respuesta sigue siendo una nota."
        )),
        (RoomKind::Direct, Locale::En) => Some("Between the two of you".to_owned()),
        (RoomKind::Direct, Locale::Fr) => Some("Entre vous deux".to_owned()),
        (RoomKind::Direct, Locale::Es) => Some("Entre ustedes dos".to_owned()),
        (RoomKind::Main | RoomKind::Topic, _) => None,
    }
}

/// How many messages are not told.
pub(super) fn more(locale: Locale, count: usize) -> String {
    match locale {
        Locale::En => format!("… and {count} more in the app"),
        Locale::Fr => format!("… et {count} de plus dans l’application"),
        Locale::Es => format!("… y {count} más en la aplicación"),
    }
}

/// The link into the app.
pub(super) const fn open(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Open",
        Locale::Fr => "Ouvrir",
        Locale::Es => "Abrir",
    }
}

/// The link that begins an answer.
pub(super) const fn answer(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Answer by mail",
        Locale::Fr => "Répondre par e-mail",
        Locale::Es => "Responder por correo",
    }
}

/// The link after which this room is mailed no more.
pub(super) const fn stop(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "No more mail of this conversation",
        Locale::Fr => "Plus d’e-mails de cette conversation",
        Locale::Es => "No más correos de esta conversación",
    }
}

/// Below a letter of one room: what an answer does.
pub(super) const fn alone(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Answer this mail to write into the conversation, under your name.",
        Locale::Fr => {
            "Répondez à cet e-mail pour écrire dans la conversation, sous votre nom."
        }
        Locale::Es => {
            "Responda a este correo para escribir en la conversación, con su nombre."
        }
    }
}

/// Below a letter of several rooms: how to answer.
pub(super) const fn together(locale: Locale) -> &'static str {
    match locale {
        Locale::En => {
            "To answer, use the link below a conversation: an answer to this mail itself reaches nobody."
        }
        Locale::Fr => {
            "Pour répondre, utilisez le lien sous une conversation : une réponse à cet e-mail n’atteint personne."
        }
        Locale::Es => {
            "Para responder, use el enlace bajo una conversación: una respuesta a este correo no llega a nadie."
        }
    }
}

/// Below a letter: why it came.
pub(super) fn reason(locale: Locale, organisation: &str) -> String {
    match locale {
        Locale::En => format!(
            "You asked for mail of what you have not read at {organisation}. The address to answer to is yours alone: do not forward it."
        ),
        Locale::Fr => format!(
            "Vous avez demandé des e-mails de ce que vous n’avez pas lu chez {organisation}. L’adresse de réponse n’est qu’à vous : ne la transférez pas."
        ),
        Locale::Es => format!(
            "Usted pidió correos de lo que no ha leído en {organisation}. La dirección de respuesta es solo suya: no la reenvíe."
        ),
    }
}

/// The link to the settings.
pub(super) const fn settings(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Which mails come",
        Locale::Fr => "Quels e-mails arrivent",
        Locale::Es => "Qué correos llegan",
    }
}

/// The page behind the link: what it asks.
pub(crate) const fn quiet_question(locale: Locale) -> &'static str {
    match locale {
        Locale::En => {
            "You will get no more mails of these conversations. You still take part in them."
        }
        Locale::Fr => {
            "Vous ne recevrez plus d’e-mails de ces conversations. Vous y participez toujours."
        }
        Locale::Es => {
            "No recibirá más correos de estas conversaciones. Sigue participando en ellas."
        }
    }
}

/// The page behind the link: its button.
pub(crate) const fn quiet_button(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "No more mails",
        Locale::Fr => "Plus d’e-mails",
        Locale::Es => "No más correos",
    }
}

/// The page behind the link: once it is done.
pub(crate) const fn quieted(locale: Locale) -> &'static str {
    match locale {
        Locale::En => {
            "No more mails of these conversations will come. Your settings say so, too."
        }
        Locale::Fr => {
            "Plus aucun e-mail de ces conversations n’arrivera. Vos réglages le disent aussi."
        }
        Locale::Es => {
            "Ya no llegarán correos de estas conversaciones. Sus ajustes también lo dicen."
        }
    }
}
