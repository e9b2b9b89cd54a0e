import type { HandlerContext } from '@connectrpc/connect';
import { CONHECIDO_SECONDS } from '../domain/aparelho.ts';

const NAME = '__Host-aparelho';
/** More of a header is not looked at. */
const MAX_HEADER = 8_192;

/** The token that this device got at a login, as it came with the call; empty when none did. */
export function deviceTokenOf({ requestHeader }: Pick<HandlerContext, 'requestHeader'>): string {
  const cookies = (requestHeader.get('cookie') ?? '').slice(0, MAX_HEADER).split(';');
  const cookie = cookies.map((text) => text.trim()).find((text) => text.startsWith(`${NAME}=`));
  return cookie?.slice(NAME.length + 1) ?? '';
}

/** Browsers keep it, show it to no script, and send it with the next login; other clients may do the same. */
export function rememberDevice(
  { responseHeader }: Pick<HandlerContext, 'responseHeader'>,
  token: string,
): void {
  responseHeader.append(
    'set-cookie',
    `${NAME}=${token}; Max-Age=${CONHECIDO_SECONDS}; Path=/; Secure; HttpOnly; SameSite=Strict`,
  );
}
