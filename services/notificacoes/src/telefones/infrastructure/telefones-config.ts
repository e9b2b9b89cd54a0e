import { type ConfigOf, type Field, integer, list } from '@plataforma/runtime/config';
import { ehPais } from './numeracao.ts';

/** Countries by their two letters (ISO 3166-1). */
function countries(name: string, fallback: readonly string[]): Field<readonly string[]> {
  const field = list(name, { default: fallback });
  return {
    ...field,
    parse(text) {
      const paises = field.parse(text);
      if (!paises.every(ehPais)) throw new Error('needs countries by two letters, such as BR,PT');
      return paises;
    },
  };
}

/** What the room reads from the environment. */
export const telefonesFields = {
  /** Where text messages go: each other country is another price, and another way to be made to pay it. */
  smsCountries: countries('SMS_COUNTRIES', ['BR']),
  /** Codes for telephones a day, of all people together. */
  smsDailyLimit: integer('SMS_DAILY_LIMIT', { min: 0, max: 1_000_000, default: 1_000 }),
  /** Text messages besides codes a day, of all people together. */
  smsMessagesDailyLimit: integer('SMS_MESSAGES_DAILY_LIMIT', { min: 0, max: 10_000_000, default: 20_000 }),
};

export type TelefonesConfig = ConfigOf<typeof telefonesFields>;
