import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Numeracao } from '../application/ports.ts';

/** In North America nobody can tell them apart. */
const CELULAR = new Set<string | undefined>(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

/** Whether there is such a country (ISO 3166-1, two letters). */
export const ehPais = (texto: string): texto is CountryCode => isSupportedCountry(texto);

/** Numbering plans as libphonenumber knows them, with the ranges of mobile telephones: no premium rate, no satellite, no landline. */
export function numeracaoDe(paises: readonly string[]): Numeracao {
  return {
    aceita(texto) {
      const numero = parsePhoneNumberFromString(texto);
      if (numero?.number !== texto || !numero.isValid()) return false;
      return CELULAR.has(numero.getType()) && numero.country !== undefined && paises.includes(numero.country);
    },
  };
}
