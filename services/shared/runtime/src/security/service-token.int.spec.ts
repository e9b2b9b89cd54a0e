import { Code, type HandlerContext } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type IssueServiceTokenRequest,
  ServiceTokensService,
} from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { failureOf } from '../../test/failure-of.ts';
import { rpcError } from '../errors/errors.ts';
import { startGrpcServer } from '../grpc/grpc-server.ts';
import { Health } from '../rpc/health.ts';
import type { RunningServer } from '../rpc/rpc.ts';
import { rpcService } from '../rpc/rpc.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createServiceTokens, type ServiceTokens } from './service-token.ts';

let server: RunningServer;
let tokens: ServiceTokens;
let asked: IssueServiceTokenRequest[];
let expiresIn: number;
let refuse: boolean;

beforeEach(async () => {
  asked = [];
  expiresIn = 300;
  refuse = false;
  const service = rpcService(ServiceTokensService, {
    acesso: { issueServiceToken: 'PUBLICO' },
    impl: {
      issueServiceToken(request: IssueServiceTokenRequest, _: HandlerContext) {
        asked.push(request);
        if (refuse) throw rpcError(Code.Unauthenticated, 'SERVICO_DESCONHECIDO', 'Serviço desconhecido.');
        return { accessToken: `${request.audiencia}-${asked.length}`, tokenType: 'Bearer', expiresIn };
      },
    },
  });
  server = await startGrpcServer({
    host: '127.0.0.1',
    port: 0,
    services: [service],
    interceptors: [],
    health: new Health(),
    reflection: false,
    logger: createLogger({ service: 'auth', level: 'silent' }),
  });
  tokens = createServiceTokens({
    authAddress: `127.0.0.1:${server.port}`,
    servico: 'reservas',
    segredo: 's3',
  });
});

afterEach(async () => {
  tokens.close();
  await server.close();
});

describe('createServiceTokens', () => {
  it('asks once for many callers and keeps the token', async () => {
    const all = await Promise.all([1, 2, 3].map(() => tokens.tokenFor('pagamentos')));
    expect([...all, await tokens.tokenFor('pagamentos')]).toEqual(Array(4).fill('pagamentos-1'));
    expect(asked).toEqual([
      expect.objectContaining({ servico: 'reservas', segredo: 's3', audiencia: 'pagamentos' }),
    ]);
  });

  it('keeps one token per audience', async () => {
    expect(await tokens.tokenFor('pagamentos')).toBe('pagamentos-1');
    expect(await tokens.tokenFor('notificacoes')).toBe('notificacoes-2');
  });

  it('asks again when the token is about to end', async () => {
    expiresIn = 1;
    expect(await tokens.tokenFor('pagamentos')).toBe('pagamentos-1');
    expect(await tokens.tokenFor('pagamentos')).toBe('pagamentos-2');
  });

  it('hands out the error and asks anew for the next caller', async () => {
    refuse = true;
    expect(await failureOf(tokens.tokenFor('pagamentos'))).toMatchObject({ motivo: 'SERVICO_DESCONHECIDO' });
    refuse = false;
    expect(await tokens.tokenFor('pagamentos')).toBe('pagamentos-2');
  });
});
