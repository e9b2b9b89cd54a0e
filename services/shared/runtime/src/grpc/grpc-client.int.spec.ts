import { Code, ConnectError } from '@connectrpc/connect';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EcoService, ecoService } from '../../test/eco-service.ts';
import { failureOf } from '../../test/failure-of.ts';
import { motivoDe, rpcError, toConnectError } from '../errors/errors.ts';
import { grpcDefinition, grpcImplementation } from './grpc-adapter.ts';
import { createGrpcClient } from './grpc-client.ts';

const closers: Array<() => void> = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server of EcoService without interceptors. */
async function serve(impl: Parameters<typeof ecoService>[0]): Promise<string> {
  const server = new Server();
  server.addService(grpcDefinition(EcoService), grpcImplementation(ecoService(impl), { interceptors: [] }));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (err, bound) => {
      if (err) reject(err);
      else resolve(bound);
    });
  });
  closers.push(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

function clientOf(address: string, options: Partial<Parameters<typeof createGrpcClient>[1]> = {}) {
  const client = createGrpcClient(EcoService, { address, timeoutMs: 2_000, ...options });
  closers.push(() => client.close());
  return client;
}

const unavailable = () => rpcError(Code.Unavailable, 'SERVICO_INDISPONIVEL', 'Fora do ar.');

describe('createGrpcClient', () => {
  it('sends its headers and those of the call, binary ones included', async () => {
    const seen: Record<string, string | null> = {};
    const address = await serve({
      ler(request, { requestHeader }) {
        for (const name of ['authorization', 'x-request-id', 'x-foto-bin'])
          seen[name] = requestHeader.get(name);
        return request;
      },
    });
    const client = clientOf(address, {
      headers: async () => ({ authorization: 'Bearer t', 'x-request-id': 'fixo' }),
    });
    const foto = Buffer.from([0, 255, 7]).toString('base64');
    await client.ler({ value: 'x' }, { headers: { 'x-request-id': 'r1', 'x-foto-bin': foto } });
    expect(seen).toEqual({ authorization: 'Bearer t', 'x-request-id': 'r1', 'x-foto-bin': foto });
  });

  it('fails the call when its headers cannot be had', async () => {
    const client = clientOf(await serve({}), { headers: () => Promise.reject(unavailable()) });
    expect(await failureOf(client.ler({ value: 'x' }))).toMatchObject({ motivo: 'SERVICO_INDISPONIVEL' });
  });

  it('hands over headers and trailers when a call succeeds', async () => {
    const address = await serve({
      ler(request, { responseHeader, responseTrailer }) {
        responseHeader.set('x-antes', '1');
        responseTrailer.set('x-depois', '2');
        return request;
      },
    });
    const got: Array<string | null> = [];
    await clientOf(address).ler(
      { value: 'x' },
      {
        onHeader: (header) => void got.push(header.get('x-antes')),
        onTrailer: (trailer) => void got.push(trailer.get('x-depois')),
      },
    );
    expect(got).toEqual(['1', '2']);
  });

  it('tries again when the answer is UNAVAILABLE', async () => {
    let attempts = 0;
    const address = await serve({
      ler(request) {
        attempts += 1;
        if (attempts < 3) throw unavailable();
        return request;
      },
    });
    expect((await clientOf(address).ler({ value: 'ok' })).value).toBe('ok');
    expect(attempts).toBe(3);
  });

  it.each([
    ['another error is answered', () => rpcError(Code.Aborted, 'CONFLITO_CONCORRENCIA', 'Conflito.'), {}],
    ['retries are off', unavailable, { retry: { maxAttempts: 1 } }],
  ])('does not try again when %s', async (_, error, options) => {
    let attempts = 0;
    const address = await serve({
      ler() {
        attempts += 1;
        throw error();
      },
    });
    await failureOf(clientOf(address, options).ler({ value: 'x' }));
    expect(attempts).toBe(1);
  });

  it('spreads calls over all addresses', async () => {
    const hits = [0, 0];
    const addresses = await Promise.all(
      [0, 1].map((index) =>
        serve({
          ler(request) {
            hits[index] = (hits[index] ?? 0) + 1;
            return request;
          },
        }),
      ),
    );
    const client = clientOf(`ipv4:${addresses.join(',')}`);
    for (let call = 0; call < 20; call += 1) await client.ler({ value: 'x' });
    expect(Math.min(...hits)).toBeGreaterThanOrEqual(5);
  });

  it('gives up after its own deadline when the call sets none', async () => {
    const address = await serve({ ler: () => new Promise(() => undefined) });
    const client = clientOf(address, { timeoutMs: 100 });
    expect(await failureOf(client.ler({ value: 'x' }))).toMatchObject({ code: 'DeadlineExceeded' });
    expect(await failureOf(client.ler({ value: 'x' }, { timeoutMs: 50 }))).toMatchObject({
      code: 'DeadlineExceeded',
    });
  });

  it('answers UNAVAILABLE when nobody listens', async () => {
    const client = clientOf('127.0.0.1:1', { timeoutMs: 1_000, retry: { maxAttempts: 1 } });
    expect(await failureOf(client.ler({ value: 'x' }))).toMatchObject({ code: 'Unavailable' });
  });

  it('gives an answer with unreadable details as plain code and message', async () => {
    const server = new Server();
    server.addService(grpcDefinition(EcoService), {
      Ler: (
        call: { metadata: { clone(): { set(key: string, value: Buffer): void } } },
        callback: (err: object) => void,
      ) => {
        const metadata = call.metadata.clone();
        metadata.set('grpc-status-details-bin', Buffer.from([0xff, 0xff]));
        callback({ code: status.NOT_FOUND, details: 'não há', metadata });
      },
    } as never);
    const port = await new Promise<number>((resolve) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, bound) => resolve(bound));
    });
    closers.push(() => server.forceShutdown());
    const failure = await failureOf(clientOf(`127.0.0.1:${port}`).ler({ value: 'x' }));
    expect(failure).toMatchObject({ code: 'NotFound', message: 'não há', details: [] });
  });
});

