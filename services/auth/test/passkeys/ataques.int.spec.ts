import { generateKeyPairSync } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type Cbor, cbor } from '../support/cbor.ts';
import { as, failure } from '../support/use-auth.ts';
import { coseKey, type Lies, VirtualAuthenticator } from '../support/virtual-authenticator.ts';
import { usePasskeys } from './use-passkeys.ts';

const clock = new FixedClock(new Date().toISOString());
const { auth, rpc, comPasskey, verificada, opcoesDe, esperando } = usePasskeys(clock);

const refused = { code: Code.Unauthenticated, motivo: 'PASSKEY_LOGIN_INVALIDO' };
const unmade = { code: Code.InvalidArgument, motivo: 'PASSKEY_REGISTRO_INVALIDO' };

const start = async (mfaToken = '') => (await rpc.passkeys.startPasskeyLogin({ mfaToken })).opcoes;
const finish = (resposta: string, mfaToken = '') => rpc.passkeys.finishPasskeyLogin({ resposta, mfaToken });

const base64url = (text: string | Uint8Array) => Buffer.from(text).toString('base64url');

/** The answer with something else in its place. */
function changed(resposta: string, changes: object, response: object = {}): string {
  const answer = JSON.parse(resposta);
  return JSON.stringify({ ...answer, ...changes, response: { ...answer.response, ...response } });
}

/** What no browser sends; it costs a look and nothing more. */
const GARBAGE: ReadonlyArray<readonly [string, string]> = [
  ['no JSON', 'resposta'],
  ['a list', '[]'],
  ['null', 'null'],
  ['an empty object', '{}'],
  ['a thousand lists within each other', '['.repeat(8_000) + ']'.repeat(8_000)],
  ['other kinds of values', JSON.stringify({ id: 1, rawId: 1, type: 'public-key', response: 'texto' })],
  [
    'client data that is no JSON',
    JSON.stringify({ id: 'AA', rawId: 'AA', type: 'public-key', response: { clientDataJSON: 'AAAA' } }),
  ],
  [
    'a challenge that is an object',
    JSON.stringify({
      ...{ id: 'AA', rawId: 'AA', type: 'public-key' },
      response: { clientDataJSON: base64url('{"challenge":{}}'), authenticatorData: 'AA', signature: 'AA' },
    }),
  ],
  ['16 KiB of one letter', 'a'.repeat(16_384)],
];

