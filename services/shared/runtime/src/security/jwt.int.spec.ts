import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createTestIssuer } from '@plataforma/testing/test-tokens';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { failureOf } from '../../test/failure-of.ts';
import { createTokenVerifier } from './jwt.ts';

const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closers.splice(0)) await close();
});

async function issuerAndVerifier() {
  const issuer = await createTestIssuer();
  closers.push(issuer.close);
  return { issuer, verifier: createTokenVerifier(issuer) };
}

describe('createTokenVerifier', () => {
  it('accepts a token whose audience is one of those the service answers to', async () => {
    const { issuer } = await issuerAndVerifier();
    const verifier = createTokenVerifier({ ...issuer, audience: ['plataforma', 'reservas'] });
    const token = await issuer.token({ sub: 'pagamentos', tipo: 'servico', audience: ['reservas', 'outro'] });
    expect(await verifier.verify(token)).toEqual({
      ...{ id: 'pagamentos', tipo: 'SERVICO', papeis: [], token },
      geracao: 1,
      emitidoEm: expect.any(Date),
    });
  });

  it('takes only what is of its type from a token, and no role that there is none of', async () => {
    const { issuer, verifier } = await issuerAndVerifier();
    const iat = Math.floor(Date.now() / 1000);
    const caller = async (claims: JWTPayload) => {
      const signed = await issuer.sign({ sub: 'cli_1', iat, exp: iat + 300, ...claims });
      const { token, ...principal } = await verifier.verify(signed);
      expect(token).toBe(signed);
      return principal;
    };
    const common = { id: 'cli_1', tipo: 'USUARIO', emitidoEm: new Date(iat * 1_000) };
    expect(await caller({ nome: 'Ana', email: 'a@b.co', sid: 'ses_1', ger: 3, papeis: ['ADMIN'] })).toEqual({
      ...common,
      ...{ nome: 'Ana', email: 'a@b.co', sessaoId: 'ses_1', geracao: 3, papeis: ['ADMIN'] },
    });
    expect(await caller({ nome: 7, email: [], sid: {}, ger: '9', papeis: ['CHEFE', 'CLIENTE', 7] })).toEqual({
      ...common,
      ...{ geracao: 1, papeis: ['CLIENTE'] },
    });
    expect(await caller({ papeis: 'ADMIN' })).toEqual({ ...common, geracao: 1, papeis: [] });
    expect(await caller({ auth_time: iat - 60, amr: ['pwd', 7, 'otp'] })).toMatchObject({
      autenticadoEm: new Date((iat - 60) * 1_000),
      metodos: ['pwd', 'otp'],
    });
    expect(await caller({ auth_time: '1', amr: 'pwd' })).toEqual({ ...common, geracao: 1, papeis: [] });
  });

  it('knows the token of a key by its kind, and takes none without a name or scopes', async () => {
    const { issuer, verifier } = await issuerAndVerifier();
    const iat = Math.floor(Date.now() / 1000);
    const sign = (claims: JWTPayload) =>
      issuer.sign({ sub: 'cli_1', iat, exp: iat + 300, tipo: 'chave', papeis: ['CLIENTE'], ...claims });
    const key = await verifier.verify(await sign({ sid: 'chv_1', scope: 'espacos:ler reservas:ler' }));
    expect(key).toMatchObject({
      tipo: 'USUARIO',
      sessaoId: 'chv_1',
      escopos: ['espacos:ler', 'reservas:ler'],
    });
    const person = await verifier.verify(await sign({ tipo: 'acesso', sid: 'ses_1', scope: 'espacos:ler' }));
    expect(person.escopos).toBeUndefined();
    for (const claims of [
      { sid: 'chv_1' },
      { scope: 'espacos:ler' },
      { sid: 7, scope: 'a' },
      { sid: 'chv_1', scope: ['a'] },
    ])
      expect((await failureOf(verifier.verify(await sign(claims)))).motivo).toBe('TOKEN_INVALIDO');
  });

  it('checks a token once in a minute', async () => {
    const { issuer, verifier } = await issuerAndVerifier();
    const token = await issuer.token({ sub: 'cli_1' });
    const principal = await verifier.verify(token);
    expect(await verifier.verify(token)).toBe(principal);
    const then = Date.now() + 60_000;
    jest.spyOn(Date, 'now').mockImplementation(() => then);
    expect(await verifier.verify(token)).not.toBe(principal);
  });

  it('tolerates clocks that differ by a few seconds', async () => {
    const { issuer, verifier } = await issuerAndVerifier();
    const token = await issuer.token({ sub: 'cli_1', expiresInSeconds: -2 });
    expect(await verifier.verify(token)).toMatchObject({ id: 'cli_1' });
  });

  it('tolerates no more than five seconds', async () => {
    const { issuer, verifier } = await issuerAndVerifier();
    const token = await issuer.token({ sub: 'cli_1', expiresInSeconds: -7 });
    expect(await failureOf(verifier.verify(token))).toMatchObject({
      ...{ code: 'Unauthenticated', message: 'Sua sessão expirou. Entre novamente.' },
    });
    const forged = await issuer.token({ sub: 'cli_1', forged: true });
    expect(await failureOf(verifier.verify(forged))).toMatchObject({
      message: 'O token de acesso é inválido.',
    });
  });

  it.each([
    ['lives longer than any that auth issues', { iat: 0, exp: 601 }],
    ['lives for ten years, issued long ago', { iat: -86_400, exp: 315_360_000 }],
    ['does not say when it was issued', { exp: 300 }],
    ['was issued in the future', { iat: 120, exp: 420 }],
    ['never ends', { iat: 0 }],
  ])('answers UNAUTHENTICATED to a token of auth that %s', async (_, times) => {
    const { issuer, verifier } = await issuerAndVerifier();
    const now = Math.floor(Date.now() / 1000);
    const claims = Object.fromEntries(Object.entries(times).map(([name, value]) => [name, now + value]));
    const refused = { code: 'Unauthenticated', motivo: 'TOKEN_INVALIDO' };
    expect(await failureOf(verifier.verify(await issuer.sign({ sub: 'cli_1', ...claims })))).toMatchObject(
      refused,
    );
    const good = { sub: 'cli_1', iat: now, exp: now + 600 };
    expect(await verifier.verify(await issuer.sign(good))).toMatchObject({ id: 'cli_1' });
  });

  it.each([
    ['is not for access', { tipo: 'mfa' }],
    ['does not say what it is for', { tipo: undefined }],
    ['names nobody', { sub: '' }],
    ['leaves the name out', { sub: undefined }],
  ])('answers UNAUTHENTICATED to a token of auth that %s', async (_, claims) => {
    const { issuer, verifier } = await issuerAndVerifier();
    const iat = Math.floor(Date.now() / 1000);
    const token = await issuer.sign({ sub: 'cli_1', iat, exp: iat + 300, ...claims } as JWTPayload);
    expect(await failureOf(verifier.verify(token))).toMatchObject({ motivo: 'TOKEN_INVALIDO' });
  });

  it('answers UNAVAILABLE when the keys have never been fetched', async () => {
    const { issuer } = await issuerAndVerifier();
    const verifier = createTokenVerifier({ ...issuer, jwksUrl: 'http://127.0.0.1:1/jwks.json' });
    expect(await failureOf(verifier.verify(await issuer.token({ sub: 'cli_1' })))).toMatchObject({
      code: 'Unavailable',
      motivo: 'SERVICO_INDISPONIVEL',
    });
  });

  it('answers UNAVAILABLE when the publisher answers nonsense', async () => {
    const { issuer } = await issuerAndVerifier();
    const server = createServer((_, res) => void res.writeHead(503).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(() => resolve())));
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const verifier = createTokenVerifier({ ...issuer, jwksUrl });
    expect(await failureOf(verifier.verify(await issuer.token({ sub: 'cli_1' })))).toMatchObject({
      code: 'Unavailable',
    });
  });

  it('goes on with the known keys when the publisher is gone', async () => {
    const { issuer, verifier } = await issuerAndVerifier();
    await verifier.verify(await issuer.token({ sub: 'cli_1' }));
    await issuer.close();
    closers.splice(0);
    expect(await verifier.verify(await issuer.token({ sub: 'cli_2' }))).toMatchObject({ id: 'cli_2' });
  });

  it.each([
    ['an unknown key id', 'RS256', 'outra'],
    ['no key id', 'RS256', undefined],
    ['another algorithm', 'ES256', 'chave-de-teste'],
  ])('answers UNAUTHENTICATED to a token with %s', async (_, alg, kid) => {
    const { issuer, verifier } = await issuerAndVerifier();
    const { privateKey } = await generateKeyPair(alg);
    const token = await new SignJWT({ tipo: 'acesso' })
      .setProtectedHeader({ alg, typ: 'at+jwt', ...(kid && { kid }) })
      .setSubject('cli_1')
      .setIssuer(issuer.issuer)
      .setAudience(issuer.audience)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    expect(await failureOf(verifier.verify(token))).toMatchObject({
      code: 'Unauthenticated',
      motivo: 'TOKEN_INVALIDO',
    });
  });

  it('answers UNAUTHENTICATED to a token signed with the public key as an HMAC secret', async () => {
    const { issuer, verifier } = await issuerAndVerifier();
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const secret = Buffer.from(JSON.stringify(await exportJWK(publicKey)));
    const token = await new SignJWT({ tipo: 'acesso' })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: issuer.kid })
      .setSubject('cli_1')
      .setIssuer(issuer.issuer)
      .setAudience(issuer.audience)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(secret);
    expect(await failureOf(verifier.verify(token))).toMatchObject({ code: 'Unauthenticated' });
  });
});
