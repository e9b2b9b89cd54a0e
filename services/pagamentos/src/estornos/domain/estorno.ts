import { Dinheiro } from '@plataforma/domain/dinheiro';
import { dividirEstorno, type Partes } from '@plataforma/domain/divisao-de-estorno';
import { Result } from '@plataforma/domain/result';
import {
  emDisputa,
  statusDe,
  totalComprometido,
  totalDisponivel,
  totalExcedente,
  totalIndisponivel,
  totalPago,
} from '../../pagamento/domain/contas.ts';
import {
  CAPTURA_DIVERGENTE,
  FEITO_NO_PROVEDOR,
  type MeioEstorno,
  type OrigemEstorno,
  type PagamentoEvent,
} from '../../pagamento/domain/eventos.ts';
import {
  type CobrancaAprovada,
  type EstadoPagamento,
  type Estorno,
  fold,
  type SituacaoEstorno,
} from '../../pagamento/domain/pagamento.ts';
import {
  EstornoAlemDoCapturadoError,
  EstornoRepetidoError,
  PagamentoNaoEncontradoError,
  TransicaoInvalidaError,
  ValorInvalidoError,
} from '../../pagamento/domain/recusa.ts';

/** Money that is to go back. */
export interface PedidoDeEstorno {
  readonly pagamentoId: string;
  readonly origem: OrigemEstorno;
  /** Undefined: all that is left. */
  readonly valor: Dinheiro | undefined;
  readonly motivo: string;
  /** The caller can tell this request from its repetition. Default: not, so the same part at once again is refused. */
  readonly unico?: boolean;
}

export type RecusaDeEstorno =
  | EstornoRepetidoError
  | PagamentoNaoEncontradoError
  | ValorInvalidoError
  | TransicaoInvalidaError
  | EstornoAlemDoCapturadoError;

/** What the provider says of a refund. */
export interface NoticiaDeEstorno {
  readonly refundId: string;
  /** Our number, unless the refund was made at the provider itself. */
  readonly numero: number | undefined;
  readonly valor: Dinheiro;
  readonly situacao: Exclude<SituacaoEstorno, 'SOLICITADO'>;
  /** Why it failed; empty otherwise. */
  readonly motivo: string;
}

type Eventos = readonly PagamentoEvent[];

/** The same part asked for again so soon is taken for one call that was sent twice. */
const REPETICAO_MS = 60_000;

/**
 * What was paid goes back, up to what came in: credit as credit, at once, and money to the card. What other services ask
 * for they may ask for again: one cancellation and one unused payment are refunded once, however often they are told. A
 * cancellation knows what was paid, not what has gone back since: of what it asks for it gets what is left.
 */
export function solicitarEstorno(
  estado: EstadoPagamento,
  { pagamentoId, origem, valor, motivo, unico = false }: PedidoDeEstorno,
  em: Date,
): Result<Eventos, RecusaDeEstorno> {
  if (estado.fase === 'INEXISTENTE') return Result.fail(new PagamentoNaoEncontradoError(pagamentoId));
  if (estado.fase !== 'APROVADO') return Result.fail(new TransicaoInvalidaError(pagamentoId, estado.fase));
  if (origem !== 'ADMIN' && estado.estornos.some((estorno) => estorno.origem === origem))
    return Result.ok([]);
  if (origem === 'ADMIN' && emDisputa(estado))
    return Result.fail(new TransicaoInvalidaError(pagamentoId, 'EM_DISPUTA'));
  const disponivel = Dinheiro.deCentavos(totalDisponivel(estado), estado.valor.moeda);
  if (valor && (valor.moeda !== disponivel.moeda || valor.centavos <= 0n))
    return Result.fail(new ValorInvalidoError(valor));
  const limite = origem === 'CANCELAMENTO' ? totalPago(estado) : disponivel.centavos;
  if (valor && valor.centavos > limite)
    return Result.fail(new EstornoAlemDoCapturadoError(valor, disponivel));
  if (disponivel.centavos === 0n)
    // Done for a payment that is not used; an administrator or a cancellation hears that nothing is left.
    return origem === 'NAO_APROVEITADO'
      ? Result.ok([])
      : Result.fail(new TransicaoInvalidaError(pagamentoId, statusDe(estado)));
  const pedido = valor && valor.centavos < disponivel.centavos ? valor : disponivel;
  if (origem === 'ADMIN' && valor && !unico && acabouDePedir(estado, pedido, em))
    return Result.fail(new EstornoRepetidoError(pagamentoId, pedido));
  const { creditos, valor: cartao } = estado.aprovacao;
  const partes = dividirEstorno(pedido, { creditos, cartao }, indisponivel(estado));
  return Result.ok(porMeio(estado, partes, { origem, motivo }, em));
}

