import { request } from 'node:http';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { Effects } from '../../test/effects.ts';
import { failureOf } from '../../test/failure-of.ts';
import { bearer, type Listeners, startListeners } from '../../test/listeners.ts';
import { rawCall, text } from '../../test/raw-grpc.ts';
import { genericError, rpcError } from '../errors/errors.ts';
import { principalOf } from '../rpc/principal.ts';

let listeners: Listeners;
let effects: Effects;
let token: string;
let runs = 0;
let made = 0;
let ocupado = false;
const semDireito = new Set<string>();
let release: () => void = () => undefined;

/** A change as a service makes it: its key is claimed, then come its reasons to be refused, then the effect. */
function make(value: string, refuse: () => Promise<void> | void = () => {}): Promise<string> {
  const id = `efe_${++made}`;
  return effects.uow.run(async (tx) => {
    await tx.claimKey(id);
    await refuse();
    await tx.add(id, value);
    return value;
  });
}

beforeAll(async () => {
  effects = await Effects.start();
  listeners = await startListeners({
    keys: effects.keys,
    acesso: { ler: 'AUTENTICADO' },
    direitos: {
      async gravar(_, chamada) {
        if (semDireito.has(principalOf(chamada).id)) throw genericError(Code.PermissionDenied);
      },
    },
    impl: {
      async gravar({ value }, { responseHeader }) {
        runs += 1;
        const run = runs;
        const gravado = await make(`${value} ${run}`, async () => {
          if (value === 'ocupado' && ocupado)
            throw rpcError(Code.AlreadyExists, 'ESPACO_INDISPONIVEL', 'Já há reserva.');
          if (value === 'fora do ar' && run === 1)
            throw rpcError(Code.Unavailable, 'SERVICO_INDISPONIVEL', 'Fora.');
          if (value === 'devagar') await new Promise<void>((resolve) => (release = resolve));
        });
        responseHeader.set('x-http-code', '201');
        return { value: gravado };
      },
      administrar: async (_, context) => ({ value: await make(`${principalOf(context).tipo} ${++runs}`) }),
      ler: () => ({ value: String(++runs) }),
    },
    repeats: {
      async gravar(efeito, _, { responseHeader }) {
        responseHeader.set('x-http-code', '201');
        return { value: await effects.valueOf(efeito) };
      },
      administrar: async (efeito) => ({ value: await effects.valueOf(efeito) }),
    },
  });
  token = await listeners.issuer.token({ sub: 'cli_1', papeis: ['CLIENTE'] });
});

beforeEach(() => {
  runs = 0;
});

afterAll(async () => {
  await listeners.close();
  await effects.stop();
});

