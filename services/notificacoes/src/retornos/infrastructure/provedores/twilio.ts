import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LeitorDeRetornos, Leitura, PedidoDoProvedor } from '../../application/ports.ts';
import type { Retorno } from '../../domain/retorno.ts';
import { cabecalho, codigos, digestoDe, ehDoTipo, ehEvento, ehNossa } from './leitura.ts';

/** By what Twilio proves that it is Twilio. */
export interface AssinaturaTwilio {
  /** The address of the route as Twilio knows it: it is part of what is signed. */
  readonly url: string;
  readonly authToken: string;
}

type Dito = Pick<Retorno, 'situacao' | 'descadastra'>;

/** The person has answered STOP: https://www.twilio.com/docs/api/errors/21610 */
const RECUSOU = '21610';

/** So many parameters has no request of theirs. */
const MAX_PARAMETROS = 200;

/**
 * Status callbacks of Twilio: one state of one message each, signed with HMAC over the address that was called and the sorted
 * parameters. The identity of the message is the end of that address, so it is signed too. There is no time in it: what keeps a
 * copy from having an effect is that message and state are the event.
 */
export class LeitorTwilio implements LeitorDeRetornos {
  readonly provedor = 'twilio';
  readonly #assinatura: AssinaturaTwilio;

  constructor(assinatura: AssinaturaTwilio) {
    this.#assinatura = assinatura;
  }

  ler(pedido: PedidoDoProvedor, agora: Date): Leitura {
    const parametros = parametrosDe(pedido, pedido.rest, this.#assinatura);
    if (!(parametros instanceof URLSearchParams)) return parametros;
    const retorno = retornoDe(pedido.rest, parametros, agora);
    return retorno === undefined ? { retornos: [], ignorados: 1 } : { retornos: [retorno], ignorados: 0 };
  }
}

/**
 * What a request of Twilio says, or why nothing is read of it.
 *
 * @param caminho what was called, behind the address of the route
 */
export function parametrosDe(
  pedido: PedidoDoProvedor,
  caminho: string,
  assinatura: AssinaturaTwilio,
): URLSearchParams | { readonly recusado: string } {
  if (!ehDoTipo(pedido, 'application/x-www-form-urlencoded')) return { recusado: 'content type' };
  const dada = cabecalho(pedido, 'x-twilio-signature');
  if (dada === undefined) return { recusado: 'malformed header' };
  const parametros = new URLSearchParams(pedido.body.toString('utf8'));
  if (parametros.size > MAX_PARAMETROS) return { recusado: 'too many parameters' };
  return confere(`${assinatura.url}/${caminho}${assinados(parametros)}`, assinatura.authToken, dada)
    ? parametros
    : { recusado: 'signature' };
}

function confere(assinado: string, authToken: string, assinatura: string): boolean {
  const certa = createHmac('sha1', authToken).update(assinado, 'utf8').digest();
  const dada = Buffer.from(assinatura, 'base64');
  return dada.length === certa.length && timingSafeEqual(dada, certa);
}

/** Names and values without anything between them, sorted; each value of a name once. */
function assinados(parametros: URLSearchParams): string {
  const nomes = [...new Set(parametros.keys())].sort();
  return nomes
    .map((nome) =>
      [...new Set(parametros.getAll(nome))]
        .sort()
        .map((valor) => nome + valor)
        .join(''),
    )
    .join('');
}

function retornoDe(notificacaoId: string, parametros: URLSearchParams, agora: Date): Retorno | undefined {
  const [sid, estado] = [parametros.get('MessageSid'), parametros.get('MessageStatus')];
  const erro = parametros.get('ErrorCode') ?? '';
  const dito = ditoEm(estado, erro);
  const eventoId = `${sid}/${estado}`;
  if (dito === undefined || sid === null || !ehNossa(notificacaoId) || !ehEvento(eventoId)) return undefined;
  return {
    ...dito,
    provedor: 'twilio',
    eventoId,
    notificacaoId,
    // Looked at where it decides something, and kept nowhere else.
    endereco: dito.descadastra ? digestoDe(parametros.get('To')) : undefined,
    detalhe: codigos('Twilio', estado, erro),
    ocorridoEm: agora,
  };
}

/** Undefined for what does not matter here: queued, on its way to the carrier. */
function ditoEm(estado: string | null, erro: string): Dito | undefined {
  if (estado === 'delivered' || estado === 'read') return { situacao: 'ENTREGUE', descadastra: false };
  if (estado === 'undelivered' || estado === 'failed')
    return { situacao: 'NAO_ENTREGUE', descadastra: erro === RECUSOU };
  return undefined;
}
