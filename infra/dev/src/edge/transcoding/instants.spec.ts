import { join } from 'node:path';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { BuscarEspacosDisponiveisRequestSchema } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { CotarReservaRequestSchema } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { motivoDe, toConnectError } from '@plataforma/runtime/errors';
import { requestFromBinary } from '@plataforma/runtime/request-from-binary';
import { loadProtoFile } from './proto-file.ts';
import { TranscodeError, transcode } from './transcoder.ts';

const FRAME_HEADER_BYTES = 5;

const file = loadProtoFile(join(import.meta.dirname, '../../../../../gen/kong'), 'reservas.proto');

/** The message that the gateway makes of a request, or the text of its own refusal. */
function throughGateway(method: string, path: string, body: string, query: string): Uint8Array | string {
  const rule = transcode(file, method, path);
  if (rule instanceof TranscodeError) throw rule;
  const call = rule.toCall(Buffer.from(body), query);
  return call instanceof TranscodeError ? call.message : call.message.subarray(FRAME_HEADER_BYTES);
}

function outcome(read: () => Timestamp | undefined): string {
  try {
    const instant = read();
    return instant === undefined ? 'absent' : timestampDate(instant).toISOString();
  } catch (err) {
    const error = toConnectError(err);
    return `${motivoDe(error)}: ${error.rawMessage}`;
  }
}

/** What the service reads of a body, after the gateway. */
function inBody(dataInicio: unknown): string {
  const bytes = throughGateway('post', '/api/v1/reservas/cotacao', JSON.stringify({ dataInicio }), '');
  if (typeof bytes === 'string') return bytes;
  return outcome(() => requestFromBinary(CotarReservaRequestSchema, bytes).dataInicio);
}

/** What the service reads of a query, after the gateway. */
function inQuery(query: string): string {
  const bytes = throughGateway('get', '/api/v1/disponibilidade', '', query);
  if (typeof bytes === 'string') return bytes;
  return outcome(() => requestFromBinary(BuscarEspacosDisponiveisRequestSchema, bytes).dataInicio);
}

const refused = (field: string) =>
  new RegExp(
    `^REQUISICAO_INVALIDA: Requisição inválida: ${field} deve ser um instante que existe, em RFC 3339`,
  );

/** What the gateway's own reading of a Timestamp would take for an instant, and often for another one. */
const LENIENT = [
  '12/10/2026',
  '1796900000',
  '1738418400',
  '10:00',
  '2026-12',
  '2026-12-10',
  '2026-1-5',
  '20261210T100000Z',
  '2026-W50-4',
  '2026-W50-4T10:00:00Z',
  '2026-344T10:00:00Z',
  'Dec 15 2026',
  'Tue, 15 Dec 2026 10:00:00 GMT',
  '2026-12-10T10:00:00EST',
  '2026-12-10 1:00 pm',
  '2026-12-10T10:00:00,5Z',
  '2026-12-10T10:00:00',
  '2026-12-10T10:00Z',
  '2026-12-10 10:00:00Z',
  '2026-02-30T10:00:00Z',
  '2027-02-29T10:00:00Z',
  '2026-13-01T10:00:00Z',
  '2026-12-10T25:00:00Z',
  '2026-12-10T24:00:00Z',
  '2026-12-10T10:60:00Z',
  '2026-12-10T10:00:60Z',
  '2026-12-10T10:00:00-0300',
  '2026-12-10T10:00:00-03',
  ' 2026-12-10T10:00:00Z',
  '0000-01-01T00:00:00Z',
  'amanhã',
  '',
];

describe('an instant in a request through the gateway', () => {
  it.each(LENIENT)('is refused by the service in a body: %j', (text) => {
    expect(inBody(text)).toMatch(refused('dataInicio'));
  });

  it.each(LENIENT)('is refused by the service in a query: %j', (text) => {
    expect(inQuery(`dataInicio=${encodeURIComponent(text)}`)).toMatch(refused('dataInicio'));
  });

  it.each([
    ['2026-12-10T10:00:00-03:00', '2026-12-10T13:00:00.000Z'],
    ['2026-12-10T13:00:00Z', '2026-12-10T13:00:00.000Z'],
    ['2026-12-10T13:00:00.250Z', '2026-12-10T13:00:00.250Z'],
    ['2028-02-29T23:59:59+05:30', '2028-02-29T18:29:59.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ])('is what it says, in a body and in a query: %s', (text, instant) => {
    expect(inBody(text)).toBe(instant);
    expect(inQuery(`dataInicio=${encodeURIComponent(text)}`)).toBe(instant);
  });

  it.each([[1_796_900_000], [{ seconds: 1_796_900_000 }], [null], [true], [['2026-12-10T13:00:00Z']]])(
    'is refused by the gateway when it is no text: %j',
    (value) => {
      expect(inBody(value)).toBe('failed to encode payload');
    },
  );

  it('is absent when it is left out', () => {
    expect([inBody(undefined), inQuery('capacidade=1')]).toEqual(['absent', 'absent']);
  });

  it('whose plus sign became a space is refused with a hint', () => {
    expect(inQuery('dataInicio=2026-12-10T13:00:00+03:00')).toMatch(
      /\(na URL, escreva %2B no lugar de \+\)\.$/,
    );
  });

  it('that comes twice, or in parts, is refused by the gateway', () => {
    expect(inQuery('dataInicio=2026-12-10T13:00:00Z&dataInicio=2026-12-11T13:00:00Z')).toBe(
      'failed to encode payload',
    );
    expect(inQuery('dataInicio.seconds=1796900000')).toBe('failed to encode payload');
  });
});
