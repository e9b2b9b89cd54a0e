import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ADMIN, as, failure } from '../support/use-auth.ts';
import { type ComPasskey, usePasskeys } from './use-passkeys.ts';

const clock = new FixedClock(new Date(Date.now() - 2 * 60_000).toISOString());
const { auth, rpc, comPasskey, esperando } = usePasskeys(clock);

/** What stands for a code of the second factor, made by the passkey. */
async function prova({ aparelho, session }: Pick<ComPasskey, 'aparelho' | 'session'>): Promise<string> {
  const { opcoes } = await rpc.passkeys.startPasskeyProof({}, as(session));
  return (await rpc.passkeys.finishPasskeyProof({ resposta: aparelho.get(opcoes) }, as(session))).codigo;
}

const linhas = (tabela: string, id: string) =>
  auth.dataSource.query(`select 1 from ${tabela} where usuario_id = $1`, [id]);

describe('an account whose second factor is a passkey', () => {
  it('loses it, and its recovery codes, to an administrator who was asked (ASVS 6.4.4)', async () => {
    const ana = await comPasskey();
    const admin = as(await rpc.auth.login(ADMIN));
    await rpc.users.resetUserMfa({ usuarioId: ana.id, password: ADMIN.password }, admin);
    for (const tabela of ['passkeys', 'codigos_recuperacao'])
      expect(await linhas(tabela, ana.id)).toEqual([]);
    const { opcoes } = await rpc.passkeys.startPasskeyLogin({});
    const gone = rpc.passkeys.finishPasskeyLogin({ resposta: ana.aparelho.get(opcoes) });
    expect((await failure(gone)).motivo).toBe('PASSKEY_LOGIN_INVALIDO');
    const login = await rpc.auth.login(ana.quem);
    expect([login.mfaRequired, (await rpc.users.getMe({}, as(login))).mfaAtivo]).toEqual([false, false]);
  });

  it('gets new recovery codes by it; those before are void (ASVS 7.5.1)', async () => {
    const ana = await comPasskey();
    const { password } = ana.quem;
    const [velho = ''] = ana.codigosRecuperacao;
    const renew = (codigo: string) => rpc.auth.renewRecoveryCodes({ password, codigo }, as(ana.session));
    expect((await failure(renew(velho))).motivo).toBe('MFA_CODIGO_INVALIDO');
    const codigo = await prova(ana);
    const [novo = '', ...others] = (await renew(codigo)).codigosRecuperacao;
    expect(others).toHaveLength(9);
    expect((await failure(renew(codigo))).motivo).toBe('MFA_CODIGO_INVALIDO');
    const mfaToken = await esperando(ana);
    const old = rpc.auth.verifyMfa({ mfaToken, codigo: velho });
    expect((await failure(old)).motivo).toBe('MFA_CODIGO_INVALIDO');
    expect((await rpc.auth.verifyMfa({ mfaToken, codigo: novo })).accessToken).not.toBe('');
  });

  it('is removed by it, with everything that was known of it', async () => {
    const ana = await comPasskey();
    const { password } = ana.quem;
    const needed = rpc.users.deleteMe({ password }, as(ana.session));
    expect((await failure(needed)).motivo).toBe('MFA_CODIGO_NECESSARIO');
    await rpc.users.deleteMe({ password, codigo: await prova(ana) }, as(ana.session));
    for (const tabela of ['passkeys', 'codigos_recuperacao'])
      expect(await linhas(tabela, ana.id)).toEqual([]);
  });

  it('leaves no token of its device at a login by it alone: that is for who types a password', async () => {
    const ana = await comPasskey();
    const { opcoes } = await rpc.passkeys.startPasskeyLogin({});
    let cookie: string | null = '';
    await rpc.passkeys.finishPasskeyLogin(
      { resposta: ana.aparelho.get(opcoes) },
      {
        onHeader(header) {
          cookie = header.get('set-cookie');
        },
      },
    );
    expect(cookie).toBeNull();
  });
});
