import { Dinheiro } from '@plataforma/domain/dinheiro';
import { MINUTO_MS, type PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { ExtraReservado } from './extras.ts';
import { emDinheiro, emDuracao, emFator } from './precificacao-textos.ts';
import { type Segmento, segmentos } from './segmentos-preco.ts';

/** Price multipliers in hundredths; 100 switches one off. */
export interface Multiplicadores {
  readonly picoCentesimos: number;
  readonly fimDeSemanaCentesimos: number;
  readonly antecedenciaCentesimos: number;
}

export const MULTIPLICADORES_PADRAO: Multiplicadores = {
  picoCentesimos: 150,
  fimDeSemanaCentesimos: 120,
  antecedenciaCentesimos: 80,
};

/** Booked more than this many days before the start, the advance multiplier applies. */
const DIAS_DE_ANTECEDENCIA = 30;

export const TIPOS_LINHA_PRECO = [
  'HORAS',
  'PICO',
  'FIM_DE_SEMANA',
  'ANTECEDENCIA',
  'LIMPEZA',
  'EXTRA',
] as const;

/** One line of an explained price. */
export interface LinhaPreco {
  readonly tipo: (typeof TIPOS_LINHA_PRECO)[number];
  /** In Portuguese, as shown to the customer. */
  readonly descricao: string;
  /** Negative for a discount. */
  readonly valor: Dinheiro;
}

/** An explained price. `valor` is the sum of the lines. */
export interface Preco {
  readonly linhas: readonly LinhaPreco[];
  readonly valor: Dinheiro;
}

/** What the price of a period depends on, beside the amounts of a space. */
interface CircunstanciasDoPreco {
  readonly multiplicadores: Multiplicadores;
  readonly fusoHorario: string;
  /** In whole minutes. */
  readonly periodo: PeriodoReserva;
  /** When the price is asked for; it decides the advance multiplier. */
  readonly agora: Date;
}

/** What the price of a reservation depends on. */
export interface DadosDoPreco extends CircunstanciasDoPreco {
  readonly precoPorHora: Dinheiro;
  readonly taxaLimpeza: Dinheiro;
  readonly extras: readonly ExtraReservado[];
}

/**
 * Prices a period: hours, then the multipliers in the order peak, weekend, advance, then cleaning fee and add-ons.
 *
 * Each subtotal is exact until it is rounded once, and a line is the difference between two neighbouring subtotals:
 * so the lines add up, and the sum is the exact price rounded once.
 */
export function precificar(dados: DadosDoPreco): Preco {
  const doPeriodo = [...linhasDasHoras(dados), ...linhaDaLimpeza(dados)];
  const dosExtras = precoDosExtras(dados.extras, dados.precoPorHora.moeda);
  return {
    linhas: [...doPeriodo, ...dosExtras.linhas],
    valor: somaDasLinhas(doPeriodo, dados.precoPorHora.moeda).somar(dosExtras.valor),
  };
}

/** What the hours of a period weigh: the hourly price times `numerador / denominador`, rounded once, is what they cost. */
export interface PesoDasHoras {
  readonly numerador: bigint;
  readonly denominador: bigint;
}

/** The same for all spaces of one time zone and one set of multipliers, whatever their hourly price. */
export function pesoDasHoras(dados: CircunstanciasDoPreco): PesoDasHoras {
  const partes = segmentos(dados.periodo, dados.fusoHorario);
  let minutos = partes.map((parte) => BigInt(parte.minutos));
  let denominador = 60n;
  for (const { centesimos, aplica } of etapas(dados)) {
    if (centesimos === 100 || !partes.some(aplica)) continue;
    minutos = partes.map((parte, i) => (minutos[i] ?? 0n) * BigInt(aplica(parte) ? centesimos : 100));
    denominador *= 100n;
  }
  return { numerador: minutos.reduce((soma, parte) => soma + parte, 0n), denominador };
}

/** How a multiplier changes the price of a stretch, and how its line is explained. */
interface Etapa {
  readonly tipo: LinhaPreco['tipo'];
  readonly centesimos: number;
  aplica(parte: Segmento): boolean;
  descricao(minutos: number, centesimos: number): string;
}

function linhasDasHoras(dados: DadosDoPreco): LinhaPreco[] {
  const partes = segmentos(dados.periodo, dados.fusoHorario);
  const linhas: LinhaPreco[] = [];
  let pesos: readonly bigint[] = partes.map(() => 1n);
  let escala = 1n;
  let anterior = subtotal(dados, partes, pesos, escala);
  linhas.push({ tipo: 'HORAS', descricao: descricaoDasHoras(dados), valor: anterior });
  for (const etapa of etapas(dados)) {
    const minutos = somaDosMinutos(partes.filter(etapa.aplica));
    if (etapa.centesimos === 100 || minutos === 0) continue;
    pesos = partes.map((parte, i) => (pesos[i] ?? 1n) * BigInt(etapa.aplica(parte) ? etapa.centesimos : 100));
    escala *= 100n;
    const atual = subtotal(dados, partes, pesos, escala);
    const descricao = etapa.descricao(minutos, etapa.centesimos);
    linhas.push({ tipo: etapa.tipo, descricao, valor: atual.subtrair(anterior) });
    anterior = atual;
  }
  return linhas;
}

/** The only rounding of a subtotal: price per hour times the weighted minutes, over sixty times the scale. */
function subtotal(
  { precoPorHora }: DadosDoPreco,
  partes: readonly Segmento[],
  pesos: readonly bigint[],
  escala: bigint,
): Dinheiro {
  const minutos = partes.reduce((soma, parte, i) => soma + BigInt(parte.minutos) * (pesos[i] ?? 0n), 0n);
  return precoPorHora.multiplicarFracao(minutos, 60n * escala);
}

function etapas({ multiplicadores, periodo, agora }: CircunstanciasDoPreco): Etapa[] {
  const dias = (periodo.inicio.getTime() - agora.getTime()) / (1440 * MINUTO_MS);
  return [
    {
      tipo: 'PICO',
      centesimos: multiplicadores.picoCentesimos,
      aplica: (parte) => parte.pico,
      descricao: (minutos, c) =>
        `Horário de pico (sexta e sábado, 18h às 23h): ${emDuracao(minutos)} × ${emFator(c)}`,
    },
    {
      tipo: 'FIM_DE_SEMANA',
      centesimos: multiplicadores.fimDeSemanaCentesimos,
      aplica: (parte) => parte.fimDeSemana,
      descricao: (minutos, c) => `Fim de semana: ${emDuracao(minutos)} × ${emFator(c)}`,
    },
    {
      tipo: 'ANTECEDENCIA',
      centesimos: multiplicadores.antecedenciaCentesimos,
      aplica: () => dias > DIAS_DE_ANTECEDENCIA,
      descricao: (_, c) => `Mais de ${DIAS_DE_ANTECEDENCIA} dias de antecedência: horas × ${emFator(c)}`,
    },
  ];
}

function linhaDaLimpeza({ taxaLimpeza }: DadosDoPreco): LinhaPreco[] {
  if (taxaLimpeza.centavos === 0n) return [];
  return [{ tipo: 'LIMPEZA', descricao: 'Taxa de limpeza', valor: taxaLimpeza }];
}

/** The dates of a series share their add-ons, which cost the same on each of them. */
const precosDosExtras = new WeakMap<readonly ExtraReservado[], Preco>();

function precoDosExtras(extras: readonly ExtraReservado[], moeda: string): Preco {
  const pronto = precosDosExtras.get(extras);
  if (pronto) return pronto;
  const linhas = extras.map(linhaDoExtra);
  const preco = { linhas, valor: somaDasLinhas(linhas, moeda) };
  precosDosExtras.set(extras, preco);
  return preco;
}

function somaDasLinhas(linhas: readonly LinhaPreco[], moeda: string): Dinheiro {
  return linhas.reduce((soma, { valor }) => soma.somar(valor), Dinheiro.zero(moeda));
}

function linhaDoExtra({ nome, quantidade, precoUnitario }: ExtraReservado): LinhaPreco {
  const descricao = `${nome}: ${quantidade} × ${emDinheiro(precoUnitario)}`;
  return { tipo: 'EXTRA', descricao, valor: precoUnitario.multiplicarFracao(BigInt(quantidade), 1n) };
}

function descricaoDasHoras({ periodo, precoPorHora }: DadosDoPreco): string {
  return `${emDuracao(periodo.duracaoMinutos)} a ${emDinheiro(precoPorHora)} por hora`;
}

function somaDosMinutos(partes: readonly Segmento[]): number {
  return partes.reduce((soma, { minutos }) => soma + minutos, 0);
}
