import type { DataSource } from 'typeorm';

/**
 * What takes a slot, and until when, as the business rules have it (docs/business-rules/conflitos-reserva.md). Said here
 * once more: the product, which is judged by it, has no part in it.
 */
const OCUPANTES = `(
  select id, espaco_id, data_inicio, data_fim, ignora_buffer,
         data_fim + folga_minutos * interval '1 minute' as livre_de_novo
  from reservas where status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA'))`;

/** What must never be found, whatever was asked for in whatever order; each query answers the offenders. */
const VIOLATIONS: Readonly<Record<string, string>> = {
  'two reservations overlap': `
    select a.id from ${OCUPANTES} a join ${OCUPANTES} b on a.espaco_id = b.espaco_id and a.id < b.id
    where a.data_inicio < b.data_fim and b.data_inicio < a.data_fim`,
  'a buffer is not kept': `
    select a.id from ${OCUPANTES} a join ${OCUPANTES} b on a.espaco_id = b.espaco_id and a.id <> b.id
    where not a.ignora_buffer and not b.ignora_buffer
      and a.data_inicio < b.livre_de_novo and b.data_inicio < a.livre_de_novo`,
  'a history has gaps or ends in another status': `
    select r.id from reservas r left join lateral (
      select count(*) as passos, max(h.versao) as ultima,
             (array_agg(h.para_status order by h.versao desc))[1] as status
      from reservas_historico h where h.reserva_id = r.id) h on true
    where h.passos <> r.versao or h.ultima <> r.versao or h.status <> r.status`,
  'a reservation was not announced once': `
    select r.id from reservas r
    where 1 <> (select count(*) from outbox o
                where o.agregado_id = r.id and o.assunto = 'reservas.v1.ReservaCriada')`,
  'an end was not announced': `
    select r.id from reservas r
    where r.status in ('CONFIRMADA', 'CANCELADA', 'EXPIRADA', 'CONCLUIDA')
      and not exists (select 1 from outbox o where o.agregado_id = r.id
        and o.assunto = 'reservas.v1.Reserva' || initcap(r.status))`,
  'a history or an event is of no reservation': `
    select h.reserva_id as id from reservas_historico h left join reservas r on r.id = h.reserva_id where r.id is null
    union all
    select o.agregado_id from outbox o left join reservas r on r.id = o.agregado_id
    where o.assunto like 'reservas.v1.Reserva%' and r.id is null`,
};

/** The promises that the stored rows break, with the reservations that break them; empty when all is well. */
export async function violations(dataSource: DataSource): Promise<string[]> {
  const found: string[] = [];
  for (const [violation, sql] of Object.entries(VIOLATIONS)) {
    const rows: { id: string }[] = await dataSource.query(sql);
    if (rows.length > 0) found.push(`${violation}: ${rows.map(({ id }) => id).join(', ')}`);
  }
  return found;
}
