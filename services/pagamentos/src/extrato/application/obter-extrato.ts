import type { Clock } from '@plataforma/domain/clock';
import {
  byInstant,
  fromPageToken,
  type PaginaInvalidaError,
  type PaginaPedida,
  type Posicao,
  pageOf,
  pageSize as sizeOf,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { PeriodoInvalidoError } from '../../pagamento/domain/recusa.ts';
import { movimentar, naturezaDe, SALDOS_ZERO, type Saldos } from '../domain/natureza.ts';
import { type Periodo, periodoPedido } from '../domain/periodo.ts';
import type { ConsultaDeExtratos, LinhaDeExtrato, Total, TransacaoView } from './ports.ts';
import { posicaoDe } from './transacoes-queries.ts';

export interface ObterExtratoQuery extends PaginaPedida {
  readonly clienteId: string;
  readonly inicio: Date | undefined;
  readonly fim: Date | undefined;
}

export interface ExtratoView {
  readonly clienteId: string;
  readonly periodo: Periodo;
  readonly saldoInicial: Saldos;
  readonly saldoFinal: Saldos;
  /** Oldest first. */
  readonly linhas: readonly LinhaDeExtrato[];
  readonly totais: readonly Total[];
  /** Where the next page starts; undefined on the last. */
  readonly proxima: Posicao | undefined;
}

const MAX_DIAS = 366;

/** What a customer paid, got back and has in credit, over a period. */
export class ObterExtratoHandler {
  readonly #extratos: ConsultaDeExtratos;
  readonly #clock: Clock;

  constructor({ extratos, clock }: { extratos: ConsultaDeExtratos; clock: Clock }) {
    this.#extratos = extratos;
    this.#clock = clock;
  }

  async execute({
    clienteId,
    inicio,
    fim,
    pageSize,
    pageToken,
  }: ObterExtratoQuery): Promise<Result<ExtratoView, PeriodoInvalidoError | PaginaInvalidaError>> {
    const periodo = periodoPedido({ inicio, fim }, MAX_DIAS, this.#clock.now());
    if (periodo.isFailure) return periodo;
    const depoisDe = fromPageToken(pageToken, byInstant);
    if (depoisDe.isFailure) return depoisDe;
    const tamanho = sizeOf(pageSize);
    const { antes, ateAPagina, noPeriodo, pagina } = await this.#extratos.movimentos({
      ...periodo.value,
      clienteId,
      depoisDe: depoisDe.value,
      limite: tamanho + 1,
    });
    const saldoInicial = somar(SALDOS_ZERO, antes);
    const { itens, proxima } = pageOf(pagina, tamanho, posicaoDe);
    return Result.ok({
      clienteId,
      periodo: periodo.value,
      saldoInicial,
      saldoFinal: somar(saldoInicial, noPeriodo),
      linhas: acumular(somar(saldoInicial, ateAPagina), itens),
      totais: noPeriodo,
      proxima,
    });
  }
}

function somar(saldos: Saldos, totais: readonly Total[]): Saldos {
  return totais.reduce((ate, { tipo, valor }) => movimentar(ate, tipo, valor.centavos), saldos);
}

function acumular(inicial: Saldos, transacoes: readonly TransacaoView[]): LinhaDeExtrato[] {
  let saldos = inicial;
  return transacoes.map((transacao) => {
    const { tipo, valor } = transacao;
    saldos = movimentar(saldos, tipo, valor.centavos);
    return { transacao, movimento: naturezaDe(tipo).sinal * valor.centavos, saldos };
  });
}
