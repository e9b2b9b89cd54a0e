import type { EntradaDaFila, Sources } from './books.ts';
import { OCUPA } from './statuses.ts';

// Yearly closures are not told apart: a space that has any is never open here.
const FILAS = `
  select f.id, f.ordem::int, f.status, f.cliente_id as "clienteId", f.espaco_id as "espacoId", f.data_inicio as inicio,
    f.data_fim as fim, f.encerra_em as "encerraEm", anuncios.vezes as anuncios,
    anuncios.posicao as "posicaoDaOferta",
    case when r.id is not null then jsonb_build_object('reservaId', r.id, 'status', r.status, 'clienteId', r.cliente_id,
      'inicio', r.data_inicio, 'fim', r.data_fim, 'confirmada', r.confirmada_em is not null) end as oferta,
    e.ativo
      and not exists (
        select from reservas o where o.espaco_id = f.espaco_id and o.status = any ($3)
          and o.data_inicio < f.data_fim + e.folga_minutos * interval '1 minute' and f.data_inicio < o.bloqueio_fim)
      and not exists (
        select from fechamentos c where c.espaco_id = f.espaco_id
          and (c.anual or c.data_inicio < f.data_fim and f.data_inicio < c.data_fim)) as livre,
    exists (select from contas c where c.usuario_id = f.cliente_id and not c.ativa)
      or exists (
        select from reservas d where d.cliente_id = f.cliente_id and d.espaco_id = f.espaco_id
          and d.confirmada_em is null and d.status in ('EXPIRADA', 'CANCELADA')
          and d.data_inicio < f.data_fim and f.data_inicio < d.data_fim
          and d.atualizada_em > $2::timestamptz - interval '30 minutes') as impedida
  from fila_espera f join espacos e on e.id = f.espaco_id left join reservas r on r.id = f.reserva_id
    cross join lateral (
      select count(*)::int as vezes, min(posicao)::int as posicao from outbox
      where agregado_id = f.id and assunto = 'reservas.v1.VagaOferecida') as anuncios
  where f.espaco_id in (select espaco_id from reservas where id = any ($1)) order by f.ordem`;

type FilaRow = Omit<EntradaDaFila, 'oferta'> & {
  readonly oferta:
    | (Omit<NonNullable<EntradaDaFila['oferta']>, 'inicio' | 'fim'> & { inicio: string; fim: string })
    | null;
};

/** Reads the lines at the spaces of these reservations. */
export async function readFilas(
  sources: Pick<Sources, 'query'>,
  reservaIds: readonly string[],
  now: Date,
): Promise<EntradaDaFila[]> {
  const rows = await sources.query<FilaRow>('reservas', FILAS, [reservaIds, now, OCUPA]);
  return rows.map(({ oferta, ...row }) => ({
    ...row,
    oferta: oferta && { ...oferta, inicio: new Date(oferta.inicio), fim: new Date(oferta.fim) },
  }));
}
