import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Row } from '../../comum/infrastructure/insert-row.ts';
import type { ExtraCatalogo } from '../../precos/domain/extras.ts';
import type { TipoEspaco } from '../domain/dados-espaco.ts';
import type { EstadoEspaco } from '../domain/espaco.ts';
import type { JanelaFuncionamento } from '../domain/horario-funcionamento.ts';
import type { LimitesReserva } from '../domain/limites-reserva.ts';

interface ExtraJson {
  readonly codigo: string;
  readonly nome: string;
  readonly centavos: number;
  readonly quantidadeMaxima: number;
}

/** A row of `espacos` as the driver gives it: bigint comes as text. */
export interface EspacoRow {
  readonly id: string;
  readonly nome: string;
  readonly tipo: TipoEspaco;
  readonly capacidade: number;
  readonly endereco: string;
  readonly fuso_horario: string;
  readonly moeda: string;
  readonly preco_por_hora_centavos: string;
  readonly taxa_limpeza_centavos: string;
  readonly folga_minutos: number;
  readonly antecedencia_minima_minutos: number;
  readonly antecedencia_maxima_dias: number;
  readonly duracao_minima_minutos: number;
  readonly duracao_maxima_minutos: number;
  readonly grade_minutos: number;
  readonly pico_centesimos: number;
  readonly fim_de_semana_centesimos: number;
  readonly antecedencia_centesimos: number;
  readonly horarios: readonly JanelaFuncionamento[];
  readonly extras: readonly ExtraJson[];
  readonly espera_pagamento_minutos: number;
  readonly carencia_cancelamento_minutos: number;
  readonly pendentes_reservas: number;
  readonly pendentes_horas: number;
  readonly pendentes_resfriamento_minutos: number;
  readonly bonus_mensal_centavos: string;
  readonly ativo: boolean;
  readonly versao: number;
  readonly criado_em: Date;
  readonly atualizado_em: Date;
}

/** The columns of {@link EspacoRow}, named so that a statement with them is prepared. */
export const COLUNAS_DO_ESPACO = `
  id, nome, tipo, capacidade, endereco, fuso_horario, moeda, preco_por_hora_centavos,
  taxa_limpeza_centavos, folga_minutos, antecedencia_minima_minutos, antecedencia_maxima_dias,
  duracao_minima_minutos, duracao_maxima_minutos, grade_minutos, pico_centesimos, fim_de_semana_centesimos,
  antecedencia_centesimos, horarios, extras, espera_pagamento_minutos, carencia_cancelamento_minutos,
  pendentes_reservas, pendentes_horas, pendentes_resfriamento_minutos, bonus_mensal_centavos, ativo,
  versao, criado_em, atualizado_em`;

export function espacoFromRow(row: EspacoRow): EstadoEspaco {
  return {
    id: row.id,
    nome: row.nome,
    tipo: row.tipo,
    capacidade: row.capacidade,
    endereco: row.endereco,
    fusoHorario: row.fuso_horario,
    precoPorHora: Dinheiro.deCentavos(BigInt(row.preco_por_hora_centavos), row.moeda),
    taxaLimpeza: Dinheiro.deCentavos(BigInt(row.taxa_limpeza_centavos), row.moeda),
    folgaMinutos: row.folga_minutos,
    limites: limitesFromRow(row),
    horarios: row.horarios,
    extras: row.extras.map(({ centavos, ...extra }) => ({
      ...extra,
      preco: Dinheiro.deCentavos(centavos, row.moeda),
    })),
    multiplicadores: {
      picoCentesimos: row.pico_centesimos,
      fimDeSemanaCentesimos: row.fim_de_semana_centesimos,
      antecedenciaCentesimos: row.antecedencia_centesimos,
    },
    esperaPagamentoMinutos: row.espera_pagamento_minutos,
    carenciaCancelamentoMinutos: row.carencia_cancelamento_minutos,
    limitesPendentes: {
      reservas: row.pendentes_reservas,
      horas: row.pendentes_horas,
      resfriamentoMinutos: row.pendentes_resfriamento_minutos,
    },
    bonusMensal: Dinheiro.deCentavos(BigInt(row.bonus_mensal_centavos), row.moeda),
    ativo: row.ativo,
    versao: row.versao,
    criadoEm: row.criado_em,
    atualizadoEm: row.atualizado_em,
  };
}

export function limitesFromRow(
  row: Pick<
    EspacoRow,
    | 'antecedencia_minima_minutos'
    | 'antecedencia_maxima_dias'
    | 'duracao_minima_minutos'
    | 'duracao_maxima_minutos'
    | 'grade_minutos'
  >,
): LimitesReserva {
  return {
    antecedenciaMinimaMinutos: row.antecedencia_minima_minutos,
    antecedenciaMaximaDias: row.antecedencia_maxima_dias,
    duracaoMinimaMinutos: row.duracao_minima_minutos,
    duracaoMaximaMinutos: row.duracao_maxima_minutos,
    gradeMinutos: row.grade_minutos,
  };
}

export function espacoToRow(espaco: EstadoEspaco): Row {
  const { limites, multiplicadores, limitesPendentes } = espaco;
  return {
    id: espaco.id,
    nome: espaco.nome,
    tipo: espaco.tipo,
    capacidade: espaco.capacidade,
    endereco: espaco.endereco,
    fuso_horario: espaco.fusoHorario,
    moeda: espaco.precoPorHora.moeda,
    preco_por_hora_centavos: espaco.precoPorHora.centavos,
    taxa_limpeza_centavos: espaco.taxaLimpeza.centavos,
    folga_minutos: espaco.folgaMinutos,
    antecedencia_minima_minutos: limites.antecedenciaMinimaMinutos,
    antecedencia_maxima_dias: limites.antecedenciaMaximaDias,
    duracao_minima_minutos: limites.duracaoMinimaMinutos,
    duracao_maxima_minutos: limites.duracaoMaximaMinutos,
    grade_minutos: limites.gradeMinutos,
    pico_centesimos: multiplicadores.picoCentesimos,
    fim_de_semana_centesimos: multiplicadores.fimDeSemanaCentesimos,
    antecedencia_centesimos: multiplicadores.antecedenciaCentesimos,
    horarios: JSON.stringify(espaco.horarios),
    extras: JSON.stringify(espaco.extras.map(emJson)),
    espera_pagamento_minutos: espaco.esperaPagamentoMinutos,
    carencia_cancelamento_minutos: espaco.carenciaCancelamentoMinutos,
    pendentes_reservas: limitesPendentes.reservas,
    pendentes_horas: limitesPendentes.horas,
    pendentes_resfriamento_minutos: limitesPendentes.resfriamentoMinutos,
    bonus_mensal_centavos: espaco.bonusMensal.centavos,
    ativo: espaco.ativo,
    versao: espaco.versao,
    criado_em: espaco.criadoEm,
    atualizado_em: espaco.atualizadoEm,
  };
}

function emJson({ codigo, nome, preco, quantidadeMaxima }: ExtraCatalogo): ExtraJson {
  return { codigo, nome, centavos: Number(preco.centavos), quantidadeMaxima };
}
