import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { consent } from '@plataforma/testing/oidc/consent';
import { alguem, useGoogle } from '../google/use-google.ts';
import { STEP_MS } from '../mfa/use-mfa.ts';
import { usePasskeys } from '../passkeys/use-passkeys.ts';
import type { AuthUnderTest } from '../support/auth-under-test.ts';
import { Authenticator } from '../support/authenticator.ts';
import { codigosMandados, publicados } from '../support/codigos.ts';
import { verificar } from '../support/enderecos.ts';
import { as, type clients, failure, pessoa } from '../support/use-auth.ts';
import { VirtualAuthenticator } from '../support/virtual-authenticator.ts';

const NOVA = 'outra senha bem melhor';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());

interface Conta {
  readonly id: string;
  readonly quem: { readonly email: string };
}

/** What the owner does, who still reads their mail. */
function dono(auth: AuthUnderTest, rpc: ReturnType<typeof clients>) {
  return {
    async redefine({ id, quem }: Conta) {
      await rpc.auth.forgotPassword({ email: quem.email });
      for (const worker of auth.background) while (await worker.turn?.());
      const codigo = (await codigosMandados(auth.dataSource, id)).at(-1) ?? '';
      return rpc.auth.resetPassword({ codigo, newPassword: NOVA });
    },
    entra: ({ quem }: Conta) => rpc.auth.login({ email: quem.email, password: NOVA }),
    /** As if it had been added so long before. */
    async envelhece(tabela: 'fatores' | 'passkeys' | 'vinculos', { id }: Conta, dias: number) {
      const coluna = tabela === 'passkeys' ? 'criada_em' : 'criado_em';
      await auth.dataSource.query(
        `update ${tabela} set ${coluna} = ${coluna} - make_interval(days => $2) where usuario_id = $1`,
        [id, dias],
      );
    },
    avisos: async ({ id }: Conta) =>
      (await publicados<{ tipo: string }>(auth.dataSource, 'auth.v1.AvisoDeSeguranca', id)).map(({ tipo }) =>
        tipo.replace('TIPO_AVISO_SEGURANCA_', ''),
      ),
    eventos: async ({ id }: Conta) =>
      (
        await auth.dataSource.query<{ tipo: string }[]>(
          `select tipo from eventos_seguranca where usuario_id = $1 and resultado = 'FEITO' order by id`,
          [id],
        )
      ).map(({ tipo }) => tipo),
    codigosDeRecuperacao: async ({ id }: Conta) =>
      (await auth.dataSource.query('select 1 from codigos_recuperacao where usuario_id = $1', [id])).length,
  };
}

describe('a factor that was added by the password alone', () => {
  const { auth, rpc, comPasskey, protegida, registrar } = usePasskeys(clock);
  const { redefine, entra, envelhece, avisos, eventos, codigosDeRecuperacao } = dono(auth, rpc);

  it('goes with the password, if it is a passkey: the owner is let in, the thief is not (ASVS 6.4.3)', async () => {
    const conta = await comPasskey();
    await redefine(conta);
    const login = await entra(conta);
    expect(login.mfaRequired).toBe(false);
    expect(await rpc.users.getMe({}, as(login))).toMatchObject({ mfaAtivo: false });
    const { opcoes } = await rpc.passkeys.startPasskeyLogin({});
    const furtivo = rpc.passkeys.finishPasskeyLogin({ resposta: conta.aparelho.get(opcoes) });
    expect((await failure(furtivo)).motivo).toBe('PASSKEY_LOGIN_INVALIDO');
    expect(await codigosDeRecuperacao(conta)).toBe(0);
    expect((await avisos(conta)).slice(-2)).toEqual(['SENHA_REDEFINIDA', 'PASSKEY_REMOVIDA']);
    expect(await eventos(conta)).toContain('PASSKEY_REMOVIDA');
  });

  it('goes with the password, if it is an app, and with it what was proved by that', async () => {
    const conta = await protegida();
    const session = await rpc.auth.refresh({ refreshToken: conta.session.refreshToken });
    clock.advance(STEP_MS);
    await registrar({ quem: conta.quem, session }, new VirtualAuthenticator({}), conta.app.code());
    await redefine(conta);
    expect((await entra(conta)).mfaRequired).toBe(false);
    expect(await codigosDeRecuperacao(conta)).toBe(0);
    expect((await avisos(conta)).slice(-3)).toEqual([
      'SENHA_REDEFINIDA',
      'MFA_DESATIVADO',
      'PASSKEY_REMOVIDA',
    ]);
  });

  it('stays once its owner has had a week to see it: the mailbox alone takes no factor (ASVS 6.4.3)', async () => {
    const conta = await protegida();
    await envelhece('fatores', conta, 7);
    await redefine(conta);
    expect((await entra(conta)).mfaRequired).toBe(true);
    expect(await codigosDeRecuperacao(conta)).toBe(10);
    expect((await avisos(conta)).at(-1)).toBe('SENHA_REDEFINIDA');
  });

  it('is no passkey that was added with the code of an older one', async () => {
    const conta = await protegida();
    await envelhece('fatores', conta, 8);
    const session = await rpc.auth.refresh({ refreshToken: conta.session.refreshToken });
    clock.advance(STEP_MS);
    const aparelho = new VirtualAuthenticator({});
    await registrar({ quem: conta.quem, session }, aparelho, conta.app.code());
    await redefine(conta);
    const { opcoes } = await rpc.passkeys.startPasskeyLogin({});
    const login = await rpc.passkeys.finishPasskeyLogin({ resposta: aparelho.get(opcoes) });
    expect(login.accessToken).not.toBe('');
  });

  it('goes alone where the account has an older one, with its recovery codes left', async () => {
    const conta = await protegida();
    await auth.dataSource.query('update fatores set so_senha = false where usuario_id = $1', [conta.id]);
    const session = await rpc.auth.refresh({ refreshToken: conta.session.refreshToken });
    clock.advance(STEP_MS);
    await registrar({ quem: conta.quem, session }, new VirtualAuthenticator({}), conta.app.code());
    await auth.dataSource.query('update passkeys set so_senha = true where usuario_id = $1', [conta.id]);
    await redefine(conta);
    expect((await entra(conta)).mfaRequired).toBe(true);
    expect(await codigosDeRecuperacao(conta)).toBe(10);
    expect((await avisos(conta)).slice(-2)).toEqual(['SENHA_REDEFINIDA', 'PASSKEY_REMOVIDA']);
  });
});