describe('a login by passkey is refused', () => {
  it.each<[string, Lies]>([
    ['the page of another site has asked', { origin: 'https://exemplo.com.malvado.com' }],
    ['the page of a neighbouring name has asked', { origin: 'https://outra.exemplo.com' }],
    ['the page was loaded without TLS', { origin: 'http://app.exemplo.com' }],
    ['the key is for another site', { rpId: 'malvado.com' }],
    ['it is framed by another site', { crossOrigin: true }],
    ['it is framed by another site that is named', { crossOrigin: true, topOrigin: 'https://malvado.com' }],
    ['it answers a challenge of nobody', { challenge: base64url(Buffer.alloc(32)) }],
    ['it was made for a registration', { type: 'webauthn.create' }],
    ['nobody was there', { userPresent: false }],
    ['what was signed was changed', { tamper: true }],
    ['the device names another owner', { userHandle: base64url(Buffer.alloc(32)) }],
    ['the device names no owner', { userHandle: null }],
    ['nobody has such a passkey', { credentialId: Buffer.alloc(32, 7) }],
  ])('when %s', async (_, lies) => {
    const ana = await comPasskey();
    const opcoes = await start();
    expect(await failure(finish(ana.aparelho.get(opcoes, lies)))).toEqual(refused);
  });

  it('when its device has verified nobody and there is no other factor', async () => {
    const ana = await comPasskey({ verifies: false });
    expect(await failure(finish(ana.aparelho.get(await start())))).toEqual(refused);
  });

  it('when its challenge was used, by whatever answer, or is too old', async () => {
    const ana = await comPasskey();
    const opcoes = await start();
    await finish(ana.aparelho.get(opcoes));
    expect(await failure(finish(ana.aparelho.get(opcoes)))).toEqual(refused);
    const other = await start();
    expect(await failure(finish(ana.aparelho.get(other, { tamper: true })))).toEqual(refused);
    expect(await failure(finish(ana.aparelho.get(other)))).toEqual(refused);
    const old = await start();
    const keys = await auth.redis.keys('passkeys:desafio:*');
    for (const key of keys) expect(await auth.redis.ttl(key)).toBeLessThanOrEqual(300);
    await auth.redis.del(keys);
    expect(await failure(finish(ana.aparelho.get(old)))).toEqual(refused);
  });

  it('when its challenge was made for something else: a registration, a second factor, a proof', async () => {
    const ana = await comPasskey();
    const [codigo = ''] = ana.codigosRecuperacao;
    const registro = await opcoesDe(ana, codigo);
    const lies = { rpId: 'exemplo.com' };
    expect(
      await failure(finish(ana.aparelho.get(registro, { ...lies, userHandle: ana.aparelho.userHandle }))),
    ).toEqual(refused);
    const { opcoes } = await rpc.passkeys.startPasskeyProof({}, as(ana.session));
    expect(await failure(finish(ana.aparelho.get(opcoes)))).toEqual(refused);
    const mfaToken = await esperando(ana);
    // Of a second factor less is asked: it must not open the door alone.
    expect(await failure(finish(ana.aparelho.get(await start(mfaToken))))).toEqual(refused);
    expect(await failure(finish(ana.aparelho.get(await start()), mfaToken))).toEqual(refused);
  });

  it('as the second factor of somebody else', async () => {
    const [ana, eva] = [await comPasskey(), await comPasskey()];
    const mfaToken = await esperando(ana);
    const opcoes = await start(mfaToken);
    expect(await failure(finish(eva.aparelho.get(opcoes), mfaToken))).toEqual(refused);
    const outro = await start(await esperando(eva));
    expect(await failure(finish(eva.aparelho.get(outro), mfaToken))).toEqual(refused);
  });

  it('with the key of one passkey under the name of another', async () => {
    const [ana, eva] = [await comPasskey(), await comPasskey()];
    const lies = { credentialId: ana.aparelho.credentialId, userHandle: ana.aparelho.userHandle };
    expect(await failure(finish(eva.aparelho.get(await start(), lies)))).toEqual(refused);
  });

  it.each(GARBAGE)('for %s', async (_, garbage) => {
    expect(await failure(finish(garbage))).toEqual(refused);
  });

  it('for an answer that is longer than any, before it is read', async () => {
    const { code } = await failure(finish('a'.repeat(16_385)));
    expect(code).toBe(Code.InvalidArgument);
  });

  it.each<[string, object, object]>([
    ['a name in another form', { id: 'AB==', rawId: 'AB==' }, {}],
    ['two names', { rawId: 'AAAA' }, {}],
    ['another kind of credential', { type: 'password' }, {}],
    ['no authenticator data', {}, { authenticatorData: '' }],
    ['authenticator data that are cut', {}, { authenticatorData: 'AAAA' }],
    ['a signature that is none', {}, { signature: 'AAAA' }],
    ['an owner of 65 bytes', {}, { userHandle: base64url(Buffer.alloc(65)) }],
    ['an owner that is a number', {}, { userHandle: 1 }],
  ])('for a right answer with %s', async (_, changes, response) => {
    const ana = await comPasskey();
    const resposta = ana.aparelho.get(await start());
    expect(await failure(finish(changed(resposta, changes, response)))).toEqual(refused);
  });
});

