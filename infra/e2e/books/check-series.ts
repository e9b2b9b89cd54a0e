import type { Ocorrencia, SerieBook } from './books.ts';

/** A series is there as a whole, once, and each of its dates is charged for what it costs. */
export function checkSeries(series: readonly SerieBook[]): string[] {
  return series.flatMap((serie) =>
    [...checkPlan(serie), ...serie.ocorrencias.flatMap((one) => checkOcorrencia(serie, one))].map(
      (problem) => `${serie.id}: ${problem}`,
    ),
  );
}

function checkPlan({ rrule, modo, excluidas, puladas, iguais, ocorrencias }: SerieBook): string[] {
  const problems: string[] = [];
  // Dates that are left out count. A rule that ends on a date does not say how many there are.
  const datas = Number(/COUNT=(\d+)/.exec(rrule)?.[1] ?? Number.NaN) - excluidas - puladas;
  if (!Number.isNaN(datas) && ocorrencias.length !== datas)
    problems.push(`${ocorrencias.length} reservations for ${datas} dates`);
  if (modo === 'TUDO_OU_NADA' && puladas > 0) problems.push(`all or nothing, and ${puladas} dates left out`);
  if (new Set(ocorrencias.map(({ numero }) => numero)).size < ocorrencias.length)
    problems.push('a date is booked twice');
  if (iguais > 1) problems.push(`made ${iguais} times under one key`);
  return problems;
}

const ENCERRADA = ['CANCELADA', 'EXPIRADA'];

function checkOcorrencia(serie: SerieBook, ocorrencia: Ocorrencia): string[] {
  const { id, status, valor, cobrancas, minutos } = ocorrencia;
  const problems: string[] = [];
  if (ocorrencia.clienteId !== serie.clienteId || ocorrencia.espacoId !== serie.espacoId)
    problems.push(`${id} is of another customer or space`);
  if (minutos !== serie.duracaoMinutos) problems.push(`${id} takes ${minutos} minutes`);
  // What ended at once may have ended before anybody charged it.
  const minimum = valor === 0 || ENCERRADA.includes(status) ? 0 : 1;
  if (cobrancas.length < minimum || cobrancas.length > 1)
    problems.push(`${id} is charged ${cobrancas.length} times`);
  for (const centavos of cobrancas)
    if (centavos !== valor) problems.push(`${id} is charged ${centavos} of ${valor} cents`);
  return problems;
}
