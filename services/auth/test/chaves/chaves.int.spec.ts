import { Code } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeProtectedHeader } from 'jose';
import { startAuth } from '../support/auth-under-test.ts';
import { ADMIN, clients, failure, SECRET, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

describe('service tokens', () => {
  it('are bound to the audience asked for', async () => {
    const { accessToken, expiresIn } = await rpc.tokens.issueServiceToken({
      servico: 'reservas',
      segredo: SECRET,
      audiencia: 'pagamentos',
    });
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ aud: 'pagamentos', sub: 'reservas', tipo: 'servico', papeis: [] });
    expect(expiresIn).toBe(300);
  });

  it('are refused to an unknown service, a wrong secret and an audience that is not allowed', async () => {
    const ask = (servico: string, segredo: string, audiencia: string) =>
      failure(rpc.tokens.issueServiceToken({ servico, segredo, audiencia }));
    await expect(ask('outro', SECRET, 'pagamentos')).resolves.toEqual({
      code: Code.Unauthenticated,
      motivo: 'SERVICO_DESCONHECIDO',
    });
    await expect(ask('reservas', 'errado', 'pagamentos')).resolves.toEqual({
      code: Code.Unauthenticated,
      motivo: 'SERVICO_DESCONHECIDO',
    });
    await expect(ask('reservas', SECRET, 'auth')).resolves.toEqual({
      code: Code.PermissionDenied,
      motivo: 'AUDIENCIA_NAO_PERMITIDA',
    });
  });
});

describe('signing keys', () => {
  it('are the same for a second replica and readable with the right master key only', async () => {
    const [row] = await auth.dataSource.query('select count(*)::int as keys from chaves_assinatura');
    await auth.createReplica();
    const [after] = await auth.dataSource.query('select count(*)::int as keys from chaves_assinatura');
    expect([row.keys, after.keys]).toEqual([1, 1]);
    await expect(auth.createReplica({ key: Buffer.alloc(32, 9) })).rejects.toThrow();
  });
});

describe('a signing key that is taken back', () => {
  let stopAside: (() => Promise<void>) | undefined;

  afterEach(() => stopAside?.());

  it('stops signing within a minute and leaves the published set when its last token has expired', async () => {
    const own = new FixedClock(new Date().toISOString());
    const alone = await startAuth({
      clock: own,
      serviceClients: [],
      admin: { email: ADMIN.email, senha: ADMIN.password },
    });
    const aside = clients(alone.grpcPort);
    stopAside = async () => {
      for (const each of Object.values(aside)) each.close();
      await alone.stop();
    };
    const { auth: client } = aside;
    const login = () => client.login(ADMIN);
    const kidNow = async () => decodeProtectedHeader((await login()).accessToken).kid;
    const kids = async () => {
      const answer = await fetch(`http://127.0.0.1:${alone.httpPort}/.well-known/jwks.json`);
      return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    };
    const old = await kidNow();
    const [[taken]]: [{ em: Date }[], number] = await alone.dataSource.query(
      `update chaves_assinatura set estado = 'APOSENTADA' returning aposentada_em as em`,
    );
    // The database has a clock of its own, and all that came before took its time.
    own.advance(Number(taken?.em) - own.now().getTime() + 61_000);
    await eventually(async () => expect(await kidNow()).not.toBe(old));
    expect(await kids()).toEqual([await kidNow(), old]);
    own.advance(20 * 60_000 - 5_000);
    await login();
    expect(await kids()).toHaveLength(2);
    own.advance(10_000);
    expect(await kids()).toEqual([await kidNow()]);
  });
});
