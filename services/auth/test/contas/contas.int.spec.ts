import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ADMIN, as, failure, pessoa, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc, newSession } = useAuth({ clock });

describe('reading an account', () => {
  it('is for its owner and for who is an administrator now', async () => {
    const [dono, outro] = [await newSession(), await newSession()];
    const { id: usuarioId } = await rpc.users.getMe({}, as(dono));
    const admin = await rpc.auth.login(ADMIN);
    expect((await rpc.users.getUser({ usuarioId }, as(dono))).id).toBe(usuarioId);
    expect((await rpc.users.getUser({ usuarioId }, as(admin))).id).toBe(usuarioId);
    const unknown = { code: Code.NotFound, motivo: 'USUARIO_NAO_ENCONTRADO' };
    expect(await failure(rpc.users.getUser({ usuarioId }, as(outro)))).toEqual(unknown);
    expect(await failure(rpc.users.getUser({ usuarioId: 'cli_x' }, as(outro)))).toEqual(unknown);
    expect(await failure(rpc.users.getUser({ usuarioId: 'cli_x' }, as(admin)))).toEqual(unknown);
    await rpc.users.updateUser({ usuarioId, ativo: false }, as(admin));
    const ended = { code: Code.Unauthenticated, motivo: 'TOKEN_INVALIDO' };
    expect(await failure(rpc.users.getUser({ usuarioId }, as(dono)))).toEqual(ended);
    expect(await failure(rpc.users.getMe({}, as(dono)))).toEqual(ended);
  });
});

describe('changing an account', () => {
  const asAdmin = async () => as(await rpc.auth.login(ADMIN));
  const { password } = ADMIN;
  const rolesIn = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).papeis;

  it('gives roles that the next token has, and tells the other services', async () => {
    const quem = pessoa();
    const { id: usuarioId } = await rpc.auth.signup(quem);
    const session = await rpc.auth.login(quem);
    const papeis = [PapelUsuario.GESTOR, PapelUsuario.CLIENTE];
    const updated = await rpc.users.updateUser({ usuarioId, papeis, password }, await asAdmin());
    expect(updated.papeis).toEqual([PapelUsuario.CLIENTE, PapelUsuario.GESTOR]);
    await rpc.users.updateUser({ usuarioId, papeis, password }, await asAdmin());
    expect(rolesIn(session.accessToken)).toEqual(['CLIENTE']);
    expect(rolesIn((await rpc.auth.login(quem)).accessToken)).toEqual(['CLIENTE', 'GESTOR']);
    const events: { assunto: string; payload: object }[] = await auth.dataSource.query(
      'select assunto, payload from outbox where agregado_id = $1 order by posicao',
      [usuarioId],
    );
    expect(events.map(({ assunto }) => assunto)).toEqual([
      'auth.v1.UsuarioRegistrado',
      'auth.v1.UsuarioAtualizado',
    ]);
    expect(events[1]?.payload).toMatchObject({
      papeis: ['PAPEL_USUARIO_CLIENTE', 'PAPEL_USUARIO_GESTOR'],
      ativo: true,
      geracaoSessoes: 2,
    });
  });

  it('lets a suspended account in no more, until it is let in again', async () => {
    const quem = pessoa();
    const { id: usuarioId } = await rpc.auth.signup(quem);
    const { refreshToken } = await rpc.auth.login(quem);
    await rpc.users.updateUser({ usuarioId, ativo: false }, await asAdmin());
    expect((await failure(rpc.auth.login(quem))).motivo).toBe('CREDENCIAIS_INVALIDAS');
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
    await rpc.users.updateUser({ usuarioId, ativo: true, password }, await asAdmin());
    await rpc.auth.login(quem);
  });

  it('never leaves the platform without an administrator, whoever demotes whom at once', async () => {
    const quem = pessoa();
    const { id: outro } = await rpc.auth.signup(quem);
    const admin = await asAdmin();
    const { id: eu } = await rpc.users.getMe({}, admin);
    const papeis = [PapelUsuario.CLIENTE];
    const ultimo = { code: Code.FailedPrecondition, motivo: 'ULTIMO_ADMIN' };
    expect(await failure(rpc.users.updateUser({ usuarioId: eu, papeis }, admin))).toEqual(ultimo);
    expect(await failure(rpc.users.updateUser({ usuarioId: eu, ativo: false }, admin))).toEqual(ultimo);
    await rpc.users.updateUser({ usuarioId: outro, papeis: [PapelUsuario.ADMIN], password }, admin);
    const ambos = await Promise.allSettled(
      [eu, outro].map((usuarioId) => rpc.users.updateUser({ usuarioId, papeis }, admin)),
    );
    expect(ambos.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [{ admins }] = await auth.dataSource.query(
      `select count(*)::int as admins from usuarios where ativo and 'ADMIN' = any (papeis)`,
    );
    expect(admins).toBe(1);
    await auth.dataSource.query(`update usuarios set papeis = '{ADMIN}' where id = $1`, [eu]);
  });

  it('is for administrators, of accounts that exist, and not about spaces', async () => {
    const { accessToken } = await newSession();
    const mere = as({ accessToken });
    expect((await failure(rpc.users.updateUser({ usuarioId: 'cli_x', nome: 'Bia' }, mere))).motivo).toBe(
      'ACESSO_NEGADO',
    );
    const admin = await asAdmin();
    expect(await failure(rpc.users.updateUser({ usuarioId: 'cli_x', nome: 'Bia' }, admin))).toEqual({
      code: Code.NotFound,
      motivo: 'USUARIO_NAO_ENCONTRADO',
    });
    for (const espacos of [{ espacosGeridos: ['esp_1'] }, { removerEspacosGeridos: true }])
      expect((await failure(rpc.users.updateUser({ usuarioId: 'cli_x', ...espacos }, admin))).motivo).toBe(
        'REQUISICAO_INVALIDA',
      );
  });
});
