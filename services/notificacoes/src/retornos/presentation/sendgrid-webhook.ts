import type { HttpRoute } from '@plataforma/runtime/http-routes';
import { RETORNOS_SENDGRID } from '../../contrato/presentation/acesso.ts';
import { atender, type Deps } from './atender.ts';

/** Lists of thousands of events. No signature is looked at before a body is known to be shorter. */
const MAX_BYTES = 2 * 1024 * 1024;

export function sendgridWebhookRoute(deps: Deps): HttpRoute {
  return {
    ...RETORNOS_SENDGRID,
    maxBytes: MAX_BYTES,
    handle: atender(deps),
  };
}
