import type { DescField } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { MotivoErroSchema } from '@plataforma/contratos/auth/v1/motivo_erro_pb';
import { MotivoErroSchema as MotivoComum } from '@plataforma/contratos/comum/v1/motivo_erro_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type FuzzTarget, fuzz } from '@plataforma/testing/fuzz/fuzz';
import { reasonsOf } from '@plataforma/testing/fuzz/reasons';
import { slowestRequests } from '@plataforma/testing/fuzz/slowest';
import { type AuthUnderTest, startAuth } from './support/auth-under-test.ts';

const ADMIN = { email: 'admin@exemplo.com', senha: 'uma senha de admin' };
const CLIENTE = { nome: 'Ana Souza', email: 'ana@exemplo.com', password: 'Senha@123' };

let auth: AuthUnderTest;
let alvo: FuzzTarget;

beforeAll(async () => {
  const clock = new FixedClock(new Date().toISOString());
  auth = await startAuth({ clock, serviceClients: [], admin: ADMIN });
  alvo = await construirAlvo();
});

afterAll(() => auth.stop());

async function construirAlvo(): Promise<FuzzTarget> {
  const rpc = createGrpcClient(AuthService, { address: `127.0.0.1:${auth.grpcPort}`, timeoutMs: 20_000 });
  const { id } = await rpc.signup(CLIENTE);
  const customer = await rpc.login(CLIENTE);
  const admin = await rpc.login({ email: ADMIN.email, password: ADMIN.senha });
  const porNome: Readonly<Record<string, readonly unknown[]>> = {
    email: [CLIENTE.email, 'bia@exemplo.com', 'ANA@exemplo.com'],
    password: [CLIENTE.password, 'Outra@4567', 'errada'],
    usuarioId: [id, 'cli_nenhum'],
    refreshToken: [customer.refreshToken, 'nenhum'],
  };
  rpc.close();
  return {
    grpcPort: auth.grpcPort,
    httpPort: auth.httpPort,
    services: auth.services,
    callers: {
      customer: `Bearer ${customer.accessToken}`,
      admin: `Bearer ${admin.accessToken}`,
    },
    known: (field: DescField) => porNome[field.localName] ?? [],
    reasons: reasonsOf(MotivoComum, MotivoErroSchema),
  };
}

it('answers whatever it is sent with a result or a stable reason', async () => {
  const report = await fuzz(alvo);
  expect(report.failures).toEqual([]);
  const rpc = createGrpcClient(AuthService, { address: `127.0.0.1:${auth.grpcPort}`, timeoutMs: 20_000 });
  const outra = { nome: 'Caio Reis', email: 'caio@exemplo.com', password: 'Senha@456' };
  await expect(rpc.signup(outra)).resolves.toMatchObject({ email: outra.email });
  rpc.close();
}, 120_000);

it('keeps its loop free whatever it is asked, for less than 50 ms a request', async () => {
  const slow = (await slowestRequests(alvo)).filter(({ ms }) => ms >= 50);
  expect(slow).toEqual([]);
}, 180_000);

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);
