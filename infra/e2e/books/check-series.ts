import type { LivroDeSerie, Ocorrencia } from './livros.ts';

/** A series is there as a whole, once, and each of its dates is charged for what it costs. */
export function conferirSeries(series: readonly LivroDeSerie[]): string[] {
  return series.flatMap((serie) =>
    [...conferirPlano(serie), ...serie.ocorrencias.flatMap((uma) => conferirOcorrencia(serie, uma))].map(
      (problema) => `${serie.id}: ${problema}`,
    ),
  );
}

function conferirPlano({ rrule, modo, excluidas, puladas, iguais, ocorrencias }: LivroDeSerie): string[] {
  const problemas: string[] = [];
  // Dates that are left out count. A rule that ends on a date does not say how many there are.
  const datas = Number(/COUNT=(\d+)/.exec(rrule)?.[1] ?? Number.NaN) - excluidas - puladas;
  if (!Number.isNaN(datas) && ocorrencias.length !== datas)
    problemas.push(`${ocorrencias.length} reservations for ${datas} dates`);
  if (modo === 'TUDO_OU_NADA' && puladas > 0) problemas.push(`all or nothing, and ${puladas} dates left out`);
  if (new Set(ocorrencias.map(({ numero }) => numero)).size < ocorrencias.length)
    problemas.push('a date is booked twice');
  if (iguais > 1) problemas.push(`made ${iguais} times under one key`);
  return problemas;
}

const ENCERRADA = ['CANCELADA', 'EXPIRADA'];

function conferirOcorrencia(serie: LivroDeSerie, ocorrencia: Ocorrencia): string[] {
  const { id, status, valor, cobrancas, minutos } = ocorrencia;
  const problemas: string[] = [];
  if (ocorrencia.clienteId !== serie.clienteId || ocorrencia.espacoId !== serie.espacoId)
    problemas.push(`${id} is of another customer or space`);
  if (minutos !== serie.duracaoMinutos) problemas.push(`${id} takes ${minutos} minutes`);
  // What ended at once may have ended before anybody charged it.
  const minimo = valor === 0 || ENCERRADA.includes(status) ? 0 : 1;
  if (cobrancas.length < minimo || cobrancas.length > 1)
    problemas.push(`${id} is charged ${cobrancas.length} times`);
  for (const centavos of cobrancas)
    if (centavos !== valor) problemas.push(`${id} is charged ${centavos} of ${valor} cents`);
  return problemas;
}
