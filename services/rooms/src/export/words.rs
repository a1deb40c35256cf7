//! What stands beside an export, for whoever opens it.

use directory::Locale;

/// The text of `README.txt`.
pub(super) const fn read_me(locale: Locale) -> &'static str {
    match locale {
        Locale::En => {
            "This is a deal as your organisation could read it when this file was made.\n\n\
             space.json   the card, your side, the parties, the rooms with their events in order,\n\
             \x20            the topics, and a list of the papers that you hold\n\
             files/       the files of messages and papers, each named by its SHA-256;\n\
             \x20            space.json says what each is called\n\
             SHA256SUMS   the SHA-256 of each entry: sha256sum -c SHA256SUMS\n\n\
             What is hidden from you, or was taken back, is not in here. Keep it as you would keep\n\
             the deal itself.\n"
        }
        Locale::Fr => {
            "Voici une affaire telle que votre organisation pouvait la lire à la création de ce fichier.\n\n\
             space.json   la fiche, votre côté, les parties, les salons et leurs événements dans l'ordre,\n\
             \x20            les sujets, et la liste des documents que vous détenez\n\
             files/       les fichiers des messages et des documents, nommés par leur SHA-256 ;\n\
             \x20            space.json donne leur nom\n\
             SHA256SUMS   le SHA-256 de chaque élément : sha256sum -c SHA256SUMS\n\n\
             Ce qui vous est masqué ou a été retiré n'y figure pas. Conservez ce fichier comme\n\
             l'affaire elle-même.\n"
        }
        Locale::Es => {
            "Esta es una oportunidad tal como su organización podía leerla al crearse este archivo.\n\n\
             space.json   la ficha, su lado, las partes, las salas con sus eventos en orden,\n\
             \x20            los temas y la lista de los documentos que ustedes conservan\n\
             files/       los archivos de mensajes y documentos, con su SHA-256 por nombre;\n\
             \x20            space.json dice cómo se llama cada uno\n\
             SHA256SUMS   el SHA-256 de cada elemento: sha256sum -c SHA256SUMS\n\n\
             Lo que está oculto para ustedes o fue retirado no figura aquí. Guárdelo como\n\
             guardaría la propia oportunidad.\n"
        }
    }
}
