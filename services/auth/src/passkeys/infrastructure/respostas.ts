import type { AssinaturaLida, Lida, RegistroLido } from '../application/ports.ts';

/** As the contract bounds them. */
const MAX_JSON = 16_384;
/** WebAuthn, 4: credential ids have 1023 bytes at most. */
const MAX_CREDENTIAL = 1_023;
const MAX_USER_HANDLE = 64;

const BASE64URL = /^[A-Za-z0-9_-]+$/;
/** Of 32 bytes. */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** WebAuthn, 5.8.4; what else a browser names is of no use to others. */
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

type Json = Readonly<Record<string, unknown>>;

/** A registration in the form of `RegistrationResponseJSON`; undefined for any other text. */
export function readRegistration(json: string): RegistroLido | undefined {
  const { common, response } = readCredential(json) ?? {};
  if (!common || !response) return undefined;
  const { clientDataJSON, attestationObject, transports } = response;
  if (!isBase64Url(clientDataJSON) || !isBase64Url(attestationObject)) return undefined;
  const named: readonly unknown[] = Array.isArray(transports) ? transports : [];
  const transportes = TRANSPORTS.filter((transport) => named.includes(transport));
  return { ...common, clientDataJSON, attestationObject, transportes };
}

/** A signature in the form of `AuthenticationResponseJSON`; undefined for any other text. */
export function readAssertion(json: string): AssinaturaLida | undefined {
  const { common, response } = readCredential(json) ?? {};
  if (!common || !response) return undefined;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  if (!isBase64Url(clientDataJSON) || !isBase64Url(authenticatorData) || !isBase64Url(signature))
    return undefined;
  const titular = userHandle == null ? undefined : bytesOf(userHandle, MAX_USER_HANDLE);
  if (userHandle != null && !titular) return undefined;
  return { ...common, clientDataJSON, authenticatorData, signature, titular };
}

function readCredential(json: string): { common: Lida; response: Json } | undefined {
  const credential = json.length <= MAX_JSON ? objectOf(json) : undefined;
  if (credential?.type !== 'public-key' || credential.id !== credential.rawId) return undefined;
  const credencial = bytesOf(credential.id, MAX_CREDENTIAL);
  const { response } = credential;
  if (!credencial || !isObject(response)) return undefined;
  const desafio = challengeOf(response.clientDataJSON);
  return desafio === undefined ? undefined : { common: { desafio, credencial }, response };
}

/** What the browser says to have asked the device for, unless another site has asked for it in a frame of this one's page. */
function challengeOf(clientDataJSON: unknown): string | undefined {
  if (!isBase64Url(clientDataJSON)) return undefined;
  const clientData = objectOf(Buffer.from(clientDataJSON, 'base64url').toString());
  const framed = clientData?.crossOrigin === true || clientData?.topOrigin !== undefined;
  const { challenge } = clientData ?? {};
  return !framed && typeof challenge === 'string' && CHALLENGE.test(challenge) ? challenge : undefined;
}

/** Base64url in its one form, of one to `most` bytes. */
function bytesOf(text: unknown, most: number): Buffer | undefined {
  if (!isBase64Url(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  const whole = bytes.toString('base64url') === text && bytes.length >= 1 && bytes.length <= most;
  return whole ? bytes : undefined;
}

function isBase64Url(text: unknown): text is string {
  return typeof text === 'string' && BASE64URL.test(text);
}

function objectOf(json: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
