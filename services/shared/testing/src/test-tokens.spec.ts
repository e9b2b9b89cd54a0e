import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { createTestIssuer, type TestIssuer } from './test-tokens.ts';

describe('createTestIssuer', () => {
  let issuer: TestIssuer;

  beforeAll(async () => {
    issuer = await createTestIssuer();
  });
  afterAll(() => issuer.close());

  const verify = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(issuer.jwksUrl)), {
      algorithms: ['RS256'],
      typ: 'at+jwt',
      issuer: issuer.issuer,
      audience: issuer.audience,
    });

  it('signs tokens that its published key verifies', async () => {
    const { payload } = await verify(await issuer.token({ sub: 'cli_00000001', papeis: ['CLIENTE'] }));
    expect(payload).toMatchObject({ sub: 'cli_00000001', papeis: ['CLIENTE'], tipo: 'acesso' });
  });

  it('signs a token that nobody accepts when it is forged, expired or for somebody else', async () => {
    const sub = 'cli_00000001';
    const reason = async (options: object) =>
      verify(await issuer.token({ sub, ...options })).catch((error) => error.code);
    expect(await reason({ forged: true })).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    expect(await reason({ expiresInSeconds: -60 })).toBe('ERR_JWT_EXPIRED');
    expect(await reason({ audience: 'outro' })).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED');
  });
});
