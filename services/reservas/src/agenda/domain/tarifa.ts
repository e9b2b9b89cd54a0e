import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { TipoEspaco } from '../../espacos/domain/dados-espaco.ts';
import { type Multiplicadores, type PesoDasHoras, pesoDasHoras } from '../../precos/domain/precificacao.ts';
import { COBRAVEL } from '../../precos/domain/valor-minimo.ts';
import type { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';

/** What spaces have in common whose prices differ by their hourly price alone. */
export interface Tarifa {
  readonly tipo: TipoEspaco;
  readonly fusoHorario: string;
  readonly multiplicadores: Multiplicadores;
  readonly taxaLimpeza: Dinheiro;
}

/** Where a list stands that is sorted by total, hourly price and identity; amounts in cents. */
export interface PosicaoDePreco {
  readonly valor: bigint;
  readonly precoPorHora: bigint;
  readonly id: string;
}

/**
 * One period under one tariff. The total never falls when the hourly price rises, so the spaces of a tariff are in the
 * order of their totals when they are in the order of their hourly prices, and a limit of the one is a limit of the other.
 */
export class PrecosDaTarifa {
  readonly tarifa: Tarifa;
  readonly peso: PesoDasHoras;

  constructor(tarifa: Tarifa, periodo: PeriodoReserva, agora: Date) {
    this.tarifa = tarifa;
    const { fusoHorario, multiplicadores } = tarifa;
    this.peso = pesoDasHoras({ fusoHorario, multiplicadores, periodo, agora });
  }

  /** Hourly prices below this cost nothing in all. */
  get gratuitosAbaixoDe(): bigint {
    return this.#menorPrecoPara(1n);
  }

  /** The hourly prices whose totals can be charged. */
  get cobraveis(): { readonly de: bigint; readonly ate: bigint } {
    return {
      de: this.#menorPrecoPara(COBRAVEL.minimo),
      ate: this.#menorPrecoPara(COBRAVEL.maximo + 1n) - 1n,
    };
  }

  /** The hourly price and identity behind which the spaces of this tariff follow a position in the whole list. */
  depoisDe(posicao: PosicaoDePreco | undefined): Pick<PosicaoDePreco, 'precoPorHora' | 'id'> {
    if (!posicao) return { precoPorHora: 0n, id: '' };
    const { valor, precoPorHora, id } = posicao;
    const mesmoTotal = this.#menorPrecoPara(valor);
    const totalMaior = this.#menorPrecoPara(valor + 1n);
    if (precoPorHora < mesmoTotal) return { precoPorHora: mesmoTotal, id: '' };
    return precoPorHora < totalMaior ? { precoPorHora, id } : { precoPorHora: totalMaior, id: '' };
  }

  /** The lowest hourly price whose total, rounded half up, reaches an amount. */
  #menorPrecoPara(total: bigint): bigint {
    const { numerador, denominador } = this.peso;
    const horas = 2n * (total - this.tarifa.taxaLimpeza.centavos) - 1n;
    if (horas <= 0n) return 0n;
    const divisor = 2n * numerador;
    return (horas * denominador + divisor - 1n) / divisor;
  }
}
