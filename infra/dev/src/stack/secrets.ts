import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from './whole-file.ts';

/** Secrets of one local stack, made at its first start and kept with its data. */
export interface StackSecrets {
  /** From it come the keys of the permutations behind the services' public ids. Hexadecimal. */
  readonly idKey: string;
  /** Signs the addresses of calendar feeds. Hexadecimal. */
  readonly calendarKey: string;
  /** Signs page tokens. Hexadecimal. */
  readonly pageTokenKey: string;
  /** Encrypts auth's private keys at rest. Hexadecimal. */
  readonly masterKey: string;
  readonly webhookSecret: string;
  readonly adminPassword: string;
  readonly reservasSecret: string;
  readonly notificacoesSecret: string;
  /** Seals the keys that sign outgoing webhooks. Hexadecimal. */
  readonly outgoingWebhookKey: string;
  /** Signs what stands in for SendGrid tells of messages: PKCS 8, base64. */
  readonly sendgridWebhookKey: string;
  /** Signs what stands in for Resend tells of messages. */
  readonly resendWebhookSecret: string;
  /** Signs what stands in for Twilio tells of messages. */
  readonly twilioWebhookToken: string;
  /** Encrypts what links that end messages say. Hexadecimal. */
  readonly unsubscribeKey: string;
  /** Of notificacoes, at what stands in for Twilio. */
  readonly twilioAuthToken: string;
  /** Of notificacoes, at what stands in for SendGrid, Resend and Vonage. */
  readonly providersKey: string;
  /** Of the service account that sends push messages by what stands in for FCM: PKCS 8 in PEM, of RSA. */
  readonly fcmKey: string;
  /** Signs Web Push messages: 32 bytes of P-256 in base64url. Browsers have subscribed with its public half. */
  readonly vapidKey: string;
  /** Of auth, at the local issuer. */
  readonly googleClientSecret: string;
}

const FILE = 'secrets.json';

/**
 * Reads the secrets of the data folder, making those that it does not have: all at the first start, a new kind after an
 * update. Only the owner can read the file.
 */
export async function loadSecrets(dataDir: string): Promise<StackSecrets> {
  const path = join(dataDir, FILE);
  const stored = await readSecrets(path);
  const secrets = { ...newSecrets(), ...stored };
  if (Object.keys(secrets).every((name) => name in stored)) return secrets;
  await mkdir(dataDir, { recursive: true });
  await writeWhole(path, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

async function readSecrets(path: string): Promise<Partial<StackSecrets>> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return {};
  }
}

function newSecrets(): StackSecrets {
  return {
    idKey: randomBytes(32).toString('hex'),
    calendarKey: randomBytes(32).toString('hex'),
    pageTokenKey: randomBytes(32).toString('hex'),
    masterKey: randomBytes(32).toString('hex'),
    webhookSecret: `whsec_${randomBytes(24).toString('base64url')}`,
    adminPassword: randomBytes(12).toString('base64url'),
    reservasSecret: randomBytes(24).toString('base64url'),
    notificacoesSecret: randomBytes(24).toString('base64url'),
    outgoingWebhookKey: randomBytes(32).toString('hex'),
    sendgridWebhookKey: newSigningKey(),
    resendWebhookSecret: `whsec_${randomBytes(24).toString('base64')}`,
    twilioWebhookToken: randomBytes(16).toString('hex'),
    unsubscribeKey: randomBytes(32).toString('hex'),
    twilioAuthToken: randomBytes(24).toString('base64url'),
    providersKey: randomBytes(24).toString('base64url'),
    fcmKey: newFcmKey(),
    vapidKey: newVapidKey(),
    googleClientSecret: randomBytes(24).toString('base64url'),
  };
}

function newFcmKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

function newVapidKey(): string {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  // Node leaves out zeros at its beginning.
  return Buffer.from(ecdh.getPrivateKey('hex').padStart(64, '0'), 'hex').toString('base64url');
}

/** What browsers subscribe with, of a key like {@link StackSecrets.vapidKey}. @throws Error when it is none */
export function vapidPublicKey(privateKey: string): string {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(privateKey, 'base64url');
  return ecdh.getPublicKey('base64url');
}

function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

/** What verifies signatures of {@link StackSecrets.sendgridWebhookKey}, as SendGrid shows it. */
export function sendgridPublicKey({ sendgridWebhookKey }: StackSecrets): string {
  const key = createPrivateKey({
    key: Buffer.from(sendgridWebhookKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}

/** The key of one service's public ids: no service can read the counters of another. */
export const idKeyOf = (service: string, { idKey }: StackSecrets) =>
  Buffer.from(hkdfSync('sha256', Buffer.from(idKey, 'hex'), '', `ids/${service}`, 32)).toString('hex');

/** What auth keeps of a service's secret. */
export const secretDigest = (secret: string) => createHash('sha256').update(secret).digest('hex');
