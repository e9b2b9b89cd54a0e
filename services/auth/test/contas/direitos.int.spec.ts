import { once } from 'node:events';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { methodName } from '@plataforma/runtime/rpc';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { esperandoContas, prenderContas } from '../support/auth-under-test.ts';
import { ADMIN, as, failure, pessoa, useAuth } from '../support/use-auth.ts';

const { auth, rpc } = useAuth({ clock: new FixedClock(new Date().toISOString()) });

const { password } = ADMIN;
const chefe = async () => as(await rpc.auth.login(ADMIN));

/** A person with the roles, logged in. */
async function conta(...papeis: PapelUsuario[]) {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  if (papeis.length > 0) await rpc.users.updateUser({ usuarioId: id, papeis, password }, await chefe());
  return { id, quem, sessao: await rpc.auth.login(quem) };
}

const papeisDe = async (id: string): Promise<string[]> => {
  const [row] = await auth.dataSource.query('select papeis from usuarios where id = $1', [id]);
  return row.papeis;
};

const SESSAO_TERMINOU = { code: Code.Unauthenticated, motivo: 'TOKEN_INVALIDO' };

describe('rights that are gone', () => {
  it('make nothing lasting any more, whatever the token still says', async () => {
    const ex = await conta(PapelUsuario.ADMIN);
    const vitima = await conta();
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
    const alguem = await conta(PapelUsuario.ADMIN);
    const outra = await rpc.auth.login(alguem.quem);
    await rpc.users.updateUser({ usuarioId: alguem.id, ...mudanca, password }, await chefe());
    for (const { refreshToken } of [alguem.sessao, outra])
      expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
  });

  it('stay gone when the account is let in again: it has to log in', async () => {
    const alguem = await conta();
    await rpc.users.updateUser({ usuarioId: alguem.id, ativo: false }, await chefe());
    await rpc.users.updateUser({ usuarioId: alguem.id, ativo: true, password }, await chefe());
    const { refreshToken } = alguem.sessao;
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
    await rpc.auth.refresh({ refreshToken: (await rpc.auth.login(alguem.quem)).refreshToken });
  });

  it('are gone also when Redis was away at that moment', async () => {
    const alguem = await conta(PapelUsuario.GESTOR);
    const admin = await chefe();
    const gone = once(auth.redis, 'end');
    auth.redis.disconnect();
    await gone;
    await rpc.users.updateUser({ usuarioId: alguem.id, ativo: false }, admin);
    await auth.redis.connect();
    await rpc.users.updateUser({ usuarioId: alguem.id, ativo: true, password }, admin);
    const { refreshToken } = alguem.sessao;
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
  });

  it('hear no more of what they did under its Idempotency-Key', async () => {
    const ex = await conta(PapelUsuario.ADMIN);
    const { id: usuarioId } = await conta();
    const { headers } = as(ex.sessao);
    const comChave = { headers: { ...headers, 'idempotency-key': 'chave' } };
    const mudar = () => rpc.users.updateUser({ usuarioId, nome: 'Outro Nome' }, comChave);
    expect(await mudar()).toEqual(await mudar());
    await rpc.users.updateUser({ usuarioId: ex.id, papeis: [PapelUsuario.CLIENTE] }, await chefe());
    expect(await failure(mudar())).toEqual(SESSAO_TERMINOU);
  });

  it('are gone for a suspended account at every session, also when its generation was left alone', async () => {
    const { id, sessao } = await conta();
    const suspender = (ativo: boolean) =>
      auth.dataSource.query('update usuarios set ativo = $2 where id = $1', [id, ativo]);
    const refresh = () => failure(rpc.auth.refresh({ refreshToken: sessao.refreshToken }));
    await suspender(false);
    expect((await refresh()).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
    // What was refused once is over.
    await suspender(true);
    expect((await refresh()).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
  });

  it('are gone with the account', async () => {
    const { id, sessao } = await conta(PapelUsuario.ADMIN);
    await auth.dataSource.query('delete from usuarios where id = $1', [id]);
    const mudar = rpc.users.updateUser({ usuarioId: 'cli_x', nome: 'Bia' }, as(sessao));
    expect(await failure(mudar)).toEqual(SESSAO_TERMINOU);
    const { refreshToken } = sessao;
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
  });

  it('leave another name and another person alone', async () => {
    const alguem = await conta();
    await rpc.users.updateUser({ usuarioId: alguem.id, nome: 'Bia Reis Lima' }, await chefe());
    const { refreshToken } = alguem.sessao;
    await expect(rpc.auth.refresh({ refreshToken })).resolves.toMatchObject({ tokenType: 'Bearer' });
  });
});

describe('two administrators', () => {
  const NEGADO = { code: Code.PermissionDenied, motivo: 'ACESSO_NEGADO' };
  const queueing = () => esperandoContas(auth.dataSource);
  const contasPresas = () => prenderContas(auth.dataSource);

  it('that demote each other at once leave one who still is', async () => {
    for (let turn = 0; turn < 5; turn++) {
      const [um, outro] = await Promise.all([conta(PapelUsuario.ADMIN), conta(PapelUsuario.ADMIN)]);
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

  it('leave one who can still act: a suspended one is none, nor one whose account has been superseded', async () => {
    const suspenso = await conta(PapelUsuario.ADMIN);
    const admin = await chefe();
    const { id: usuarioId } = await rpc.users.getMe({}, admin);
    const restantes = await auth.dataSource.query(
      `update usuarios set ativo = false where 'ADMIN' = any (papeis) and id <> $1 and ativo returning id`,
      [usuarioId],
    );
    const ultimo = { code: Code.FailedPrecondition, motivo: 'ULTIMO_ADMIN' };
    const quem = pessoa();
    const { id: substituida } = await rpc.auth.signup(quem);
    await rpc.auth.signup(quem);
    const promover = { usuarioId: substituida, papeis: [PapelUsuario.ADMIN], password };
    await rpc.users.updateUser(promover, admin);
    const papeis = [PapelUsuario.CLIENTE];
    expect(await failure(rpc.users.updateUser({ usuarioId, papeis }, admin))).toEqual(ultimo);
    expect(await failure(rpc.users.updateUser({ usuarioId, ativo: false }, admin))).toEqual(ultimo);
    expect(restantes[0]).toContainEqual({ id: suspenso.id });
  });

  it('do not come back by a change that waited behind the one that demoted them', async () => {
    const ex = await conta(PapelUsuario.ADMIN);
    const admin = await chefe();
    const lock = await contasPresas();
    const demoted = rpc.users.updateUser({ usuarioId: ex.id, papeis: [PapelUsuario.CLIENTE] }, admin);
    await eventually(async () => expect(await queueing()).toBe(1));
    const promoted = failure(
      rpc.users.updateUser({ usuarioId: ex.id, papeis: [PapelUsuario.ADMIN] }, as(ex.sessao)),
    );
    await eventually(async () => expect(await queueing()).toBe(2));
    await lock.release();
    await demoted;
    expect(await promoted).toEqual(NEGADO);
    expect(await papeisDe(ex.id)).toEqual(['CLIENTE']);
  });

  it.each([
    ['the role', `papeis = '{CLIENTE}'`],
    ['the session', 'geracao_sessoes = geracao_sessoes + 1'],
    ['the account', 'ativo = false'],
  ])('change nobody once %s was lost while the change waited', async (_, perda) => {
    const ex = await conta(PapelUsuario.ADMIN);
    const { id: usuarioId } = await conta();
    const lock = await contasPresas();
    const change = failure(rpc.users.updateUser({ usuarioId, ativo: false }, as(ex.sessao)));
    await eventually(async () => expect(await queueing()).toBe(1));
    await auth.dataSource.query(`update usuarios set ${perda} where id = $1`, [ex.id]);
    await lock.release();
    expect(await change).toEqual(NEGADO);
  });
});

describe('a call', () => {
  const PUBLICAS = [
    'auth.v1.AuthService/FinishGoogle',
    'auth.v1.AuthService/ForgotPassword',
    'auth.v1.AuthService/Login',
    'auth.v1.AuthService/Refresh',
    'auth.v1.AuthService/ResetPassword',
    'auth.v1.AuthService/Signup',
    'auth.v1.AuthService/StartGoogle',
    'auth.v1.AuthService/VerifyEmail',
    'auth.v1.AuthService/VerifyMfa',
    'auth.v1.ErasuresService/GetErasureReport',
    'auth.v1.PasskeysService/FinishPasskeyLogin',
    'auth.v1.PasskeysService/StartPasskeyLogin',
    'auth.v1.ServiceTokensService/IssueServiceToken',
  ];
  const DE_ADMIN = [
    'AuditService/ListSecurityEvents',
    'ErasuresService/ListErasures',
    'PersonalKeysService/GetPersonalKey',
    'UsersService/DeleteUser',
    'UsersService/ListUsers',
    'UsersService/ResetUserMfa',
    'UsersService/UpdateUser',
  ].map((rpc) => `auth.v1.${rpc}`);

  /** RPCs that answer the caller with this reason. */
  async function recusadas(motivo: string, headers: Record<string, string>): Promise<string[]> {
    const todas = auth.services.flatMap(({ methods }) => methods.map(({ spec }) => methodName(spec.method)));
    const respostas = todas.map(async (rpc) => {
      const response = await fetch(`http://127.0.0.1:${auth.httpPort}/${rpc}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
      return (await response.text()).includes(motivo) ? [rpc] : [];
    });
    return (await Promise.all(respostas)).flat().sort();
  }

  it('needs a token, unless it is one of those that give or replace one', async () => {
    const todas = auth.services.flatMap(({ methods }) => methods.map(({ spec }) => methodName(spec.method)));
    const fechadas = todas.filter((rpc) => !PUBLICAS.includes(rpc)).sort();
    expect(fechadas.length + PUBLICAS.length).toBe(todas.length);
    expect(await recusadas('NAO_AUTENTICADO', {})).toEqual(fechadas);
  });

  it("needs an administrator when it is about everybody's accounts", async () => {
    const { sessao } = await conta(PapelUsuario.CLIENTE, PapelUsuario.GESTOR);
    expect(await recusadas('ACESSO_NEGADO', as(sessao).headers)).toEqual(DE_ADMIN);
  });
});
