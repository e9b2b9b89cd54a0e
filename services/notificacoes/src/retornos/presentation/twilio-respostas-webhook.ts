import type { HttpRoute } from '@plataforma/runtime/http-routes';
import { RESPOSTAS_TWILIO } from '../../contrato/presentation/acesso.ts';
import type { LeitorDeRespostas } from '../application/ports.ts';
import type { ReceberRespostaHandler } from '../application/receber-resposta.ts';
import { assinaturaInvalida } from './atender.ts';

/** A text message of ten parts, and what Twilio knows of where it comes from. */
const MAX_BYTES = 64 * 1024;

/** TwiML that says nothing: what it said would be sent back, and paid. */
const NADA = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

interface Deps {
  readonly receber: Pick<ReceberRespostaHandler, 'execute'>;
  readonly leitor: LeitorDeRespostas;
}

export function twilioRespostasRoute({ receber, leitor }: Deps): HttpRoute {
  return {
    ...RESPOSTAS_TWILIO,
    maxBytes: MAX_BYTES,
    async handle(pedido) {
      if (!(await receber.execute(leitor, pedido))) throw assinaturaInvalida();
      return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: NADA };
    },
  };
}
