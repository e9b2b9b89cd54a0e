import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  AvisoDeSegurancaSchema,
  TipoAvisoSeguranca,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { PersonalKeysService } from '@plataforma/contratos/auth/v1/personal_keys_service_pb';
import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { eventually } from '@plataforma/testing/eventually';
import { freePort } from '@plataforma/testing/servers/ports';
import { logger } from '../support/harness.ts';
import { lerMime } from '../support/mime.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const testCase = useTestCase();
/** Of people whose key was not destroyed. */
const chaves = new Map<string, Buffer>();
let porta: number;
let auth: { close(): Promise<void> } | undefined;

const services: RpcService[] = [
  rpcService(ServiceTokensService, {
    acesso: { issueServiceToken: 'PUBLICO' },
    impl: { issueServiceToken: () => ({ accessToken: 'para auth', tokenType: 'Bearer', expiresIn: 300 }) },
  }),
  rpcService(PersonalKeysService, {
    acesso: { getPersonalKey: 'PUBLICO' },
    impl: { getPersonalKey: ({ usuarioId }) => ({ chave: chaves.get(usuarioId) ?? new Uint8Array() }) },
  }),
];

async function authVolta(): Promise<void> {
  auth ??= await startGrpcServer({
    ...{ host: '127.0.0.1', port: porta, services, interceptors: [], health: new Health() },
    ...{ reflection: false, logger },
  });
}

async function authSai(): Promise<void> {
  await auth?.close();
  auth = undefined;
}

beforeAll(async () => {
  porta = await freePort();
});

beforeEach(async () => {
  testCase.harness.authAddress = `127.0.0.1:${porta}`;
  testCase.harness.sealing = { keys: { keyOf: async (id) => chaves.get(id) }, withoutKeys: 'WAITS' };
  chaves.set(testCase.cliente, Buffer.alloc(32, testCase.numero));
  await authVolta();
  await testCase.start();
});

afterAll(authSai);

const email = () => `ana.${testCase.numero}@exemplo.com`;
const agora = (): Timestamp => timestampFromDate(testCase.clock.now());

const conta = () =>
  testCase.harness.publish({
    schema: UsuarioRegistradoSchema,
    dados: { usuarioId: testCase.cliente, nome: 'Ana', email: email(), emailVerificado: true },
    agregado: { tipo: 'usuario', id: testCase.cliente, versao: 1 },
  });

const avisar = (id: string) =>
  testCase.harness.publish({
    schema: AvisoDeSegurancaSchema,
    dados: {
      ...{ usuarioId: testCase.cliente, tipo: TipoAvisoSeguranca.SENHA_ALTERADA, enderecoIp: '203.0.113.7' },
      ...{ dispositivo: 'Firefox/128.0', ocorridoEm: agora(), email: email() },
    },
    agregado: { tipo: 'aviso', id, versao: 1 },
    id,
  });

const remover = () =>
  testCase.harness.publish({
    schema: UsuarioRemovidoSchema,
    dados: { usuarioId: testCase.cliente },
    agregado: { tipo: 'usuario', id: testCase.cliente, versao: 9 },
  });

const contato = async () => {
  const [row] = await testCase.harness.database.dataSource.query(
    'select nome, email, removido_em as "removidoEm" from contatos where usuario_id = $1',
    [testCase.cliente],
  );
  return row;
};

const mensagens = (): Promise<{ modelo: string; dados: { motivo?: string } }[]> =>
  testCase.harness.database.dataSource.query(
    'select modelo, dados from notificacoes where cliente_id = $1 order by criada_em, id',
    [testCase.cliente],
  );

describe('what an event says about somebody', () => {
  it('is sealed on its way, and reaches them all the same', async () => {
    expect(
      await testCase.harness.sealed(UsuarioRegistradoSchema, { usuarioId: testCase.cliente, nome: 'Ana' }),
    ).toMatch(/"nome":"pessoal:v1:/);
    await conta();
    await eventually(async () => expect(await contato()).toMatchObject({ nome: 'Ana', email: email() }));
    await avisar(`aviso-${testCase.numero}`);
    await eventually(() => expect(testCase.smtp.received).toHaveLength(1));
    const [recebida] = testCase.smtp.received;
    expect(recebida?.to).toEqual([email()]);
    expect(lerMime(recebida?.raw ?? '').partes[0]?.texto).toContain('203.0.113.7');
  });

  it('is passed over once they are erased: no contact comes back, and nobody is told', async () => {
    chaves.delete(testCase.cliente);
    await conta();
    await avisar(`aviso-${testCase.numero}`);
    await remover();
    await eventually(async () => expect(await contato()).toMatchObject({ removidoEm: expect.any(Date) }));
    await conta();
    await testCase.harness.drained();
    expect(await contato()).toMatchObject({ nome: null, email: null });
    expect(await mensagens()).toEqual([]);
  });

  it('is passed over when the event itself comes after the erasure', async () => {
    const keyOf = async () => undefined;
    testCase.harness.sealing = { keys: { keyOf }, withoutKeys: 'WAITS' };
    await conta();
    await testCase.harness.drained();
    expect(await contato()).toBeUndefined();
  });

  it('about a cancellation is missing once they are erased; that it is cancelled is known', async () => {
    chaves.delete(testCase.cliente);
    const id = `cancelada-${testCase.numero}`;
    await testCase.harness.cancelar(testCase.reserva, testCase.cliente, id);
    await testCase.harness.handled(id);
    expect(await mensagens()).toMatchObject([{ modelo: 'RESERVA_CANCELADA', dados: { motivo: '' } }]);
  });

  it('waits while auth is away, and nothing is a dead letter', async () => {
    await authSai();
    await conta();
    const id = `confirmada-${testCase.numero}`;
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente, id);
    // What says nothing about anybody goes on.
    await testCase.harness.handled(id);
    expect(await contato()).toBeUndefined();
    await authVolta();
    await eventually(async () => expect(await contato()).toMatchObject({ email: email() }), {
      timeoutMs: 40_000,
    });
  });
});
