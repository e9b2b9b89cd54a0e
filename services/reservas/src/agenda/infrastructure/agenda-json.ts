import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { AgendaOcupada } from '../application/ports.ts';

/** Instants as milliseconds since 1970. */
interface AgendaJson {
  readonly ocupacoes: readonly { readonly de: number; readonly ate: number; readonly folgaMinutos: number }[];
  readonly fechamentos: readonly {
    readonly id: string;
    readonly espacoId: string;
    readonly de: number;
    readonly ate: number;
    readonly anual: boolean;
    readonly motivo: string;
    readonly criadoEm: number;
  }[];
}

export function agendaToJson({ ocupacoes, fechamentos }: AgendaOcupada): string {
  const json: AgendaJson = {
    ocupacoes: ocupacoes.map(({ periodo, folgaMinutos }) => ({ ...emMs(periodo), folgaMinutos })),
    fechamentos: fechamentos.map(({ periodo, criadoEm, ...fechamento }) => ({
      ...fechamento,
      ...emMs(periodo),
      criadoEm: criadoEm.getTime(),
    })),
  };
  return JSON.stringify(json);
}

export function agendaFromJson(text: string): AgendaOcupada {
  const { ocupacoes, fechamentos } = JSON.parse(text) as AgendaJson;
  return {
    ocupacoes: ocupacoes.map(({ folgaMinutos, de, ate }) => ({ periodo: periodo(de, ate), folgaMinutos })),
    fechamentos: fechamentos.map(({ de, ate, criadoEm, ...fechamento }) => ({
      ...fechamento,
      periodo: periodo(de, ate),
      criadoEm: new Date(criadoEm),
    })),
  };
}

function emMs({ inicio, fim }: PeriodoReserva): { de: number; ate: number } {
  return { de: inicio.getTime(), ate: fim.getTime() };
}

function periodo(de: number, ate: number): PeriodoReserva {
  const guardado = PeriodoReserva.create(new Date(de), new Date(ate));
  if (guardado.isFailure) throw guardado.error;
  return guardado.value;
}
