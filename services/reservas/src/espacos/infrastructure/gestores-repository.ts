import type { Pagina, Posicao } from '@plataforma/domain/page-token';
import type { DataSource } from 'typeorm';
import type { GestoresRepository } from '../application/ports.ts';
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

const LISTAR = `
  select * from espaco_gestores
  where espaco_id = $1 and (usuario_id > $2::text or $2::text is null)
  order by usuario_id limit $3`;

const REVOGAR_FEEDS = `
  update calendarios set revogado_em = $3 where dono_id = $2 and espaco_id = $1 and revogado_em is null`;

export class PostgresGestoresRepository implements GestoresRepository {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async atribuir({ espacoId, usuarioId, atribuidoPor, atribuidoEm }: Gestor): Promise<Gestor | undefined> {
    await this.#dataSource.query(ATRIBUIR, [espacoId, usuarioId, atribuidoPor, atribuidoEm]);
    const [row]: GestorRow[] = await this.#dataSource.query(
      'select * from espaco_gestores where espaco_id = $1 and usuario_id = $2',
      [espacoId, usuarioId],
    );
    return row && fromRow(row);
  }

  remover(espacoId: string, usuarioId: string, em: Date): Promise<void> {
    return this.#dataSource.transaction(async (manager) => {
      await manager.query('delete from espaco_gestores where espaco_id = $1 and usuario_id = $2', [
        espacoId,
        usuarioId,
      ]);
      await manager.query(REVOGAR_FEEDS, [espacoId, usuarioId, em]);
    });
  }

  async doEspaco(espacoId: string, tamanho: number, depoisDe: Posicao | undefined): Promise<Pagina<Gestor>> {
    const rows: GestorRow[] = await this.#dataSource.query(LISTAR, [espacoId, depoisDe?.id, tamanho + 1]);
    const itens = rows.slice(0, tamanho).map(fromRow);
    const id = itens.at(-1)?.usuarioId;
    const proxima = rows.length > tamanho && id !== undefined ? { ordem: '', id } : undefined;
    return { itens, proxima };
  }

  async espacosDe(usuarioId: string): Promise<ReadonlySet<string>> {
    const rows: GestorRow[] = await this.#dataSource.query(
      'select espaco_id from espaco_gestores where usuario_id = $1',
      [usuarioId],
    );
    return new Set(rows.map(({ espaco_id }) => espaco_id));
  }
}

function fromRow({ espaco_id, usuario_id, atribuido_por, atribuido_em }: GestorRow): Gestor {
  return {
    espacoId: espaco_id,
    usuarioId: usuario_id,
    atribuidoPor: atribuido_por,
    atribuidoEm: atribuido_em,
  };
}
