/** The message `n` waits to be sent, and may be. */
export const PRONTA = `n.status = 'PENDENTE' and not n.retida and n.disponivel_em <= $1`;

/** Its addressee `c` may be written to, or is gone, so that it is given up; or it goes to an address of its own. */
export const CONHECIDO = `(c.email_verificado or c.removido_em is not null or n.modelo = 'BOAS_VINDAS' or n.dados ? 'email')`;

/**
 * Who may be written to was decided when the message was written or the contact changed; the join asks again, for copies
 * of the service that know nothing of it write messages, too. `materialized`, since a subquery with a limit and locks must
 * run once. A group is of one channel. The outer select makes the driver answer rows, not a count. A sender that takes one of a
 * group takes the others, too, and under a lock: else two senders would have parts of it. Of the first that are due only there are
 * enough for a few senders that look at the same moment: each row that is looked at costs, and a lock that is tried fills the memory for
 * locks, which all share.
 */
export const LEASE = `
  with primeiras as materialized (
    select n.id, n.grupo from notificacoes n join contatos c on c.usuario_id = n.cliente_id
    where n.canal = $7 and ${PRONTA} and ${CONHECIDO}
    order by n.disponivel_em, n.id
    limit $2::int * 4
  ), livres as materialized (
    select id from primeiras
    where grupo is null or pg_try_advisory_xact_lock(hashtextextended('grupo:' || grupo, 0))
  ), prontas as materialized (
    select n.id, n.grupo from livres join notificacoes n on n.id = livres.id
    where ${PRONTA}
    order by n.disponivel_em, n.id
    limit $2
    for update of n skip locked
  ), juntas as materialized (
    select deles.id
    from (select distinct grupo from prontas where grupo is not null) grupos
      cross join lateral (
        select n.id from notificacoes n
        where n.grupo = grupos.grupo and n.status = 'PENDENTE' and not n.retida and n.disponivel_em <= $5
          and (n.posse is null or n.disponivel_em <= $1)
        order by n.disponivel_em, n.id
        limit $6
        for update of n skip locked
      ) deles
  ), todas as (
    select id from prontas where grupo is null union all select id from juntas
  ), tomadas as (
    update notificacoes n set posse = $3, disponivel_em = $4
    from todas where n.id = todas.id
    returning n.id, cliente_id, canal, modelo, reserva_id, dados, recusas, adiamentos, criada_em, devida_em, valida_ate, grupo,
      silencio_ate, rastro
  )
  select id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", dados, recusas, adiamentos,
    criada_em as "criadoEm", greatest(coalesce(devida_em, criada_em), silencio_ate) as "devidaEm", valida_ate as "validoAte", grupo,
    rastro
  from tomadas order by criada_em, id`;