describe.each(['grpc', 'http'] as const)('idempotency on the %s listener', (which) => {
  const withKey = (chave: string, onHeader?: (header: Headers) => void, as = token) => ({
    ...bearer(as, { 'idempotency-key': `${which}-${chave}` }),
    ...(onHeader && { onHeader }),
  });
  const client = () => listeners[which];

  it('answers with the effect of the first call, and its headers, when the same call comes again', async () => {
    let header = new Headers();
    const first = await client().gravar({ value: 'a' }, withKey('1'));
    const second = await client().gravar(
      { value: 'a' },
      withKey('1', (received) => (header = received)),
    );
    expect([first.value, second.value, runs]).toEqual(['a 1', 'a 1', 1]);
    expect(header.get('idempotency-replayed')).toBe('true');
    expect(header.get('x-http-code')).toBe('201');
  });

  it('does not mark the first answer as that of a repetition', async () => {
    let header = new Headers();
    await client().gravar(
      { value: 'a' },
      withKey('2', (received) => (header = received)),
    );
    expect(header.get('idempotency-replayed')).toBeNull();
  });

  it('keeps no refusal: the same call succeeds once its cause is gone', async () => {
    ocupado = true;
    expect(await failureOf(client().gravar({ value: 'ocupado' }, withKey('3')))).toMatchObject({
      motivo: 'ESPACO_INDISPONIVEL',
    });
    ocupado = false;
    let header = new Headers();
    const onHeader = (received: Headers) => {
      header = received;
    };
    expect((await client().gravar({ value: 'ocupado' }, withKey('3', onHeader))).value).toBe('ocupado 2');
    expect(header.get('idempotency-replayed')).toBeNull();
  });

  it('lets the key be used for another body after a refusal', async () => {
    ocupado = true;
    await failureOf(client().gravar({ value: 'ocupado' }, withKey('3b')));
    expect((await client().gravar({ value: 'livre' }, withKey('3b'))).value).toBe('livre 2');
  });

  it('tells of the effect only to a caller whose rights still are what they were', async () => {
    await client().gravar({ value: 'meu' }, withKey('9'));
    semDireito.add('cli_1');
    expect(await failureOf(client().gravar({ value: 'meu' }, withKey('9')))).toMatchObject({
      code: 'PermissionDenied',
      motivo: 'ACESSO_NEGADO',
    });
    semDireito.clear();
    expect((await client().gravar({ value: 'meu' }, withKey('9'))).value).toBe('meu 1');
    expect(runs).toBe(1);
  });

  it('shows the effect as it is now', async () => {
    const first = await client().gravar({ value: 'antes' }, withKey('12'));
    await effects.dataSource.query('update efeitos set value = $2 where id = $1', [`efe_${made}`, 'depois']);
    const second = await client().gravar({ value: 'antes' }, withKey('12'));
    expect([first.value, second.value]).toEqual(['antes 1', 'depois']);
  });

  it('runs again when the first attempt failed for a technical reason', async () => {
    // The grpc client repeats an UNAVAILABLE call by itself, under the same key.
    if (which === 'http') await failureOf(client().gravar({ value: 'fora do ar' }, withKey('4')));
    expect((await client().gravar({ value: 'fora do ar' }, withKey('4'))).value).toBe('fora do ar 2');
  });

  it('refuses the key when the body is another', async () => {
    await client().gravar({ value: 'a' }, withKey('5'));
    expect(await failureOf(client().gravar({ value: 'b' }, withKey('5')))).toMatchObject({
      code: 'AlreadyExists',
      motivo: 'CHAVE_IDEMPOTENCIA_REUTILIZADA',
    });
  });

  it('refuses the key when the method is another', async () => {
    const admin = await listeners.issuer.token({ sub: 'usr_1', papeis: ['ADMIN'] });
    await client().gravar({ value: 'a' }, withKey('11', undefined, admin));
    expect(
      await failureOf(client().administrar({ value: 'a' }, withKey('11', undefined, admin))),
    ).toMatchObject({ motivo: 'CHAVE_IDEMPOTENCIA_REUTILIZADA' });
  });

  it('refuses a second attempt while the first one runs', async () => {
    const idle = release;
    const first = client().gravar({ value: 'devagar' }, withKey('6'));
    await eventually(() => expect(release).not.toBe(idle));
    const second = await failureOf(client().gravar({ value: 'devagar' }, withKey('6')));
    expect(second).toMatchObject({ code: 'Aborted', motivo: 'REQUISICAO_EM_ANDAMENTO' });
    expect(second.header.get('retry-after')).toBe('1');
    release();
    expect((await first).value).toBe('devagar 1');
  });

  it('keeps the keys of two callers apart', async () => {
    const other = await listeners.issuer.token({ sub: 'cli_2' });
    await client().gravar({ value: 'a' }, withKey('7'));
    expect((await client().gravar({ value: 'b' }, withKey('7', undefined, other))).value).toBe('b 2');
  });

  it('keeps the keys of a person and of a service of the same name apart', async () => {
    const pessoa = await listeners.issuer.token({ sub: 'reservas', papeis: ['ADMIN'] });
    const servico = await listeners.issuer.token({ sub: 'reservas', tipo: 'servico' });
    const administrar = async (as: string) =>
      (await client().administrar({ value: 'a' }, withKey('10', undefined, as))).value;
    expect([await administrar(pessoa), await administrar(servico)]).toEqual(['USUARIO 1', 'SERVICO 2']);
    expect([await administrar(pessoa), await administrar(servico)]).toEqual(['USUARIO 1', 'SERVICO 2']);
  });

  it.each([
    ['is too long', 'x'.repeat(256)],
    ['is empty', ''],
    ['holds a blank', 'a b'],
    ['is not ASCII', 'chave-é'],
    ['is not ASCII, in the bytes of UTF-8', Buffer.from('chave-é🔑').toString('latin1')],
    ['holds a control character', 'a\tb'],
    ['comes twice', ['a', 'b']],
  ])('refuses a key that %s', async (_, key) => {
    const answer = await raw[which](key, token);
    expect([answer, runs]).toEqual(['invalid_argument REQUISICAO_INVALIDA', 0]);
  });

  it('refuses such a key of somebody without an account, too, and otherwise takes no notice of it', async () => {
    const anonymous = { headers: { 'idempotency-key': 'x'.repeat(256) } };
    const login = { email: 'ana@exemplo.com', password: 'x' };
    expect(await failureOf(client().entrar(login, anonymous))).toMatchObject({ code: 'InvalidArgument' });
    const header = { headers: { 'idempotency-key': 'chave' } };
    expect((await client().entrar(login, header)).value).toBe('ana@exemplo.com');
    expect((await client().entrar({ ...login, email: 'bia@exemplo.com' }, header)).value).toBe(
      'bia@exemplo.com',
    );
  });

  it('ignores the key on a method without side effects', async () => {
    await client().ler({ value: 'a' }, withKey('8'));
    expect((await client().ler({ value: 'a' }, withKey('8'))).value).toBe('2');
  });
});

/** Gravar with the key exactly as given, by the bare protocol: clients refuse to send most of these. */
const raw = {
  async grpc(key: string | string[], bearerToken: string): Promise<string> {
    const { headers } = await rawCall(listeners.grpcPort, 'Gravar', text('a'), {
      authorization: `Bearer ${bearerToken}`,
      'idempotency-key': key,
    });
    return `${headers['grpc-status'] === '3' ? 'invalid_argument' : headers['grpc-status']} ${headers['x-erro-codigo']}`;
  },

  http(key: string | string[], bearerToken: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request({
        port: listeners.httpPort,
        host: '127.0.0.1',
        path: '/teste.v1.EcoService/Gravar',
        method: 'POST',
        headers: {
          authorization: `Bearer ${bearerToken}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
      });
      sent.on('error', reject);
      sent.on('response', async (res) => {
        const chunks = await res.toArray();
        const { code } = JSON.parse(Buffer.concat(chunks).toString());
        resolve(`${code} ${res.headers['x-erro-codigo']}`);
      });
      sent.end(JSON.stringify('a'));
    });
  },
};
