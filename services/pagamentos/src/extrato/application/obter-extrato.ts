import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import { escreverToken, lerToken } from '../../pagamento/application/page-token.ts';
import type { PaginaInvalidaError, PeriodoInvalidoError } from '../../pagamento/domain/recusa.ts';
import { movimentar, naturezaDe, SALDOS_ZERO, type Saldos } from '../domain/natureza.ts';
import { type Periodo, periodoPedido } from '../domain/periodo.ts';
import type { Extratos, LinhaDeExtrato, Total, TransacaoView } from './ports.ts';

export interface ObterExtratoQuery {
  readonly clienteId: string;
  readonly inicio: Date | undefined;
  readonly fim: Date | undefined;
  /** 0: the default of 20. */
  readonly pageSize: number;
  /** Empty: the first page. */
  readonly pageToken: string;
}

export interface ExtratoView {
  readonly clienteId: string;
  readonly periodo: Periodo;
  readonly saldoInicial: Saldos;
  readonly saldoFinal: Saldos;
  /** Oldest first. */
  readonly linhas: readonly LinhaDeExtrato[];
  readonly totais: readonly Total[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

const PAGINA_PADRAO = 20;
const MAX_DIAS = 366;

/** What a customer paid, got back and has in credit, over a period. */
export class ObterExtrato {
  readonly #extratos: Extratos;
  readonly #clock: Clock;

  constructor({ extratos, clock }: { extratos: Extratos; clock: Clock }) {
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
    const depoisDe = lerToken(pageToken);
    if (depoisDe.isFailure) return depoisDe;
    const tamanho = pageSize || PAGINA_PADRAO;
    const { antes, ateAPagina, noPeriodo, pagina } = await this.#extratos.movimentos({
      ...periodo.value,
      clienteId,
      depoisDe: depoisDe.value,
      limite: tamanho + 1,
    });
    const saldoInicial = somar(SALDOS_ZERO, antes);
    const linhas = acumular(somar(saldoInicial, ateAPagina), pagina.slice(0, tamanho));
    const ultima = pagina.length > tamanho ? linhas.at(-1)?.transacao : undefined;
    return Result.ok({
      clienteId,
      periodo: periodo.value,
      saldoInicial,
      saldoFinal: somar(saldoInicial, noPeriodo),
      linhas,
      totais: noPeriodo,
      nextPageToken: escreverToken(ultima && { em: ultima.ocorridaEm, id: ultima.id }),
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
