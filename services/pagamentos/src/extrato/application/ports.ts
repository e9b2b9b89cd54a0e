import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Posicao } from '@plataforma/domain/page-token';
import type { Saldos } from '../domain/natureza.ts';
import type { Periodo } from '../domain/periodo.ts';

/** Money by card, or credit; only the last two belong to no payment. */
export type TipoMovimento =
  | 'CAPTURA'
  | 'ESTORNO'
  | 'ESTORNO_DEVOLVIDO'
  | 'CREDITO_USADO'
  | 'CREDITO_DEVOLVIDO'
  | 'CREDITO_CONCEDIDO'
  | 'CREDITO_EXPIRADO';

export interface TransacaoView {
  readonly id: string;
  /** Empty when it belongs to none. */
  readonly pagamentoId: string;
  /** Likewise. */
  readonly reservaId: string;
  readonly clienteId: string;
  readonly tipo: TipoMovimento;
  readonly valor: Dinheiro;
  readonly ocorridoEm: Date;
}

export interface FiltroTransacoes {
  readonly clienteId?: string;
  readonly reservaId?: string;
  readonly pagamentoId?: string;
  readonly tipo?: TransacaoView['tipo'];
  readonly inicio?: Date;
  readonly fim?: Date;
}

export interface ConsultaDeTransacoes {
  /** Newest first, from the row after `depoisDe` on. */
  listar(
    filtro: FiltroTransacoes,
    depoisDe: Posicao | undefined,
    limite: number,
  ): Promise<readonly TransacaoView[]>;
}

/** Movements of one kind, added up. */
export interface Total {
  readonly tipo: TransacaoView['tipo'];
  readonly quantidade: number;
  readonly valor: Dinheiro;
}

export interface PedidoDeExtrato extends Periodo {
  readonly clienteId: string;
  /** Only what comes after this row. */
  readonly depoisDe: Posicao | undefined;
  readonly limite: number;
}

/** A customer's movements as of one moment. */
export interface MovimentosDoCliente {
  /** What happened before the period, by kind. */
  readonly antes: readonly Total[];
  /** What happened in the period up to the row that the page comes after, by kind. */
  readonly ateAPagina: readonly Total[];
  /** Oldest first. */
  readonly pagina: readonly TransacaoView[];
  /** All of the period, by kind. */
  readonly noPeriodo: readonly Total[];
}

export type Granularidade = 'DIA' | 'MES';

export interface PedidoDeTotais extends Periodo {
  readonly granularidade: Granularidade;
  /** IANA name. */
  readonly fusoHorario: string;
  readonly tipo?: TransacaoView['tipo'];
  readonly clienteId?: string;
}

export interface TotalPorPeriodo extends Total {
  /** Local day or month: `2026-06-01`, `2026-06`. */
  readonly periodo: string;
  readonly inicio: Date;
}

export interface ConsultaDeExtratos {
  movimentos(pedido: PedidoDeExtrato): Promise<MovimentosDoCliente>;
  /** Oldest first. Undefined when the database knows no such time zone. */
  totais(pedido: PedidoDeTotais): Promise<readonly TotalPorPeriodo[] | undefined>;
}

/** One movement in a statement. */
export interface LinhaDeExtrato {
  readonly transacao: TransacaoView;
  /** Cents, negative where it lowers a balance. */
  readonly movimento: bigint;
  /** After it. */
  readonly saldos: Saldos;
}
