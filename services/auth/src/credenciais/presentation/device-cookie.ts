import type { HandlerContext } from '@connectrpc/connect';
import { DEVICE_COOKIE } from '../../contrato/presentation/device-cookie.ts';
import { CONHECIDO_SECONDS } from '../domain/aparelho.ts';

/** Browsers keep it, show it to no script, and send it with the next call; other clients may do the same. */
export function rememberDevice(
  { responseHeader }: Pick<HandlerContext, 'responseHeader'>,
  token: string,
): void {
  responseHeader.append(
    'set-cookie',
    `${DEVICE_COOKIE}=${token}; Max-Age=${CONHECIDO_SECONDS}; Path=/; Secure; HttpOnly; SameSite=Strict`,
  );
}
