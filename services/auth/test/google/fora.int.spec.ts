import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { as, failure, pessoa, useAuth } from '../support/use-auth.ts';
import { REDIRECT_URI, useGoogle } from './use-google.ts';

const clock = new FixedClock(new Date().toISOString());

describe('while the issuer is away', () => {
  const { rpc, issuer, begun, browser } = useGoogle({ clock });

  it('logins with it are told so, others go on, and after some failures at once', async () => {
    const attempts = [];
    for (let turn = 0; turn < 5; turn += 1) attempts.push(await begun());
    issuer.faults.status = 503;
    for (const { finish } of attempts) expect((await failure(finish())).code).toBe(Code.Unavailable);
    issuer.faults.delayMs = 60_000;
    const before = performance.now();
    expect((await failure(browser().start())).code).toBe(Code.Unavailable);
    expect(performance.now() - before).toBeLessThan(3_000);
    const quem = pessoa();
    await rpc.auth.signup(quem);
    await rpc.auth.login(quem);
  });
});

describe('an issuer that answers late', () => {
  const { issuer, begun } = useGoogle({ clock });

  it('is waited for a few seconds, less than a call may take', async () => {
    const { finish } = await begun();
    issuer.faults.delayMs = 30_000;
    expect((await failure(finish())).code).toBe(Code.Unavailable);
  });
});

describe('an issuer that is back', () => {
  const { issuer, begun } = useGoogle({ clock });

  it('ends the attempt that it was away for', async () => {
    const { finish } = await begun();
    issuer.faults.status = 500;
    expect((await failure(finish())).code).toBe(Code.Unavailable);
    delete issuer.faults.status;
    expect(await finish()).toMatchObject({ tokenType: 'Bearer' });
  });
});

describe('an issuer that gives itself out for another one', () => {
  const { issuer, browser } = useGoogle({ clock });

  it('is not talked to (ASVS 10.5.3)', async () => {
    issuer.faults.issuer = 'https://accounts.google.com';
    expect(await failure(browser().start())).toMatchObject({ code: Code.Unavailable });
    delete issuer.faults.issuer;
    expect((await browser().start()).authorizationUrl).toContain(issuer.issuer);
  });
});

describe('an installation that is registered nowhere', () => {
  const { rpc, newSession } = useAuth({ clock });

  it('says that it has no login with Google, and nothing to link', async () => {
    const refused = { code: Code.FailedPrecondition, motivo: 'GOOGLE_INDISPONIVEL' };
    expect(await failure(rpc.auth.startGoogle({ redirectUri: REDIRECT_URI }))).toEqual(refused);
    expect(await failure(rpc.auth.finishGoogle({ code: 'a', state: 'b' }))).toEqual(refused);
    const session = as(await newSession());
    const start = { redirectUri: REDIRECT_URI, password: pessoa().password };
    expect(await failure(rpc.auth.startGoogleLink(start, session))).toEqual(refused);
    expect(await failure(rpc.auth.linkGoogle({ code: 'a', state: 'b' }, session))).toEqual(refused);
  });
});
