import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import type {
  AssinaturaLida,
  Credencial,
  CredencialNova,
  Lida,
  RegistroLido,
  WebAuthn,
} from '../application/ports.ts';
import type { Uso } from '../domain/passkey.ts';
import { ALGORITHMS, isPlainKey } from './chave-cose.ts';
import { readAssertion, readRegistration } from './respostas.ts';

const RP_NAME = 'Plataforma de Reservas';
/** As long as a challenge lives. */
const TIMEOUT_MS = 300_000;

/** The site that passkeys are made for. */
export interface Site {
  /** Domain that they are bound to. */
  readonly rpId: string;
  /** Of the pages that may ask for them. */
  readonly origins: readonly string[];
}

type Transports = NonNullable<
  NonNullable<Parameters<typeof generateRegistrationOptions>[0]['excludeCredentials']>[number]['transports']
>;

/**
 * Web Authentication by SimpleWebAuthn. Whatever it throws about an answer means that the answer proves nothing: it works
 * on what it is given alone, as attestations whose certificates it would look up elsewhere do not reach it.
 */
export class SimpleWebAuthn implements WebAuthn {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  async opcoesDeRegistro(dados: Parameters<WebAuthn['opcoesDeRegistro']>[0]): Promise<string> {
    const { desafio, titular, email, nome, existentes } = dados;
    const options = await generateRegistrationOptions({
      ...{ rpName: RP_NAME, rpID: this.#site.rpId, timeout: TIMEOUT_MS },
      ...{ userName: email, userDisplayName: nome, userID: new Uint8Array(titular) },
      challenge: new Uint8Array(Buffer.from(desafio, 'base64url')),
      attestationType: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      excludeCredentials: existentes.map(named),
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    return JSON.stringify(options);
  }

  async opcoesDeLogin({
    desafio,
    permitidas,
    unica,
  }: Parameters<WebAuthn['opcoesDeLogin']>[0]): Promise<string> {
    const options = await generateAuthenticationOptions({
      ...{ rpID: this.#site.rpId, timeout: TIMEOUT_MS },
      challenge: new Uint8Array(Buffer.from(desafio, 'base64url')),
      userVerification: unica ? 'required' : 'preferred',
      ...(permitidas && { allowCredentials: permitidas.map(named) }),
    });
    return JSON.stringify(options);
  }

  lerRegistro(json: string): RegistroLido | undefined {
    return readRegistration(json);
  }

  lerAssinatura(json: string): AssinaturaLida | undefined {
    return readAssertion(json);
  }

  async conferirRegistro(lido: RegistroLido): Promise<CredencialNova | undefined> {
    const { clientDataJSON, attestationObject, transportes } = lido;
    return whatProves(async () => {
      if (!isUnattested(attestationObject)) return undefined;
      const response = { ...credential(lido), response: { clientDataJSON, attestationObject } };
      const expected = { ...this.#expected(lido), supportedAlgorithmIDs: [...ALGORITHMS] };
      const { registrationInfo } = await verifyRegistrationResponse({ response, ...expected });
      if (!registrationInfo) return undefined;
      const { id, publicKey, counter: contador } = registrationInfo.credential;
      const credencial = Buffer.from(id, 'base64url');
      if (!credencial.equals(lido.credencial) || !isPlainKey(publicKey)) return undefined;
      return {
        ...{ credencial, chavePublica: Buffer.from(publicKey), contador, transportes },
        sincronizavel: registrationInfo.credentialDeviceType === 'multiDevice',
        sincronizada: registrationInfo.credentialBackedUp,
      };
    });
  }

  async conferirAssinatura(lida: AssinaturaLida, chavePublica: Buffer): Promise<Uso | undefined> {
    const { clientDataJSON, authenticatorData, signature } = lida;
    return whatProves(async () => {
      const named = credential(lida);
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        ...this.#expected(lida),
        response: { ...named, response: { clientDataJSON, authenticatorData, signature } },
        // Counters are compared once it is known who has signed them.
        credential: { id: named.id, publicKey: new Uint8Array(chavePublica), counter: 0 },
      });
      if (!verified) return undefined;
      const { newCounter: contador, credentialBackedUp: sincronizada, userVerified } = authenticationInfo;
      return { contador, sincronizada, verificouPessoa: userVerified };
    });
  }

  /** Whether the person has to be verified depends on what the answer is for, so it is told. */
  #expected({ desafio }: Lida) {
    return {
      expectedChallenge: desafio,
      expectedOrigin: [...this.#site.origins],
      expectedRPID: this.#site.rpId,
      requireUserVerification: false,
    };
  }
}

/** None was asked for. Browsers leave in its place what a key says of itself, and nothing with certificates. */
function isUnattested(attestationObject: string): boolean {
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
  const fmt = decoded.get('fmt');
  return fmt === 'none' || (fmt === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
}

async function whatProves<T>(prove: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await prove();
  } catch {
    return undefined;
  }
}

function credential({ credencial }: Lida) {
  const id = credencial.toString('base64url');
  return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };
}

function named({ credencial, transportes }: Credencial) {
  return { id: credencial.toString('base64url'), transports: [...transportes] as Transports };
}
