import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type AuthUnderTest, startAuth } from './auth-under-test.ts';

const ADMIN = { email: 'admin@exemplo.com', password: 'uma senha de admin' };

let auth: AuthUnderTest;
let rpc: ReturnType<typeof clients>;

function clients(port: number) {
  const options = { address: `127.0.0.1:${port}`, timeoutMs: 5_000 };
  return { auth: createGrpcClient(AuthService, options), users: createGrpcClient(UsersService, options) };
}

beforeAll(async () => {
  auth = await startAuth({
    clock: new FixedClock(new Date().toISOString()),
    serviceClients: [],
    admin: { email: ADMIN.email, senha: ADMIN.password },
  });
  rpc = clients(auth.grpcPort);
});

afterAll(async () => {
  for (const client of Object.values(rpc ?? {})) client.close();
  await auth?.stop();
});

async function failure(call: Promise<unknown>): Promise<{ code: Code; motivo: string | undefined }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  );
  if (!error) throw new Error('the call was expected to fail');
  return { code: error.code, motivo: motivoDe(error) };
}

const as = ({ accessToken }: { accessToken: string }) => ({
  headers: { authorization: `Bearer ${accessToken}` },
});

let counter = 0;

/** Somebody with the roles, logged in. */
async function pessoa(...papeis: PapelUsuario[]) {
  const quem = { nome: 'Bia Reis', email: `bia.${++counter}@exemplo.com`, password: 'Senha@123' };
  const { id } = await rpc.auth.signup(quem);
  if (papeis.length > 0)
    await rpc.users.updateUser({ usuarioId: id, papeis }, as(await rpc.auth.login(ADMIN)));
  return { id, quem, sessao: await rpc.auth.login(quem) };
}

const chefe = async () => as(await rpc.auth.login(ADMIN));

const papeisDe = async (id: string): Promise<string[]> => {
  const [row] = await auth.dataSource.query('select papeis from usuarios where id = $1', [id]);
  return row.papeis;
};

const SESSAO_TERMINOU = { code: Code.Unauthenticated, motivo: 'TOKEN_INVALIDO' };

describe('rights that are gone', () => {
  it('make nothing lasting any more, whatever the token still says', async () => {
    const ex = await pessoa(PapelUsuario.ADMIN);
    const vitima = await pessoa();
    await rpc.users.updateUser(
      { usuarioId: ex.id, papeis: [PapelUsuario.CLIENTE], ativo: false },
      await chefe(),
    );
    const again = { usuarioId: ex.id, papeis: [PapelUsuario.ADMIN], ativo: true };
    expect(await failure(rpc.users.updateUser(again, as(ex.sessao)))).toEqual(SESSAO_TERMINOU);
    const other = { usuarioId: vitima.id, ativo: false };
    expect(await failure(rpc.users.updateUser(other, as(ex.sessao)))).toEqual(SESSAO_TERMINOU);
    expect(await papeisDe(ex.id)).toEqual(['CLIENTE']);
  });

  it.each([
    ['a suspension', { ativo: false }],
    ['another role', { papeis: [PapelUsuario.CLIENTE, PapelUsuario.GESTOR] }],
    ['the loss of a role', { papeis: [PapelUsuario.CLIENTE] }],
  ])('end every session with %s', async (_, mudanca) => {
    const alguem = await pessoa(PapelUsuario.ADMIN);
    const outra = await rpc.auth.login(alguem.quem);
    await rpc.users.updateUser({ usuarioId: alguem.id, ...mudanca }, await chefe());
    for (const { refreshToken } of [alguem.sessao, outra])
      expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
  });

  it('stay gone when the account is let in again: it has to log in', async () => {
    const alguem = await pessoa();
    await rpc.users.updateUser({ usuarioId: alguem.id, ativo: false }, await chefe());
    await rpc.users.updateUser({ usuarioId: alguem.id, ativo: true }, await chefe());
    const { refreshToken } = alguem.sessao;
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
    await rpc.auth.refresh({ refreshToken: (await rpc.auth.login(alguem.quem)).refreshToken });
  });

  it('are gone also when Redis was away at that moment', async () => {
    const alguem = await pessoa(PapelUsuario.GESTOR);
    const admin = await chefe();
    auth.redis.disconnect();
    await rpc.users.updateUser({ usuarioId: alguem.id, ativo: false }, admin);
    await rpc.users.updateUser({ usuarioId: alguem.id, ativo: true }, admin);
    await auth.redis.connect();
    const { refreshToken } = alguem.sessao;
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
  });

  it('get no stored answer any more under the Idempotency-Key that made it', async () => {
    const ex = await pessoa(PapelUsuario.ADMIN);
    const { id: usuarioId } = await pessoa();
    const { headers } = as(ex.sessao);
    const comChave = { headers: { ...headers, 'idempotency-key': 'chave' } };
    const mudar = () => rpc.users.updateUser({ usuarioId, nome: 'Outro Nome' }, comChave);
    expect(await mudar()).toEqual(await mudar());
    await rpc.users.updateUser({ usuarioId: ex.id, papeis: [PapelUsuario.CLIENTE] }, await chefe());
    expect(await failure(mudar())).toEqual(SESSAO_TERMINOU);
  });

  it('leave another name and another person alone', async () => {
    const alguem = await pessoa();
    await rpc.users.updateUser({ usuarioId: alguem.id, nome: 'Bia Reis Lima' }, await chefe());
    await rpc.auth.refresh({ refreshToken: alguem.sessao.refreshToken });
  });
});