/** Credit and card of one request have numbers of their own, and one instant. */
function acabouDePedir({ estornos }: CobrancaAprovada, { centavos }: Dinheiro, em: Date): boolean {
  const recentes = estornos.filter(
    ({ origem, situacao, solicitadoEm }) =>
      origem === 'ADMIN' && situacao !== 'FALHOU' && em.getTime() - solicitadoEm.getTime() < REPETICAO_MS,
  );
  const pedidos = Map.groupBy(recentes, ({ solicitadoEm }) => solicitadoEm.getTime()).values();
  return [...pedidos].some(
    (partes) => partes.reduce((total, { valor }) => total + valor.centavos, 0n) === centavos,
  );
}

/** What the card paid beyond the charge was never owed: it goes back whatever becomes of the reservation. */
export function devolverExcedente(estado: EstadoPagamento, em: Date): Eventos {
  if (estado.fase !== 'APROVADO') return [];
  const excedente = totalExcedente(estado);
  if (excedente === 0n) return [];
  const partes = { creditos: Dinheiro.zero(), cartao: Dinheiro.deCentavos(excedente, estado.valor.moeda) };
  return porMeio(estado, partes, { origem: 'EXCEDENTE', motivo: CAPTURA_DIVERGENTE }, em);
}

/** A refund that is not made: the provider refused it, and operators have to act, or another one took its place. */
export function recusarEstorno(estado: EstadoPagamento, numero: number, motivo: string, em: Date): Eventos {
  if (estado.fase === 'INEXISTENTE') return [];
  const estorno = estado.estornos.find((outro) => outro.numero === numero);
  if (estorno?.situacao !== 'SOLICITADO') return [];
  return [{ tipo: 'EstornoFalhou', numero, valor: estorno.valor, motivo, devolvido: false, em }];
}

/**
 * Follows a refund forwards only, for news come in any order; one that was made at the provider gets a number here, and
 * takes the place of those that have not been made yet as far as there is not enough for both.
 */
export function seguirEstorno(estado: EstadoPagamento, noticia: NoticiaDeEstorno, em: Date): Eventos {
  if (estado.fase === 'INEXISTENTE') return [];
  const noCartao = estado.estornos.filter(({ meio }) => meio === 'CARTAO');
  const conhecido = noCartao.find(({ numero, refundId }) =>
    noticia.numero === undefined ? refundId === noticia.refundId : numero === noticia.numero,
  );
  if (conhecido) return avancar(conhecido, noticia, em);
  if (noticia.numero !== undefined || estado.fase !== 'APROVADO' || noticia.situacao === 'FALHOU') return [];
  const { valor } = noticia;
  const { fechados, resto } = darLugar(estado, valor.centavos);
  const numero = estado.estornos.length + 1;
  const estorno = { numero, meio: 'CARTAO', valor, origem: 'PROVEDOR' } as const;
  const eventos: PagamentoEvent[] = [
    ...fechados.flatMap((fechado) => recusarEstorno(estado, fechado.numero, FEITO_NO_PROVEDOR, em)),
    { tipo: 'EstornoSolicitado', ...estorno, motivo: noticia.refundId, em },
    ...avancar({ ...estorno, pedido: numero, situacao: 'SOLICITADO', solicitadoEm: em }, noticia, em),
  ];
  if (!resto) return eventos;
  const anotado = { meio: 'CARTAO', valor: resto.valor, origem: resto.origem } as const;
  const motivo = FEITO_NO_PROVEDOR;
  return [...eventos, { tipo: 'EstornoSolicitado', numero: numero + 1, ...anotado, motivo, em }];
}

