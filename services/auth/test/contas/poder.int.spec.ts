import { describe, expect, it } from '@jest/globals';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { STEP_MS, useMfa } from '../mfa/use-mfa.ts';
import { ADMIN, as, failure, pessoa } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, protegida } = useMfa(clock);

const { CLIENTE, GESTOR, ADMIN: ADMINISTRADOR } = PapelUsuario;
const { password } = ADMIN;
const chefe = async () => as(await rpc.auth.login(ADMIN));
const nova = async () => (await rpc.auth.signup(pessoa())).id;
const papeisDe = async (usuarioId: string) => (await rpc.users.getUser({ usuarioId }, await chefe())).papeis;

/** An administrator with a second factor, as logged in with it. */
async function comFator() {
  const quem = await protegida();
  const papeis = [CLIENTE, ADMINISTRADOR];
  await rpc.users.updateUser({ usuarioId: quem.id, papeis, password }, await chefe());
  const { mfaToken } = await rpc.auth.login(quem.quem);
  clock.advance(STEP_MS);
  const session = await rpc.auth.verifyMfa({ mfaToken, codigo: quem.app.code() });
  clock.advance(STEP_MS);
  return { ...quem, password: quem.quem.password, session };
}

/** What was refused to the author, newest last. */
const recusados = (autorId: string) =>
  auth.dataSource.query(
    `select tipo, usuario_id as "usuarioId", detalhe from eventos_seguranca
     where autor_id = $1 and resultado = 'RECUSADO' order by em`,
    [autorId],
  );

/** What a session of an administrator that was copied would give power with. */
const DA_PODER = [
  ['an administrator', { papeis: [CLIENTE, ADMINISTRADOR] }],
  ['a GESTOR', { papeis: [CLIENTE, GESTOR] }],
] as const;

describe('a copied session of an administrator', () => {
  it.each(DA_PODER)('makes nobody %s: that asks for the password (ASVS 7.5.1)', async (_, { papeis }) => {
    const usuarioId = await nova();
    const call = { usuarioId, papeis: [...papeis] };
    for (const wrong of ['', 'outra senha'])
      expect((await failure(rpc.users.updateUser({ ...call, password: wrong }, await chefe()))).motivo).toBe(
        'CREDENCIAIS_INVALIDAS',
      );
    expect(await papeisDe(usuarioId)).toEqual([CLIENTE]);
    expect((await rpc.users.updateUser({ ...call, password }, await chefe())).papeis).toEqual(papeis);
  });

  it.each([
    ['a GESTOR', [CLIENTE, GESTOR]],
    ['a customer', [CLIENTE]],
  ])('lets no suspended account in again, be it of %s (ASVS 7.5.1)', async (_, papeis) => {
    const usuarioId = await nova();
    await rpc.users.updateUser({ usuarioId, papeis, ativo: false, password }, await chefe());
    const volta = { usuarioId, ativo: true };
    expect((await failure(rpc.users.updateUser(volta, await chefe()))).motivo).toBe('CREDENCIAIS_INVALIDAS');
    expect((await rpc.users.getUser({ usuarioId }, await chefe())).ativo).toBe(false);
    expect((await rpc.users.updateUser({ ...volta, password }, await chefe())).ativo).toBe(true);
  });

  it('lets none in again by a role that it takes, as the gateway makes `"ativo": null` of REST true', async () => {
    const usuarioId = await nova();
    const papeis = [CLIENTE, GESTOR];
    await rpc.users.updateUser({ usuarioId, papeis, ativo: false, password }, await chefe());
    const call = { usuarioId, papeis: [CLIENTE], ativo: true };
    expect((await failure(rpc.users.updateUser(call, await chefe()))).motivo).toBe('CREDENCIAIS_INVALIDAS');
    expect(await papeisDe(usuarioId)).toEqual(papeis);
  });

  it('removes nobody: that asks for the password (ASVS 7.5.1)', async () => {
    const usuarioId = await nova();
    const { id: autorId } = await rpc.users.getMe({}, await chefe());
    for (const wrong of ['', 'outra senha'])
      expect(
        (await failure(rpc.users.deleteUser({ usuarioId, password: wrong }, await chefe()))).motivo,
      ).toBe('CREDENCIAIS_INVALIDAS');
    expect(await papeisDe(usuarioId)).toEqual([CLIENTE]);
    expect(await recusados(autorId)).toContainEqual(
      expect.objectContaining({ tipo: 'SENHA_CONFERIDA', detalhe: 'DeleteUser' }),
    );
  });

  it('takes roles away and suspends, which an emergency may ask for and which can be undone', async () => {
    const usuarioId = await nova();
    await rpc.users.updateUser({ usuarioId, papeis: [GESTOR, ADMINISTRADOR], password }, await chefe());
    await rpc.users.updateUser({ usuarioId, papeis: [GESTOR] }, await chefe());
    await rpc.users.updateUser({ usuarioId, papeis: [CLIENTE], ativo: false }, await chefe());
    expect(await papeisDe(usuarioId)).toEqual([CLIENTE]);
  });
});

describe('an administrator with a second factor', () => {
  it('gives a role and removes an account with a code of it, each with its own (ASVS 7.5.1)', async () => {
    const { id, app, password: propria, session } = await comFator();
    const usuarioId = await nova();
    const papeis = [CLIENTE, GESTOR];
    const calls = [
      (codigo = '') => rpc.users.updateUser({ usuarioId, papeis, password: propria, codigo }, as(session)),
      (codigo = '') => rpc.users.deleteUser({ usuarioId, password: propria, codigo }, as(session)),
    ];
    for (const call of calls) {
      expect((await failure(call())).motivo).toBe('MFA_CODIGO_NECESSARIO');
      expect((await failure(call(app.wrong()))).motivo).toBe('MFA_CODIGO_INVALIDO');
      expect(await papeisDe(usuarioId)).toEqual(call === calls[0] ? [CLIENTE] : papeis);
      const codigo = app.code();
      await call(codigo);
      clock.advance(STEP_MS);
    }
    expect(await recusados(id)).toEqual([
      { tipo: 'PAPEIS_ALTERADOS', usuarioId: id, detalhe: '' },
      { tipo: 'CONTA_REMOVIDA', usuarioId: id, detalhe: '' },
    ]);
  });
});
