import type { Fato, Fatos } from '@plataforma/domain/domain-error';
import { encurtarTexto } from '@plataforma/domain/texto';

/*
 * Errors of gRPC travel in headers: message and facts once as text and once more, with all details, in base64. Many clients and
 * proxies take 8 KiB of headers; Kong is told to take more (kong.env).
 */

const MAX_MESSAGE_CHARACTERS = 1_000;
const MAX_FACTS_BYTES = 2_000;
const MAX_DETAILS_BYTES = 3_600;

/** The message, cut where it is longer than people read. */
export const boundedMessage = (message: string): string => encurtarTexto(message, MAX_MESSAGE_CHARACTERS);

/** Machine-readable facts as far as there is room; half a fact would be a wrong one. `omitidos` names those left out. */
export function boundedFacts(facts: Fatos): Record<string, Fato> {
  const kept: Record<string, Fato> = {};
  const omitted: string[] = [];
  let room = MAX_FACTS_BYTES;
  for (const [name, value] of Object.entries(facts)) {
    const bytes = Buffer.byteLength(name) + Buffer.byteLength(JSON.stringify(value));
    if (bytes > room) omitted.push(name);
    else {
      room -= bytes;
      kept[name] = value;
    }
  }
  if (omitted.length > 0) kept.omitidos = omitted;
  return kept;
}

/** Whether the details of an error fit the headers that it travels in. */
export const detailsFit = (details: Uint8Array): boolean => details.byteLength <= MAX_DETAILS_BYTES;