describe('a counter', () => {
  it("that does not go up means two devices: it is refused and recorded, and the owner's goes on", async () => {
    const ana = await comPasskey();
    const copy = ana.aparelho.clone();
    await finish(ana.aparelho.get(await start()));
    expect(await failure(finish(copy.get(await start())))).toEqual(refused);
    const [evento] = await auth.dataSource.query(
      `select resultado, detalhe from eventos_seguranca where usuario_id = $1 and detalhe like 'pop:%'`,
      [ana.id],
    );
    expect(evento).toEqual({ resultado: 'RECUSADO', detalhe: 'pop: contador' });
    expect((await finish(ana.aparelho.get(await start()))).accessToken).not.toBe('');
  });

  it('that falls to none is refused as well', async () => {
    const ana = await comPasskey();
    await finish(ana.aparelho.get(await start()));
    expect(await failure(finish(ana.aparelho.get(await start(), { counter: 0 })))).toEqual(refused);
  });

  it('is measured one signature after the other, also when two come at once', async () => {
    const ana = await comPasskey();
    const copy = ana.aparelho.clone();
    const answers = [ana.aparelho.get(await start()), copy.get(await start())];
    const told = await Promise.all(
      answers.map((answer) =>
        finish(answer).then(
          () => 'SESSION',
          () => 'REFUSED',
        ),
      ),
    );
    expect(told.sort()).toEqual(['REFUSED', 'SESSION']);
  });
});

