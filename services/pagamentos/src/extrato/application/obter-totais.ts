import type { Clock } from '@plataforma/domain/clock';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { ehFusoHorario } from '@plataforma/domain/fuso-horario';
import { Result } from '@plataforma/domain/result';
import { FusoInvalidoError, type PeriodoInvalidoError } from '../../pagamento/domain/recusa.ts';
import { periodoPedido } from '../domain/periodo.ts';
import type { ConsultaDeExtratos, Granularidade, PedidoDeTotais, Total, TotalPorPeriodo } from './ports.ts';

export interface ObterTotaisQuery extends Omit<PedidoDeTotais, 'inicio' | 'fim'> {
  readonly inicio: Date | undefined;
  readonly fim: Date | undefined;
  /** Empty: the default of `America/Sao_Paulo`. */
  readonly fusoHorario: string;
}

export interface TotaisView {
  readonly fusoHorario: string;
  /** Oldest first. */
  readonly periodos: ReadonlyArray<{
    readonly periodo: string;
    readonly inicio: Date;
    readonly totais: readonly Total[];
  }>;
  /** Of all of them. */
  readonly totais: readonly Total[];
}

const FUSO_PADRAO = 'America/Sao_Paulo';
const MAX_DIAS: Readonly<Record<Granularidade, number>> = { DIA: 366, MES: 3_660 };

/** Money movements added up by local day or month, and kind. */
export class ObterTotaisHandler {
  readonly #extratos: ConsultaDeExtratos;
  readonly #clock: Clock;

  constructor({ extratos, clock }: { extratos: ConsultaDeExtratos; clock: Clock }) {
    this.#extratos = extratos;
    this.#clock = clock;
  }

  async execute(
    query: ObterTotaisQuery,
  ): Promise<Result<TotaisView, PeriodoInvalidoError | FusoInvalidoError>> {
    const { granularidade } = query;
    const periodo = periodoPedido(query, MAX_DIAS[granularidade], this.#clock.now());
    if (periodo.isFailure) return periodo;
    const fusoHorario = query.fusoHorario || FUSO_PADRAO;
    if (!ehFusoHorario(fusoHorario)) return Result.fail(new FusoInvalidoError(fusoHorario));
    const totais = await this.#extratos.totais({ ...query, ...periodo.value, fusoHorario });
    if (!totais) return Result.fail(new FusoInvalidoError(fusoHorario));
    return Result.ok({ fusoHorario, periodos: porPeriodo(totais), totais: porTipo(totais) });
  }
}

function porPeriodo(totais: readonly TotalPorPeriodo[]): TotaisView['periodos'] {
  const grupos = Map.groupBy(totais, ({ periodo }) => periodo);
  return [...grupos.values()].flatMap((doPeriodo) => {
    const [primeiro] = doPeriodo;
    return primeiro ? [{ periodo: primeiro.periodo, inicio: primeiro.inicio, totais: doPeriodo }] : [];
  });
}

function porTipo(totais: readonly Total[]): Total[] {
  const somas = new Map<string, Total>();
  for (const total of totais) {
    const { tipo, quantidade, valor } = somas.get(total.tipo) ?? ZERO(total.tipo);
    somas.set(tipo, { tipo, quantidade: quantidade + total.quantidade, valor: valor.somar(total.valor) });
  }
  return [...somas.values()].sort((a, b) => (a.tipo < b.tipo ? -1 : 1));
}

const ZERO = (tipo: Total['tipo']): Total => ({ tipo, quantidade: 0, valor: Dinheiro.zero() });
