import type { Espaco } from '../../espacos/domain/espaco.ts';
import {
  FOLGA_MAXIMA_MINUTOS,
  MINUTO_MS,
  type Ocupacao,
  type PeriodoReserva,
} from '../../tempo/domain/periodo-reserva.ts';
import { alternativas, EspacoIndisponivelError } from '../domain/alternativas.ts';
import type { Ocupacoes } from '../domain/vizinhanca.ts';
import { cabe } from '../domain/vizinhanca.ts';
import type { Transacao } from './ports.ts';

type Trecho = Pick<PeriodoReserva, 'inicio' | 'fim'>;

const FOLGA_MAXIMA_MS = FOLGA_MAXIMA_MINUTOS * MINUTO_MS;
/** How far around the wanted period alternatives are looked for. */
const BUSCA_MS = 24 * 60 * MINUTO_MS;

/**
 * Whether no neighbour is in the period or, unless that rule is left aside, too near to it. Exact only while the space is
 * locked.
 */
export async function livre(
  reservas: Ocupacoes,
  espaco: Espaco,
  periodo: PeriodoReserva,
  dispensaDeFolga = false,
): Promise<boolean> {
  const vizinhas = await vizinhasDe(reservas, espaco.id, periodo);
  return cabe(periodo, vizinhas, espaco.estado.folgaMinutos, dispensaDeFolga);
}

/** What is taken so near to the period that it may be in its way. */
export function vizinhasDe(reservas: Ocupacoes, espacoId: string, periodo: Trecho): Promise<Ocupacao[]> {
  return aoRedor(reservas, espacoId, periodo, FOLGA_MAXIMA_MS);
}

/** The refusal of a taken slot, with what is free around it. */
export async function indisponivel(
  { reservas, fechamentos }: Transacao,
  espaco: Espaco,
  periodo: PeriodoReserva,
  agora: Date,
): Promise<EspacoIndisponivelError> {
  const alcance = BUSCA_MS + periodo.duracaoMs + FOLGA_MAXIMA_MS;
  const ocupacoes = await aoRedor(reservas, espaco.id, periodo, alcance);
  const fechados = await fechamentos.entre(
    espaco.id,
    new Date(periodo.inicio.getTime() - alcance),
    new Date(periodo.fim.getTime() + alcance),
  );
  return new EspacoIndisponivelError(alternativas(periodo, espaco, ocupacoes, agora, fechados));
}

function aoRedor(reservas: Ocupacoes, espacoId: string, { inicio, fim }: Trecho, ms: number) {
  return reservas.ocupacoes(espacoId, new Date(inicio.getTime() - ms), new Date(fim.getTime() + ms));
}