describe('a link to Google that was added by the password alone', () => {
  const { auth, rpc, browser, begun, entra: entraPeloGoogle } = useGoogle({ clock });
  const { redefine, envelhece, avisos } = dono(auth, rpc);

  async function vinculada({ comApp = false } = {}) {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    await verificar({ auth, rpc }, id);
    let session = await rpc.auth.login(quem);
    let codigo = '';
    let app: Authenticator | undefined;
    if (comApp) {
      const { segredo } = await rpc.auth.setupMfa({ password: quem.password }, as(session));
      app = new Authenticator(segredo, clock);
      await rpc.auth.activateMfa({ codigo: app.code() }, as(session));
      session = await rpc.auth.refresh({ refreshToken: session.refreshToken });
      await envelhece('fatores', { id, quem }, 8);
      clock.advance(STEP_MS);
      codigo = app.code();
    }
    const [navegador, chosen] = [browser(), alguem()];
    const { authorizationUrl } = await navegador.startLink(session, { password: quem.password, codigo });
    await navegador.link(session, await consent(authorizationUrl, chosen));
    return { quem, id, chosen, session, app };
  }

  /** Of the owner, who knows the password as the thief does. */
  const troca = ({ quem, session, app }: Awaited<ReturnType<typeof vinculada>>) =>
    rpc.auth.changePassword(
      { currentPassword: quem.password, newPassword: NOVA, codigo: app?.code() ?? '' },
      as(session),
    );

  it('goes with the password: who linked it is let into the account no more', async () => {
    const conta = await vinculada();
    await redefine(conta);
    expect((await avisos(conta)).slice(-2)).toEqual(['SENHA_REDEFINIDA', 'GOOGLE_DESVINCULADO']);
    expect((await entraPeloGoogle(conta.chosen)).usuario.id).not.toBe(conta.id);
  });

  it('goes whatever its age: no login of its owner has ever shown it to them', async () => {
    const conta = await vinculada();
    await envelhece('vinculos', conta, 400);
    await redefine(conta);
    expect((await avisos(conta)).slice(-2)).toEqual(['SENHA_REDEFINIDA', 'GOOGLE_DESVINCULADO']);
    expect((await entraPeloGoogle(conta.chosen)).usuario.id).not.toBe(conta.id);
  });

  it('goes with a change of the password, too, however old it is', async () => {
    const conta = await vinculada();
    await envelhece('vinculos', conta, 400);
    await troca(conta);
    expect((await avisos(conta)).slice(-2)).toEqual(['SENHA_ALTERADA', 'GOOGLE_DESVINCULADO']);
    expect((await entraPeloGoogle(conta.chosen)).usuario.id).not.toBe(conta.id);
  });

  it('stays where an older factor was proved for it, whichever way the password goes', async () => {
    const outra = await vinculada({ comApp: true });
    await redefine(outra);
    expect((await (await begun(outra.chosen)).finish()).mfaRequired).toBe(true);
    const terceira = await vinculada({ comApp: true });
    clock.advance(STEP_MS);
    await troca(terceira);
    expect((await avisos(terceira)).at(-1)).toBe('SENHA_ALTERADA');
    expect((await (await begun(terceira.chosen)).finish()).mfaRequired).toBe(true);
  });

  it('is none of an account that came by Google: that link stays, beside the first password', async () => {
    const chosen = alguem();
    const { usuario } = await entraPeloGoogle(chosen);
    await redefine({ id: usuario.id, quem: { email: chosen.email } });
    expect((await entraPeloGoogle(chosen)).usuario.id).toBe(usuario.id);
  });
});
