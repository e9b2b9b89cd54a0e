import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Sql } from '@plataforma/runtime/transaction';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import { insertWithNewId } from '../../comum/infrastructure/insert-row.ts';
import { ClienteNaoEncontradoError } from '../../contas/domain/cliente-nao-encontrado.ts';
import { AcessoNegadoError } from '../../contas/domain/solicitante.ts';
import { PostgresPessoasRepository } from '../../contas/infrastructure/pessoas-repository.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { type ReservaRow, reservaFromRow } from '../../reservas/infrastructure/reserva-row.ts';
import type { CalendarioNovo, CalendariosRepository } from '../application/ports.ts';
import {
  type Calendario,
  CalendarioNaoEncontradoError,
  type JanelaDeCalendario,
  LimiteDeCalendariosError,
} from '../domain/calendario.ts';

interface CalendarioRow {
  readonly id: string;
  readonly dono_id: string;
  readonly espaco_id: string | null;
  readonly criado_em: Date;
}

/**
 * Not revoked, and the owner may still have it: neither the account is known to have ended nor the sessions that it was made in,
 * and the space is one of theirs, or every one is. News of an account that come late, or beside the making of a feed, therefore
 * leave none behind.
 */
const EM_VIGOR = `
  c.revogado_em is null
  and not exists (select from contas d where d.usuario_id = c.dono_id and (not d.ativa or d.geracao > c.geracao))
  and (c.espaco_id is null
    or c.por_admin is not false and not exists (
      select from contas d where d.usuario_id = c.dono_id and d.versao > 0 and d.admin_ate is distinct from 'infinity')
    or exists (select from espaco_gestores g where g.espaco_id = c.espaco_id and g.usuario_id = c.dono_id)
      and not exists (select from contas d where d.usuario_id = c.dono_id and not d.gestor))`;

const ATIVOS = `select c.* from calendarios c where c.dono_id = $1 and ${EM_VIGOR}`;

/** No call takes the space away from its GESTOR while a feed of it is being made: either it sees the feed, or this fails. */
const GERE = `
  select usuario_id from espaco_gestores where espaco_id = $1 and usuario_id = $2 for share`;

const REVOGAR = `
  update calendarios set revogado_em = coalesce(revogado_em, $3)
  where id = $1 and (dono_id = $2::text or $2::text is null)`;

const REVOGAR_ANTERIORES = `
  update calendarios set revogado_em = $3 where dono_id = $1 and geracao < $2 and revogado_em is null`;

const REVOGAR_DE_ESPACOS = `
  update calendarios c set revogado_em = $3
  where dono_id = $1 and espaco_id is not null and revogado_em is null
    and not ($2 and exists (
      select from espaco_gestores g where g.espaco_id = c.espaco_id and g.usuario_id = c.dono_id))`;

/** @param coluna `cliente_id` or `espaco_id`: each has its index. */
const reservasPor = (coluna: string) => `
  select * from (
    select * from reservas
    where ${coluna} = $1 and data_fim > $2 and data_inicio < $3
      and (status not in ('CANCELADA', 'EXPIRADA') or (confirmada_em is not null and atualizada_em > $4))
    order by abs(extract(epoch from data_inicio - $5::timestamptz)), id limit $6
  ) as mais_proximas order by data_inicio, id`;

// What has left the feed has changed it, too.
const alteracaoPor = (coluna: string) => `
  select max(atualizada_em) as em from reservas where ${coluna} = $1 and data_fim > $2 and data_inicio < $3`;

