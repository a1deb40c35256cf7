import { ACCOUNT_FIELDS, type AccountField } from '../api/types';

/** How columns are called in the lists that people bring, in three languages. */
const NAMES: Record<AccountField, string[]> = {
  name: [
    'name',
    'company',
    'companyname',
    'account',
    'accountname',
    'customer',
    'organisation',
    'organization',
    'nom',
    'societe',
    'entreprise',
    'raisonsociale',
    'client',
    'nombre',
    'empresa',
    'razonsocial',
    'cliente',
    'cuenta',
  ],
  domain: [
    'domain',
    'website',
    'web',
    'url',
    'site',
    'homepage',
    'domaine',
    'siteweb',
    'dominio',
    'sitioweb',
    'paginaweb',
  ],
  vat: [
    'vat',
    'vatnumber',
    'vatid',
    'taxid',
    'tva',
    'numerotva',
    'ntva',
    'iva',
    'nif',
    'cif',
    'ust',
    'ustid',
  ],
  city: ['city', 'town', 'ville', 'ciudad', 'localidad', 'stadt', 'place'],
  country: ['country', 'countrycode', 'pays', 'codepays', 'pais', 'codigopais', 'land'],
  segment: ['segment', 'industry', 'sector', 'tier', 'secteur', 'categorie', 'segmento', 'category'],
  discount_bp: ['discount', 'discountbp', 'discountpercent', 'remise', 'rabais', 'descuento'],
  notes: [
    'notes',
    'note',
    'comment',
    'comments',
    'remarks',
    'remarques',
    'commentaire',
    'notas',
    'observaciones',
    'comentarios',
  ],
};

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[^a-zA-Z0-9]/g, '')
    .toLowerCase();

/** Guesses which column fills which field; each column is used once. */
export function guess(columns: string[]): Partial<Record<AccountField, string>> {
  const mapping: Partial<Record<AccountField, string>> = {};
  const free = new Set(columns);
  const take = (field: AccountField, fits: (column: string) => boolean) => {
    if (mapping[field]) return;
    const column = columns.find((one) => free.has(one) && fits(plain(one)));
    if (!column) return;
    mapping[field] = column;
    free.delete(column);
  };
  for (const field of ACCOUNT_FIELDS) take(field, (column) => NAMES[field].includes(column));
  for (const field of ACCOUNT_FIELDS)
    take(field, (column) => NAMES[field].some((name) => name.length > 3 && column.includes(name)));
  return mapping;
}
