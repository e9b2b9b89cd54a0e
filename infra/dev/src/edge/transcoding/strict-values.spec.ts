import { join } from 'node:path';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { UpdateUserRequestSchema } from '@plataforma/contratos/auth/v1/users_service_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { BuscarEspacosDisponiveisRequestSchema } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import {
  CriarEspacoRequestSchema,
  ListarEspacosRequestSchema,
} from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { motivoDe, toConnectError } from '@plataforma/runtime/errors';
import { requestFromBinary } from '@plataforma/runtime/request-from-binary';
import { loadProtoFile } from './proto-file.ts';
import { TranscodeError, transcode } from './transcoder.ts';

const FRAME_HEADER_BYTES = 5;
const KONG = join(import.meta.dirname, '../../../../../gen/kong');
const reservas = loadProtoFile(KONG, 'reservas.proto');
const auth = loadProtoFile(KONG, 'auth.proto');

type Call = readonly [method: string, path: string, body: string, query: string];

/** What the service reads after the gateway, or what the caller is told. */
function read<Desc extends DescMessage>(
  file: typeof reservas,
  schema: Desc,
  [method, path, body, query]: Call,
): MessageShape<Desc> | string {
  const rule = transcode(file, method, path);
  if (rule instanceof TranscodeError) throw rule;
  const call = rule.toCall(Buffer.from(body), query);
  if (call instanceof TranscodeError) return call.message;
  try {
    return requestFromBinary(schema, call.message.subarray(FRAME_HEADER_BYTES));
  } catch (err) {
    const error = toConnectError(err);
    return `${motivoDe(error)}: ${error.rawMessage}`;
  }
}

const space = (body: unknown) =>
  read(reservas, CriarEspacoRequestSchema, ['post', '/api/v1/espacos', JSON.stringify(body), '']);
const user = (body: unknown) =>
  read(auth, UpdateUserRequestSchema, ['patch', '/api/v1/users/cli_1', JSON.stringify(body), '']);
const search = (query: string) =>
  read(reservas, BuscarEspacosDisponiveisRequestSchema, ['get', '/api/v1/disponibilidade', '', query]);
const spaces = (query: string) =>
  read(reservas, ListarEspacosRequestSchema, ['get', '/api/v1/espacos', '', query]);

const refused = (told: string) => `REQUISICAO_INVALIDA: Requisição inválida: ${told}.`;
const NUMBER = 'deve ser um número inteiro de 0 a 2147483647';
const CENTS = 'deve ser um número inteiro de 0 a 9007199254740991';
const BY_GATEWAY = 'failed to encode payload';

