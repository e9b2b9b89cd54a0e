import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { alguem, REDIRECT_URI, useGoogle } from '../google/use-google.ts';
import { Authenticator } from '../support/authenticator.ts';
import { codigosMandados } from '../support/codigos.ts';
import { verificar } from '../support/enderecos.ts';
import { as, failure, pessoa } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Math.floor(Date.now() / 60_000 - 8) * 60_000).toISOString());
const { auth, rpc, begun, entra, browser } = useGoogle({ clock });

async function conta() {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  await verificar({ auth, rpc }, id);
  return { id, quem, session: await rpc.auth.login(quem) };
}

/** What was refused about an account, oldest first. */
async function recusas(
  usuarioId: string | null,
): Promise<Array<[tipo: string, autor: string, detalhe: string]>> {
  const found: Array<{ tipo: string; autor: string; detalhe: string }> = await auth.dataSource.query(
    `select tipo, case when autor_id is null then '-' when autor_id = usuario_id then 'dono' else 'outro' end as autor,
       detalhe
     from eventos_seguranca where usuario_id is not distinct from $1 and resultado = 'RECUSADO' order by id`,
    [usuarioId],
  );
  return found.map(({ tipo, autor, detalhe }) => [tipo, autor, detalhe]);
}

const fromElsewhere = (endereco: string) => ({ headers: { 'x-forwarded-for': endereco } });

async function fromThere(endereco: string): Promise<unknown[]> {
  return auth.dataSource.query(
    'select tipo, usuario_id, detalhe from eventos_seguranca where endereco = $1',
    [endereco],
  );
}

describe('a password that is asked for once more (ASVS 16.3.1)', () => {
  it('is recorded when it is wrong, with the call that asked, once a minute', async () => {
    const { id, session } = await conta();
    const wrong = { password: 'outra senha' };
    const senhas = { currentPassword: wrong.password, newPassword: 'uma senha bem outra' };
    await failure(rpc.auth.setupMfa(wrong, as(session)));
    await failure(rpc.auth.setupMfa(wrong, as(session)));
    await failure(rpc.auth.changePassword(senhas, as(session)));
    await failure(rpc.auth.unlinkGoogle(wrong, as(session)));
    await failure(rpc.auth.startGoogleLink({ ...wrong, redirectUri: REDIRECT_URI }, as(session)));
    expect(await recusas(id)).toEqual([
      ['SENHA_CONFERIDA', 'dono', 'SetupMfa'],
      ['SENHA_CONFERIDA', 'dono', 'ChangePassword'],
      ['SENHA_CONFERIDA', 'dono', 'UnlinkGoogle'],
      ['SENHA_CONFERIDA', 'dono', 'StartGoogleLink'],
    ]);
  });

  it('is not recorded while it is not looked at', async () => {
    const { id, session } = await conta();
    for (let turn = 0; turn < 5; turn += 1)
      await failure(rpc.auth.setupMfa({ password: 'outra senha' }, as(session)));
    clock.advance(60_000);
    const before = await recusas(id);
    for (let turn = 0; turn < 3; turn += 1)
      await failure(rpc.auth.setupMfa({ password: 'outra senha' }, as(session)));
    expect((await recusas(id)).length - before.length).toBeLessThanOrEqual(1);
  });
});

describe('a code of the second factor (ASVS 16.3.1)', () => {
  it('is recorded when it is wrong, as the refusal of what it was asked for; a missing one is none', async () => {
    const { id, quem, session } = await conta();
    const { segredo } = await rpc.auth.setupMfa({ password: quem.password }, as(session));
    const app = new Authenticator(segredo, clock);
    await rpc.auth.activateMfa({ codigo: app.code() }, as(session));
    const renewed = as(await rpc.auth.refresh({ refreshToken: session.refreshToken }));
    const [password, codigo] = [quem.password, app.wrong()];
    const senhas = { currentPassword: password, newPassword: 'uma senha bem outra' };
    await failure(rpc.auth.changePassword(senhas, renewed));
    await failure(rpc.auth.changePassword({ ...senhas, codigo }, renewed));
    await failure(rpc.auth.disableMfa({ password, codigo }, renewed));
    const { mfaToken } = await rpc.auth.login(quem);
    await failure(rpc.auth.verifyMfa({ mfaToken, codigo }));
    expect(await recusas(id)).toEqual([
      ['SENHA_ALTERADA', 'dono', ''],
      ['MFA_DESATIVADO', 'dono', ''],
      ['LOGIN', '-', 'pwd'],
    ]);
  });
});

describe('a mailed code for a new password (ASVS 16.3.1)', () => {
  it('is recorded when it is none, for the account of a used one', async () => {
    const { id, quem } = await conta();
    await rpc.auth.forgotPassword({ email: quem.email });
    const redefinidor = auth.background.find(({ name }) => name === 'redefinicoes');
    while (await redefinidor?.turn?.());
    const [codigo = ''] = await codigosMandados(auth.dataSource, id);
    await rpc.auth.resetPassword({ codigo, newPassword: 'uma senha bem outra' });
    await failure(rpc.auth.resetPassword({ codigo, newPassword: 'e ainda uma terceira' }));
    expect(await recusas(id)).toEqual([['SENHA_REDEFINIDA', '-', '']]);
    const stranger = '198.51.100.77';
    for (let turn = 0; turn < 3; turn += 1)
      await failure(
        rpc.auth.resetPassword(
          { codigo: `inventado ${turn}`, newPassword: 'uma senha bem outra' },
          fromElsewhere(stranger),
        ),
      );
    expect(await fromThere(stranger)).toEqual([{ tipo: 'SENHA_REDEFINIDA', usuario_id: null, detalhe: '' }]);
  });
});

describe('a login with Google (ASVS 16.3.1)', () => {
  it('is recorded when its account is suspended', async () => {
    const quem = alguem();
    const { usuario } = await entra(quem);
    await auth.dataSource.query('update usuarios set ativo = false where id = $1', [usuario.id]);
    await failure((await begun(quem)).finish());
    expect(await recusas(usuario.id)).toEqual([['LOGIN', '-', 'fed']]);
  });

  it('is recorded for the account that has the address but is not linked', async () => {
    const { id, quem } = await conta();
    await failure((await begun({ name: 'Ana', email: quem.email, verified: 'yes' })).finish());
    expect(await recusas(id)).toEqual([['LOGIN', '-', 'fed']]);
  });

  it('is recorded for no account when the issuer has not confirmed it, once a minute', async () => {
    const stranger = '198.51.100.78';
    for (let turn = 0; turn < 3; turn += 1)
      await failure(rpc.auth.finishGoogle({ code: 'a', state: `b${turn}` }, fromElsewhere(stranger)));
    expect(await fromThere(stranger)).toEqual([{ tipo: 'LOGIN', usuario_id: null, detalhe: 'fed' }]);
  });

  it('links nothing unrecorded', async () => {
    const { id, session } = await conta();
    await failure(browser().link(session, { code: 'a', state: 'b' }));
    expect(await recusas(id)).toEqual([['GOOGLE_VINCULADO', 'dono', '']]);
  });
});