export class PostgresCalendariosRepository implements CalendariosRepository {
  readonly #dataSource: DataSource;
  readonly #uow: UnitOfWork<{ readonly sql: Sql }>;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#uow = new PostgresUnitOfWork(dataSource, (sql) => ({ sql }));
  }

  add(
    novo: CalendarioNovo,
    maximo: number,
  ): Promise<Result<void, AcessoNegadoError | ClienteNaoEncontradoError | LimiteDeCalendariosError>> {
    const { id, donoId, espacoId, criadoEm, impressao, semente, geracao, porAdmin } = novo;
    return this.#uow.run(async ({ sql, claimKey }) => {
      await claimKey(semente);
      // Under the lock of the owner the count stays true, too.
      const pessoas = new PostgresPessoasRepository(sql);
      if (await pessoas.removida(donoId)) return Result.fail(new ClienteNaoEncontradoError());
      if (espacoId !== undefined && !porAdmin) {
        const gere: unknown[] = await sql.query(GERE, [espacoId, donoId]);
        if (gere.length === 0) return Result.fail(new AcessoNegadoError('Você não gere mais este espaço.'));
      }
      const ativos: CalendarioRow[] = await sql.query(ATIVOS, [donoId]);
      if (ativos.length >= maximo) return Result.fail(new LimiteDeCalendariosError());
      await insertWithNewId(sql, 'calendarios', {
        id,
        dono_id: donoId,
        espaco_id: espacoId ?? null,
        impressao,
        geracao,
        por_admin: espacoId === undefined ? null : porAdmin,
        criado_em: criadoEm,
      });
      return Result.ok(undefined);
    });
  }

  async ativosDe(donoId: string): Promise<Calendario[]> {
    const rows: CalendarioRow[] = await this.#dataSource.query(`${ATIVOS} order by c.criado_em desc, c.id`, [
      donoId,
    ]);
    return rows.map(fromRow);
  }

  revogar(
    id: string,
    donoId: string | undefined,
    em: Date,
  ): Promise<Result<void, CalendarioNaoEncontradoError>> {
    return this.#uow.run(async ({ sql, claimKey }) => {
      await claimKey(id);
      const [, affected]: [unknown[], number] = await sql.query(REVOGAR, [id, donoId, em]);
      return affected === 1 ? Result.ok(undefined) : Result.fail(new CalendarioNaoEncontradoError());
    });
  }

  async revogarTodos(donoId: string, em: Date): Promise<void> {
    await this.#dataSource.query(
      'update calendarios set revogado_em = $2 where dono_id = $1 and revogado_em is null',
      [donoId, em],
    );
  }

  async revogarAnteriores(donoId: string, geracao: number, em: Date): Promise<void> {
    await this.#dataSource.query(REVOGAR_ANTERIORES, [donoId, geracao, em]);
  }

  async revogarDeEspacos(donoId: string, salvoAtribuidos: boolean, em: Date): Promise<void> {
    await this.#dataSource.query(REVOGAR_DE_ESPACOS, [donoId, salvoAtribuidos, em]);
  }

  async porImpressao(impressao: Buffer): Promise<Calendario | undefined> {
    const [row]: CalendarioRow[] = await this.#dataSource.query(
      `select c.* from calendarios c where c.impressao = $1 and ${EM_VIGOR}`,
      [impressao],
    );
    return row && fromRow(row);
  }

  async alteradoEm(calendario: Calendario, { de, ate }: JanelaDeCalendario): Promise<Date | undefined> {
    const [coluna, alvo] = deQuem(calendario);
    const [row]: { em: Date | null }[] = await this.#dataSource.query(alteracaoPor(coluna), [alvo, de, ate]);
    return row?.em ?? undefined;
  }

  async reservas(
    calendario: Calendario,
    { de, ate, encerradasDesde, agora }: JanelaDeCalendario,
    maximo: number,
  ): Promise<EstadoReserva[]> {
    const [coluna, alvo] = deQuem(calendario);
    const parameters = [alvo, de, ate, encerradasDesde, agora, maximo];
    const rows: ReservaRow[] = await this.#dataSource.query(reservasPor(coluna), parameters);
    return rows.map(reservaFromRow);
  }
}

function deQuem({ donoId, espacoId }: Calendario): readonly [coluna: string, alvo: string] {
  return espacoId === undefined ? ['cliente_id', donoId] : ['espaco_id', espacoId];
}

function fromRow({ id, dono_id, espaco_id, criado_em }: CalendarioRow): Calendario {
  return { id, donoId: dono_id, espacoId: espaco_id ?? undefined, criadoEm: criado_em };
}
