import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Cbor, cbor } from './cbor.ts';

/** What keys of passkeys are for. */
export type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

/** A device, and where it differs from a telephone that verifies who holds it and counts what it signs. */
export interface Device {
  readonly algorithm?: Algorithm;
  readonly origin?: string;
  /** Whether it asks for PIN, finger or face. */
  readonly verifies?: boolean;
  /** Whether a service keeps its keys, which it shares with others and does not count. */
  readonly synced?: boolean;
}

/** What an attack says instead of the truth. */
export interface Lies {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  readonly counter?: number;
  readonly userPresent?: boolean;
  readonly userHandle?: string | null;
  readonly credentialId?: Buffer;
  readonly coseKey?: ReadonlyMap<number, Cbor>;
  readonly fmt?: string;
  readonly attStmt?: ReadonlyMap<string, Cbor>;
  /** Changes what is signed after it is. */
  readonly tamper?: boolean;
}

interface Options {
  readonly challenge: string;
  readonly rp?: { readonly id: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
  readonly allowCredentials?: ReadonlyArray<{ readonly id: string }>;
}

/** Bits of authenticator data (WebAuthn, 6.1). */
const FLAG = { present: 0x01, verified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 };

const ALGORITHM_OF: Readonly<Record<Algorithm, number>> = { ES256: -7, EdDSA: -8, RS256: -257 };

/** A device that makes one passkey and signs with it, and the browser around it: the JSON that a page would send. */
export class VirtualAuthenticator {
  readonly #device: Required<Device>;
  #keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  credentialId: Buffer = randomBytes(32);
  #userHandle = '';
  #counter = 0;

  constructor(device: Device = {}) {
    this.#device = {
      ...{ algorithm: 'ES256', origin: 'https://app.exemplo.com', verifies: true, synced: false },
      ...device,
    };
    this.#keys = keyPair(this.#device.algorithm);
  }

  /** The name of the account that it was told at registration. */
  get userHandle(): string {
    return this.#userHandle;
  }

  /** Another device with the same key. */
  clone(): VirtualAuthenticator {
    const copy = new VirtualAuthenticator(this.#device);
    copy.#keys = this.#keys;
    copy.credentialId = this.credentialId;
    copy.#userHandle = this.#userHandle;
    copy.#counter = this.#counter;
    return copy;
  }

  /** What `navigator.credentials.create` gives. */
  create(opcoes: string, lies: Lies = {}): string {
    const options = JSON.parse(opcoes) as Options;
    this.#userHandle = options.user?.id ?? '';
    const id = lies.credentialId ?? this.credentialId;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const key = cbor(lies.coseKey ?? coseKey(this.#device.algorithm, this.#keys.publicKey));
    const attested = Buffer.concat([Buffer.alloc(16), length, id, key]);
    const authData = this.#authData(lies.rpId ?? options.rp?.id ?? '', lies, attested);
    const attestationObject = cbor(
      new Map<string, Cbor>([
        ['fmt', lies.fmt ?? 'none'],
        ['attStmt', lies.attStmt ?? new Map()],
        ['authData', authData],
      ]),
    );
    return json(id, {
      clientDataJSON: base64url(this.#clientData('webauthn.create', options, lies)),
      attestationObject: base64url(attestationObject),
      transports: ['internal', 'hybrid'],
    });
  }

  /** What `navigator.credentials.get` gives. */
  get(opcoes: string, lies: Lies = {}): string {
    const options = JSON.parse(opcoes) as Options;
    if (!this.#device.synced) this.#counter += 1;
    const authData = this.#authData(lies.rpId ?? options.rpId ?? '', lies);
    const clientData = this.#clientData('webauthn.get', options, lies);
    const digest = createHash('sha256').update(clientData).digest();
    const signature = this.#sign(Buffer.concat([authData, digest]));
    if (lies.tamper) authData.writeUInt32BE(authData.readUInt32BE(33) + 1, 33);
    const userHandle = lies.userHandle === undefined ? this.#userHandle : lies.userHandle;
    return json(lies.credentialId ?? this.credentialId, {
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(authData),
      signature: base64url(signature),
      ...(userHandle !== null && { userHandle }),
    });
  }

  #clientData(type: string, { challenge }: Options, lies: Lies): Buffer {
    const { crossOrigin = false, topOrigin } = lies;
    return Buffer.from(
      JSON.stringify({
        ...{ type: lies.type ?? type, challenge: lies.challenge ?? challenge },
        ...{ origin: lies.origin ?? this.#device.origin, crossOrigin },
        ...(topOrigin !== undefined && { topOrigin }),
      }),
    );
  }

  #authData(rpId: string, { counter, userPresent = true }: Lies, attested?: Buffer): Buffer {
    const { verifies, synced } = this.#device;
    const flags =
      (userPresent ? FLAG.present : 0) |
      (verifies ? FLAG.verified : 0) |
      (synced ? FLAG.backupEligible | FLAG.backedUp : 0) |
      (attested ? FLAG.attested : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter ?? this.#counter);
    const rpIdHash = createHash('sha256').update(rpId).digest();
    return Buffer.concat([rpIdHash, Buffer.from([flags]), count, ...(attested ? [attested] : [])]);
  }

  #sign(data: Buffer): Buffer {
    return sign(this.#device.algorithm === 'EdDSA' ? null : 'sha256', data, this.#keys.privateKey);
  }
}

function keyPair(algorithm: Algorithm) {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}

/** As devices write keys (RFC 9053). */
export function coseKey(algorithm: Algorithm, publicKey: KeyObject): ReadonlyMap<number, Cbor> {
  const jwk = publicKey.export({ format: 'jwk' });
  const bytes = (text = '') => Buffer.from(text, 'base64url');
  const alg: [number, Cbor] = [3, ALGORITHM_OF[algorithm]];
  switch (algorithm) {
    case 'ES256':
      return new Map<number, Cbor>([[1, 2], alg, [-1, 1], [-2, bytes(jwk.x)], [-3, bytes(jwk.y)]]);
    case 'EdDSA':
      return new Map<number, Cbor>([[1, 1], alg, [-1, 6], [-2, bytes(jwk.x)]]);
    case 'RS256':
      return new Map<number, Cbor>([[1, 3], alg, [-1, bytes(jwk.n)], [-2, bytes(jwk.e)]]);
  }
}

function json(credentialId: Buffer, response: Readonly<Record<string, unknown>>): string {
  const id = base64url(credentialId);
  return JSON.stringify({
    ...{ id, rawId: id, type: 'public-key', authenticatorAttachment: 'platform' },
    ...{ response, clientExtensionResults: {} },
  });
}

const base64url = (bytes: Buffer) => bytes.toString('base64url');
