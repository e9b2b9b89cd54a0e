import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { QueueState } from '@plataforma/domain/work-queue';
import { autocommit, inRepeatableTransaction, type Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { Selos } from '../../selos/infrastructure/selos.ts';
import type { ColetaDeExportacoes } from '../application/ports.ts';
import type { Coleta, Exportacao } from '../domain/exportacao.ts';
import { COLUNAS, type ExportacaoRow, exportacaoFrom } from './exportacao-row.ts';

/** Of the document; what is stored of it is smaller. */
const PARTE_BYTES = 1024 * 1024;

/** The outer select makes the driver answer rows, not a count. */
const TAKE = `
  with tomadas as (
    update exportacoes set tentar_em = $2 where id in (
      select id from exportacoes where estado = 'PREPARANDO' and tentar_em <= $1
      order by tentar_em limit $3 for update skip locked)
    returning id)
  select id from tomadas`;

const FIND = `select ${COLUNAS} from exportacoes where id = $1`;

/** Only from the place that the page was read for. */
const ADVANCE = `
  update exportacoes set fonte = $5, pagina = $6, secao = $7, secao_vazia = $8, partes = partes + $9, bytes = bytes + $10,
    avancou_em = $11, tentar_em = $12, falhas = 0, erro = null
  where id = $1 and estado = 'PREPARANDO' and fonte = $2 and pagina = $3 and partes = $4`;

const ADD_PART = 'insert into exportacoes_partes (exportacao_id, numero, conteudo) values ($1, $2, $3)';

const PART = 'select conteudo from exportacoes_partes where exportacao_id = $1 and numero = $2';

const LEAVE = `update exportacoes set tentar_em = $2 where id = $1 and estado = 'PREPARANDO'`;

const FAILED = `
  with adiada as (
    update exportacoes set falhas = falhas + 1, erro = $2 where id = $1 and estado = 'PREPARANDO' returning falhas)
  select falhas from adiada`;

const GIVE_UP = `
  update exportacoes set estado = 'FALHOU', expira_em = $3, erro = $2 where id = $1 and estado = 'PREPARANDO'`;

const FORGET_PARTS = `
  delete from exportacoes_partes p using exportacoes e
  where p.exportacao_id = $1 and e.id = p.exportacao_id and e.estado = 'FALHOU'`;

/** Documents in PostgreSQL, compressed and encrypted part by part. */
export class PostgresColeta implements ColetaDeExportacoes {
  readonly #dataSource: DataSource;
  readonly #sql: Sql;
  readonly #selos: Selos;

  constructor(dataSource: DataSource, selos: Selos) {
    this.#dataSource = dataSource;
    this.#sql = autocommit(dataSource);
    this.#selos = selos;
  }

  async tomar(em: Date, ate: Date, maximo: number): Promise<readonly string[]> {
    const rows: Array<{ id: string }> = await this.#sql.query(TAKE, [em, ate, maximo]);
    return rows.map(({ id }) => id);
  }

  async findById(id: string): Promise<Exportacao | undefined> {
    const [row]: ExportacaoRow[] = await this.#sql.query(FIND, [id]);
    return row && exportacaoFrom(row);
  }

  async avancar(
    { id, fonte, pagina, partes }: Exportacao,
    depois: Omit<Coleta, 'partes' | 'bytes'>,
    texto: string,
    { em, ate }: { em: Date; ate: Date },
  ): Promise<boolean> {
    const bytes = Buffer.from(texto);
    const conteudos: Buffer[] = [];
    for (let inicio = 0; inicio < bytes.length; inicio += PARTE_BYTES) {
      const membro = await promisify(gzip)(bytes.subarray(inicio, inicio + PARTE_BYTES));
      conteudos.push(this.#selos.seal(membro, contextOf(id, partes + conteudos.length + 1)));
    }
    const place = [depois.fonte, depois.pagina, depois.secao, depois.secaoVazia];
    const values = [id, fonte, pagina, partes, ...place, conteudos.length, bytes.length, em, ate];
    return inRepeatableTransaction(this.#dataSource, async (sql) => {
      const [, moved]: [unknown[], number] = await sql.query(ADVANCE, values);
      if (moved === 0) return false;
      for (const [n, conteudo] of conteudos.entries())
        await sql.query(ADD_PART, [id, partes + n + 1, conteudo]);
      return true;
    });
  }

  async deixar(id: string, tentarEm: Date): Promise<void> {
    await this.#sql.query(LEAVE, [id, tentarEm]);
  }

  async adiar(id: string, tentarEm: (falhas: number) => Date, erro: string): Promise<number> {
    const [row]: Array<{ falhas: number }> = await this.#sql.query(FAILED, [id, erro]);
    if (!row) return 0;
    await this.deixar(id, tentarEm(row.falhas));
    return row.falhas;
  }

  async desistir(id: string, erro: string, expiraEm: Date): Promise<void> {
    await inRepeatableTransaction(this.#dataSource, async (sql) => {
      await sql.query(GIVE_UP, [id, erro, expiraEm]);
      await sql.query(FORGET_PARTS, [id]);
    });
  }

  async sha256(exportacao: Pick<Exportacao, 'id' | 'partes'>): Promise<Buffer> {
    const hash = createHash('sha256');
    for await (const parte of this.partes(exportacao)) hash.update(await promisify(gunzip)(parte));
    return hash.digest();
  }

  async *partes({ id, partes }: Pick<Exportacao, 'id' | 'partes'>): AsyncGenerator<Buffer> {
    for (let numero = 1; numero <= partes; numero++) {
      const [row]: Array<{ conteudo: Buffer }> = await this.#sql.query(PART, [id, numero]);
      if (!row) throw new Error(`part ${numero} of export ${id} is gone`);
      yield this.#selos.open(row.conteudo, contextOf(id, numero));
    }
  }
}

/** A part is good for its place in its export only. */
const contextOf = (id: string, numero: number) => `exportacao:${id}:${numero}`;

/** What operators see of the exports that are collected. Those that were given up are told to their owners. */
export async function situacaoDasExportacoes(dataSource: DataSource, em: Date): Promise<QueueState> {
  const [row]: [{ desde: Date | null; adiadas: number }] = await dataSource.query(
    `select min(tentar_em) filter (where tentar_em <= $1) as desde, count(*) filter (where falhas > 0)::int as adiadas
     from exportacoes where estado = 'PREPARANDO'`,
    [em],
  );
  return { dueSince: row.desde ?? undefined, putOff: row.adiadas, dead: 0 };
}

const PURGE = `
  delete from exportacoes where id in (
    select id from exportacoes where estado <> 'PREPARANDO' and expira_em <= $1
    order by expira_em limit $2 for update skip locked)`;

/** Deletes exports that are over, with their archives; how many there were. */
export async function apagarVencidas(dataSource: DataSource, em: Date, maximo: number): Promise<number> {
  const [, apagadas]: [unknown[], number] = await autocommit(dataSource).query(PURGE, [em, maximo]);
  return apagadas;
}
