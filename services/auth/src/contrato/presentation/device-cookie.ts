import type { HandlerContext } from '@connectrpc/connect';

/** Cookie with the token of a device that a login has made known. */
export const DEVICE_COOKIE = '__Host-aparelho';
/** More of a header is not looked at. */
const MAX_HEADER = 8_192;

/** The token that this device got at a login, as it came with the call; empty when none did. */
export function deviceTokenOf({ requestHeader }: Pick<HandlerContext, 'requestHeader'>): string {
  const cookies = (requestHeader.get('cookie') ?? '').slice(0, MAX_HEADER).split(';');
  const cookie = cookies.map((text) => text.trim()).find((text) => text.startsWith(`${DEVICE_COOKIE}=`));
  return cookie?.slice(DEVICE_COOKIE.length + 1) ?? '';
}
