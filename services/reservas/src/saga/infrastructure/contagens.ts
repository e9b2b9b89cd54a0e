import type { DataSource } from 'typeorm';

// Telling pagamentos again does not get a refund on.
const ESTORNOS_PARADOS = `
  select case when devolucao_anuncio_em is not null then 'SEM_RESPOSTA'
      when estorno_status is null and exists (
        select from reservas_historico h where h.reserva_id = r.id and h.evento = 'DevolucaoRecusada') then 'RECUSADA'
      else coalesce(estorno_status, 'SEM_RESPOSTA') end
    as situacao, count(*)::int as total
  from reservas r
  where (reembolso_centavos > 0 or pagamento_nao_aproveitado is not null)
    and (estorno_status is distinct from 'CONCLUIDO' or devolucao_anuncio_em is not null)
    and (estorno_status = 'FALHOU' or
      (select max(em) from reservas_historico h
        where h.reserva_id = r.id and h.evento <> 'CancelamentoReanunciado')
        <= case when estorno_status is null or devolucao_anuncio_em is not null then $1::timestamptz else $2::timestamptz end)
  group by 1`;

/**
 * Refunds that do not get on, by how far they are: nothing heard of, or refused, since `semRespostaDesde`, not done since
 * `pedidoDesde`, or failed.
 */
export async function contarEstornosParados(
  dataSource: DataSource,
  semRespostaDesde: Date,
  pedidoDesde: Date,
): Promise<ReadonlyArray<{ situacao: string; total: number }>> {
  return dataSource.query(ESTORNOS_PARADOS, [semRespostaDesde, pedidoDesde]);
}

// Few rows, for the index holds no others. A fact that was taken by a replica of the version before counts as well.
const SEM_PAGAMENTO = `
  select count(*)::int as total from (
    select from reservas r
    where status in ('CONFIRMADA', 'CONCLUIDA') and valor_centavos > 0
      and (pago_em is null or estornado_centavos >= valor_centavos)
      and data_fim > $1
      and (estornado_centavos >= valor_centavos
        or not exists (select from saga_ocorrencias o where o.reserva_id = r.id and o.fato = 'PagamentoAprovado'
          and o.resultado in ('FEITA', 'SEM_EFEITO')))
    limit 1000) r`;

/**
 * Reservations that stand without their money, or took place without it since `desde`: nobody told that it came in, or
 * all of it has gone back. At most a thousand.
 */
export async function contarSemPagamento(dataSource: DataSource, desde: Date): Promise<number> {
  const [row]: { total: number }[] = await dataSource.query(SEM_PAGAMENTO, [desde]);
  return row?.total ?? 0;
}
