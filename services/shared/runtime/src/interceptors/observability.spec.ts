import { Code, ConnectError, createContextValues, type UnaryResponse } from '@connectrpc/connect';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Logger, pino } from 'pino';
import { EcoService } from '../../test/eco-service.ts';
import { rpcError } from '../errors/errors.ts';
import { principalKey } from '../rpc/principal.ts';
import { observability } from './observability.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

describe('observability', () => {
  let lines: Record<string, unknown>[];
  let observed: unknown[][];
  let logger: Logger;
  let contextValues: ReturnType<typeof createContextValues>;

  beforeEach(() => {
    lines = [];
    observed = [];
    logger = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
    contextValues = createContextValues();
  });

  const request = (headers: Record<string, string> = {}) =>
    ({ stream: false, method: EcoService.method.ler, header: new Headers(headers), contextValues }) as never;

  const metrics = { observeRpc: (...what: unknown[]) => void observed.push(what) } as never;

  async function call(next: () => Promise<unknown>, headers?: Record<string, string>) {
    return (await observability({ logger, metrics })((async () => next()) as never)(
      request(headers),
    )) as UnaryResponse;
  }

  const answer = async () => ({ stream: false, header: new Headers() });

  it('keeps the name that a call came with, and tells it in its answer', async () => {
    const { header } = await call(answer, { 'x-request-id': 'req-1' });
    expect(header.get('x-request-id')).toBe('req-1');
    expect(lines).toMatchObject([{ requestId: 'req-1' }]);
  });

  it.each([undefined, '', 'a b', 'a\tb', 'a'.repeat(129), '{"level":50}'])(
    'gives a call a name of its own in the place of %j',
    async (sent) => {
      const { header } = await call(answer, sent === undefined ? {} : { 'x-request-id': sent });
      expect(header.get('x-request-id')).toMatch(UUID);
    },
  );

  it('takes a name of 128 characters', async () => {
    const { header } = await call(answer, { 'x-request-id': 'a'.repeat(128) });
    expect(header.get('x-request-id')).toBe('a'.repeat(128));
  });

  it('writes one line and one measurement for a call that succeeds', async () => {
    contextValues.set(principalKey, { id: 'cli_1' } as never);
    await call(answer, { 'x-request-id': 'r' });
    expect(lines).toEqual([
      expect.objectContaining({
        ...{ msg: 'rpc', rpc: 'teste.v1.EcoService/Ler', code: 'ok', requestId: 'r', callerId: 'cli_1' },
      }),
    ]);
    expect(lines[0]).not.toHaveProperty('motivo');
    expect(observed).toEqual([['teste.v1.EcoService', 'Ler', 'ok', expect.any(Number)]]);
    const seconds = Number(observed[0]?.[3]);
    const ms = Number(lines[0]?.ms);
    // A tenth of a millisecond is what a line tells.
    expect(Math.abs(ms - seconds * 1_000)).toBeLessThanOrEqual(0.051);
  });

  it('tells the name of a call in its failure, and why it failed in the line', async () => {
    const error = rpcError(Code.NotFound, 'SEM_NADA', 'Não há.');
    await expect(call(() => Promise.reject(error), { 'x-request-id': 'r' })).rejects.toBe(error);
    expect(error.metadata.get('x-request-id')).toBe('r');
    expect(lines).toMatchObject([{ code: 'not_found', motivo: 'SEM_NADA' }]);
    expect(observed).toMatchObject([[expect.anything(), 'Ler', 'not_found', expect.any(Number)]]);
  });

  it('makes an error of the wire of anything else that fails', async () => {
    const failed = call(() => Promise.reject(new TypeError('segredo')));
    await expect(failed).rejects.toMatchObject({ name: 'ConnectError', code: Code.Internal });
    expect(lines).toMatchObject([{ code: 'internal' }]);
  });

  it('measures nothing where nothing is measured', async () => {
    const { header } = (await observability({ logger })(answer as never)(request())) as UnaryResponse;
    expect(header.get('x-request-id')).toMatch(UUID);
    expect([lines.length, observed]).toEqual([1, []]);
  });

  it('counts an error of the wire by its code', async () => {
    await call(() => Promise.reject(new ConnectError('x', Code.ResourceExhausted))).catch(() => undefined);
    expect(observed).toMatchObject([[expect.anything(), 'Ler', 'resource_exhausted', expect.any(Number)]]);
  });
});