describe('two administrators', () => {
  /** Changes that wait for the lock. */
  const queueing = async (): Promise<number> => {
    const [row] = await auth.dataSource.query(`
      select count(*)::int as n from pg_locks join pg_database d on d.oid = database
      where d.datname = current_database() and locktype = 'advisory' and not granted`);
    return row.n;
  };

  it('that demote each other at once leave one who still is', async () => {
    for (let turn = 0; turn < 5; turn++) {
      const [um, outro] = await Promise.all([pessoa(PapelUsuario.ADMIN), pessoa(PapelUsuario.ADMIN)]);
      const papeis = [PapelUsuario.CLIENTE];
      const ambos = await Promise.allSettled([
        rpc.users.updateUser({ usuarioId: outro.id, papeis }, as(um.sessao)),
        rpc.users.updateUser({ usuarioId: um.id, papeis }, as(outro.sessao)),
      ]);
      expect(ambos.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const agora = await Promise.all([um, outro].map(({ id }) => papeisDe(id)));
      expect(agora.flat().sort()).toEqual(['ADMIN', 'CLIENTE']);
    }
  });

  it('do not come back by a change that waited behind the one that demoted them', async () => {
    const ex = await pessoa(PapelUsuario.ADMIN);
    const admin = await chefe();
    const waiting = auth.dataSource.createQueryRunner();
    await waiting.startTransaction();
    await waiting.query(`select pg_advisory_xact_lock(hashtextextended('auth:usuarios', 0))`);
    const demoted = rpc.users.updateUser({ usuarioId: ex.id, papeis: [PapelUsuario.CLIENTE] }, admin);
    await eventually(async () => expect(await queueing()).toBe(1));
    const promoted = failure(
      rpc.users.updateUser({ usuarioId: ex.id, papeis: [PapelUsuario.ADMIN] }, as(ex.sessao)),
    );
    await eventually(async () => expect(await queueing()).toBe(2));
    await waiting.commitTransaction();
    await waiting.release();
    await demoted;
    expect(await promoted).toEqual({ code: Code.PermissionDenied, motivo: 'ACESSO_NEGADO' });
    expect(await papeisDe(ex.id)).toEqual(['CLIENTE']);
  });
});
