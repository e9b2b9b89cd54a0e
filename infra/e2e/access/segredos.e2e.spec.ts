import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { leaks } from '../platform/watch-secrets.ts';
import { watchedStacks } from '../platform/watched-stacks.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 240_000);

/** What is found when a process of a stack writes this. */
async function writing(text: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'plataforma-segredos-'));
  await mkdir(join(folder, 'logs'));
  await writeFile(join(folder, 'logs', 'auth.log'), `${JSON.stringify({ msg: text })}\n`);
  watchedStacks.set(folder, platform.stack.secrets);
  try {
    return await leaks();
  } finally {
    watchedStacks.delete(folder);
    await rm(folder, { recursive: true });
  }
}

describe('the logs of a stack', () => {
  it('have nothing of what a person, the edge and the services let each other in by (ASVS 16.2.5)', async () => {
    const customer = await platform.newCustomer();
    await platform.paid(customer);
    await platform.call('um-token-que-ninguem-assinou', 'GET', '/api/v1/users/me');
    await platform.call('', 'POST', '/api/v1/auth/login', {
      email: customer.email,
      password: 'errada, e longa',
    });
    expect(await leaks()).toEqual([]);
  });

  it('are looked through for each of them: one that is let slip is found', async () => {
    const { token } = await platform.newCustomer();
    const { adminPassword, masterKey, reservasSecret, googleClientSecret } = platform.stack.secrets;
    expect(await writing('nothing')).toEqual([]);
    for (const secret of [token, adminPassword, masterKey, reservasSecret, googleClientSecret, 'Senha@123'])
      expect(await writing(`a slip of ${secret}`)).toEqual([
        expect.stringMatching(/^auth\.log: \w+ in: .*a slip/),
      ]);
  });
});
