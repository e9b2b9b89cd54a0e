import { describe, expect, it } from '@jest/globals';
import { isRead } from '@plataforma/runtime/rpc';
import { stopAt } from '@plataforma/testing/barrier';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ADMIN, as, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc, newSession } = useAuth({ clock });

const keyed = ({ headers }: ReturnType<typeof as>) => ({
  headers: { ...headers, 'idempotency-key': crypto.randomUUID() },
});

describe('a call that comes again under its Idempotency-Key', () => {
  it('is answered from its effect by every method, except where it can be carried out again', () => {
    const mudam = auth.services
      .flatMap(({ methods }) => methods)
      .filter(({ spec, acesso, implemented }) => implemented && acesso !== 'PUBLICO' && !isRead(spec.method));
    const nomes = (com: boolean) =>
      mudam.filter(({ load }) => Boolean(load) === com).map(({ spec }) => spec.method.name);
    const respondidos = [
      ...['ActivateMfa', 'ChangePassword', 'ConfirmEmailChange', 'CriarChave', 'DeleteMe', 'DeleteUser'],
      'DisableMfa',
      ...['FinishPasskeyRegistration', 'LinkGoogle', 'RemovePasskey', 'RenewRecoveryCodes', 'RequestExport'],
      ...[
        'ResendVerification',
        'ResetUserMfa',
        'RevokeOtherSessions',
        'RotacionarChave',
        'UnlinkGoogle',
        'UpdateMe',
        'UpdateUser',
      ],
    ];
    const inofensivos = [
      ...['FinishPasskeyProof', 'GetPersonalKey', 'Logout', 'RevogarChave', 'RevokeSession', 'SetupMfa'],
      'StartGoogleLink',
      ...['StartPasskeyProof', 'StartPasskeyRegistration'],
    ];
    expect([nomes(true).sort(), nomes(false).sort()]).toEqual([respondidos, inofensivos]);
  });

  it('does not undo what others have changed since', async () => {
    const { id: usuarioId } = await rpc.users.getMe({}, as(await newSession()));
    const admin = as(await rpc.auth.login(ADMIN));
    const chave = keyed(admin);
    const primeira = { usuarioId, nome: 'Primeiro Nome' };
    expect((await rpc.users.updateUser(primeira, chave)).nome).toBe('Primeiro Nome');
    await rpc.users.updateUser({ usuarioId, nome: 'Segundo Nome' }, admin);
    expect((await rpc.users.updateUser(primeira, chave)).nome).toBe('Segundo Nome');
  });

  it('mails one code, and says so both times', async () => {
    const como = as(await newSession());
    const { id } = await rpc.users.getMe({}, como);
    await auth.dataSource.query(
      `update usuarios set atualizado_em = atualizado_em - interval '1 minute' where id = $1`,
      [id],
    );
    const chave = keyed(como);
    await rpc.auth.resendVerification({}, chave);
    await rpc.auth.resendVerification({}, chave);
    const [row] = await auth.dataSource.query(
      'select count(*)::int as n from outbox where agregado_id = $1 and agregado_versao > 1',
      [id],
    );
    expect(row.n).toBe(1);
  });

  it('is not told to wait for a mail that another attempt of it has had sent a moment ago', async () => {
    const como = as(await newSession());
    const { id } = await rpc.users.getMe({}, como);
    await auth.dataSource.query(
      `update usuarios set atualizado_em = atualizado_em - interval '1 minute' where id = $1`,
      [id],
    );
    const chave = keyed(como);
    const reenviar = () => Promise.allSettled([rpc.auth.resendVerification({}, chave)]);
    const livre = stopAt(/from idempotencia where escopo/, { when: 'after' });
    const uma = reenviar();
    await livre.reached();
    await reenviar();
    livre.open();
    expect(await uma).toMatchObject([{ status: 'fulfilled' }]);
  });

  it('ends a session, and is no failure when the session is over', async () => {
    const dona = await newSession();
    const chave = keyed(as(await newSession()));
    const { refreshToken } = dona;
    await rpc.auth.logout({ refreshToken }, chave);
    await expect(rpc.auth.logout({ refreshToken }, chave)).resolves.toBeDefined();
  });
});
