import { DescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { AtualizarEspacoRequestSchema } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import {
  CancelarReservaRequestSchema,
  CotarReservaRequestSchema,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { motivoDe } from '../errors/errors.ts';
import { guardJson } from './json-guard.ts';
import { RequestShape } from './request-shape.ts';

/** What the caller is told, or `passes`. */
function guarded(
  json: unknown,
  desc = CotarReservaRequestSchema as Parameters<typeof RequestShape.of>[0],
): string {
  try {
    guardJson(RequestShape.of(desc), Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)));
    return 'passes';
  } catch (err) {
    if (!(err instanceof ConnectError)) throw err;
    return `${motivoDe(err)}: ${err.rawMessage}`;
  }
}

const many = (items: number) => Array.from({ length: items }, () => ({}));

describe('the guard of JSON', () => {
  it.each([
    ['a proper request', { espacoId: 'esp_1', dataInicio: '2026-12-10T10:00:00-03:00', extras: many(50) }],
    ['names as the contract writes them', { espaco_id: 'esp_1', data_inicio: '2026-12-10T13:00:00.5Z' }],
    ['some members that nobody knows', { novo: many(100), espacoId: 'esp_1' }],
    ['what only looks like many values', { espacoId: '"{[,'.repeat(10), novo: ',[{\\"'.repeat(8_000) }],
    ['an instant that is not there', { dataInicio: null }],
    ['what is no message, which the decoder refuses', [1, 2]],
    ['nothing, which the decoder refuses', 'null'],
    ['a list that is none, which the decoder refuses', { extras: 7 }],
    ['a list that is not there', { extras: null }],
    ['an item that is not there, which the decoder refuses', { extras: [null] }],
    ['a text of characters that JavaScript counts twice', { espacoId: '😀'.repeat(40) }],
    ['a body as long as it may be', `{"novo":"${'x'.repeat(64 * 1024 - 11)}"}`],
  ])('lets %s pass', (_, json) => {
    expect(guarded(json)).toBe('passes');
  });

  it.each<[string, unknown, string]>([
    ['51 items', { extras: many(51) }, 'extras deve ter no máximo 50 itens.'],
    ['a long text', { espacoId: 'x'.repeat(81) }, 'espacoId deve ter no máximo 40 caracteres.'],
    [
      'a long text in an item',
      { extras: [{}, { codigo: 'x'.repeat(65) }] },
      'extras[1].codigo deve ter no máximo 32 caracteres.',
    ],
    [
      'more bytes than it can need',
      `{"novo":"${'x'.repeat(64 * 1024 - 10)}"}`,
      'esta operação aceita no máximo 64 KiB.',
    ],
  ])('refuses %s', (_, json, told) => {
    expect(guarded(json)).toBe(`REQUISICAO_INVALIDA: Requisição inválida: ${told}`);
  });

  it.each(['2027-02-30T15:00:00Z', '2026-12-10T10:00:00', '2026-12-10', '', 1_796_900_000, {}, true])(
    'refuses %j for an instant',
    (dataInicio) => {
      expect(guarded({ dataInicio })).toMatch(
        /^REQUISICAO_INVALIDA: Requisição inválida: dataInicio deve ser um instante/,
      );
      expect(guarded({ data_inicio: dataInicio })).toMatch(/dataInicio deve ser um instante/);
    },
  );

  it('refuses the name of a value that the contract does not have', () => {
    expect(guarded({ excepcional: 'FORCA_MAIOR' }, CancelarReservaRequestSchema)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: excepcional tem um valor não permitido.',
    );
    const known = { excepcional: 'EXCECAO_CANCELAMENTO_FORCA_MAIOR' };
    expect(guarded(known, CancelarReservaRequestSchema)).toBe('passes');
  });

  it('goes into messages inside', () => {
    expect(guarded({ extras: { itens: many(101) } }, AtualizarEspacoRequestSchema)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: extras.itens deve ter no máximo 100 itens.',
    );
  });

  it('goes no deeper than the messages of any contract', () => {
    const nested = (levels: number): object => (levels === 0 ? {} : { nestedType: [nested(levels - 1)] });
    expect(guarded(nested(8), DescriptorProtoSchema)).toBe('passes');
    expect(guarded(nested(9), DescriptorProtoSchema)).toContain('tem níveis demais');
  });

  it.each([
    ['lists without end', '['.repeat(30_000)],
    ['very many items', { extras: many(20_000) }],
    ['very many members', Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`m${i}`, 0]))],
  ])('refuses %s before it is parsed', (_, json) => {
    expect(guarded(json)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: há valores demais para esta operação.',
    );
  });

  it.each(['{"espacoId": ', '\uFFFF'])('refuses what is not JSON', (body) => {
    expect(guarded(body)).toBe(
      'REQUISICAO_INVALIDA: O corpo da requisição não corresponde ao contrato desta operação.',
    );
  });
});
