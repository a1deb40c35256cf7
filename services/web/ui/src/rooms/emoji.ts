import { remember, remembered } from '../app/preferences';

/** An emoji and what people call it, in the three languages at once: whoever seeks writes as she thinks. */
export interface Emoji {
  sign: string;
  names: string;
}

const TABLE = `
👍 thumbs up yes agree good|pouce oui accord bien|pulgar si acuerdo bien
✅ check done ok|fait coche valide|hecho listo marca
👀 eyes look seen|yeux regarde vu|ojos mira visto
🎉 party tada congratulations|fete bravo felicitations|fiesta felicidades
🙏 thanks please pray|merci priere|gracias por favor
❤️ heart love|coeur amour|corazon amor
😂 laugh joy lol|rire joie mdr|risa alegria
🚀 rocket ship launch|fusee lancement|cohete lanzamiento
👏 clap applause|applaudir bravo|aplauso palmas
💪 strong muscle|fort muscle|fuerte musculo
👎 thumbs down no|pouce bas non|pulgar abajo no
👌 ok perfect|parfait|perfecto vale
🙌 hands raised hooray|mains hourra|manos hurra
🤝 handshake deal|poignee main accord|apreton manos trato
👋 wave hello bye|salut bonjour coucou|hola adios saludo
✌️ victory peace|victoire paix|victoria paz
🤞 fingers crossed luck|doigts croises chance|dedos cruzados suerte
☝️ point up one|index un|dedo arriba uno
👉 point right|montre droite|senala derecha
✍️ write sign|ecrire signer|escribir firmar
🙂 smile|sourire|sonrisa
😀 grin happy|content heureux|feliz contento
😃 happy open smile|joyeux|alegre
😄 laughing eyes|rieur|risueno
😅 sweat relief phew|sueur ouf|sudor alivio
😊 blush pleased|ravi rougir|sonrojo encantado
😉 wink|clin oeil|guino
😍 heart eyes|adore yeux coeur|enamorado
🥳 partying face celebrate|feter|celebrar
😎 cool sunglasses|lunettes|gafas genial
🤔 thinking hmm|reflechir pense|pensar duda
🤨 doubt eyebrow|doute sourcil|duda ceja
😐 neutral|neutre|neutral
🙄 eye roll|yeux ciel|ojos blanco
😬 grimace oops|grimace oups|mueca uy
😕 confused|confus|confuso
😟 worried|inquiet|preocupado
😢 cry sad|pleure triste|llorar triste
😭 sob|sanglot|llanto
😡 angry|colere fache|enfado rabia
😱 scream shock|cri choc|grito susto
😴 sleep tired|dormir fatigue|dormir cansado
🤯 mind blown|epoustoufle|alucinado
🥲 tear smile|larme sourire|lagrima sonrisa
🤷 shrug|hausse epaules|encoger hombros
🤦 facepalm|desespoir|palma cara
🔥 fire hot|feu chaud|fuego
⭐ star|etoile|estrella
✨ sparkles new|brille nouveau|brillo nuevo
💯 hundred perfect|cent parfait|cien perfecto
💡 idea light|idee lumiere|idea luz
🎯 target goal|cible but|objetivo diana
🏆 trophy win|trophee gagne|trofeo gana
🥇 gold first|or premier|oro primero
📈 chart up growth|hausse croissance|subida crecimiento
📉 chart down|baisse|bajada
📊 chart bars|graphique|grafico
💰 money bag|argent sac|dinero bolsa
💶 euro money|euro billet|euro billete
🧾 receipt invoice|recu facture|recibo factura
📝 memo note|note|nota
📄 page document|document page|documento pagina
📎 paperclip attach|trombone joint|clip adjunto
📌 pin|epingle|chincheta
📅 calendar date|calendrier date|calendario fecha
⏰ alarm clock deadline|reveil echeance|alarma plazo
⏳ hourglass wait|sablier attente|reloj espera
📞 phone call|telephone appel|telefono llamada
📧 mail|courriel mail|correo
📦 package box delivery|colis livraison|paquete entrega
🚚 truck delivery|camion livraison|camion entrega
🏭 factory|usine|fabrica
🏢 office company|bureau societe|oficina empresa
🔧 wrench fix|cle reparer|llave arreglar
⚙️ gear settings|engrenage reglages|engranaje ajustes
🔒 lock private|cadenas prive|candado privado
🔗 link|lien|enlace
🔍 search magnifier|chercher loupe|buscar lupa
❓ question|question|pregunta
❗ exclamation important|important|importante
⚠️ warning|attention|aviso cuidado
🚨 alert siren|alerte sirene|alerta sirena
🛑 stop|arret|alto
❌ cross no wrong|croix non faux|cruz no mal
➕ plus add|plus ajouter|mas anadir
🔁 repeat again|repeter encore|repetir
🟢 green circle|vert rond|verde circulo
🟡 yellow circle|jaune rond|amarillo circulo
🔴 red circle|rouge rond|rojo circulo
☕ coffee|cafe|cafe
🍕 pizza lunch|pizza dejeuner|pizza comida
🍾 champagne|champagne|champan
🎂 cake birthday|gateau anniversaire|tarta cumpleanos
🌞 sun morning|soleil matin|sol manana
🌍 world|monde terre|mundo tierra
🐛 bug|bogue insecte|error bicho
🐢 slow turtle|lent tortue|lento tortuga
🦄 unicorn|licorne|unicornio
🎁 gift|cadeau|regalo
👑 crown|couronne|corona`;

export const EMOJI: Emoji[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const gap = line.indexOf(' ');
    return { sign: line.slice(0, gap), names: line.slice(gap + 1) };
  });

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/_/g, ' ');

/** Those of whose names a word begins with each word that was written. */
export function seekEmoji(part: string): Emoji[] {
  const sought = plain(part).split(/\s+/).filter(Boolean);
  if (sought.length === 0) return EMOJI;
  return EMOJI.filter(({ names }) => {
    const words = names.split(/[\s|]+/);
    return sought.every((one) => words.some((word) => word.startsWith(one)));
  });
}

/** What an emoji is called in a language, for those who hear it. */
export function nameOf(sign: string, language: string) {
  const names = EMOJI.find((one) => one.sign === sign)?.names.split('|');
  return names?.[language === 'fr' ? 1 : language === 'es' ? 2 : 0]?.split(' ').slice(0, 2).join(' ') ?? sign;
}

const KEPT = 'emoji';
const FIRST = ['👍', '✅', '👀', '🎉', '🙏', '❤️'];

/** The ones used last, filled up with those that everybody needs. */
export const usualEmoji = (count = 6): string[] =>
  [...new Set([...remembered<string[]>(KEPT, []), ...FIRST])].slice(0, count);

export const usedEmoji = (sign: string) =>
  remember(KEPT, [sign, ...usualEmoji(12).filter((one) => one !== sign)].slice(0, 12));
