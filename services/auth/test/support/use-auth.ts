import { createHash } from 'node:crypto';
import { type Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { AuditService } from '@plataforma/contratos/auth/v1/audit_service_pb';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { ChavesApiService } from '@plataforma/contratos/auth/v1/chaves_api_service_pb';
import { ErasuresService } from '@plataforma/contratos/auth/v1/erasures_service_pb';
import { ExportService } from '@plataforma/contratos/auth/v1/export_service_pb';
import { PasskeysService } from '@plataforma/contratos/auth/v1/passkeys_service_pb';
import { PersonalKeysService } from '@plataforma/contratos/auth/v1/personal_keys_service_pb';
import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';
import type { Clock } from '@plataforma/domain/clock';
import { motivoDe } from '@plataforma/runtime/errors';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { type AuthSettings, type AuthUnderTest, startAuth } from './auth-under-test.ts';

/** The first administrator of an installation under test. */
export const ADMIN = { email: 'admin@exemplo.com', password: 'uma senha de admin' };

/** Of the services: `reservas` may ask for tokens for pagamentos, `notificacoes` for auth. */
export const SECRET = 'segredo-do-servico-reservas';

export const DIGEST = createHash('sha256').update(SECRET).digest('hex');

/** @param timeoutMs longer where calls are compared, and a slow one is to be measured. */
export function clients(port: number, timeoutMs = 8_000) {
  const options = { address: `127.0.0.1:${port}`, timeoutMs };
  return {
    audit: createGrpcClient(AuditService, options),
    auth: createGrpcClient(AuthService, options),
    chaves: createGrpcClient(ChavesApiService, options),
    erasures: createGrpcClient(ErasuresService, options),
    exports: createGrpcClient(ExportService, options),
    personalKeys: createGrpcClient(PersonalKeysService, options),
    passkeys: createGrpcClient(PasskeysService, options),
    tokens: createGrpcClient(ServiceTokensService, options),
    users: createGrpcClient(UsersService, options),
  };
}

/** auth and clients of it for the specs of a file: they are there once its hooks have run. */
export function useAuth({
  clock,
  timeoutMs,
  ...settings
}: { clock: Clock; timeoutMs?: number; serviceClients?: readonly string[] } & AuthSettings) {
  const auth = {} as AuthUnderTest;
  const rpc = {} as ReturnType<typeof clients>;

  beforeAll(async () => {
    const started = await startAuth({
      clock,
      serviceClients: [`reservas:${DIGEST}:pagamentos`, `notificacoes:${DIGEST}:auth`],
      admin: { email: ADMIN.email, senha: ADMIN.password },
      ...settings,
    });
    Object.assign(auth, started);
    Object.assign(rpc, clients(auth.grpcPort, timeoutMs));
  });

  // Whatever the suite is about, in its end nothing of what it used to let somebody in has been logged.
  afterAll(async () => {
    // It has not started where a hook in front of this one failed.
    const { leaks }: { leaks?: AuthUnderTest['leaks'] } = auth;
    expect((await leaks?.()) ?? []).toEqual([]);
  });

  afterAll(async () => {
    for (const client of Object.values(rpc)) client.close();
    await auth.stop?.();
  });

  async function newSession() {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    return rpc.auth.login(quem);
  }

  return { auth, rpc, newSession };
}

/** How a call was refused. */
export async function failure(call: Promise<unknown>): Promise<{ code: Code; motivo: string | undefined }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  );
  if (!error) throw new Error('the call was expected to fail');
  return { code: error.code, motivo: motivoDe(error) };
}

/** The options of a call made with this session. */
export const as = ({ accessToken }: { accessToken: string }) => ({
  headers: { authorization: `Bearer ${accessToken}` },
});

let counter = 0;

/** A person who has no account yet. */
export const pessoa = () => ({
  nome: 'Ana Souza',
  email: `Ana.${++counter}@Exemplo.com`,
  password: 'Senha@123',
});
