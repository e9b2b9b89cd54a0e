import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { normalizarTexto, problemaNoTexto } from '@plataforma/domain/texto';
import type { ExtraCatalogo } from '../../precos/domain/extras.ts';
import type { Multiplicadores } from '../../precos/domain/precificacao.ts';
import { type JanelaFuncionamento, problemaNosHorarios } from './horario-funcionamento.ts';
import { type LimitesDePendentes, problemaNosPendentes } from './limites-de-pendentes.ts';
import { type LimitesReserva, problemaNosLimites } from './limites-reserva.ts';

export const TIPOS_ESPACO = ['SALA_REUNIAO', 'AUDITORIO', 'QUADRA'] as const;

export type TipoEspaco = (typeof TIPOS_ESPACO)[number];

/** Buffer between neighbouring reservations, in minutes, when nothing else is said. */
export const FOLGA_PADRAO: Readonly<Record<TipoEspaco, number>> = {
  SALA_REUNIAO: 15,
  AUDITORIO: 30,
  QUADRA: 0,
};

/** The only currency in use. */
const MOEDA = 'BRL';
/** R$ 10 million: far above any price, and exact wherever JSON numbers pass. */
const MAXIMO_CENTAVOS = 1_000_000_000n;

/** What describes a space. */
export interface DadosEspaco {
  readonly nome: string;
  readonly tipo: TipoEspaco;
  readonly capacidade: number;
  readonly endereco: string;
  readonly fusoHorario: string;
  readonly precoPorHora: Dinheiro;
  readonly taxaLimpeza: Dinheiro;
  readonly folgaMinutos: number;
  readonly limites: LimitesReserva;
  /** Empty means always open. */
  readonly horarios: readonly JanelaFuncionamento[];
  readonly extras: readonly ExtraCatalogo[];
  readonly multiplicadores: Multiplicadores;
  /** Minutes that an unpaid reservation holds its slot. */
  readonly esperaPagamentoMinutos: number;
  /** Minutes after booking in which the customer may cancel with everything back; 0 is off. */
  readonly carenciaCancelamentoMinutos: number;
  readonly limitesPendentes: LimitesDePendentes;
  /** What its GESTORES may give as bonus credit in one calendar month, all together. */
  readonly bonusMensal: Dinheiro;
  readonly ativo: boolean;
}

/** A rule that a description breaks; `campo` as it is called in the contract's JSON. */
export interface Problema {
  readonly campo: string;
  readonly porque: string;
}

/** The texts that people wrote, in the one form they are kept in. */
export function comTextosNormais(dados: DadosEspaco): DadosEspaco {
  const extras = dados.extras.map((extra) => ({ ...extra, nome: normalizarTexto(extra.nome) }));
  return {
    ...dados,
    nome: normalizarTexto(dados.nome),
    endereco: normalizarTexto(dados.endereco),
    extras,
  };
}

/** The first rule that a description breaks, if any. The time zone is checked elsewhere. */
export function problemaNoEspaco(dados: DadosEspaco): Problema | undefined {
  const normais = comTextosNormais(dados);
  for (const [campo, verificar] of REGRAS) {
    const porque = verificar(normais);
    if (porque !== undefined) return { campo, porque };
  }
  return undefined;
}

type Regra = (dados: DadosEspaco) => string | undefined;

const REGRAS: readonly (readonly [campo: string, regra: Regra])[] = [
  ['nome', ({ nome }) => problemaNoTexto(nome, { minimo: 1, maximo: 120 })],
  ['endereco', ({ endereco }) => problemaNoTexto(endereco, { maximo: 300 })],
  ['capacidade', ({ capacidade }) => inteiro(capacidade, 1, 100_000)],
  ['precoPorHora', ({ precoPorHora }) => dinheiro(precoPorHora, 0n)],
  ['taxaLimpeza', ({ taxaLimpeza }) => dinheiro(taxaLimpeza, 0n)],
  ['folgaMinutos', ({ folgaMinutos }) => inteiro(folgaMinutos, 0, 240)],
  ['esperaPagamentoMinutos', ({ esperaPagamentoMinutos }) => inteiro(esperaPagamentoMinutos, 5, 60)],
  [
    'carenciaCancelamentoMinutos',
    ({ carenciaCancelamentoMinutos }) => inteiro(carenciaCancelamentoMinutos, 0, 1440),
  ],
  ['bonusMensal', ({ bonusMensal }) => dinheiro(bonusMensal, 0n)],
  ['limites', ({ limites }) => problemaNosLimites(limites)],
  ['limitesPendentes', ({ limitesPendentes }) => problemaNosPendentes(limitesPendentes)],
  [
    'horarios',
    ({ horarios }) => (horarios.length > 50 ? 'no máximo 50 janelas' : problemaNosHorarios(horarios)),
  ],
  ['extras', ({ extras }) => problemaNosExtras(extras)],
  ['multiplicadores', ({ multiplicadores }) => problemaNosMultiplicadores(multiplicadores)],
];

function problemaNosExtras(extras: readonly ExtraCatalogo[]): string | undefined {
  if (extras.length > 100) return 'no máximo 100 adicionais';
  const repetido = extras.find(({ codigo }, i) => extras.findIndex((e) => e.codigo === codigo) !== i);
  if (repetido) return `o código ${repetido.codigo} aparece mais de uma vez`;
  for (const { codigo, nome, preco, quantidadeMaxima } of extras) {
    if (!/^[A-Z0-9_]{2,32}$/.test(codigo)) return 'o código tem de 2 a 32 letras maiúsculas, dígitos ou _';
    const porque =
      problemaNoTexto(nome, { minimo: 1, maximo: 80 }) ??
      dinheiro(preco, 0n) ??
      inteiro(quantidadeMaxima, 1, 1000);
    if (porque !== undefined) return `${codigo}: ${porque}`;
  }
  return undefined;
}

function problemaNosMultiplicadores(multiplicadores: Multiplicadores): string | undefined {
  const { picoCentesimos, fimDeSemanaCentesimos, antecedenciaCentesimos } = multiplicadores;
  return (
    inteiro(picoCentesimos, 1, 1000) ??
    inteiro(fimDeSemanaCentesimos, 1, 1000) ??
    inteiro(antecedenciaCentesimos, 1, 1000)
  );
}

function inteiro(valor: number, minimo: number, maximo: number): string | undefined {
  if (Number.isInteger(valor) && valor >= minimo && valor <= maximo) return undefined;
  return `deve ir de ${minimo} a ${maximo}`;
}

function dinheiro({ centavos, moeda }: Dinheiro, minimo: bigint): string | undefined {
  if (moeda !== MOEDA) return `a moeda deve ser ${MOEDA}`;
  return centavos >= minimo && centavos <= MAXIMO_CENTAVOS
    ? undefined
    : `deve ir de ${minimo} a ${MAXIMO_CENTAVOS} centavos`;
}
