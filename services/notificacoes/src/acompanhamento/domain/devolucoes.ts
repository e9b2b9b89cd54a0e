import type { Rascunho } from '../../mensagens/domain/notificacao.ts';
import type {
  DadosEstornoConcluido,
  DadosEstornoFalhou,
  DadosEstornoSolicitado,
  DetalhesDaReserva,
} from '../../modelos/domain/modelo.ts';

/** One way that money goes back, to the card or as store credit. Plain JSON. */
export interface MovimentoDeVolta {
  readonly pagamentoId: string;
  /** Within the payment. */
  readonly numero: number;
  readonly situacao: 'SOLICITADO' | 'CONCLUIDO' | 'FALHOU';
  readonly valorCentavos: string;
  readonly moeda: string;
  readonly emCreditos: boolean;
  /** More was captured than charged: the surplus goes back without a request. */
  readonly excedente: boolean;
  readonly pedido: PedidoDeVolta;
  /** Why it failed; empty otherwise. */
  readonly motivo: string;
  /** It had counted as done before it failed. */
  readonly devolvido: boolean;
  /** Its end came before its request, which is still to be heard. */
  readonly semPedido?: true;
}

/** A refund as it was asked for: one movement, or one of credit and one to the card. */
export interface PedidoDeVolta {
  /** Number of its first movement. */
  readonly numero: number;
  readonly movimentos: number;
  /** Empty in events of before it was told. */
  readonly origem: string;
  readonly valorCentavos: string;
  readonly creditosCentavos: string;
}

/** What goes back because of a cancellation, as pagamentos does it. */
export interface DevolucaoDecidida {
  readonly reembolsoCentavos: string;
  readonly reembolsoCreditosCentavos: string;
}

const ORDEM = { SOLICITADO: 0, CONCLUIDO: 1, FALHOU: 2 } as const;

/** An operator has given the money back at the provider instead, which is a refund of its own: nothing has failed. */
const FEITO_NO_PROVEDOR = 'FEITO_NO_PROVEDOR';

/** A dispute was lost: the customer has the money of their bank, and it is not given back again. */
const CONTESTADO = 'charge_disputed';

/** The movements with the news of one; undefined when that is older than what is known. */
export function comMovimento(
  conhecidos: readonly MovimentoDeVolta[],
  noticia: MovimentoDeVolta,
): readonly MovimentoDeVolta[] | undefined {
  const antes = conhecidos.find((outro) => mesmo(outro, noticia));
  if (antes && ORDEM[noticia.situacao] <= ORDEM[antes.situacao]) return undefined;
  const semPedido = noticia.situacao !== 'SOLICITADO' && (antes === undefined || antes.semPedido === true);
  const agora = semPedido ? { ...noticia, semPedido } : noticia;
  return [...conhecidos.filter((outro) => !mesmo(outro, noticia)), agora];
}

/** The movements once a request is heard that came after its end: it tells nothing, and will not come again. */
export function comPedidoTardio(
  conhecidos: readonly MovimentoDeVolta[],
  noticia: MovimentoDeVolta,
): readonly MovimentoDeVolta[] {
  const ouvido = ({ semPedido, ...movimento }: MovimentoDeVolta): MovimentoDeVolta => movimento;
  const pedido = (outro: MovimentoDeVolta) => noticia.situacao === 'SOLICITADO' && mesmo(outro, noticia);
  return semOsAcabados(conhecidos.map((outro) => (pedido(outro) ? ouvido(outro) : outro)));
}

const mesmo = (um: MovimentoDeVolta, outro: MovimentoDeVolta) =>
  um.pagamentoId === outro.pagamentoId && um.numero === outro.numero;

/** The refund that the cancellation asked for, as far as it was heard of: what is asked for anew later is no answer. */
export function peloCancelamento(movimentos: readonly MovimentoDeVolta[]): DevolucaoDecidida | undefined {
  const [primeiro] = movimentos
    .filter(({ pedido }) => pedido.origem === 'CANCELAMENTO')
    .sort((a, b) => a.pedido.numero - b.pedido.numero);
  if (!primeiro) return undefined;
  const { valorCentavos, creditosCentavos } = primeiro.pedido;
  return { reembolsoCentavos: valorCentavos, reembolsoCreditosCentavos: creditosCentavos };
}

/**
 * What the customer is to be told now that a movement is known: that it failed, and, once none of its refund is under way
 * any more, what of it is back. A refund is announced as done once, by the `fato` that it shares with its repetitions.
 */
