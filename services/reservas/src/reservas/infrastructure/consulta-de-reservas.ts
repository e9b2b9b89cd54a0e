import type { Posicao } from '@plataforma/domain/page-token';
import type { DataSource } from 'typeorm';
import type { StatusReserva } from '../../agenda/domain/status-reserva.ts';
import type { ConsultaDeReservas, FiltroReservas } from '../application/ports.ts';
import type { EstadoReserva } from '../domain/estado-reserva.ts';
import type { PassoComAutor } from '../domain/historico.ts';
import { type ReservaRow, reservaFromRow } from './reserva-row.ts';

/** Every filter is optional: a null parameter lets everything pass. */
const RESERVAS = `
  select * from reservas
  where (cliente_id = $1::text or $1::text is null) and (espaco_id = $2::text or $2::text is null)
    and (status = $3::text or $3::text is null)
    and (data_fim > $4::timestamptz or $4::timestamptz is null)
    and (data_inicio < $5::timestamptz or $5::timestamptz is null)
    and ((criada_em, id) < ($6::timestamptz, $7::text) or $6::timestamptz is null)
  order by criada_em desc, id desc limit $8`;

/** The newest steps: far more than a reservation has, unless somebody keeps doing the same to it. */
const MAXIMO_PASSOS = 500;

/** Who ran the space then, or was ADMIN, is told by the assignments and accounts of then and now. */
const HISTORICO = `
  select h.versao, h.evento, h.de_status, h.para_status, h.quem, h.porque, h.em,
    exists (select from contas c where c.usuario_id = h.quem and c.admin_ate >= h.em) as era_admin,
    exists (select from espaco_gestores g where g.espaco_id = r.espaco_id and g.usuario_id = h.quem)
      or exists (select from gestoes_encerradas e
        where e.espaco_id = r.espaco_id and e.usuario_id = h.quem and e.ate >= h.em) as geria_espaco
  from reservas_historico h join reservas r on r.id = h.reserva_id
  where h.reserva_id = $1 order by h.versao desc limit ${MAXIMO_PASSOS}`;

interface HistoricoRow {
  readonly era_admin: boolean;
  readonly geria_espaco: boolean;
  readonly versao: number;
  readonly evento: string;
  readonly de_status: StatusReserva | null;
  readonly para_status: StatusReserva;
  readonly quem: string;
  readonly porque: string;
  readonly em: Date;
}

const PARADAS = `
  select count(*)::int as paradas from reservas where status = 'EXPIRANDO' and expirando_desde <= $1`;

const VENCIDAS = `
  select count(*)::int as vencidas from reservas
  where status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO') and expira_em <= $1`;

export class PostgresConsultaDeReservas implements ConsultaDeReservas {
  readonly #dataSource: Pick<DataSource, 'query'>;

  constructor(dataSource: Pick<DataSource, 'query'>) {
    this.#dataSource = dataSource;
  }

  async reserva(id: string): Promise<EstadoReserva | undefined> {
    const [row]: ReservaRow[] = await this.#dataSource.query('select * from reservas where id = $1', [id]);
    return row && reservaFromRow(row);
  }

  async historico(reservaId: string): Promise<PassoComAutor[]> {
    const rows: HistoricoRow[] = await this.#dataSource.query(HISTORICO, [reservaId]);
    return rows.reverse().map(({ de_status, para_status, era_admin, geria_espaco, ...passo }) => ({
      ...passo,
      de: de_status ?? undefined,
      para: para_status,
      eraAdmin: era_admin,
      geriaEspaco: geria_espaco,
    }));
  }

  async reservas(
    { clienteId, espacoId, status, dataInicio, dataFim }: FiltroReservas,
    maximo: number,
    depoisDe: Posicao | undefined,
  ): Promise<EstadoReserva[]> {
    const filters = [clienteId, espacoId, status, dataInicio, dataFim];
    const parameters = [...filters, depoisDe?.ordem, depoisDe?.id, maximo];
    const rows: ReservaRow[] = await this.#dataSource.query(RESERVAS, parameters);
    return rows.map(reservaFromRow);
  }
}

/** Unpaid holds whose deadline is over: they block their slots until the charge is closed at its provider. */
export async function contarVencidas(dataSource: DataSource, agora: Date): Promise<number> {
  const [row]: { vencidas: number }[] = await dataSource.query(VENCIDAS, [agora]);
  return row?.vencidas ?? 0;
}

/** Holds that wait since before this instant for pagamentos to say what became of their charge. */
export async function contarParadas(dataSource: DataSource, desde: Date): Promise<number> {
  const [row]: { paradas: number }[] = await dataSource.query(PARADAS, [desde]);
  return row?.paradas ?? 0;
}
