import { type KeyObject, verify } from 'node:crypto';
import type { Entrega } from '../../../mensagens/domain/notificacao.ts';
import type { LeitorDeRetornos, Leitura, PedidoDoProvedor } from '../../application/ports.ts';
import type { Retorno } from '../../domain/retorno.ts';
import {
  cabecalho,
  codigos,
  digestoDe,
  ehDoTipo,
  ehEvento,
  ehNossa,
  horarioAceito,
  instante,
  jsonDe,
  objetoDe,
} from './leitura.ts';

type Dito = Pick<Retorno, 'situacao' | 'descadastra'>;

const so = (situacao: Entrega): Dito => ({ situacao, descadastra: false });

/** Why SendGrid has not even tried: the address is on one of its lists. */
const NAO_TENTADA: Readonly<Record<string, Dito>> = {
  'Bounced Address': so('DEVOLVIDA'),
  Invalid: so('DEVOLVIDA'),
  'Spam Reporting Address': { situacao: 'NAO_ENTREGUE', descadastra: true },
  'Unsubscribed Address': { situacao: 'NAO_ENTREGUE', descadastra: true },
};

const DESCADASTRO: Dito = { situacao: 'DESCADASTRADA', descadastra: true };

/**
 * Event Webhook of SendGrid: a list of events, signed with ECDSA over the time stamp and the bytes that follow it. Each event has
 * what we have put into `custom_args` of its message.
 */
export class LeitorSendGrid implements LeitorDeRetornos {
  readonly provedor = 'sendgrid';
  readonly #chaves: readonly KeyObject[];

  constructor(chaves: readonly KeyObject[]) {
    this.#chaves = chaves;
  }

  ler(pedido: PedidoDoProvedor, agora: Date): Leitura {
    if (!ehDoTipo(pedido, 'application/json')) return { recusado: 'content type' };
    const assinatura = cabecalho(pedido, 'x-twilio-email-event-webhook-signature');
    const carimbo = cabecalho(pedido, 'x-twilio-email-event-webhook-timestamp');
    if (assinatura === undefined || carimbo === undefined) return { recusado: 'malformed header' };
    const horario = horarioAceito(carimbo, agora);
    if (horario === undefined) return { recusado: 'time stamp' };
    if (!this.#confere(horario, pedido.body, assinatura)) return { recusado: 'signature' };
    const eventos = jsonDe(pedido.body);
    if (!Array.isArray(eventos)) return { recusado: 'not a list of events' };
    const retornos = eventos
      .map((evento) => retornoDe(objetoDe(evento), agora))
      .filter((um) => um !== undefined);
    return { retornos, ignorados: eventos.length - retornos.length };
  }

  #confere(horario: string, body: Buffer, assinatura: string): boolean {
    const assinado = Buffer.concat([Buffer.from(horario), body]);
    const der = Buffer.from(assinatura, 'base64');
    return this.#chaves.some((chave) => verify('sha256', assinado, chave, der));
  }
}

function retornoDe(evento: Readonly<Record<string, unknown>>, agora: Date): Retorno | undefined {
  const { sg_event_id: eventoId, notificacao, email, timestamp, status, type } = evento;
  const dito = ditoEm(evento);
  if (dito === undefined || !ehNossa(notificacao) || !ehEvento(eventoId)) return undefined;
  return {
    ...dito,
    provedor: 'sendgrid',
    eventoId,
    notificacaoId: notificacao,
    endereco: digestoDe(email),
    detalhe: codigos('SendGrid', evento.event, type, status),
    ocorridoEm: instante(Number(timestamp) * 1_000, agora),
  };
}

/** Undefined for what does not matter here: opened, clicked, taken by SendGrid. */
function ditoEm({ event, type, reason }: Readonly<Record<string, unknown>>): Dito | undefined {
  switch (event) {
    case 'delivered':
      return so('ENTREGUE');
    case 'deferred':
      return so('ATRASADA');
    case 'bounce':
      // `blocked` is what the other server would not take now, or of this message.
      return so(type === 'blocked' ? 'NAO_ENTREGUE' : 'DEVOLVIDA');
    case 'dropped':
      return (
        (Object.hasOwn(NAO_TENTADA, String(reason)) && NAO_TENTADA[String(reason)]) || so('NAO_ENTREGUE')
      );
    case 'spamreport':
      return { situacao: 'RECLAMADA', descadastra: true };
    case 'unsubscribe':
    case 'group_unsubscribe':
      return DESCADASTRO;
    default:
      return undefined;
  }
}
