import { DescriptorProtoSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { UpdateUserRequestSchema } from '@plataforma/contratos/auth/v1/users_service_pb';
import {
  CancelarReservaRequestSchema,
  CotarReservaRequestSchema,
  CriarReservaRequestSchema,
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
    ['what only looks like many values', { espacoId: '"{[,'.repeat(10) }],
    ['an instant that is not there', { dataInicio: null }],
    ['a list that is not there', { extras: null }],
    ['a whole number in digits', { extras: [{ quantidade: '2' }] }],
    ['a whole number with a point', '{"extras":[{"quantidade":2.0}]}'],
    ['a value that is not there', { espacoId: null, extras: [{ quantidade: null }] }],
    ['a body as long as it may be', `{"espacoId":"esp_1"}${' '.repeat(64 * 1024 - 20)}`],
    ['a text of characters that JavaScript counts twice', { espacoId: '😀'.repeat(40) }],
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

  it.each<[string, unknown, string]>([
    ['a member that nobody knows', { telefone: 1, espacoId: 'esp_1' }, 'campo desconhecido: telefone.'],
    ['one inside', { extras: [{}, { cor: 'azul' }] }, 'campo desconhecido: extras[1].cor.'],
    ['one of any name', { 'a b"\n': 1 }, 'campo desconhecido: "a b\\"\\n".'],
    [
      'the name of what every object has',
      '{"__proto__":{},"constructor":1}',
      'campo desconhecido: __proto__.',
    ],
    ['one that is full of marks', { novo: ',[{\\"'.repeat(8_000) }, 'campo desconhecido: novo.'],
    [
      'a field under both of its names',
      { espacoId: 'a', espaco_id: 'b' },
      'espacoId aparece mais de uma vez.',
    ],
    ['a number for a text', { espacoId: 7 }, 'espacoId deve ser um texto.'],
    ['a number for a list', { extras: 7 }, 'extras deve ser uma lista.'],
    ['an object for a list', { extras: {} }, 'extras deve ser uma lista.'],
    ['nothing in a list', { extras: [null] }, 'extras[0] deve ser um objeto.'],
    ['a list for an object', { extras: [{}, []] }, 'extras[1] deve ser um objeto.'],
    [
      'a fraction for a whole number',
      { extras: [{ quantidade: 1.5 }] },
      'extras[0].quantidade deve ser um número inteiro de -2147483648 a 2147483647.',
    ],
    [
      'a number too large for its field',
      { extras: [{ quantidade: 4_294_967_297 }] },
      'extras[0].quantidade deve ser um número inteiro de -2147483648 a 2147483647.',
    ],
    ['a list', [1, 2], 'o corpo deve ser um objeto JSON.'],
    ['an empty list', [], 'o corpo deve ser um objeto JSON.'],
    ['a text', '"texto"', 'o corpo deve ser um objeto JSON.'],
    ['nothing', 'null', 'o corpo deve ser um objeto JSON.'],
  ])('refuses %s', (_, json, told) => {
    expect(guarded(json)).toBe(`REQUISICAO_INVALIDA: Requisição inválida: ${told}`);
  });

  it.each(['true', 1, 0, {}, []])('refuses %j for a truth value', (ativo) => {
    expect(guarded({ ativo }, UpdateUserRequestSchema)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: ativo deve ser true ou false.',
    );
  });

  it.each([1.5, true, [], 'CLIENTE', ''])('refuses %j for a value of an enum, in a list too', (papel) => {
    expect(guarded({ papeis: ['PAPEL_USUARIO_GESTOR', papel] }, UpdateUserRequestSchema)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: papeis tem um valor não permitido.',
    );
  });

  it('leaves a value in the place of its wrapper to the decoder', () => {
    expect([guarded('"texto"', StringValueSchema), guarded('7', StringValueSchema)]).toEqual([
      'passes',
      'passes',
    ]);
  });

  it('refuses the name of a value that the contract does not have', () => {
    expect(guarded({ excepcional: 'FORCA_MAIOR' }, CancelarReservaRequestSchema)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: excepcional tem um valor não permitido.',
    );
    const known = { excepcional: 'EXCECAO_CANCELAMENTO_FORCA_MAIOR' };
    expect(guarded(known, CancelarReservaRequestSchema)).toBe('passes');
  });

  it('goes into messages inside', () => {
    const dispensas = { motivo: 'a'.repeat(1001) };
    expect(guarded({ dispensas }, CriarReservaRequestSchema)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: dispensas.motivo deve ter no máximo 500 caracteres.',
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