export function avisosDeDevolucao(
  movimentos: readonly MovimentoDeVolta[],
  noticia: MovimentoDeVolta,
  reserva: DetalhesDaReserva | undefined,
  reservaId: string,
): Rascunho[] {
  const { pagamentoId, pedido } = noticia;
  const onde = { reservaId, pagamentoId, ...(reserva && { reserva }) };
  const doPedido = movimentos.filter((outro) => mesmoPedido(outro, noticia));
  const acabou =
    doPedido.length >= pedido.movimentos && doPedido.every(({ situacao }) => situacao !== 'SOLICITADO');
  const feitos = doPedido.filter(({ situacao }) => situacao === 'CONCLUIDO');
  return [
    ...(noticia.situacao === 'FALHOU' && noticia.motivo !== FEITO_NO_PROVEDOR ? [falhou(noticia, onde)] : []),
    ...(acabou && feitos.length > 0 ? [concluido(feitos, pedido, onde)] : []),
  ];
}

/** So long the message about money on its way waits: what is back by then is told as such, alone. */
const ESPERA_DA_VOLTA_MS = 2 * 60_000;

const PORQUE = {
  NAO_APROVEITADO: 'NAO_APROVEITADO',
  EXCEDENTE: 'EXCEDENTE',
  ADMIN: 'PEDIDO',
  PROVEDOR: 'PEDIDO',
} as const;

/** Of a cancellation its message says what is on its way. */
const temMotivo = (origem: string): origem is keyof typeof PORQUE => Object.hasOwn(PORQUE, origem);

/** Whether anything is under way. */
export const algumACaminho = (movimentos: readonly MovimentoDeVolta[]): boolean =>
  movimentos.some(({ situacao }) => situacao === 'SOLICITADO');

/** What the customer is to be told of money that is on its way back: once a refund, and not of what comes back at once. */
export function avisoDeSolicitacao(
  { situacao, pagamentoId, moeda, pedido }: MovimentoDeVolta,
  { reservaId, detalhes }: { readonly reservaId: string; readonly detalhes: DetalhesDaReserva | undefined },
  agora: Date,
): Rascunho[] {
  if (situacao !== 'SOLICITADO' || !temMotivo(pedido.origem)) return [];
  const { valorCentavos, creditosCentavos, numero, origem } = pedido;
  const dados: DadosEstornoSolicitado = {
    ...{ reservaId, pagamentoId, valorCentavos, moeda, porque: PORQUE[origem] },
    ...(creditosCentavos !== '0' && { creditosCentavos }),
    ...(detalhes && { reserva: detalhes }),
  };
  const devidaEm = new Date(agora.getTime() + ESPERA_DA_VOLTA_MS);
  return [{ modelo: 'ESTORNO_SOLICITADO', dados, fato: `${pagamentoId}/${numero}`, devidaEm }];
}

/**
 * Without what need not be kept: nothing of their refund is under way any more, no message waits for their amount, and no request that
 * comes late could be taken for a new one.
 */
export function semOsAcabados(movimentos: readonly MovimentoDeVolta[]): readonly MovimentoDeVolta[] {
  return movimentos.filter(
    (movimento) =>
      movimento.pedido.origem === 'CANCELAMENTO' ||
      movimento.semPedido ||
      movimentos.some((outro) => mesmoPedido(outro, movimento) && outro.situacao === 'SOLICITADO') ||
      movimentos.filter((outro) => mesmoPedido(outro, movimento)).length < movimento.pedido.movimentos,
  );
}

type Onde = Pick<DadosEstornoConcluido, 'reservaId' | 'pagamentoId' | 'reserva'>;

function concluido(feitos: readonly MovimentoDeVolta[], pedido: PedidoDeVolta, onde: Onde): Rascunho {
  const creditos = soma(feitos.filter(({ emCreditos }) => emCreditos));
  const valor = soma(feitos);
  const dados: DadosEstornoConcluido = {
    ...onde,
    valorCentavos: `${valor}`,
    moeda: feitos[0]?.moeda ?? 'BRL',
    ...(creditos === valor && { emCreditos: true }),
    ...(creditos > 0n && creditos < valor && { creditosCentavos: `${creditos}` }),
    ...(feitos.some(({ excedente }) => excedente) && { excedente: true }),
  };
  return { modelo: 'ESTORNO_CONCLUIDO', dados, fato: `${onde.pagamentoId}/${pedido.numero}` };
}

function falhou(movimento: MovimentoDeVolta, onde: Onde): Rascunho {
  const { numero, valorCentavos, moeda, devolvido, motivo } = movimento;
  const dados: DadosEstornoFalhou = {
    ...{ ...onde, valorCentavos, moeda },
    ...(devolvido && { devolvido: true }),
    ...(motivo === CONTESTADO && { contestado: true }),
  };
  return { modelo: 'ESTORNO_FALHOU', dados, fato: `${onde.pagamentoId}/${numero}` };
}

function mesmoPedido(a: MovimentoDeVolta, b: MovimentoDeVolta): boolean {
  return a.pagamentoId === b.pagamentoId && a.pedido.numero === b.pedido.numero;
}

function soma(movimentos: readonly MovimentoDeVolta[]): bigint {
  return movimentos.reduce((total, { valorCentavos }) => total + BigInt(valorCentavos), 0n);
}
