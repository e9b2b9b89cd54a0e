import type { Ocorrencia, SerieBook, Sources } from './books.ts';

/** Each key names one series: an equal one that no key names was made by a call that came again. */
const SERIES = `
  select s.id, s.cliente_id as "clienteId", s.espaco_id as "espacoId", s.modo, s.rrule,
    s.duracao_minutos as "duracaoMinutos", jsonb_array_length(s.datas_excluidas) as excluidas,
    jsonb_array_length(s.puladas) as puladas, 1 + (
      select count(*)::int from series o
      where o.id <> s.id and not exists (select from idempotencia i where i.efeito = o.id)
        and (o.cliente_id, o.espaco_id, o.inicio_local, o.rrule, o.modo)
          = (s.cliente_id, s.espaco_id, s.inicio_local, s.rrule, s.modo)) as iguais
  from series s where s.id in (select serie_id from reservas where id = any ($1)) order by s.id`;

const OCORRENCIAS = `
  select id, serie_id as "serieId", serie_numero as numero, status, cliente_id as "clienteId", espaco_id as "espacoId",
    (extract(epoch from data_fim - data_inicio) / 60)::int as minutos, valor_centavos::int as valor
  from reservas where serie_id = any ($1) order by serie_id, serie_numero`;

/** A customer who gives a date up before its charge was asked for leaves a payment that charges nothing. */
const COBRANCAS = `
  select p.reserva_id as "reservaId", p.centavos::int from pagamentos p
  where p.reserva_id = any ($1)
    and exists (select from eventos_pagamento where fluxo = p.id and tipo = 'CobrancaCriada')`;

/** Reads the series that these reservations belong to, with all their reservations and what is charged for them. */
export async function readSeries(
  sources: Pick<Sources, 'query'>,
  reservaIds: readonly string[],
): Promise<SerieBook[]> {
  const series = await sources.query<Omit<SerieBook, 'ocorrencias'>>('reservas', SERIES, [reservaIds]);
  const ocorrencias = await sources.query<Omit<Ocorrencia, 'cobrancas'> & { readonly serieId: string }>(
    'reservas',
    OCORRENCIAS,
    [series.map(({ id }) => id)],
  );
  const cobrancas = await sources.query<{ reservaId: string; centavos: number }>('pagamentos', COBRANCAS, [
    ocorrencias.map(({ id }) => id),
  ]);
  return series.map((serie) => ({
    ...serie,
    ocorrencias: ocorrencias
      .filter(({ serieId }) => serieId === serie.id)
      .map(({ serieId: _, ...ocorrencia }) => ({
        ...ocorrencia,
        cobrancas: cobrancas
          .filter(({ reservaId }) => reservaId === ocorrencia.id)
          .map(({ centavos }) => centavos),
      })),
  }));
}
