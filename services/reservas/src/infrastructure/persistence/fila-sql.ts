import { COLUNAS_DA_ENTRADA } from './entrada-row.ts';
import { OCUPA_SQL } from './ocupantes-sql.ts';

/** The statuses of the unique index `fila_espera_ativa_uq`, literally, so that the planner can use it. */
export const ATIVA_SQL = `status in ('AGUARDANDO', 'OFERTADA')`;

/** Place in line of the entry `f`: those before it who want some of the same time, and itself. */
export const POSICAO = `
  case when f.status = 'AGUARDANDO' then 1 + (
    select count(*) from fila_espera antes
    where antes.espaco_id = f.espaco_id and antes.status = 'AGUARDANDO' and antes.ordem < f.ordem
      and tstzrange(antes.data_inicio, antes.data_fim) && tstzrange(f.data_inicio, f.data_fim))
  else 0 end::int as posicao`;

const ESPERA_POR_VAGA = `
  f.espaco_id = $1 and f.status = 'AGUARDANDO' and f.encerra_em > $2
    and not exists (
      select 1 from reservas r
      where r.espaco_id = f.espaco_id and r.${OCUPA_SQL}
        and tstzrange(r.data_inicio, r.data_fim) && tstzrange(f.data_inicio, f.data_fim))`;

export const ESPERANDO = `
  select ${COLUNAS_DA_ENTRADA} from fila_espera f where ${ESPERA_POR_VAGA} order by f.ordem limit $3`;

/** Who reaches into two stretches comes once. */
export const ESPERANDO_EM = `
  select distinct ${COLUNAS_DA_ENTRADA} from unnest($3::timestamptz[], $4::timestamptz[]) as j (de, ate)
  cross join lateral (
    select f.* from fila_espera f
    where ${ESPERA_POR_VAGA} and tstzrange(f.data_inicio, f.data_fim) && tstzrange(j.de, j.ate)
    order by f.ordem limit $5) as f
  order by f.ordem`;

export const CONTAR_ESPERANDO = `
  select count(*)::int as esperando from fila_espera
  where espaco_id = $1 and status = 'AGUARDANDO' and tstzrange(data_inicio, data_fim) && tstzrange($2, $3)`;

export const A_ENCERRAR = `
  select ${COLUNAS_DA_ENTRADA} from fila_espera f where status = 'AGUARDANDO' and encerra_em <= $1
  order by encerra_em limit $2 for no key update skip locked`;

export const ESPACOS_COM_VAGA = `
  select espaco_id from fila_vagas group by espaco_id order by min(posicao) limit $1`;
