import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { esperandoContas, prenderContas } from '../support/auth-under-test.ts';
import { as, failure, pessoa, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc, newSession } = useAuth({ clock });

describe('verifying an address', () => {
  const sent = async (usuarioId: string) => {
    const events: { assunto: string; payload: { emailVerificado?: boolean; codigoVerificacao?: string } }[] =
      await auth.dataSource.query(
        'select assunto, payload from outbox where agregado_id = $1 order by posicao',
        [usuarioId],
      );
    return events;
  };

  it('takes the code that went out with the registration, also twice, and tells the others once', async () => {
    const { id, emailVerificado } = await rpc.auth.signup(pessoa());
    const [registered] = await sent(id);
    const codigo = registered?.payload.codigoVerificacao ?? '';
    expect([emailVerificado, registered?.payload.emailVerificado ?? false]).toEqual([false, false]);
    await rpc.auth.verifyEmail({ codigo });
    await rpc.auth.verifyEmail({ codigo });
    const events = await sent(id);
    expect(events.map(({ assunto }) => assunto)).toEqual([
      'auth.v1.UsuarioRegistrado',
      'auth.v1.UsuarioAtualizado',
    ]);
    expect(events[1]?.payload).toMatchObject({ emailVerificado: true, ativo: true });
  });

  it("refuses another account's code, a changed one, one for an earlier address and an old one", async () => {
    const { id } = await rpc.auth.signup(pessoa());
    const outra = await rpc.auth.signup(pessoa());
    const codigo = (await sent(id))[0]?.payload.codigoVerificacao ?? '';
    const refused = { code: Code.InvalidArgument, motivo: 'CODIGO_EMAIL_INVALIDO' };
    const wrong = [
      codigo.replace(id, outra.id),
      `${codigo.slice(0, -1)}!`,
      'cli_x',
      codigo.replace(id, 'cli_x'),
    ];
    for (const codigo of wrong) expect(await failure(rpc.auth.verifyEmail({ codigo }))).toEqual(refused);
    await auth.dataSource.query('update usuarios set email = $2 where id = $1', [
      id,
      `novo.${id}@x.co`.toLowerCase(),
    ]);
    expect(await failure(rpc.auth.verifyEmail({ codigo }))).toEqual(refused);
  });

  it('has the code mailed once more, at most once a minute, until the address is verified', async () => {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    const { accessToken } = await rpc.auth.login(quem);
    const como = as({ accessToken });
    const cedo = { code: Code.ResourceExhausted, motivo: 'MUITAS_TENTATIVAS' };
    const depois = () =>
      auth.dataSource.query(
        `update usuarios set atualizado_em = atualizado_em - interval '1 minute' where id = $1`,
        [id],
      );
    expect(await failure(rpc.auth.resendVerification({}, como))).toEqual(cedo);
    await depois();
    const juntos = await Promise.allSettled([1, 2, 3].map(() => rpc.auth.resendVerification({}, como)));
    expect(juntos.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [, outra, ...mais] = await sent(id);
    expect(mais).toEqual([]);
    expect(outra?.payload.emailVerificado ?? false).toBe(false);
    await rpc.auth.verifyEmail({ codigo: outra?.payload.codigoVerificacao ?? '' });
    await rpc.auth.resendVerification({}, como);
    expect((await sent(id)).map(({ payload }) => Boolean(payload.codigoVerificacao))).toEqual([
      true,
      true,
      false,
    ]);
    expect((await failure(rpc.auth.resendVerification({}))).code).toBe(Code.Unauthenticated);
  });

  it('has others who change their accounts wait for nobody who makes a code up or asks too soon', async () => {
    const como = as(await newSession());
    const { id } = await rpc.users.getMe({}, como);
    const codigo = (await sent(id))[0]?.payload.codigoVerificacao ?? '';
    const lock = await prenderContas(auth.dataSource);
    try {
      const madeUp = rpc.auth.verifyEmail({ codigo: `${codigo.slice(0, -2)}xx` });
      expect((await failure(madeUp)).motivo).toBe('CODIGO_EMAIL_INVALIDO');
      expect((await failure(rpc.auth.resendVerification({}, como))).motivo).toBe('MUITAS_TENTATIVAS');
    } finally {
      await lock.release();
    }
  });

  it('goes by the account as it is when its turn comes', async () => {
    const como = as(await newSession());
    const { id } = await rpc.users.getMe({}, como);
    const codigo = (await sent(id))[0]?.payload.codigoVerificacao ?? '';
    await auth.dataSource.query(
      `update usuarios set atualizado_em = atualizado_em - interval '1 minute' where id = $1`,
      [id],
    );
    const lock = await prenderContas(auth.dataSource);
    const resent = Promise.allSettled([1, 2].map(() => rpc.auth.resendVerification({}, como)));
    await eventually(async () => expect(await esperandoContas(auth.dataSource)).toBe(2));
    const verified = failure(rpc.auth.verifyEmail({ codigo }));
    await eventually(async () => expect(await esperandoContas(auth.dataSource)).toBe(3));
    await auth.dataSource.query('update usuarios set email = $2 where id = $1', [
      id,
      `outro.${id}@x.co`.toLowerCase(),
    ]);
    await lock.release();
    expect((await resent).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await verified).motivo).toBe('CODIGO_EMAIL_INVALIDO');
    expect(await sent(id)).toHaveLength(2);
  });

  it('asks nothing of the first administrator, whose address the operator wrote down', async () => {
    const [admin] = await auth.dataSource.query(
      `select email_verificado from usuarios where email = 'admin@exemplo.com'`,
    );
    expect(admin).toEqual({ email_verificado: true });
  });
});