describe('an error received from another service', () => {
  const received = async (error: ConnectError) => {
    const address = await serve({
      ler() {
        throw error;
      },
    });
    const client = clientOf(address, { retry: { maxAttempts: 1 } });
    return client.ler({ value: 'x' }).then(
      () => Promise.reject(new Error('expected a failure')),
      (err: unknown) => toConnectError(err),
    );
  };

  it('is passed on with reason and details, without its metadata, when it is a business error', async () => {
    const error = rpcError(Code.FailedPrecondition, 'PAGAMENTO_ENCERRADO', 'Pagamento encerrado.', {
      id: 'pag_1',
    });
    error.metadata.set('x-interno', 'segredo');
    const passed = await received(error);
    expect(passed).toMatchObject({ code: Code.FailedPrecondition, rawMessage: 'Pagamento encerrado.' });
    expect(motivoDe(passed)).toBe('PAGAMENTO_ENCERRADO');
    expect(passed.metadata.get('x-interno')).toBeNull();
  });

  it.each([
    ['UNAVAILABLE', unavailable(), Code.Unavailable, 'SERVICO_INDISPONIVEL'],
    [
      'UNAUTHENTICATED',
      rpcError(Code.Unauthenticated, 'TOKEN_INVALIDO', 'Token inválido.'),
      Code.Internal,
      'ERRO_INTERNO',
    ],
    ['an error without reason', new ConnectError('raw', Code.NotFound), Code.Internal, 'ERRO_INTERNO'],
  ])('becomes a fault of ours when it is %s', async (_, error, code, motivo) => {
    const passed = await received(error);
    expect(passed.code).toBe(code);
    expect(motivoDe(passed)).toBe(motivo);
  });
});
