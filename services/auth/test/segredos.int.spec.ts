import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { STEP_MS, useMfa } from './mfa/use-mfa.ts';
import { ADMIN, as, failure, SECRET } from './support/use-auth.ts';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, protegida, esperando } = useMfa(clock);

describe('the log of auth', () => {
  it('has nothing of what a person uses to get in, whether it is right or wrong (ASVS 16.2.5)', async () => {
    const pessoa = await protegida();
    const { quem, app } = pessoa;
    clock.advance(STEP_MS);
    const session = await rpc.auth.verifyMfa({ mfaToken: await esperando(pessoa), codigo: app.code() });
    await rpc.auth.refresh({ refreshToken: session.refreshToken });
    await failure(rpc.auth.login({ ...quem, password: 'uma senha que ninguém tem' }));
    await failure(rpc.auth.verifyMfa({ mfaToken: await esperando(pessoa), codigo: app.wrong() }));
    await failure(rpc.users.getMe({}, { headers: { authorization: 'Bearer um-token-que-ninguem-assinou' } }));
    await failure(rpc.tokens.issueServiceToken({ servico: 'reservas', segredo: 'segredo-que-nao-serve' }));
    await rpc.tokens.issueServiceToken({ servico: 'reservas', segredo: SECRET, audiencia: 'pagamentos' });
    await rpc.auth.login(ADMIN);
    expect(await auth.leaks()).toEqual([]);
  });

  it('is looked through for each of them: one that is let slip is found', async () => {
    const pessoa = await protegida();
    const { quem, app, setup, session, codigosRecuperacao } = pessoa;
    clock.advance(STEP_MS);
    const codigo = app.code();
    const mfaToken = await esperando(pessoa);
    const { accessToken, refreshToken } = await rpc.auth.verifyMfa({ mfaToken, codigo });
    await rpc.tokens.issueServiceToken({ servico: 'reservas', segredo: SECRET, audiencia: 'pagamentos' });
    await rpc.auth.forgotPassword({ email: quem.email });
    for (const worker of auth.background) while (await worker.turn?.());
    const [{ mailed }] = await auth.dataSource.query(
      `select payload->>'codigo' as mailed from outbox where assunto = 'auth.v1.RedefinicaoSenhaPedida'`,
    );
    const slips = {
      ...{ password: quem.password, accessToken, refreshToken, mfaToken, codigo, mailed },
      ...{
        segredo: setup.segredo,
        recuperacao: codigosRecuperacao[0],
        bearer: as(session).headers.authorization,
      },
      ...{ servico: SECRET, admin: ADMIN.password, master: Buffer.alloc(32, 1).toString('hex') },
    };
    for (const [what, secret] of Object.entries(slips)) {
      const forget = auth.remember();
      auth.logger.info({ nota: `a slip of ${secret}` }, 'slipped');
      expect([what, await auth.leaks()]).toEqual([what, [expect.stringContaining('slipped')]]);
      forget();
    }
    expect(await auth.leaks()).toEqual([]);
  });
});