describe('one answer', () => {
  it('opens one session, however often it comes at once', async () => {
    const ana = await comPasskey({ synced: true });
    const resposta = ana.aparelho.get(await start());
    const told = await Promise.allSettled(Array.from({ length: 8 }, () => finish(resposta)));
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('registers one passkey, however often it comes at once', async () => {
    const ana = await verificada();
    const resposta = new VirtualAuthenticator().create(await opcoesDe(ana));
    const request = { resposta, nome: 'Telefone' };
    const told = await Promise.allSettled(
      Array.from({ length: 8 }, () => rpc.passkeys.finishPasskeyRegistration(request, as(ana.session))),
    );
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const rows = await auth.dataSource.query('select 1 from passkeys where usuario_id = $1', [ana.id]);
    expect(rows).toHaveLength(1);
  });
});

describe('a registration is refused', () => {
  const register = async (lies: Lies, device = new VirtualAuthenticator()) => {
    const ana = await verificada();
    const resposta = device.create(await opcoesDe(ana), lies);
    return rpc.passkeys.finishPasskeyRegistration({ resposta, nome: 'Telefone' }, as(ana.session));
  };

  const rsa = (modulusLength: number, publicExponent = 65_537) =>
    coseKey('RS256', generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey);

  it.each<[string, Lies]>([
    ['the page of another site has asked', { origin: 'https://malvado.com' }],
    ['the key is for another site', { rpId: 'malvado.com' }],
    ['it is framed by another site', { crossOrigin: true }],
    ['it answers a challenge of nobody', { challenge: base64url(Buffer.alloc(32)) }],
    ['it was made for a login', { type: 'webauthn.get' }],
    ['nobody was there', { userPresent: false }],
    ['the name of the key is too long', { credentialId: Buffer.alloc(1_024, 1) }],
    ['the key is short', { coseKey: rsa(1_024) }],
    ['the key has an exponent of its own', { coseKey: rsa(2_048, 3) }],
    [
      'the key is huge',
      {
        coseKey: new Map<number, Cbor>([
          [1, 3],
          [3, -257],
          [-1, Buffer.alloc(6_000, 255)],
          [-2, Buffer.from([1, 0, 1])],
        ]),
      },
    ],
    [
      'the key has an exponent as long as its modulus',
      {
        coseKey: new Map<number, Cbor>([
          [1, 3],
          [3, -257],
          [-1, Buffer.alloc(256, 255)],
          [-2, Buffer.alloc(256, 255)],
        ]),
      },
    ],
    [
      'the key says to be of another kind',
      {
        coseKey: new Map<number, Cbor>([
          [1, 3],
          [3, -7],
          [-1, 1],
          [-2, Buffer.alloc(32)],
          [-3, Buffer.alloc(32)],
        ]),
      },
    ],
    [
      'the key is of an algorithm that was not asked for',
      {
        coseKey: new Map<number, Cbor>([
          [1, 2],
          [3, -35],
          [-1, 2],
          [-2, Buffer.alloc(48)],
          [-3, Buffer.alloc(48)],
        ]),
      },
    ],
    ['there is no key', { coseKey: new Map() }],
    [
      'certificates come with it, which name places to be asked',
      { fmt: 'packed', attStmt: new Map([['x5c', [Buffer.alloc(64)]]]) },
    ],
    ['it is attested by a phone', { fmt: 'android-safetynet', attStmt: new Map([['ver', '1']]) }],
    ['its format is unknown', { fmt: 'x'.repeat(30) }],
  ])('when %s', async (_, lies) => {
    expect(await failure(register(lies))).toEqual(unmade);
  });

  it('when somebody else has begun it, or its session is over', async () => {
    const [ana, eva] = [await verificada(), await verificada()];
    const resposta = new VirtualAuthenticator().create(await opcoesDe(ana));
    const request = { resposta, nome: 'Telefone' };
    expect(await failure(rpc.passkeys.finishPasskeyRegistration(request, as(eva.session)))).toEqual(unmade);
    const again = { resposta: new VirtualAuthenticator().create(await opcoesDe(ana)), nome: 'Telefone' };
    await rpc.auth.changePassword(
      { currentPassword: ana.quem.password, newPassword: 'outras palavras sem sentido' },
      as(ana.session),
    );
    const session = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    expect(await failure(rpc.passkeys.finishPasskeyRegistration(again, as(session)))).toEqual(unmade);
  });

  it('when its challenge was used', async () => {
    const ana = await verificada();
    const opcoes = await opcoesDe(ana);
    const send = (lies: Lies) =>
      rpc.passkeys.finishPasskeyRegistration(
        { resposta: new VirtualAuthenticator().create(opcoes, lies), nome: 'Telefone' },
        as(ana.session),
      );
    expect(await failure(send({ origin: 'https://malvado.com' }))).toEqual(unmade);
    expect(await failure(send({}))).toEqual(unmade);
  });

  it("when the passkey is somebody's already, whoever that is", async () => {
    const ana = await comPasskey();
    const lies = { credentialId: ana.aparelho.credentialId };
    const due = { code: Code.AlreadyExists, motivo: 'PASSKEY_JA_REGISTRADA' };
    expect(await failure(register(lies))).toEqual(due);
    expect(await failure(register({}, ana.aparelho.clone()))).toEqual(due);
    // It is still the owner's.
    const { opcoes } = await rpc.passkeys.startPasskeyLogin({});
    const session = await finish(ana.aparelho.get(opcoes));
    expect((await rpc.users.getMe({}, as(session))).id).toBe(ana.id);
  });

  it.each([
    ...GARBAGE,
    [
      'CBOR that has no end',
      JSON.stringify({
        ...{ id: 'AA', rawId: 'AA', type: 'public-key' },
        response: {
          clientDataJSON: base64url(JSON.stringify({ challenge: base64url(Buffer.alloc(32)) })),
          attestationObject: base64url(Buffer.alloc(8_000, 0x81)),
        },
      }),
    ],
  ] as const)('for %s', async (_, resposta) => {
    const ana = await verificada();
    const request = { resposta, nome: 'Telefone' };
    expect(await failure(rpc.passkeys.finishPasskeyRegistration(request, as(ana.session)))).toEqual(unmade);
  });

  it.each([
    ['lists within each other', Buffer.alloc(8_000, 0x81)],
    ['maps within each other', Buffer.alloc(8_000, 0xa1)],
    ['a list of four thousand million', Buffer.from('9affffffff00', 'hex')],
    ['a text of 2^60 bytes', Buffer.from('7b1000000000000000', 'hex')],
    ['no map', cbor([1, 2, 3])],
    ['a map without authenticator data', cbor(new Map([['fmt', 'none']]))],
    [
      'authenticator data that are a number',
      cbor(
        new Map<string, string | number>([
          ['fmt', 'none'],
          ['authData', 1],
        ]),
      ),
    ],
  ])('for an attestation object that is %s, to a challenge that is good', async (_, bytes) => {
    const ana = await verificada();
    const resposta = changed(
      new VirtualAuthenticator().create(await opcoesDe(ana)),
      {},
      {
        attestationObject: base64url(bytes),
      },
    );
    const since = performance.now();
    const call = rpc.passkeys.finishPasskeyRegistration({ resposta, nome: 'Telefone' }, as(ana.session));
    expect(await failure(call)).toEqual(unmade);
    expect(performance.now() - since).toBeLessThan(2_000);
  });
});
