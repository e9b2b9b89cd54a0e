/*
 * Room `personal`: personal data in events travels sealed under a key of its person (ADR-041).
 *
 * The contract says which texts of an event are personal and whose (this file, `comum/v1/pessoal.proto`). The outbox relay
 * seals them right before an event leaves (`sealing.ts`), a consumer that needs them opens them before its handler is called
 * (`opening.ts`), both by `sealed-text.ts` and with keys that only auth stores (`personal-keys.ts`). What nobody opens is
 * empty, and never ciphertext. When auth destroys a key, no copy of any event of that person can be read any more.
 *
 * Nothing here knows the network or a database: who asks auth is `security/personal-keys-client.ts`.
 */

import { type DescField, type DescMessage, getOption, hasOption, ScalarType } from '@bufbuild/protobuf';
import { pessoal, titular } from '@plataforma/contratos/comum/v1/pessoal_pb';

/** What of an event is personal. */
export interface PersonalFields {
  /** Names the person. */
  readonly person: DescField;
  /** At least one. */
  readonly texts: readonly DescField[];
}

const known = new WeakMap<DescMessage, { readonly fields: PersonalFields | undefined }>();

/**
 * Undefined for an event without personal data.
 *
 * @throws Error for a contract that cannot be kept: personal data that is no plain text of the message itself, or of nobody
 */
export function personalFieldsOf(schema: DescMessage): PersonalFields | undefined {
  const found = known.get(schema) ?? { fields: read(schema) };
  known.set(schema, found);
  return found.fields;
}

/** What is authenticated with a sealed text: it can be opened in its own place only. */
export function contextOf(field: DescField, personId: string): string {
  return `${field.parent.typeName}/${field.jsonName}/${personId}`;
}

function read(schema: DescMessage): PersonalFields | undefined {
  const texts = schema.fields.filter((field) => isMarked(field, pessoal));
  const persons = schema.fields.filter((field) => isMarked(field, titular));
  for (const field of [...texts, ...persons])
    if (field.fieldKind !== 'scalar' || field.scalar !== ScalarType.STRING || field.oneof)
      throw new Error(`${field}: personal data and who it is about are plain texts`);
  const [person, ...others] = persons;
  if (texts.length === 0) return undefined;
  if (person === undefined || others.length > 0)
    throw new Error(`${schema}: personal data without one field that says whose it is`);
  return { person, texts };
}

function isMarked(field: DescField, option: typeof pessoal | typeof titular): boolean {
  return hasOption(field, option) && getOption(field, option) === true;
}
