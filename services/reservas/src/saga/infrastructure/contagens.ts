import type { DataSource } from 'typeorm';

/**
 * `devidas`: money is to go back, and has not, as far as is known. `situadas`: how far that is, and since when; that the
 * cancellation was told again does not get a refund on. `paradas`: those that are late, and those that failed at once.
 */
const ESTORNOS_PARADOS = `
  with devidas as (
    select id, estorno_status, devolucao_anuncio_em is not null as sem_resposta
    from reservas
    where (reembolso_centavos > 0 or pagamento_nao_aproveitado is not null)
      and (estorno_status is distinct from 'CONCLUIDO' or devolucao_anuncio_em is not null)
  ),
  situadas as (
    select estorno_status,
      case
        when sem_resposta then 'SEM_RESPOSTA'
        when estorno_status is not null then estorno_status
        when exists (
          select from reservas_historico h where h.reserva_id = d.id and h.evento = 'DevolucaoRecusada'
        ) then 'RECUSADA'
        else 'SEM_RESPOSTA'
      end as situacao,
      (
        select max(em) from reservas_historico h
        where h.reserva_id = d.id and h.evento <> 'CancelamentoReanunciado'
      ) as desde
    from devidas d
  ),
  paradas as (
    select situacao from situadas
    where estorno_status = 'FALHOU'
      or (situacao in ('SEM_RESPOSTA', 'RECUSADA') and desde <= $1::timestamptz)
      or (situacao = 'SOLICITADO' and desde <= $2::timestamptz)
  )
  select situacao, count(*)::int as total from paradas group by situacao`;

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

/**
 * `suspeitas`: what one index holds, which are few. `sem_dinheiro`: those of them whose money has all gone back, or of
 * whose payment no fact was taken; one that a replica of the version before took counts as well.
 */
const SEM_PAGAMENTO = `
  with suspeitas as (
    select id, estornado_centavos >= valor_centavos as tudo_voltou
    from reservas
    where status in ('CONFIRMADA', 'CONCLUIDA') and valor_centavos > 0
      and (pago_em is null or estornado_centavos >= valor_centavos)
      and data_fim > $1
  ),
  sem_dinheiro as (
    select from suspeitas s
    where tudo_voltou or not exists (
      select from saga_ocorrencias o
      where o.reserva_id = s.id and o.fato = 'PagamentoAprovado' and o.resultado in ('FEITA', 'SEM_EFEITO')
    )
    limit 1000
  )
  select count(*)::int as total from sem_dinheiro`;

/**
 * Reservations that stand without their money, or took place without it since `desde`: pagamentos has not told that it came
 * in, or all of it has gone back. At most a thousand.
 */
export async function contarSemPagamento(dataSource: DataSource, desde: Date): Promise<number> {
  const [row]: { total: number }[] = await dataSource.query(SEM_PAGAMENTO, [desde]);
  return row?.total ?? 0;
}
