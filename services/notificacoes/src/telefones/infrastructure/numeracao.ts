import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Numeracao } from '../../preferencias/application/ports.ts';

/** In North America nobody can tell them apart. */
const CELULAR = new Set<string | undefined>(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

/**
 * All mobile telephones of Brazil have nine digits behind those of their area (Anatel, Resolution 553); the plans have what trunked radio
 * kept of the eight of before, too.
 */
const DIGITOS_DE_CELULAR: Readonly<Partial<Record<string, number>>> = { BR: 11 };

/** Whether there is such a country (ISO 3166-1, two letters). */
export const ehPais = (texto: string): texto is CountryCode => isSupportedCountry(texto);

/** Numbering plans as libphonenumber knows them, with the ranges of mobile telephones: no premium rate, no satellite, no landline. */
export function numeracaoDe(paises: readonly string[]): Numeracao {
  return {
    aceita(texto) {
      const numero = parsePhoneNumberFromString(texto);
      if (numero?.number !== texto || !numero.isValid()) return false;
      const { country: pais, nationalNumber } = numero;
      if (pais === undefined || !paises.includes(pais) || !CELULAR.has(numero.getType())) return false;
      return nationalNumber.length === (DIGITOS_DE_CELULAR[pais] ?? nationalNumber.length);
    },
  };
}
