import type { Message } from '@bufbuild/protobuf';
import { emailEmAscii } from '@plataforma/domain/email';
import { normalizarTexto, problemaNoTexto } from '@plataforma/domain/texto';
import { type Place, unwelcomeText } from './field-bounds.ts';
import { visitInside } from './message-walk.ts';
import type { FieldShape, RequestShape } from './request-shape.ts';

/**
 * Brings the texts of people in a decoded request into the form in which they are compared, counted and kept, in place. Of an
 * address of mail that is the domain, which the rules of the contract want in ASCII.
 *
 * @throws ConnectError `REQUISICAO_INVALIDA` for one that nobody should have to read
 */
export function settleTexts(shape: RequestShape, message: Message, place: Place = []): void {
  if (!shape.hasHumanText) return;
  for (const field of shape.byNumber.values()) {
    const inside = field.message;
    if (field.text || field.isEmail) settleField(field, message, place);
    else if (inside?.hasHumanText)
      visitInside(field, message, place, (each) => settleTexts(inside, each, place));
  }
}

function settleField(field: FieldShape, message: Message, place: Place): void {
  const parent = message as unknown as Record<string, unknown>;
  const value = parent[field.desc.localName];
  if (Array.isArray(value)) parent[field.desc.localName] = value.map((each) => settled(field, each, place));
  else if (typeof value === 'string') parent[field.desc.localName] = settled(field, value, place);
}

function settled(field: FieldShape, text: string, place: Place): string {
  if (field.isEmail) return emailEmAscii(text.trim());
  const normal = normalizarTexto(text, field.text);
  const problem = problemaNoTexto(normal, field.text);
  if (problem !== undefined) throw unwelcomeText(field, problem, place);
  return normal;
}
