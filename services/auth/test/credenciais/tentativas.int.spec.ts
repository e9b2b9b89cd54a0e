import { Code, ConnectError } from '@connectrpc/connect';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { verificar } from '../support/enderecos.ts';
import { useAuth } from '../support/use-auth.ts';

const PER_MINUTE = 20;
const HASHED_AT_ONCE = 4;
const clock = new FixedClock(new Date().toISOString());

const { auth, rpc } = useAuth({ clock, credentialsPerMinute: PER_MINUTE });

beforeEach(() => auth.redis.flushall());

let counter = 0;

/** A client with a network address of its own. */
const from = (address = `203.0.113.${++counter}`) => ({ headers: { 'x-forwarded-for': address } });

const conta = () => ({ nome: 'Caio Dias', email: `caio.${++counter}@exemplo.com`, password: 'Senha@123' });

async function outcome(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  );
  return error === undefined
    ? { motivo: 'OK' }
    : { motivo: motivoDe(error), code: error.code, retryAfter: Number(error.metadata.get('retry-after')) };
}

const motivos = async (calls: Promise<unknown>[]) =>
  (await Promise.all(calls.map(outcome))).map(({ motivo }) => motivo);

describe('the budget of a client address', () => {
  it('is one for all accounts, calls and listeners, and is told with the seconds to wait', async () => {
    const client = from();
    const overHttp = () =>
      fetch(`http://127.0.0.1:${auth.httpPort}/auth.v1.AuthService/Login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...client.headers },
        body: JSON.stringify({ email: `x${++counter}@exemplo.com`, password: 'x' }),
      });
    const kinds = [
      () => rpc.auth.signup(conta(), client),
      () => rpc.auth.login({ email: `x${++counter}@exemplo.com`, password: 'x' }, client),
    ];
    for (let turn = 0; turn < PER_MINUTE / 4; turn++) {
      for (const call of kinds) expect((await outcome(call())).motivo).not.toBe('MUITAS_TENTATIVAS');
      for (let again = 0; again < 2; again++) expect((await overHttp()).status).toBe(401);
    }
    const refused = await overHttp();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
    for (const call of kinds)
      expect(await outcome(call())).toEqual({
        motivo: 'MUITAS_TENTATIVAS',
        code: Code.ResourceExhausted,
        retryAfter: 3,
      });
    clock.advance(3_000);
    expect((await outcome(rpc.auth.signup(conta(), client))).motivo).toBe('OK');
  });

  it('keeps a flood of unknown logins out of the way of a real one', async () => {
    const quem = conta();
    await rpc.auth.signup(quem, from());
    const flooder = from();
    // Without retries, so that each of them is one attempt.
    const once = { address: `127.0.0.1:${auth.grpcPort}`, timeoutMs: 8_000, retry: { maxAttempts: 1 } };
    const client = createGrpcClient(AuthService, once);
    let hashed = 0;
    const flood = Array.from({ length: 300 }, async (_, turn) => {
      const told = await outcome(client.login({ email: `nada${turn}@exemplo.com`, password: 'x' }, flooder));
      if (told.motivo === 'CREDENCIAIS_INVALIDAS') hashed++;
      return told.motivo;
    });
    await rpc.auth.login(quem, from());
    // At the end of one line it would have waited for all but those that are hashed beside it.
    expect(hashed).toBeLessThan(PER_MINUTE - HASHED_AT_ONCE);
    const told = await Promise.all(flood);
    // A slow machine cannot hash all that the budget lets through in the time that a caller may wait.
    const heard = told.filter((motivo) => motivo !== 'MUITAS_TENTATIVAS');
    expect(heard).toHaveLength(PER_MINUTE);
    expect(heard.filter((motivo) => motivo !== 'SERVICO_INDISPONIVEL')).toEqual(
      Array(hashed).fill('CREDENCIAIS_INVALIDAS'),
    );
    expect(hashed).toBeGreaterThan(0);
    client.close();
  });

  it('is that of the nearest address that is no proxy of ours, whatever the client writes itself', async () => {
    const told: Array<string | undefined> = [];
    for (let turn = 0; turn <= PER_MINUTE; turn++) {
      const login = { email: `w${turn}@exemplo.com`, password: 'x' };
      told.push((await outcome(rpc.auth.login(login, from(`8.8.8.${turn}, 198.51.100.7`)))).motivo);
    }
    expect(told.filter((motivo) => motivo === 'MUITAS_TENTATIVAS')).toHaveLength(1);
  });
});

describe('the budget of an account', () => {
  const wrong = (email: string, address?: string) =>
    rpc.auth.login({ email, password: 'errada' }, from(address));

  it('slows one address down after five failures, each twice as long, and no other address', async () => {
    const quem = conta();
    await rpc.auth.signup(quem, from());
    const guesser = '198.51.100.1';
    for (let turn = 0; turn < 5; turn++)
      expect((await outcome(wrong(quem.email, guesser))).motivo).toBe('CREDENCIAIS_INVALIDAS');
    for (const seconds of [1, 2, 4]) {
      const refused = { motivo: 'MUITAS_TENTATIVAS', retryAfter: seconds };
      expect(await outcome(wrong(quem.email, guesser))).toMatchObject(refused);
      clock.advance(seconds * 1_000);
      expect((await outcome(wrong(quem.email, guesser))).motivo).toBe('CREDENCIAIS_INVALIDAS');
    }
    expect((await outcome(rpc.auth.login(quem, from()))).motivo).toBe('OK');
    clock.advance(60_000);
    expect((await outcome(rpc.auth.login(quem, from(guesser)))).motivo).toBe('OK');
    expect((await outcome(wrong(quem.email, guesser))).motivo).toBe('CREDENCIAIS_INVALIDAS');
  });

  it('lets no more than five guesses through that come at once', async () => {
    const quem = conta();
    await rpc.auth.signup(quem, from());
    const told = await motivos(Array.from({ length: 20 }, () => wrong(quem.email, '198.51.100.2')));
    expect(told.filter((motivo) => motivo === 'CREDENCIAIS_INVALIDAS')).toHaveLength(5);
  });

  it('never locks its owner out of a place they have logged in from', async () => {
    const quem = conta();
    const home = '198.51.100.3';
    const { id } = await rpc.auth.signup(quem, from());
    await verificar({ auth, rpc }, id);
    await rpc.auth.login(quem, from(home));
    const told: (string | undefined)[] = [];
    // Ten at once: more of them would wait too long for a slow machine's hashes, and be told that it is busy.
    for (let turn = 0; turn < 120; turn += 10)
      told.push(
        ...(await motivos(Array.from({ length: 10 }, (_, n) => wrong(quem.email, `192.0.2.${turn + n}`)))),
      );
    expect(told.filter((motivo) => motivo === 'CREDENCIAIS_INVALIDAS')).toHaveLength(50);
    expect((await outcome(rpc.auth.login(quem, from('192.0.2.200')))).motivo).toBe('MUITAS_TENTATIVAS');
    expect((await outcome(rpc.auth.login(quem, from(home)))).motivo).toBe('OK');
    clock.advance(60_000);
    expect((await outcome(rpc.auth.login(quem, from('192.0.2.201')))).motivo).toBe('OK');
  });

  it('never slows a device down that its owner has logged in with, wherever strangers guess from', async () => {
    const quem = conta();
    const home = '198.51.100.20';
    const { id } = await rpc.auth.signup(quem, from());
    await verificar({ auth, rpc }, id);
    const headers = new Headers();
    await rpc.auth.login(quem, {
      ...from(home),
      onHeader: (header: Headers) =>
        void headers.set('cookie', header.get('set-cookie')?.split(';')[0] ?? ''),
    });
    expect(headers.get('cookie')).toMatch(/^__Host-aparelho=/);
    // Somebody in the same network guesses: at this account, until it has to wait, and at others, until the address has.
    for (let turn = 0; turn < 6; turn++) await outcome(wrong(quem.email, home));
    const others = Array.from({ length: PER_MINUTE }, (_, turn) => wrong(`y${turn}@exemplo.com`, home));
    expect(await motivos(others)).toContain('MUITAS_TENTATIVAS');
    expect((await outcome(rpc.auth.login(quem, from(home)))).motivo).toBe('MUITAS_TENTATIVAS');
    const known = { headers: { 'x-forwarded-for': home, cookie: headers.get('cookie') ?? '' } };
    expect((await outcome(rpc.auth.login(quem, known))).motivo).toBe('OK');
    // Another account gets nothing by it.
    const outra = conta();
    await rpc.auth.signup(outra, from());
    expect((await outcome(rpc.auth.login(outra, known))).motivo).toBe('MUITAS_TENTATIVAS');
  });

  it('is the same for an address that has no account', async () => {
    const told = await motivos(
      Array.from({ length: 10 }, () => wrong('ninguem@exemplo.com', '198.51.100.4')),
    );
    expect(told.filter((motivo) => motivo === 'MUITAS_TENTATIVAS')).toHaveLength(5);
  });
});
