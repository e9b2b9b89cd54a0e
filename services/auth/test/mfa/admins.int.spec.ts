import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeJwt } from 'jose';
import { useChaves } from '../integracoes/use-chaves.ts';
import { Authenticator } from '../support/authenticator.ts';
import { ADMIN, as, failure, pessoa } from '../support/use-auth.ts';
import { STEP_MS } from './use-mfa.ts';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, verificada, protegida, criar, trocar } = useChaves(clock, { mfaRequiredForAdmins: true });

const papeis = ({ accessToken }: { accessToken: string }) => decodeJwt(accessToken).papeis;
const denied = { code: Code.PermissionDenied, motivo: 'ACESSO_NEGADO' };

describe('an installation that asks administrators for a second factor', () => {
  it('gives their rights to sessions that have proved one, and to no other', async () => {
    const outra = await rpc.auth.signup(pessoa());
    const change = { usuarioId: outra.id, nome: 'Outro Nome' };
    const without = await rpc.auth.login(ADMIN);
    expect([without.mfaSetupRequired, papeis(without)]).toEqual([true, ['CLIENTE']]);
    expect(await failure(rpc.users.updateUser(change, as(without)))).toEqual(denied);
    // Whose account says ADMIN: what auth reads there is not enough.
    expect((await failure(rpc.users.getUser({ usuarioId: outra.id }, as(without)))).code).toBe(Code.NotFound);
    const renewed = await rpc.auth.refresh({ refreshToken: without.refreshToken });
    expect([renewed.mfaSetupRequired, papeis(renewed)]).toEqual([true, ['CLIENTE']]);

    const { segredo } = await rpc.auth.setupMfa({ password: ADMIN.password }, as(without));
    const app = new Authenticator(segredo, clock);
    await rpc.auth.activateMfa({ codigo: app.code() }, as(without));
    clock.advance(STEP_MS);
    const { mfaToken } = await rpc.auth.login(ADMIN);
    const proved = await rpc.auth.verifyMfa({ mfaToken, codigo: app.code() });
    expect([proved.mfaSetupRequired, papeis(proved)]).toEqual([false, ['ADMIN']]);
    expect((await rpc.users.updateUser(change, as(proved))).nome).toBe('Outro Nome');
    expect((await rpc.users.getUser({ usuarioId: outra.id }, as(proved))).nome).toBe('Outro Nome');
    expect(papeis(await rpc.auth.refresh({ refreshToken: proved.refreshToken }))).toEqual(['ADMIN']);
  });

  it('gives them to a key that was made by such a session, as long as the account has the factor', async () => {
    const promote = (id: string) =>
      auth.dataSource.query(`update usuarios set papeis = '{CLIENTE,ADMIN}' where id = $1`, [id]);
    const rolesOf = async (chave: { id: string; segredo: string }) =>
      papeis({ accessToken: (await trocar(chave)).body.access_token ?? '' });
    const ana = await verificada();
    await promote(ana.id);
    expect(await rolesOf(await criar({ ...ana, session: await rpc.auth.login(ana.quem) }))).toEqual([
      'CLIENTE',
    ]);

    const eva = await protegida();
    await promote(eva.id);
    clock.advance(STEP_MS);
    const { mfaToken } = await rpc.auth.login(eva.quem);
    const session = await rpc.auth.verifyMfa({ mfaToken, codigo: eva.app.code() });
    clock.advance(STEP_MS);
    const chave = await criar({ ...eva, session }, { codigo: eva.app.code() });
    expect(await rolesOf(chave)).toEqual(['CLIENTE', 'ADMIN']);
    await auth.dataSource.query('delete from fatores where usuario_id = $1', [eva.id]);
    expect(await rolesOf(chave)).toEqual(['CLIENTE']);
  });

  it('asks others for nothing', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const session = await rpc.auth.login(quem);
    expect([session.mfaSetupRequired, papeis(session)]).toEqual([false, ['CLIENTE']]);
    expect((await protegida()).codigosRecuperacao).toHaveLength(10);
  });
});
