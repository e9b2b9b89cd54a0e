import type { Fato } from '@plataforma/domain/domain-error';
import { Recusa } from '../../comum/domain/recusa.ts';
import type { OcorrenciaAvaliada } from './avaliar-serie.ts';

/** A date that cannot be booked. */
export type OcorrenciaImpedida = Extract<OcorrenciaAvaliada, { readonly recusa: Recusa }>;

/** Dates named in a message; the details name all of them. */
const MAXIMO_NO_TEXTO = 5;

/** Somebody has booked dates of the series. */
class SerieComConflitosError extends Recusa {
  readonly motivo = 'SERIE_COM_CONFLITOS';
}

/** Dates of the series break a rule. */
class SerieComRecusasError extends Recusa {
  readonly motivo = 'SERIE_COM_RECUSAS';
}

/** The refusal of a whole series: the reason tells whether anybody is in the way, the details name every date. */
export function serieRecusada(impedidas: readonly OcorrenciaImpedida[], sobraAlguma: boolean): Recusa {
  const conflitos = impedidas.filter(({ estado }) => estado === 'CONFLITO');
  const recusas = impedidas.filter(({ estado }) => estado === 'RECUSADA');
  const conselho = sobraAlguma
    ? 'Exclua estas datas ou peça PULAR_CONFLITOS.'
    : 'Nenhuma data da série pode ser reservada.';
  const message = `${emTexto(impedidas)} ${conselho}`;
  const detalhes = {
    ...(conflitos.length > 0 && { conflitos: conflitos.map(({ data }) => data) }),
    ...(recusas.length > 0 && { recusas: porMotivo(recusas) }),
  };
  return conflitos.length > 0
    ? new SerieComConflitosError(message, detalhes)
    : new SerieComRecusasError(message, detalhes);
}

/** Dates in a list for each reason: there may be a hundred of them, and a detail has to be short. */
function porMotivo(recusas: readonly OcorrenciaImpedida[]): Fato[] {
  const motivos = [...new Set(recusas.map(({ recusa }) => recusa.motivo))];
  return motivos.map((motivo) => ({
    motivo,
    datas: recusas.filter(({ recusa }) => recusa.motivo === motivo).map(({ data }) => data),
  }));
}

function emTexto(impedidas: readonly OcorrenciaImpedida[]): string {
  const datas = impedidas
    .slice(0, MAXIMO_NO_TEXTO)
    .map(({ data, recusa }) => `${emPortugues(data)}: ${recusa.message}`);
  const outras = impedidas.length - datas.length;
  return [...datas, ...(outras > 0 ? [`E mais ${outras}.`] : [])].join(' ');
}

function emPortugues(data: string): string {
  return data.split('-').reverse().join('/');
}
