import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Secrets of one local stack, made at its first start and kept with its data. */
export interface StackSecrets {
  /** Key of the permutation behind public ids; another key would give out ids again. Hexadecimal. */
  readonly idKey: string;
  /** Encrypts auth's private keys at rest. Hexadecimal. */
  readonly masterKey: string;
  readonly webhookSecret: string;
  readonly adminPassword: string;
  readonly reservasSecret: string;
}

const FILE = 'secrets.json';

/** Reads the secrets of the data folder, making them at the first start. Only the owner can read the file. */
export async function loadSecrets(dataDir: string): Promise<StackSecrets> {
  const path = join(dataDir, FILE);
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secrets = newSecrets();
  await mkdir(dataDir, { recursive: true });
  await writeFile(path, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return secrets;
}

function newSecrets(): StackSecrets {
  return {
    idKey: randomBytes(32).toString('hex'),
    masterKey: randomBytes(32).toString('hex'),
    webhookSecret: `whsec_${randomBytes(24).toString('base64url')}`,
    adminPassword: randomBytes(12).toString('base64url'),
    reservasSecret: randomBytes(24).toString('base64url'),
  };
}

/** What auth keeps of a service's secret. */
export const secretDigest = (secret: string) => createHash('sha256').update(secret).digest('hex');
