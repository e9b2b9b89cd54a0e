import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { useGoogle } from '../google/use-google.ts';
import { STEP_MS, useMfa } from '../mfa/use-mfa.ts';
import { publicados } from '../support/codigos.ts';
import { as, failure } from '../support/use-auth.ts';

const inicio = () => new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());

describe('another address of an account with a second factor', () => {
  const clock = inicio();
  const { auth, rpc, protegida } = useMfa(clock);

  it('asks for a code of it, each good once', async () => {
    const { id, app, session, quem } = await protegida();
    const aqui = await rpc.auth.refresh({ refreshToken: session.refreshToken });
    const pedido = { email: `outra.${id}@exemplo.com`.toLowerCase(), password: quem.password };
    const recusa = (motivo: string) => ({ code: Code.Unauthenticated, motivo });
    const pedir = (codigo: string) => rpc.users.updateMe({ ...pedido, codigo }, as(aqui));
    expect(await failure(pedir(''))).toEqual(recusa('MFA_CODIGO_NECESSARIO'));
    expect(await failure(pedir('000000'))).toEqual(recusa('MFA_CODIGO_INVALIDO'));
    clock.advance(STEP_MS);
    const codigo = app.code();
    await pedir(codigo);
    expect(await failure(pedir(codigo))).toEqual(recusa('MFA_CODIGO_INVALIDO'));
    expect(await publicados(auth.dataSource, 'auth.v1.TrocaDeEmailPedida', id)).toHaveLength(1);
    await rpc.users.updateMe({ nome: 'Só o Nome' }, as(aqui));
  });
});

describe('another address of an account without a password', () => {
  const clock = inicio();
  const { auth, rpc, entra } = useGoogle({ clock });

  it('asks for a login of the last ten minutes; the link to Google stays (ASVS 7.5.1)', async () => {
    const { session, usuario } = await entra();
    const pedido = { email: `nova.${usuario.email}` };
    clock.advance(7 * 60_000);
    const { accessToken } = await rpc.auth.refresh({ refreshToken: session.refreshToken });
    clock.advance(4 * 60_000);
    const recente = { code: Code.Unauthenticated, motivo: 'LOGIN_RECENTE_NECESSARIO' };
    expect(await failure(rpc.users.updateMe(pedido, as(session)))).toEqual(recente);
    expect(await failure(rpc.users.updateMe(pedido, as({ accessToken })))).toEqual(recente);
    clock.advance(-4 * 60_000);
    const { session: nova, usuario: fresca } = await entra();
    const outro = { email: `nova.${fresca.email}` };
    await rpc.users.updateMe(outro, as(nova));
    const [pedida] = await publicados<{ codigo: string }>(
      auth.dataSource,
      'auth.v1.TrocaDeEmailPedida',
      fresca.id,
    );
    const codigo = pedida?.codigo ?? '';
    expect(await rpc.users.confirmEmailChange({ codigo }, as(nova))).toMatchObject(outro);
    const vinculos = await auth.dataSource.query('select 1 from vinculos where usuario_id = $1', [fresca.id]);
    expect(vinculos).toHaveLength(1);
  });
});
