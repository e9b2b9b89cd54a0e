import { beforeEach, describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { RedisSessions } from '../../src/sessoes/infrastructure/redis-sessions.ts';
import { RefreshTokens } from '../../src/sessoes/infrastructure/refresh-tokens.ts';
import { verificar } from '../support/enderecos.ts';
import { pessoa, useAuth } from '../support/use-auth.ts';

const clock = new FixedClock(new Date(Date.now() - 30_000).toISOString());
const { auth, rpc } = useAuth({ clock });

beforeEach(() => auth.redis.flushall());

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1';

interface Entrada {
  readonly email: string;
  readonly password: string;
  readonly cookie?: string;
}

/** A login by HTTP, of a browser behind a proxy that is trusted: a gRPC client writes its own name over the device. */
async function entrar({ cookie = '', ...quem }: Entrada, endereco: string, dispositivo = FIREFOX) {
  const response = await fetch(`http://127.0.0.1:${auth.httpPort}/auth.v1.AuthService/Login`, {
    method: 'POST',
    headers: {
      ...{
        'content-type': 'application/json',
        'x-forwarded-for': endereco,
        'user-agent': dispositivo,
        cookie,
      },
    },
    body: JSON.stringify({ email: quem.email, password: quem.password }),
  });
  return { status: response.status, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

/** Somebody with a verified address, who has not logged in yet. */
async function conta() {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  await verificar({ auth, rpc }, id);
  return { ...quem, id };
}

/** What the owner is told. */
async function avisos(usuarioId: string): Promise<string[]> {
  const linhas: Array<{ id: string }> = await auth.dataSource.query(
    `select id from outbox
      where assunto = 'auth.v1.AvisoDeSeguranca' and payload->>'usuarioId' = $1
        and payload->>'tipo' = 'TIPO_AVISO_SEGURANCA_DISPOSITIVO_NOVO'`,
    [usuarioId],
  );
  return linhas.map(({ id }) => id);
}

describe('a login with a device, or from a network, that is new to the account', () => {
  it('is told to its owner once, and the very first one is not', async () => {
    const { id, ...quem } = await conta();
    await entrar(quem, '203.0.113.1');
    expect(await avisos(id)).toEqual([]);
    await entrar(quem, '198.51.100.7', IPHONE);
    expect(await avisos(id)).toHaveLength(1);
    await entrar(quem, '198.51.100.9', IPHONE);
    await entrar(quem, '203.0.113.200');
    expect(await avisos(id)).toHaveLength(1);
  });

  it('is told when either is new, and by a login that succeeds alone', async () => {
    const { id, ...quem } = await conta();
    await entrar(quem, '203.0.113.1');
    expect((await entrar({ ...quem, password: 'errada' }, '192.0.2.1')).status).toBe(401);
    expect(await avisos(id)).toEqual([]);
    await entrar(quem, '192.0.2.1');
    await entrar(quem, '203.0.113.1', IPHONE);
    expect(await avisos(id)).toHaveLength(2);
  });

  it('is told of no device that its account knows, wherever it is', async () => {
    const { id, ...quem } = await conta();
    const { cookie } = await entrar(quem, '203.0.113.1');
    await entrar({ ...quem, cookie }, '192.0.2.1');
    expect(await avisos(id)).toEqual([]);
  });

  it('is told three times a day at most, however many there are at once', async () => {
    const { id, ...quem } = await conta();
    await entrar(quem, '203.0.113.1');
    const redes = Array.from({ length: 8 }, (_, n) => `198.51.${n}.1`);
    await Promise.all(redes.map((rede) => entrar(quem, rede)));
    expect(await avisos(id)).toHaveLength(3);
  });

  it('is not told to an address that nobody has proved', async () => {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    await entrar(quem, '203.0.113.1');
    await entrar(quem, '192.0.2.1', IPHONE);
    expect(await avisos(id)).toEqual([]);
  });

  it('is forgotten with the account, and says nothing of where somebody was', async () => {
    const { id, ...quem } = await conta();
    await entrar(quem, '203.0.113.1');
    const [nome = ''] = await auth.redis.zrange(`entradas:${id}`, '0', '-1');
    expect(nome).toMatch(/^[\w-]{22}$/);
    const tokens = new RefreshTokens({ rotation: Buffer.alloc(32), origin: Buffer.alloc(32) });
    await new RedisSessions({ redis: auth.redis, clock, tokens }).forget(id);
    expect(await auth.redis.exists(`entradas:${id}`, `entradas-novas:${id}`)).toBe(0);
  });
});
