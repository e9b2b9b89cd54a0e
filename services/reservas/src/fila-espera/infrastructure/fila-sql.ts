import { OCUPA_SQL } from '../../agenda/infrastructure/ocupantes-sql.ts';
import { FALHAS_ATE_PASSAR } from '../../trabalhos/domain/trabalhos-adiados.ts';
import { adiado } from '../../trabalhos/infrastructure/trabalhos-adiados.ts';
import { COLUNAS_DA_ENTRADA } from './entrada-row.ts';

/** The statuses of the unique index `fila_espera_ativa_uq`, literally, so that the planner can use it. */
export const ATIVA_SQL = `status in ('AGUARDANDO', 'OFERTADA')`;

/** Place in line of the entry `f`: those before it who want some of the same time, and itself. */
export const POSICAO = `
  case when f.status = 'AGUARDANDO' then 1 + (
    select count(*) from fila_espera antes
    where antes.espaco_id = f.espaco_id and antes.status = 'AGUARDANDO' and antes.ordem < f.ordem
      and tstzrange(antes.data_inicio, antes.data_fim) && tstzrange(f.data_inicio, f.data_fim))
  else 0 end::int as posicao`;

/** Nothing is held for an account that is suspended, which could not accept it. */
const ESPERA_POR_VAGA = `
  f.espaco_id = $1 and f.status = 'AGUARDANDO' and f.encerra_em > $2
    and not ${adiado('OFERTA', 'f.id', '$2', FALHAS_ATE_PASSAR)}
    and not exists (select 1 from contas c where c.usuario_id = f.cliente_id and not c.ativa)
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

const aEncerrar = (colunas: string) => `
  select ${colunas} from fila_espera f
  where status = 'AGUARDANDO' and encerra_em <= $1 and not ${adiado('FIM_DA_ESPERA', 'f.id', '$1')}
  order by encerra_em limit $2`;

export const A_ENCERRAR = `${aEncerrar(COLUNAS_DA_ENTRADA)} for no key update of f skip locked`;

export const IDS_A_ENCERRAR = aEncerrar('f.id');

export const TEM_ADIADAS = `
  select exists (
    select from fila_espera f
    where f.espaco_id = $1 and f.status = 'AGUARDANDO' and f.encerra_em > $2
      and ${adiado('OFERTA', 'f.id', '$2', FALHAS_ATE_PASSAR)}) as tem`;

/** One mark says as much as many. */
export const ADIAR_VAGAS = `
  with velhas as (delete from fila_vagas where espaco_id = $1 returning espaco_id)
  insert into fila_vagas (espaco_id) select distinct espaco_id from velhas`;

export const ESPACOS_COM_VAGA = `
  select espaco_id from fila_vagas group by espaco_id order by min(posicao) limit $1`;

export const PRIMEIRA_A_ENCERRAR = aEncerrar('f.encerra_em');

/**
 * Whether what was put off, `a`, is still due at $1. An offer is while a mark says that something is free: to the entry that
 * still waits for it, or, where the space itself could not be looked at, to whom is not known.
 */
export const ADIADAS_E_DEVIDAS = {
  FIM_DA_ESPERA: `
    select true from fila_espera f where f.id = a.item_id and f.status = 'AGUARDANDO' and f.encerra_em <= $1`,
  OFERTA: `
    select true from fila_vagas v left join fila_espera f on f.id = a.item_id
    where v.espaco_id = a.item_id
      or v.espaco_id = f.espaco_id and f.status = 'AGUARDANDO' and f.encerra_em > $1
    limit 1`,
};
