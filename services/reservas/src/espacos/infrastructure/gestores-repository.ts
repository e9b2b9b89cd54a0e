import type { Posicao } from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Sql } from '@plataforma/runtime/transaction';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import { ClienteNaoEncontradoError } from '../../contas/domain/cliente-nao-encontrado.ts';
import { PostgresPessoasRepository } from '../../contas/infrastructure/pessoas-repository.ts';
import type { GestoresRepository } from '../application/ports.ts';
import { EspacoNaoEncontradoError } from '../domain/espaco.ts';
import type { Gestor } from '../domain/gestor.ts';

interface GestorRow {
  readonly espaco_id: string;
  readonly usuario_id: string;
  readonly atribuido_por: string;
  readonly atribuido_em: Date;
}

const ATRIBUIR = `
  insert into espaco_gestores (espaco_id, usuario_id, atribuido_por, atribuido_em)
  select id, $2, $3, $4 from espacos where id = $1
  on conflict do nothing`;

const REMOVER = 'delete from espaco_gestores where espaco_id = $1 and usuario_id = $2';

const POR_ID = 'select * from espaco_gestores where espaco_id = $1 and usuario_id = $2';

const LISTAR = `
  select * from espaco_gestores
  where espaco_id = $1 and (usuario_id > $2::text or $2::text is null)
  order by usuario_id limit $3`;

const REVOGAR_FEEDS = `
  update calendarios set revogado_em = $3 where dono_id = $2 and espaco_id = $1 and revogado_em is null`;

export class PostgresGestoresRepository implements GestoresRepository {
  readonly #dataSource: DataSource;
  readonly #uow: UnitOfWork<{ readonly sql: Sql }>;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#uow = new PostgresUnitOfWork(dataSource, (sql) => ({ sql }));
  }

  atribuir({
    espacoId,
    usuarioId,
    atribuidoPor,
    atribuidoEm,
  }: Gestor): Promise<Result<Gestor, EspacoNaoEncontradoError | ClienteNaoEncontradoError>> {
    return this.#uow.run(async ({ sql, claimKey }) => {
      await claimKey(usuarioId);
      const pessoas = new PostgresPessoasRepository(sql);
      if (await pessoas.removida(usuarioId)) return Result.fail(new ClienteNaoEncontradoError());
      await sql.query(ATRIBUIR, [espacoId, usuarioId, atribuidoPor, atribuidoEm]);
      const emVigor = await find(sql, espacoId, usuarioId);
      return emVigor ? Result.ok(emVigor) : Result.fail(new EspacoNaoEncontradoError());
    });
  }

  remover(espacoId: string, usuarioId: string, em: Date): Promise<void> {
    return this.#uow.run(async ({ sql, claimKey }) => {
      await claimKey(usuarioId);
      await sql.query(REMOVER, [espacoId, usuarioId]);
      await sql.query(REVOGAR_FEEDS, [espacoId, usuarioId, em]);
    });
  }

  findById(espacoId: string, usuarioId: string): Promise<Gestor | undefined> {
    return find(this.#dataSource, espacoId, usuarioId);
  }

  async doEspaco(espacoId: string, maximo: number, depoisDe: Posicao | undefined): Promise<Gestor[]> {
    const rows: GestorRow[] = await this.#dataSource.query(LISTAR, [espacoId, depoisDe?.id, maximo]);
    return rows.map(fromRow);
  }

  async espacosDe(usuarioId: string): Promise<ReadonlySet<string>> {
    const rows: GestorRow[] = await this.#dataSource.query(
      'select espaco_id from espaco_gestores where usuario_id = $1',
      [usuarioId],
    );
    return new Set(rows.map(({ espaco_id }) => espaco_id));
  }
}

async function find(sql: Sql, espacoId: string, usuarioId: string): Promise<Gestor | undefined> {
  const [row]: GestorRow[] = await sql.query(POR_ID, [espacoId, usuarioId]);
  return row && fromRow(row);
}

function fromRow({ espaco_id, usuario_id, atribuido_por, atribuido_em }: GestorRow): Gestor {
  return {
    espacoId: espaco_id,
    usuarioId: usuario_id,
    atribuidoPor: atribuido_por,
    atribuidoEm: atribuido_em,
  };
}
