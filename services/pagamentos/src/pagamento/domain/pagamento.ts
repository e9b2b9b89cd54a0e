import { Dinheiro } from '@plataforma/domain/dinheiro';
import {
  DISPUTA_PERDIDA,
  type MeioEstorno,
  type MotivoCancelamento,
  type MotivoEncerramento,
  type OrigemEstorno,
  type PagamentoEvent,
} from './eventos.ts';

/** The page at the provider where the customer pays. */
export interface Checkout {
  readonly sessaoId: string;
  readonly url: string;
  readonly expiraEm: Date;
}

/** One try to open a checkout, stored before the provider is called: under one key it accepts the same parameters only. */
interface Tentativa {
  readonly numero: number;
  readonly expiraEm: Date;
}

export type SituacaoEstorno = 'SOLICITADO' | 'PENDENTE' | 'CONCLUIDO' | 'FALHOU';

/** Money on its way back, or back. */
export interface Estorno {
  /** From 1 within the payment. */
  readonly numero: number;
  readonly meio: MeioEstorno;
  readonly valor: Dinheiro;
  readonly origem: OrigemEstorno;
  /** Number of the first movement of its refund: credit and card move under numbers of their own. */
  readonly pedido: number;
  readonly situacao: SituacaoEstorno;
  /** Identity at the provider, once it has one. */
  readonly refundId?: string;
  readonly solicitadoEm: Date;
}

/**
 * A claim of the customer's bank. While one is open, no money goes back by ourselves; a mere inquiry (`CONSULTA`) does not
 * prevent that. What was lost the bank has taken.
 */
interface Disputa {
  readonly id: string;
  readonly situacao: 'CONSULTA' | 'ABERTA' | 'ENCERRADA' | 'PERDIDA';
  /** Zero when only its end was told. */
  readonly valor: Dinheiro;
}

interface DadosCobranca {
  readonly id: string;
  readonly reservaId: string;
  readonly clienteId: string;
  /** Zero for a charge that was closed before it was asked for. */
  readonly valor: Dinheiro;
  /** The part of `valor` that store credit is to pay. */
  readonly creditos: Dinheiro;
  readonly descricao: string;
  /** Until when the slot is held; the checkout may live longer. */
  readonly expiraEm: Date;
  readonly tentativa?: Tentativa;
  readonly checkout?: Checkout;
  /** Credit is to pay, as soon as no checkout can be paid by card. */
  readonly creditosPedidos?: true;
  /** Attempts before this one asked the card for more. Default 1. */
  readonly primeiraTentativa?: number;
  /** Identities of the declines, so that one decline told twice counts once. */
  readonly recusas: readonly string[];
  /** Why it is being closed; the provider has not said yet how that ended. */
  readonly encerramento?: MotivoEncerramento;
  /** The highest request to close it that was taken; a later one wants to hear the answer again. */
  readonly ultimoPedido: number;
  readonly estornos: readonly Estorno[];
  readonly disputas: readonly Disputa[];
  readonly criadoEm: Date;
  readonly atualizadoEm: Date;
}

/** What came in. */
interface Aprovacao {
  /** Missing when credit paid everything. */
  readonly intencaoId?: string;
  /** By card. */
  readonly valor: Dinheiro;
  /** By credit. Nothing when the charge had been closed before, for its credit was given back then. */
  readonly creditos: Dinheiro;
  readonly em: Date;
}

export type CobrancaAprovada = DadosCobranca & { readonly fase: 'APROVADO'; readonly aprovacao: Aprovacao };

export type Cobranca =
  | (DadosCobranca & { readonly fase: 'PENDENTE' })
  | CobrancaAprovada
  | (DadosCobranca & { readonly fase: 'CANCELADO'; readonly motivo: MotivoCancelamento });

export type EstadoPagamento = { readonly fase: 'INEXISTENTE' } | Cobranca;

export const INEXISTENTE: EstadoPagamento = { fase: 'INEXISTENTE' };

/** The state after all these events, starting from `inicial`. */
export function fold(
  eventos: readonly PagamentoEvent[],
  inicial: EstadoPagamento = INEXISTENTE,
): EstadoPagamento {
  return eventos.reduce(apply, inicial);
}

