import type { DescFile, DescMessage, JsonObject } from '@bufbuild/protobuf';
import { contextOf, type PersonalFields, personalFieldsOf } from './personal-fields.ts';
import {
  type PersonalKeys,
  PersonalKeysUnavailableError,
  PersonalKeyUnreadableError,
} from './personal-keys.ts';
import { ERASED, sealText } from './sealed-text.ts';

/** Makes of an event as it is stored the one that leaves. */
export type Seal = (type: string, payload: string) => Promise<string>;

/** Keys, and what becomes of an event while they cannot be had. */
export interface PersonalSealing {
  readonly keys: PersonalKeys;
  /** `WAITS`: until they can. `GOES_WITHOUT`: its personal texts are left out, for more hangs on it than they are worth. */
  readonly withoutKeys: 'WAITS' | 'GOES_WITHOUT';
}

/**
 * Seals what the contract calls personal in the events of these files. Events of other types leave as they are.
 *
 * @throws Error for events with personal data and nothing to seal them with: they would leave in clear
 */
export function createSeal(files: readonly DescFile[], sealing: PersonalSealing | undefined): Seal {
  const personal = new Map(files.flatMap((file) => file.messages.flatMap(withPersonalData)));
  const [first] = personal.keys();
  if (first !== undefined && sealing === undefined)
    throw new Error(`${first} has personal data and this service no keys to seal it with`);
  return async (type, payload) => {
    const fields = personal.get(type);
    if (fields === undefined || sealing === undefined) return payload;
    return JSON.stringify(await sealed(JSON.parse(payload), fields, sealing));
  };
}

function withPersonalData(schema: DescMessage): [string, PersonalFields][] {
  const fields = personalFieldsOf(schema);
  return fields === undefined ? [] : [[schema.typeName, fields]];
}

/** Empty texts are absent from the JSON, and stay so. */
async function sealed(event: JsonObject, { person, texts }: PersonalFields, sealing: PersonalSealing) {
  const present = texts.filter(({ jsonName }) => typeof event[jsonName] === 'string');
  const personId = event[person.jsonName];
  if (present.length === 0) return event;
  const seal = await sealerFor(typeof personId === 'string' ? personId : '', sealing);
  const result = { ...event };
  for (const field of present) result[field.jsonName] = seal(String(event[field.jsonName]), field);
  return result;
}

async function sealerFor(
  personId: string,
  { keys, withoutKeys }: PersonalSealing,
): Promise<(text: string, field: PersonalFields['person']) => string> {
  // What is about nobody could be opened by nobody.
  if (personId === '') return () => ERASED;
  try {
    const key = await keys.keyOf(personId);
    if (key === undefined) return () => ERASED;
    return (text, field) => sealText(key, text, contextOf(field, personId));
  } catch (error) {
    if (withoutKeys === 'GOES_WITHOUT' && isWithout(error)) return () => '';
    throw error;
  }
}

const isWithout = (error: unknown) =>
  error instanceof PersonalKeysUnavailableError || error instanceof PersonalKeyUnreadableError;
