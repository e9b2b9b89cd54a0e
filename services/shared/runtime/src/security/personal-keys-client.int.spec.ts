import { Code } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PersonalKeysService } from '@plataforma/contratos/auth/v1/personal_keys_service_pb';
import { pino } from 'pino';
import { rpcError } from '../errors/errors.ts';
import { classifyFailure } from '../errors/failure.ts';
import { startGrpcServer } from '../grpc/grpc-server.ts';
import {
  type PersonalKeys,
  PersonalKeysUnavailableError,
  PersonalKeyUnreadableError,
} from '../personal/personal-keys.ts';
import { Health } from '../rpc/health.ts';
import { type RunningServer, rpcService } from '../rpc/rpc.ts';
import { createPersonalKeys } from './personal-keys-client.ts';

const logger = pino({ level: 'silent' });
const KEY = Buffer.alloc(32, 7);

let server: RunningServer;
let asked: { readonly usuarioId: string; readonly authorization: string | null }[];
let answer: () => Promise<{ chave: Uint8Array }>;
let token: () => Promise<string>;
let keys: PersonalKeys & { close(): void };

beforeEach(async () => {
  asked = [];
  answer = async () => ({ chave: KEY });
  token = async () => 'para-auth';
  const service = rpcService(PersonalKeysService, {
    acesso: { getPersonalKey: 'PUBLICO' },
    impl: {
      getPersonalKey({ usuarioId }, { requestHeader }) {
        asked.push({ usuarioId, authorization: requestHeader.get('authorization') });
        return answer();
      },
    },
  });
  server = await startGrpcServer({
    ...{ host: '127.0.0.1', port: 0, services: [service], interceptors: [], health: new Health() },
    ...{ reflection: false, logger },
  });
  keys = createPersonalKeys({
    authAddress: `127.0.0.1:${server.port}`,
    tokens: { tokenFor: (audience) => (audience === 'auth' ? token() : Promise.reject(new Error(audience))) },
    logger,
    timeoutMs: 1_000,
  });
});

afterEach(async () => {
  keys.close();
  await server.close();
});

describe('createPersonalKeys', () => {
  it('asks auth once, with a token for it', async () => {
    expect(await keys.keyOf('cli_1')).toEqual(KEY);
    expect(await keys.keyOf('cli_1')).toEqual(KEY);
    expect(asked).toEqual([{ usuarioId: 'cli_1', authorization: 'Bearer para-auth' }]);
  });

  it.each<[string, typeof answer]>([
    ['is destroyed', async () => ({ chave: new Uint8Array() })],
    ["is nobody's", async () => Promise.reject(rpcError(Code.NotFound, 'USUARIO_NAO_ENCONTRADO', 'Não.'))],
  ])('knows that a key %s', async (_, answered) => {
    answer = answered;
    expect(await keys.keyOf('cli_1')).toBeUndefined();
  });

  it.each<[string, typeof answer]>([
    ['hangs', () => new Promise(() => {})],
    [
      'does not know the method yet',
      async () => Promise.reject(rpcError(Code.Unimplemented, 'ROTA_INEXISTENTE', '')),
    ],
    ['refuses the token', async () => Promise.reject(rpcError(Code.Unauthenticated, 'TOKEN_INVALIDO', ''))],
    [
      'lets this service in nowhere',
      async () => Promise.reject(rpcError(Code.PermissionDenied, 'ACESSO_NEGADO', '')),
    ],
    ['says not found of something else', async () => Promise.reject(rpcError(Code.NotFound, 'OUTRO', ''))],
    ['fails', async () => Promise.reject(new Error('broken'))],
  ])('takes an auth that %s for one that is away', async (_, answered) => {
    answer = answered;
    const failure = await keys.keyOf('cli_1').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PersonalKeysUnavailableError);
    expect(classifyFailure(failure)).toBe(Code.Unavailable);
    answer = async () => ({ chave: KEY });
    expect(await keys.keyOf('cli_1')).toEqual(KEY);
  });

  it('takes a key that auth cannot read for a fault of that key, and goes on asking for others', async () => {
    answer = async () => Promise.reject(rpcError(Code.DataLoss, 'ERRO_INTERNO', ''));
    for (let n = 0; n < 6; n++) {
      const failure = await keys.keyOf('cli_1').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PersonalKeyUnreadableError);
      expect(classifyFailure(failure)).toBe(Code.Internal);
    }
    answer = async () => ({ chave: KEY });
    expect(await keys.keyOf('cli_2')).toEqual(KEY);
  });

  it('takes one that gives no token for away, too', async () => {
    token = async () => Promise.reject(rpcError(Code.PermissionDenied, 'AUDIENCIA_NAO_PERMITIDA', ''));
    await expect(keys.keyOf('cli_1')).rejects.toThrow(PersonalKeysUnavailableError);
  });

  it('asks no more after five failures in a row, for five seconds', async () => {
    answer = async () => Promise.reject(new Error('broken'));
    for (let n = 0; n < 6; n++) await keys.keyOf('cli_1').catch(() => undefined);
    expect(asked).toHaveLength(5);
  });
});
