import type { HttpRoute } from '@plataforma/runtime/http-routes';
import { RETORNOS_RESEND } from '../../contrato/presentation/acesso.ts';
import { atender, type Deps } from './atender.ts';

/** One event. */
const MAX_BYTES = 64 * 1024;

export function resendWebhookRoute(deps: Deps): HttpRoute {
  return {
    ...RETORNOS_RESEND,
    maxBytes: MAX_BYTES,
    handle: atender(deps),
  };
}
