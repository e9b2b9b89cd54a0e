import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lerChaveVapid } from '../../../../services/notificacoes/src/canais/infrastructure/push/vapid.ts';
import { loadSecrets, vapidPublicKey } from './secrets.ts';

describe('the secrets of a local stack', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('stay the same from start to start, readable by their owner alone', async () => {
    const first = await loadSecrets(folder);
    expect(await loadSecrets(folder)).toEqual(first);
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o077).toBe(0);
  });

  it('gain what a folder of an earlier release does not have, and keep the rest', async () => {
    const { pageTokenKey: _, ...earlier } = await loadSecrets(folder);
    await writeFile(join(folder, 'secrets.json'), JSON.stringify(earlier));
    const now = await loadSecrets(folder);
    expect(now).toEqual({ ...earlier, pageTokenKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))).toEqual(now);
  });

  it('have a key of Web Push that the service reads, and whose public half is what it says', async () => {
    const { vapidKey } = await loadSecrets(folder);
    expect(lerChaveVapid(vapidKey)).toEqual({ privada: vapidKey, publica: vapidPublicKey(vapidKey) });
  });
});
