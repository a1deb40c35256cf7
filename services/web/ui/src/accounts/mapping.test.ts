import { expect, it } from 'vitest';
import { guess } from './mapping';

it('guesses columns in three languages', () => {
  expect(guess(['Company name', 'Website', 'VAT number', 'City', 'Country'])).toEqual({
    name: 'Company name',
    domain: 'Website',
    vat: 'VAT number',
    city: 'City',
    country: 'Country',
  });
  expect(guess(['Raison sociale', 'Ville', 'Pays', 'N° TVA', 'Remise'])).toEqual({
    name: 'Raison sociale',
    city: 'Ville',
    country: 'Pays',
    vat: 'N° TVA',
    discount_bp: 'Remise',
  });
  expect(guess(['Razón social', 'Página web', 'País', 'NIF'])).toEqual({
    name: 'Razón social',
    domain: 'Página web',
    country: 'País',
    vat: 'NIF',
  });
});

it('uses no column twice and leaves strangers alone', () => {
  expect(guess(['Name', 'Account', 'Shoe size'])).toEqual({ name: 'Name' });
});