/** State changes only here and never fails, whatever the order of the events. */
function apply(estado: EstadoPagamento, evento: PagamentoEvent): EstadoPagamento {
  if (evento.tipo === 'CobrancaCriada') return novaCobranca(evento);
  if (evento.tipo === 'CobrancaImpedida') return cobrancaImpedida(evento);
  if (estado.fase === 'INEXISTENTE') return estado;
  const atual = { ...estado, atualizadoEm: evento.em };
  switch (evento.tipo) {
    case 'CheckoutSolicitado':
      return { ...atual, tentativa: { numero: evento.tentativa, expiraEm: evento.expiraEm } };
    case 'CheckoutAberto':
      return { ...atual, checkout: checkoutDe(evento) };
    case 'CreditosPedidos':
      return { ...atual, creditosPedidos: true };
    case 'CheckoutFechado':
      return semCheckout(atual);
    case 'CreditosUsados':
      return comCreditos(atual, evento);
    case 'CartaoRecusado':
      return { ...atual, recusas: [...estado.recusas, evento.recusaId] };
    case 'PagamentoAprovado':
      return { ...atual, fase: 'APROVADO', aprovacao: aprovacaoDe(estado, evento) };
    case 'AprovacaoReanunciada':
      return atual;
    case 'CobrancaCancelada':
      return { ...atual, fase: 'CANCELADO', motivo: evento.motivo };
    case 'EncerramentoSolicitado':
      return { ...atual, encerramento: evento.motivo, ultimoPedido: evento.pedido };
    case 'EncerramentoRespondido':
      return { ...atual, ultimoPedido: evento.pedido };
    case 'EstornoSolicitado':
      return { ...atual, estornos: [...estado.estornos, novoEstorno(evento)] };
    case 'EstornoPendente':
      return { ...atual, estornos: mudar(estado.estornos, evento, 'PENDENTE') };
    case 'EstornoConcluido':
      return { ...atual, estornos: mudar(estado.estornos, evento, 'CONCLUIDO') };
    case 'EstornoFalhou':
      return { ...atual, estornos: mudar(estado.estornos, evento, 'FALHOU') };
    case 'DisputaAberta':
      return { ...atual, disputas: comDisputa(estado.disputas, disputaAberta(evento)) };
    case 'DisputaEncerrada':
      return { ...atual, disputas: comDisputa(estado.disputas, disputaEncerrada(estado.disputas, evento)) };
    default:
      return evento satisfies never;
  }
}

type Evento<T extends PagamentoEvent['tipo']> = Extract<PagamentoEvent, { tipo: T }>;

const NADA_AINDA = { recusas: [], estornos: [], disputas: [] } as const;

function novaCobranca(evento: Evento<'CobrancaCriada'>): EstadoPagamento {
  const { tipo: _, pagamentoId, em, ...dados } = evento;
  const datas = { criadoEm: em, atualizadoEm: em };
  return { ...NADA_AINDA, ...dados, ...datas, fase: 'PENDENTE', id: pagamentoId, ultimoPedido: 0 };
}

function cobrancaImpedida(evento: Evento<'CobrancaImpedida'>): EstadoPagamento {
  const { tipo: _, pagamentoId, em, pedido, ...dados } = evento;
  const datas = { expiraEm: em, criadoEm: em, atualizadoEm: em };
  return {
    ...NADA_AINDA,
    ...dados,
    ...datas,
    fase: 'CANCELADO',
    id: pagamentoId,
    creditos: Dinheiro.zero(),
    descricao: '',
    ultimoPedido: pedido,
  };
}

function semCheckout({ checkout: _, ...cobranca }: Cobranca): Cobranca {
  return cobranca;
}

function comCreditos(
  { creditosPedidos: _, ...cobranca }: Cobranca,
  { creditos }: Evento<'CreditosUsados'>,
): Cobranca {
  return { ...cobranca, creditos, primeiraTentativa: (cobranca.tentativa?.numero ?? 0) + 1 };
}

function checkoutDe(evento: Evento<'CheckoutAberto'>): Checkout {
  return { sessaoId: evento.sessaoId, url: evento.checkoutUrl, expiraEm: evento.expiraEm };
}

function aprovacaoDe(cobranca: Cobranca, evento: Evento<'PagamentoAprovado'>): Aprovacao {
  const { intencaoId, valor, em } = evento;
  const creditos = cobranca.fase === 'PENDENTE' ? cobranca.creditos : Dinheiro.zero();
  return { ...(intencaoId !== undefined && { intencaoId }), valor, creditos, em };
}

function novoEstorno(evento: Evento<'EstornoSolicitado'>): Estorno {
  const { numero, meio, valor, origem, pedido = numero, em: solicitadoEm } = evento;
  return { numero, meio, valor, origem, pedido, situacao: 'SOLICITADO', solicitadoEm };
}

function mudar(
  estornos: readonly Estorno[],
  { numero, refundId }: { readonly numero: number; readonly refundId?: string },
  situacao: SituacaoEstorno,
): readonly Estorno[] {
  return estornos.map((estorno) =>
    estorno.numero === numero ? { ...estorno, situacao, ...(refundId && { refundId }) } : estorno,
  );
}

function disputaAberta({ disputaId: id, valor, consulta }: Evento<'DisputaAberta'>): Disputa {
  return { id, situacao: consulta ? 'CONSULTA' : 'ABERTA', valor };
}

function disputaEncerrada(antes: readonly Disputa[], evento: Evento<'DisputaEncerrada'>): Disputa {
  const { disputaId: id, resultado } = evento;
  const valor = antes.find((outra) => outra.id === id)?.valor ?? Dinheiro.zero();
  return { id, situacao: resultado === DISPUTA_PERDIDA ? 'PERDIDA' : 'ENCERRADA', valor };
}

function comDisputa(disputas: readonly Disputa[], disputa: Disputa): readonly Disputa[] {
  return [...disputas.filter(({ id }) => id !== disputa.id), disputa];
}
