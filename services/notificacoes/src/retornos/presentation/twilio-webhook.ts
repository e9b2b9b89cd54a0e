import type { HttpRoute } from '@plataforma/runtime/http-routes';
import { RETORNOS_TWILIO } from '../../contrato/presentation/acesso.ts';
import { atender, type Deps } from './atender.ts';

/** One state of one message, which the end of the address names. */
const MAX_BYTES = 64 * 1024;

export function twilioWebhookRoute(deps: Deps): HttpRoute {
  return {
    ...RETORNOS_TWILIO,
    maxBytes: MAX_BYTES,
    handle: atender(deps),
  };
}
