import type { Sql } from '@plataforma/runtime/transaction';
import type { Selos } from '../../selos/infrastructure/selos.ts';
import type { FatoresRepository } from '../application/ports.ts';
import { type EstadoFator, Fator } from '../domain/fator.ts';

const FIND = `
  select id, usuario_id as "usuarioId", segredo_cifrado as "segredoCifrado", criado_em as "criadoEm",
    ativado_em as "ativadoEm", ultimo_passo::float8 as "ultimoPasso", falhas, esperar_ate as "esperarAte"
  from fatores where usuario_id = $1 and tipo = 'TOTP'
  for update`;

const CONFIGURE = `
  insert into fatores as f (id, usuario_id, tipo, segredo_cifrado, selado_com, criado_em, falhas, so_senha)
  values ($1, $2, 'TOTP', $3, $5, $4, 0, $6)
  on conflict (usuario_id) where tipo = 'TOTP' do update
    set id = excluded.id, segredo_cifrado = excluded.segredo_cifrado, selado_com = excluded.selado_com,
      criado_em = excluded.criado_em, falhas = 0, so_senha = excluded.so_senha
    where f.ativado_em is null
  returning 1`;

const UPDATE = `
  update fatores set ativado_em = $2, ultimo_passo = $3, falhas = $4, esperar_ate = $5 where id = $1`;

const REMOVE = 'delete from fatores where usuario_id = $1';

const ONLY_BY_PASSWORD = 'and so_senha and criado_em > $2';

const WHETHER_ACTIVE = 'returning ativado_em as "ativadoEm"';

const FIRM = `
  select 1 from fatores
  where usuario_id = $1 and ativado_em is not null and (not so_senha or criado_em <= $2)
  union all
  select 1 from passkeys where usuario_id = $1 and (not so_senha or criada_em <= $2)
  limit 1`;

const ACTIVE = 'select 1 from fatores where usuario_id = $1 and ativado_em is not null';

const FORGET_CODES = 'delete from codigos_recuperacao where usuario_id = $1';

const FORGET_CODES_OF_NOTHING = `${FORGET_CODES}
  and not exists (select 1 from fatores where usuario_id = $1 and ativado_em is not null)
  and not exists (select 1 from passkeys where usuario_id = $1)`;

const KEEP_CODES = `
  insert into codigos_recuperacao (usuario_id, impressao) select $1, unnest($2::bytea[])`;

const USE_CODE = `
  update codigos_recuperacao set usado_em = $3
  where usuario_id = $1 and impressao = $2 and usado_em is null`;

const HAS_CODE = 'select 1 from codigos_recuperacao where usuario_id = $1 and impressao = $2';

type Row = Omit<EstadoFator, 'segredo' | 'ativadoEm' | 'ultimoPasso' | 'esperarAte'> & {
  readonly segredoCifrado: Buffer;
  readonly ativadoEm: Date | null;
  readonly ultimoPasso: number | null;
  readonly esperarAte: Date | null;
};

/** Factors in PostgreSQL, their secrets encrypted for the one account. */
export class PostgresFatoresRepository implements FatoresRepository {
  readonly #sql: Sql;
  readonly #selos: Selos;

  constructor(sql: Sql, selos: Selos) {
    this.#sql = sql;
    this.#selos = selos;
  }

  async doUsuario(usuarioId: string): Promise<Fator | undefined> {
    const [row]: Row[] = await this.#sql.query(FIND, [usuarioId]);
    if (!row) return undefined;
    const { segredoCifrado, ativadoEm, ultimoPasso, esperarAte, ...estado } = row;
    return Fator.restaurar({
      ...estado,
      segredo: this.#selos.open(segredoCifrado, contextOf(estado)),
      ativadoEm: ativadoEm ?? undefined,
      ultimoPasso: ultimoPasso ?? undefined,
      esperarAte: esperarAte ?? undefined,
    });
  }

  async configurar({ estado }: Fator, soSenha: boolean): Promise<boolean> {
    const { id, usuarioId, segredo, criadoEm } = estado;
    const sealed = this.#selos.seal(segredo, contextOf(estado));
    const row = [id, usuarioId, sealed, criadoEm, this.#selos.nome, soSenha];
    const rows: unknown[] = await this.#sql.query(CONFIGURE, row);
    return rows.length > 0;
  }

  async save({ estado }: Fator): Promise<void> {
    const { id, ativadoEm, ultimoPasso, falhas, esperarAte } = estado;
    await this.#sql.query(UPDATE, [id, ativadoEm ?? null, ultimoPasso ?? null, falhas, esperarAte ?? null]);
  }

  async remover(usuarioId: string): Promise<boolean> {
    const ativo = await this.#remover(`${REMOVE} ${WHETHER_ACTIVE}`, [usuarioId]);
    await this.esquecerCodigosSemFator(usuarioId);
    return ativo;
  }

  async temAtivo(usuarioId: string): Promise<boolean> {
    const rows: unknown[] = await this.#sql.query(ACTIVE, [usuarioId]);
    return rows.length > 0;
  }

  async temFirme(usuarioId: string, desde: Date): Promise<boolean> {
    const rows: unknown[] = await this.#sql.query(FIRM, [usuarioId, desde]);
    return rows.length > 0;
  }

  removerSoSenha(usuarioId: string, desde: Date): Promise<boolean> {
    return this.#remover(`${REMOVE} ${ONLY_BY_PASSWORD} ${WHETHER_ACTIVE}`, [usuarioId, desde]);
  }

  async esquecerCodigosSemFator(usuarioId: string): Promise<void> {
    await this.#sql.query(FORGET_CODES_OF_NOTHING, [usuarioId]);
  }

  async guardarCodigos(usuarioId: string, impressoes: readonly Buffer[]): Promise<void> {
    await this.#sql.query(FORGET_CODES, [usuarioId]);
    await this.#sql.query(KEEP_CODES, [usuarioId, impressoes]);
  }

  async usarCodigo(usuarioId: string, impressao: Buffer, em: Date): Promise<boolean> {
    const [, used]: [unknown, number] = await this.#sql.query(USE_CODE, [usuarioId, impressao, em]);
    return used > 0;
  }

  async temCodigo(usuarioId: string, impressao: Buffer): Promise<boolean> {
    const rows: unknown[] = await this.#sql.query(HAS_CODE, [usuarioId, impressao]);
    return rows.length > 0;
  }

  async #remover(sql: string, parameters: unknown[]): Promise<boolean> {
    const [rows]: [Array<{ ativadoEm: Date | null }>, number] = await this.#sql.query(sql, parameters);
    return rows.some(({ ativadoEm }) => ativadoEm !== null);
  }
}

/** A secret that was moved to another account or factor cannot be opened there. */
export function contextOf({ id, usuarioId }: Pick<EstadoFator, 'id' | 'usuarioId'>): string {
  return `totp:${usuarioId}:${id}`;
}
