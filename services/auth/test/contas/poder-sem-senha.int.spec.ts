import { Code } from '@connectrpc/connect';
import { expect, it } from '@jest/globals';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { alguem, useGoogle } from '../google/use-google.ts';
import { STEP_MS } from '../mfa/use-mfa.ts';
import { Authenticator } from '../support/authenticator.ts';
import { ADMIN, as, failure, pessoa } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, entra } = useGoogle({ clock });

const { CLIENTE, ADMIN: ADMINISTRADOR } = PapelUsuario;

it('a login of just now gives no power by a second factor that it adds: that is in a copied session, too (ASVS 7.5.1)', async () => {
  const chosen = alguem();
  const { usuario } = await entra(chosen);
  const papeis = [CLIENTE, ADMINISTRADOR];
  const chefe = as(await rpc.auth.login(ADMIN));
  await rpc.users.updateUser({ usuarioId: usuario.id, papeis, password: ADMIN.password }, chefe);
  const { session: copiada } = await entra(chosen);
  const { segredo } = await rpc.auth.setupMfa({ password: '' }, as(copiada));
  const app = new Authenticator(segredo, clock);
  const { codigosRecuperacao } = await rpc.auth.activateMfa({ codigo: app.code() }, as(copiada));
  const renovada = as(await rpc.auth.refresh({ refreshToken: copiada.refreshToken }));
  clock.advance(STEP_MS);
  const alvo = (await rpc.auth.signup(pessoa())).id;
  const [codigo = ''] = codigosRecuperacao;
  const da = { usuarioId: alvo, password: '', codigo };
  const calls = [
    () => rpc.users.resetUserMfa(da, renovada),
    () => rpc.users.updateUser({ ...da, papeis }, renovada),
    () => rpc.users.deleteUser(da, renovada),
  ];
  for (const call of calls)
    expect(await failure(call())).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'SENHA_NECESSARIA',
    });
  // Its owner has met it at logins for a week, and was told when it came.
  await auth.dataSource.query(
    `update fatores set criado_em = criado_em - interval '7 days' where usuario_id = $1`,
    [usuario.id],
  );
  expect((await rpc.users.updateUser({ ...da, papeis }, renovada)).papeis).toEqual(papeis);
});
