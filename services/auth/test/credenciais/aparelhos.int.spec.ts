import { Code, ConnectError } from '@connectrpc/connect';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { motivoDe } from '@plataforma/runtime/errors';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { codigosMandados } from '../support/codigos.ts';
import { verificar } from '../support/enderecos.ts';
import { as, pessoa, useAuth } from '../support/use-auth.ts';

const PER_MINUTE = 20;
const NOVA = 'outra senha bem melhor';

/** It stands: tokens are read by the time of the machine. */
const clock = new FixedClock(new Date(Date.now() - 30_000).toISOString());
const { auth, rpc } = useAuth({ clock, credentialsPerMinute: PER_MINUTE });

beforeEach(() => auth.redis.flushall());

let counter = 0;

const from = (address = `203.0.113.${++counter}`) => ({ 'x-forwarded-for': address });

async function outcome(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  );
  if (error?.code === Code.ResourceExhausted) return 'WAITS';
  return error ? motivoDe(error) : 'OK';
}

/** Somebody with a verified address. */
async function conta() {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem, { headers: from() });
  await verificar({ auth, rpc }, id);
  return { ...quem, id };
}

/** Keeps the cookie that an answer brings. */
function jar(cookie = '') {
  const kept = { cookie };
  const onHeader = (header: Headers) => {
    kept.cookie = header.get('set-cookie')?.split(';')[0] ?? kept.cookie;
  };
  return { kept, onHeader };
}

/** A device that has logged in from there. */
async function aparelho(quem: { email: string; password: string }, home: string) {
  const { kept, onHeader } = jar();
  const session = await rpc.auth.login(quem, { headers: from(home), onHeader });
  return { session, headers: { ...from(home), cookie: kept.cookie } };
}

/** Somebody in that network guesses at other accounts, until they have to wait whatever they try. */
async function cheia(home: string) {
  const wrong = () =>
    outcome(rpc.auth.login({ email: `z${++counter}@exemplo.com`, password: 'x' }, { headers: from(home) }));
  await Promise.all(Array.from({ length: PER_MINUTE }, wrong));
  expect(await wrong()).toBe('WAITS');
}

describe('a device that its account knows', () => {
  it('is none from before a new password: a thief who has logged in keeps the owner out of nothing', async () => {
    const quem = await conta();
    const [furtivo, casa] = ['198.51.100.30', '198.51.100.31'];
    const ladrao = await aparelho(quem, furtivo);
    await rpc.auth.forgotPassword({ email: quem.email }, { headers: from() });
    for (const worker of auth.background) while (await worker.turn?.());
    const codigo = (await codigosMandados(auth.dataSource, quem.id)).at(-1) ?? '';
    await rpc.auth.resetPassword({ codigo, newPassword: NOVA }, { headers: from() });
    const nova = { email: quem.email, password: NOVA };
    const dono = await aparelho(nova, casa);
    for (const home of [furtivo, casa]) await cheia(home);
    for (let turn = 0; turn < PER_MINUTE; turn++)
      expect(await outcome(rpc.auth.login(quem, { headers: ladrao.headers }))).toBe('WAITS');
    expect(await outcome(rpc.auth.login(nova, { headers: dono.headers }))).toBe('OK');
  });

  it('is the one on which its owner changes the password, and no other from before', async () => {
    const quem = await conta();
    const home = '198.51.100.32';
    const [aqui, outro] = [await aparelho(quem, home), await aparelho(quem, home)];
    const { kept, onHeader } = jar();
    await rpc.auth.changePassword(
      { currentPassword: quem.password, newPassword: NOVA },
      { headers: { ...aqui.headers, ...as(aqui.session).headers }, onHeader },
    );
    await cheia(home);
    const nova = { email: quem.email, password: NOVA };
    for (const { headers } of [aqui, outro])
      expect(await outcome(rpc.auth.login(nova, { headers }))).toBe('WAITS');
    const headers = { ...from(home), cookie: kept.cookie };
    expect(await outcome(rpc.auth.login(nova, { headers }))).toBe('OK');
  });

  it('lets its owner prove anew who they are, whoever guesses in the same network', async () => {
    const quem = await conta();
    const home = '198.51.100.33';
    const { session, headers } = await aparelho(quem, home);
    await cheia(home);
    const { password } = quem;
    const provar = (com: Record<string, string>) =>
      outcome(
        rpc.users.updateMe(
          { email: `outro.${quem.email}`, password },
          { headers: { ...com, ...as(session).headers } },
        ),
      );
    expect(await provar(from(home))).toBe('WAITS');
    expect(await provar(headers)).toBe('OK');
  });

  it('is heard where it is at home, also when a thief of the password has used up what devices may', async () => {
    const quem = await conta();
    const casa = '198.51.100.36';
    const dono = await aparelho(quem, casa);
    const furtivos = [];
    for (let n = 0; n < 5; n++) furtivos.push(await aparelho(quem, `198.51.100.${40 + n}`));
    const errada = { ...quem, password: 'errada' };
    for (const { headers } of furtivos)
      for (let n = 0; n < 5; n++)
        await outcome(rpc.auth.login(errada, { headers: { ...headers, ...from() } }));
    expect(await outcome(rpc.auth.login(quem, { headers: dono.headers }))).toBe('OK');
    expect(
      await outcome(
        rpc.users.updateMe(
          { email: `outro.${quem.email}`, password: quem.password },
          { headers: { ...dono.headers, ...as(dono.session).headers } },
        ),
      ),
    ).toBe('OK');
  });

  it('is none of the account that has the address after it', async () => {
    const quem = await conta();
    const home = '198.51.100.35';
    const { session, headers } = await aparelho(quem, home);
    const { password } = quem;
    await rpc.users.deleteMe({ password }, { headers: { ...headers, ...as(session).headers } });
    const { id } = await rpc.auth.signup(quem, { headers: from() });
    await verificar({ auth, rpc }, id);
    await cheia(home);
    expect(await outcome(rpc.auth.login(quem, { headers }))).toBe('WAITS');
    expect(await outcome(rpc.auth.login(quem, { headers: from() }))).toBe('OK');
  });

  it('is none of an address that it does not belong to, with an account or without', async () => {
    const [quem, outra] = [await conta(), await conta()];
    const home = '198.51.100.34';
    const { headers } = await aparelho(quem, home);
    await cheia(home);
    for (const { email } of [outra, pessoa()])
      expect(await outcome(rpc.auth.login({ email, password: 'errada' }, { headers }))).toBe('WAITS');
  });
});
