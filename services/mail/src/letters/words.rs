//! What our letters to guests say, in each language.

use directory::Locale;

/// Our own line: what stands below it is not part of an answer. `arrivals::table` knows it.
pub(crate) const fn marker(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "##- Reply above this line -##",
        Locale::Fr => "##- Répondez au-dessus de cette ligne -##",
        Locale::Es => "##- Responda por encima de esta línea -##",
    }
}

/// Who speaks, for the sender's name: `Ana (Vendor)`.
pub(crate) fn speaker(name: &str, organisation: Option<&str>) -> String {
    match organisation {
        Some(organisation) => format!("{name} ({organisation})"),
        None => name.to_owned(),
    }
}

/// Above the message.
pub(super) fn opening(locale: Locale, speaker: &str, topic: &str) -> String {
    match locale {
        Locale::En => format!("{speaker} wrote about “{topic}”:"),
        Locale::Fr => format!("{speaker} a écrit à propos de « {topic} » :"),
        Locale::Es => format!("{speaker} escribió sobre «{topic}»:"),
    }
}

/// A mail that somebody sends themselves: its subject and its words.
pub(super) const fn trial(locale: Locale) -> (&'static str, &'static str) {
    match locale {
        Locale::En => (
            "Does mail work?",
            "You asked Entente for this mail. Answer it, and the mail settings show whether your answer arrived and what it proves.\n",
        ),
        Locale::Fr => (
            "Le courrier fonctionne-t-il ?",
            "Vous avez demandé ce message à Entente. Répondez-y : les réglages du courrier montreront si votre réponse est arrivée et ce qu’elle prouve.\n",
        ),
        Locale::Es => (
            "¿Funciona el correo?",
            "Usted pidió este mensaje a Entente. Respóndalo y los ajustes de correo mostrarán si su respuesta llegó y qué demuestra.\n",
        ),
    }
}

/// Below the message: why it came.
pub(super) fn reason(locale: Locale, sponsor: &str) -> String {
    match locale {
        Locale::En => format!(
            "You get this because {sponsor} invited you to this conversation. Answer this mail to take part."
        ),
        Locale::Fr => format!(
            "Vous recevez ce message car {sponsor} vous a invité à cette conversation. Répondez à ce message pour y participer."
        ),
        Locale::Es => format!(
            "Recibe este mensaje porque {sponsor} le ha invitado a esta conversación. Responda a este mensaje para participar."
        ),
    }
}

/// Below the message: how to leave.
pub(super) const fn leave(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Leave this conversation",
        Locale::Fr => "Quitter cette conversation",
        Locale::Es => "Abandonar esta conversación",
    }
}

/// The page behind the link: what it asks.
pub(crate) const fn leave_question(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "You will get no more mails of this conversation.",
        Locale::Fr => "Vous ne recevrez plus de messages de cette conversation.",
        Locale::Es => "No recibirá más mensajes de esta conversación.",
    }
}

/// The page behind the link: its button.
pub(crate) const fn leave_button(locale: Locale) -> &'static str {
    leave(locale)
}

/// The page behind the link: once it is done.
pub(crate) const fn left(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "You have left this conversation.",
        Locale::Fr => "Vous avez quitté cette conversation.",
        Locale::Es => "Ha abandonado esta conversación.",
    }
}

#[cfg(test)]
mod tests {
    use directory::Locale;

    use super::marker;
    use crate::arrivals::MARKERS;

    #[test]
    fn our_own_line_is_known_when_it_comes_back() {
        for locale in Locale::ALL {
            assert!(MARKERS.iter().any(|words| marker(locale).contains(words)));
        }
    }
}
