import type { LeitorDeRespostas, LeituraDeResposta, PedidoDoProvedor } from '../../application/ports.ts';
import { type Resposta, respostaDe } from '../../domain/resposta.ts';
import { type AssinaturaTwilio, parametrosDe } from './twilio.ts';

const CAMINHO = 'respostas';
const SID = /^[SM]M[0-9a-f]{32}$/i;
const NUMERO = /^\+[1-9]\d{6,14}$/;

/** What Twilio has understood by its own keywords, where Advanced Opt-Out is on: it has stopped, or goes on, by itself. */
const ENTENDIDA: Readonly<Record<string, Resposta>> = { STOP: 'PARAR', START: 'VOLTAR' };

/**
 * Text messages to our numbers, as Twilio tells of them (docs/messaging/guides/webhook-request), signed as its status callbacks
 * are. What it has stopped by itself is told here as well.
 */
export class LeitorDeRespostasTwilio implements LeitorDeRespostas {
  readonly provedor = 'twilio';
  readonly #assinatura: AssinaturaTwilio;

  constructor(assinatura: AssinaturaTwilio) {
    this.#assinatura = assinatura;
  }

  ler(pedido: PedidoDoProvedor): LeituraDeResposta {
    const parametros = parametrosDe(pedido, CAMINHO, this.#assinatura);
    if (!(parametros instanceof URLSearchParams)) return parametros;
    const mensagemId = parametros.get('MessageSid') ?? '';
    const numero = parametros.get('From') ?? '';
    const resposta =
      ENTENDIDA[parametros.get('OptOutType') ?? ''] ?? respostaDe(parametros.get('Body') ?? '');
    if (resposta === undefined || !SID.test(mensagemId) || !NUMERO.test(numero)) return {};
    return { dita: { mensagemId, numero, resposta } };
  }
}