/**
 * Ends refunds that the provider has not heard of, the latest first, until one of `centavos` fits into what the card paid.
 * What they promised beyond that is asked for anew.
 */
function darLugar(cobranca: CobrancaAprovada, centavos: bigint) {
  const livre = cobranca.aprovacao.valor.centavos - totalComprometido(cobranca, 'CARTAO');
  let falta = centavos - livre;
  const fechados: Estorno[] = [];
  for (const estorno of [...cobranca.estornos].reverse().filter(porFazer)) {
    if (falta <= 0n) break;
    fechados.push(estorno);
    falta -= estorno.valor.centavos;
  }
  const ultimo = fechados.at(-1);
  const resto = ultimo && falta < 0n && { ...ultimo, valor: Dinheiro.deCentavos(-falta, ultimo.valor.moeda) };
  return { fechados, resto };
}

function porFazer({ meio, situacao, refundId }: Estorno): boolean {
  return meio === 'CARTAO' && situacao === 'SOLICITADO' && refundId === undefined;
}

/**
 * Follows several refunds of one payment.
 *
 * @throws Error when the capture is not on record yet: money that has gone back must have come first, so try later.
 */
export function seguirEstornos(
  estado: EstadoPagamento,
  noticias: readonly NoticiaDeEstorno[],
  em: Date,
): Eventos {
  if (estado.fase !== 'APROVADO') throw new Error('refund of a payment that is not approved yet');
  const eventos: PagamentoEvent[] = [];
  // Our own first: none of them is to end for one that was made at the provider itself.
  const emOrdem = [
    ...noticias.filter(({ numero }) => numero !== undefined),
    ...noticias.filter(({ numero }) => numero === undefined),
  ];
  for (const noticia of emOrdem) eventos.push(...seguirEstorno(fold(eventos, estado), noticia, em));
  return eventos;
}

function indisponivel(cobranca: CobrancaAprovada): Partes {
  const por = (meio: MeioEstorno) =>
    Dinheiro.deCentavos(totalIndisponivel(cobranca, meio), cobranca.valor.moeda);
  return { creditos: por('CREDITO'), cartao: por('CARTAO') };
}

/** Each part under a number of its own; the credit comes first, so that the latest refund is the one to wait for. */
function porMeio(
  { estornos }: CobrancaAprovada,
  { creditos, cartao }: Partes,
  dados: Pick<Solicitado, 'origem' | 'motivo'>,
  em: Date,
): Eventos {
  const emCredito: PagamentoEvent[] = [];
  const numero = estornos.length + 1;
  if (creditos.centavos > 0n)
    emCredito.push(
      { tipo: 'EstornoSolicitado', numero, meio: 'CREDITO', valor: creditos, ...dados, em },
      { tipo: 'EstornoConcluido', numero, valor: creditos, em },
    );
  if (cartao.centavos === 0n) return emCredito;
  const cartaoSo = { tipo: 'EstornoSolicitado', meio: 'CARTAO', valor: cartao, ...dados, em } as const;
  if (emCredito.length === 0) return [{ ...cartaoSo, numero }];
  return [...emCredito, { ...cartaoSo, numero: numero + 1, pedido: numero }];
}

type Solicitado = Extract<PagamentoEvent, { tipo: 'EstornoSolicitado' }>;

const ORDEM: Record<SituacaoEstorno, number> = { SOLICITADO: 0, PENDENTE: 1, CONCLUIDO: 2, FALHOU: 3 };

function avancar({ numero, valor, situacao: atual }: Estorno, noticia: NoticiaDeEstorno, em: Date): Eventos {
  const { situacao, refundId, motivo } = noticia;
  if (ORDEM[situacao] <= ORDEM[atual]) return [];
  switch (situacao) {
    case 'PENDENTE':
      return [{ tipo: 'EstornoPendente', numero, refundId, em }];
    case 'CONCLUIDO':
      return [{ tipo: 'EstornoConcluido', numero, refundId, valor, em }];
    case 'FALHOU':
      return [
        { tipo: 'EstornoFalhou', numero, refundId, valor, motivo, devolvido: atual === 'CONCLUIDO', em },
      ];
    default:
      return situacao satisfies never;
  }
}
