import { createHmac, timingSafeEqual } from 'node:crypto';
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

const DITOS: Readonly<Record<string, Dito>> = {
  'email.delivered': { situacao: 'ENTREGUE', descadastra: false },
  'email.delivery_delayed': { situacao: 'ATRASADA', descadastra: false },
  'email.failed': { situacao: 'NAO_ENTREGUE', descadastra: false },
  // On a list of Resend, since it came back before.
  'email.suppressed': { situacao: 'DEVOLVIDA', descadastra: false },
  'email.complained': { situacao: 'RECLAMADA', descadastra: true },
};

/** A header has at most as many signatures as keys are in use. */
const MAX_ASSINATURAS = 10;

/**
 * Webhooks of Resend, which go by Svix: one event each, signed with HMAC over identity, time stamp and bytes. Each event has the tags
 * of its message. The SDK for such signatures looks at a clock of its own and hashes without the processor's help.
 */
export class LeitorResend implements LeitorDeRetornos {
  readonly provedor = 'resend';
  readonly #segredos: readonly Buffer[];

  constructor(segredos: readonly Buffer[]) {
    this.#segredos = segredos;
  }

  ler(pedido: PedidoDoProvedor, agora: Date): Leitura {
    if (!ehDoTipo(pedido, 'application/json')) return { recusado: 'content type' };
    const eventoId = cabecalho(pedido, 'svix-id');
    const assinaturas = cabecalho(pedido, 'svix-signature');
    const carimbo = cabecalho(pedido, 'svix-timestamp');
    if (!ehEvento(eventoId) || assinaturas === undefined || carimbo === undefined)
      return { recusado: 'malformed header' };
    const horario = horarioAceito(carimbo, agora);
    if (horario === undefined) return { recusado: 'time stamp' };
    if (!this.#confere(`${eventoId}.${horario}.`, pedido.body, assinaturas)) return { recusado: 'signature' };
    const evento = jsonDe(pedido.body);
    if (typeof evento !== 'object' || evento === null) return { recusado: 'not an event' };
    const retorno = retornoDe(eventoId, objetoDe(evento), agora);
    return retorno === undefined ? { retornos: [], ignorados: 1 } : { retornos: [retorno], ignorados: 0 };
  }

  #confere(antes: string, body: Buffer, assinaturas: string): boolean {
    const dadas = assinaturas
      .split(' ', MAX_ASSINATURAS)
      .filter((uma) => uma.startsWith('v1,'))
      .map((uma) => Buffer.from(uma.slice('v1,'.length), 'base64'));
    return this.#segredos.some((segredo) => {
      const certa = createHmac('sha256', segredo).update(antes).update(body).digest();
      return dadas.some((dada) => dada.length === certa.length && timingSafeEqual(dada, certa));
    });
  }
}

function retornoDe(
  eventoId: string,
  { type, created_at, data }: Readonly<Record<string, unknown>>,
  agora: Date,
): Retorno | undefined {
  const { to, tags, bounce } = objetoDe(data);
  const { type: tipo, subType } = objetoDe(bounce);
  const dito = type === 'email.bounced' ? devolucao(tipo) : ditoDe(type);
  const notificacaoId = etiqueta(tags);
  if (dito === undefined || !ehNossa(notificacaoId)) return undefined;
  return {
    ...dito,
    provedor: 'resend',
    eventoId,
    notificacaoId,
    endereco: Array.isArray(to) && to.length === 1 ? digestoDe(to[0]) : undefined,
    detalhe: codigos('Resend', type, tipo, subType),
    ocorridoEm: instante(Date.parse(String(created_at)), agora),
  };
}

const ditoDe = (type: unknown) =>
  typeof type === 'string' && Object.hasOwn(DITOS, type) ? DITOS[type] : undefined;

/** `Transient` may arrive another time, and of `Undetermined` nobody knows. */
const devolucao = (tipo: unknown): Dito => ({
  situacao: tipo === 'Permanent' ? 'DEVOLVIDA' : 'NAO_ENTREGUE',
  descadastra: false,
});

/** Tags are sent as a list of names and values and come back as an object; both are read. */
function etiqueta(tags: unknown): unknown {
  if (!Array.isArray(tags)) return objetoDe(tags).notificacao;
  return objetoDe(tags.find((uma) => objetoDe(uma).name === 'notificacao')).value;
}
