import type { Site } from './simple-webauthn.ts';

/** The site as its operator has configured it. */
export interface PasskeysConfig {
  readonly passkeyRpId: string;
  readonly passkeyOrigins: readonly string[];
}

/** How Android names an app: by the digest of the certificate that it is signed with. */
const ANDROID_APP = /^android:apk-key-hash:[A-Za-z0-9_-]{43}$/;

/**
 * @throws Error for a domain that browsers take for none, and for an origin that is not in the form that browsers write or
 * does not belong to the domain: its passkeys would never be heard.
 */
export function siteOf({ passkeyRpId: rpId, passkeyOrigins: origins }: PasskeysConfig): Site {
  const url = `https://${rpId}`;
  const isDomain =
    URL.canParse(url) && new URL(url).hostname === rpId && /[a-z]/.test(rpId.split('.').at(-1) ?? '');
  if (!isDomain) throw new Error(`PASSKEY_RP_ID: "${rpId}" is no domain in lower case`);
  if (origins.length === 0) throw new Error('PASSKEY_ORIGINS: no page could ask for a passkey');
  const stranger = origins.find((origin) => !ANDROID_APP.test(origin) && !belongs(origin, rpId));
  if (stranger !== undefined)
    throw new Error(
      `PASSKEY_ORIGINS: "${stranger}" is no origin in full of ${rpId} or a name below it, on HTTPS`,
    );
  return { rpId, origins };
}

/** Browsers let pages of this machine do without TLS, and no others. */
function belongs(origin: string, rpId: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { origin: exact, protocol, hostname } = new URL(origin);
  const local = hostname === 'localhost' || hostname.endsWith('.localhost');
  const safe = protocol === 'https:' || (protocol === 'http:' && local);
  return safe && exact === origin && (hostname === rpId || hostname.endsWith(`.${rpId}`));
}