describe('a body through the gateway', () => {
  it('is what it says', () => {
    const precoPorHora = { centavos: 39_000, moeda: 'BRL' };
    const horarios = [{ diaSemana: 0 }, { diaSemana: 6 }];
    expect(
      space({ nome: 'Sala', tipo: 'SALA_REUNIAO', capacidade: 300, precoPorHora, horarios }),
    ).toMatchObject({
      ...{ nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 300, horarios },
      precoPorHora: { centavos: 39_000n, moeda: 'BRL' },
    });
    expect(user({ papeis: ['GESTOR', 'CLIENTE'], ativo: false })).toMatchObject({
      ...{ papeis: [PapelUsuario.GESTOR, PapelUsuario.CLIENTE], ativo: false },
    });
  });

  it.each<[unknown, string]>([
    [{ capacidade: 1.5 }, `capacidade ${NUMBER}`],
    [{ capacidade: '1.5' }, `capacidade ${NUMBER}`],
    [{ capacidade: -1 }, `capacidade ${NUMBER}`],
    // Cut off at 32 bits, it would be one person.
    [{ capacidade: 4_294_967_297 }, `capacidade ${NUMBER}`],
    [{ precoPorHora: { centavos: 390.5 } }, `precoPorHora.centavos ${CENTS}`],
    [{ precoPorHora: { centavos: 2 ** 63 } }, `precoPorHora.centavos ${CENTS}`],
    [{ horarios: [{}, { diaSemana: 0.5 }] }, `horarios[1].diaSemana ${NUMBER}`],
    [{ tipo: 'PISCINA' }, 'tipo tem um valor não permitido'],
    [{ tipo: 'auditorio' }, 'tipo tem um valor não permitido'],
    [{ tipo: 'TIPO_ESPACO_AUDITORIO' }, 'tipo tem um valor não permitido'],
    [{ tipo: '2' }, 'tipo tem um valor não permitido'],
    [{ tipo: '' }, 'tipo tem um valor não permitido'],
    [{ tipo: 'X'.repeat(60_000) }, 'tipo tem um valor não permitido'],
  ])('is refused by the service, with the field named: %j', (body, told) => {
    expect(space(body)).toBe(refused(told));
  });

  it.each(['X', 'é', '', ' GESTOR', '1', 'gestor'])('is refused by the service for %j in a list', (papel) => {
    expect(user({ papeis: ['GESTOR', papel] })).toBe(refused('papeis tem um valor não permitido'));
  });

  it.each([
    { tipo: 2 },
    { tipo: null },
    { capacidade: null },
    { capacidade: true },
    { capacidade: 'oito' },
    { capacidade: '' },
    { precoPorHora: 390 },
    { horarios: 'sempre' },
  ])('is refused by the gateway: %j', (body) => {
    expect(space(body)).toBe(BY_GATEWAY);
  });

  it.each([null, 0, 'false', {}, []])('has a truth value that the service cannot doubt: %j', (ativo) => {
    expect(user({ ativo })).toMatchObject({ ativo: true });
  });

  it('has numbers in texts that only Lua reads as such', () => {
    expect(['8', '0x8', '8e0', '8.0'].map((capacidade) => space({ capacidade }))).toEqual(
      Array(4).fill(expect.objectContaining({ capacidade: 8 })),
    );
  });

  it('loses what the contract does not know', () => {
    expect(space({ nome: 'Sala', telefone: '1' })).toMatchObject({ nome: 'Sala' });
    expect(space([])).toMatchObject({ nome: '' });
    expect(space({ horarios: {}, precoPorHora: [] })).toMatchObject({ horarios: [] });
  });
});

describe('a query through the gateway', () => {
  it('is what it says', () => {
    expect(search('capacidade=300&tipo=AUDITORIO&pageSize=100')).toMatchObject({
      ...{ capacidade: 300, tipo: TipoEspaco.AUDITORIO, pageSize: 100 },
    });
    expect(['true', 'false'].map((text) => spaces(`incluirInativos=${text}`))).toMatchObject([
      { incluirInativos: true },
      { incluirInativos: false },
    ]);
  });

  it.each(['1.5', '', 'oito', '-1', '4294967297', '0x8', '8e0', '9'.repeat(5_000)])(
    'is refused by the service for a number %j',
    (text) => {
      expect(search(`capacidade=${text}`)).toBe(refused(`capacidade ${NUMBER}`));
    },
  );

  it.each(['PISCINA', '', '2', 'TIPO_ESPACO_AUDITORIO'])(
    'is refused by the service for a word %j',
    (text) => {
      expect(search(`tipo=${text}`)).toBe(refused('tipo tem um valor não permitido'));
    },
  );

  it.each(['', '0', '1', 'sim', 'TRUE', 'null'])('is refused by the service for a truth value %j', (text) => {
    expect(spaces(`incluirInativos=${text}`)).toBe(refused('incluirInativos deve ser true ou false'));
  });

  it('is refused by the gateway for a parameter without a value, or twice', () => {
    expect(spaces('incluirInativos')).toBe(BY_GATEWAY);
    expect(search('capacidade=1&capacidade=2')).toBe(BY_GATEWAY);
  });
});
