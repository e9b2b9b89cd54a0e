import { randomUUID } from 'node:crypto';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ContatosService } from '@plataforma/contratos/notificacoes/v1/contatos_service_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { PostgresIdempotencyKeys } from '@plataforma/runtime/idempotency-keys';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { Harness, type Instance, logger } from '../support/harness.ts';

const DIA = ['2026-11-18', '2026-11-19', '2026-11-20'];

let harness: Harness;
let instancia: Instance;
let issuer: TestIssuer;
let server: { port: number; close(): Promise<void> };
const clients: Array<{ close(): void }> = [];

const sql = (text: string, values: unknown[] = []) => harness.database.dataSource.query(text, values);

beforeAll(async () => {
  [harness, issuer] = await Promise.all([Harness.start(), createTestIssuer()]);
  instancia = await harness.instance('smtp://127.0.0.1:1', new FixedClock('2026-11-20T13:00:00Z'));
  const { services } = instancia;
  const keys = new PostgresIdempotencyKeys(harness.database.dataSource);
  server = await startGrpcServer({
    ...{ host: '127.0.0.1', port: 0, services, health: new Health(), reflection: false, logger },
    interceptors: createInterceptors({ logger, verifier: createTokenVerifier(issuer), services, keys }),
  });
});

afterAll(async () => {
  for (const client of clients) client.close();
  await server.close();
  await instancia.stop();
  await issuer.close();
  await harness.stop();
});

beforeEach(async () => {
  await sql('delete from contatos');
  for (const [n, dia] of DIA.entries())
    await sql(
      `insert into contatos (usuario_id, nome, email, versao, atualizado_em, devolve_desde, devolve_motivo)
       values ($1, 'Ana', $2, 1, now(), $3, 'SendGrid bounce 5.1.1')`,
      [`cli_${n}`, `ana.${n}@exemplo.com`, `${dia}T12:00:00Z`],
    );
  await sql(
    `insert into contatos (usuario_id, nome, email, versao, atualizado_em) values ('cli_bia', 'Bia', 'bia@exemplo.com', 1, now())`,
  );
});

function as(papel: 'CLIENTE' | 'GESTOR' | 'ADMIN', key?: string) {
  const headers = async () => ({
    authorization: `Bearer ${await issuer.token({ sub: 'cli_adm', papeis: [papel] })}`,
    ...(key && { 'idempotency-key': key }),
  });
  const address = `127.0.0.1:${server.port}`;
  const client = createGrpcClient(ContatosService, { address, timeoutMs: 5_000, headers });
  clients.push(client);
  return client;
}

async function failure(call: Promise<unknown>): Promise<[Code, string | undefined]> {
  const error = ConnectError.from(
    await call.then(
      () => new Error('it succeeded'),
      (reason: unknown) => reason,
    ),
  );
  return [error.code, motivoDe(error)];
}

const marcados = async () => {
  const { contatos } = await as('ADMIN').listarContatosNaoEntregaveis({});
  return contatos.map(({ clienteId }) => clienteId);
};

describe('ContatosService', () => {
  it('lists accounts to whose address nothing is sent, the latest first, with the address masked', async () => {
    const { contatos, nextPageToken } = await as('ADMIN').listarContatosNaoEntregaveis({});
    expect(contatos).toMatchObject([
      { clienteId: 'cli_2', destino: 'a***2@exemplo.com', codigo: 'SendGrid bounce 5.1.1' },
      { clienteId: 'cli_1' },
      { clienteId: 'cli_0' },
    ]);
    expect(nextPageToken).toBe('');
  });

  it('lists them page by page, and none twice when one is released in between', async () => {
    const admin = as('ADMIN');
    const primeira = await admin.listarContatosNaoEntregaveis({ pageSize: 1 });
    await admin.liberarContato({ clienteId: 'cli_2' });
    const resto = await admin.listarContatosNaoEntregaveis({
      pageSize: 5,
      pageToken: primeira.nextPageToken,
    });
    expect([...primeira.contatos, ...resto.contatos].map(({ clienteId }) => clienteId)).toEqual([
      ...['cli_2', 'cli_1', 'cli_0'],
    ]);
  });

  it('releases one, once for a key', async () => {
    const admin = as('ADMIN', randomUUID());
    await admin.liberarContato({ clienteId: 'cli_1' });
    await admin.liberarContato({ clienteId: 'cli_1' });
    expect(await marcados()).toEqual(['cli_2', 'cli_0']);
    expect(await failure(as('ADMIN').liberarContato({ clienteId: 'cli_1' }))).toEqual([
      Code.NotFound,
      'CONTATO_NAO_ENCONTRADO',
    ]);
  });

  it.each(['cli_bia', 'cli_x', "' or 1=1 --"])('knows no mark of %s', async (clienteId) => {
    expect(await failure(as('ADMIN').liberarContato({ clienteId }))).toEqual([
      Code.NotFound,
      'CONTATO_NAO_ENCONTRADO',
    ]);
  });

  it.each(['CLIENTE', 'GESTOR'] as const)('is not for a %s', async (papel) => {
    const client = as(papel);
    for (const call of [
      client.listarContatosNaoEntregaveis({}),
      client.liberarContato({ clienteId: 'cli_1' }),
    ])
      expect(await failure(call)).toEqual([Code.PermissionDenied, 'ACESSO_NEGADO']);
    expect(await marcados()).toHaveLength(3);
  });
});
