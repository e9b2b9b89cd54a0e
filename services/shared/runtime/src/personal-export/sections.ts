/*
 * Room `personal-export`: what a service knows about one person, told page by page.
 *
 * A service lists its sections (`Secao`), each of which reads records of one kind in the order of a key, and says of every
 * table of its database in which sections it is told, or why in none. `lerPagina` fills a page from them, whatever their number
 * and sizes: bounded by records and by bytes, and by the key of the last record, so that no page costs more than another.
 */

import { canonicalJson } from '@plataforma/domain/formats/canonical-json';
import type { Sql } from '../postgres/transaction.ts';

/** One record, and the key that it is sorted by within its section. */
export interface Linha {
  readonly chave: string;
  readonly registro: Readonly<Record<string, unknown>>;
}

/** Records of one kind about a person. */
export interface Secao {
  /** `service.kind`, stable: readers of archives know it by this. */
  readonly nome: string;
  /** Tables that it tells of. */
  readonly tabelas: readonly string[];
  /** Records behind a key (all for the empty one) in the order of their keys, at most so many. */
  ler(usuarioId: string, depoisDe: string, maximo: number): Promise<readonly Linha[]>;
}

/** Records of a page that are of one section, as canonical JSON. */
export interface ParteDaSecao {
  readonly nome: string;
  readonly registros: readonly string[];
}

/** Each section is in one page at least, also an empty one; one that goes on is in several pages in a row. */
export interface PaginaDeDados {
  readonly secoes: readonly ParteDaSecao[];
  /** Where the next page begins; empty when there is none. */
  readonly proxima: string;
}

/** Bounds of one page. A record is read only while there is room, so a page may be larger by one record. */
const MAX_REGISTROS = 200;
const MAX_BYTES = 512 * 1024;

/**
 * A section that is one statement: `$1` the person, `$2` the key to begin behind (empty: at the start), `$3` how many. It answers
 * a column `chave` (text) and the members of the record, in the order of `chave`.
 */
export function secaoSql(sql: Sql, nome: string, tabelas: readonly string[], texto: string): Secao {
  return {
    nome,
    tabelas,
    async ler(usuarioId, depoisDe, maximo) {
      const rows: Array<{ chave: string }> = await sql.query(texto, [usuarioId, depoisDe, maximo]);
      return rows.map(({ chave, ...registro }) => ({ chave, registro }));
    },
  };
}

/**
 * The page of a person's data that begins at a position.
 *
 * @param secoes in the order of their names, which is the one of the archive
 * @returns undefined for a position that is none of these sections
 */
export async function lerPagina(
  secoes: readonly Secao[],
  usuarioId: string,
  posicao: string,
): Promise<PaginaDeDados | undefined> {
  const inicio = posicaoFrom(posicao);
  const primeira = inicio ? secoes.findIndex(({ nome }) => nome === inicio.nome) : 0;
  if (primeira < 0 || (posicao !== '' && !inicio)) return undefined;
  const partes: ParteDaSecao[] = [];
  const cheia = { registros: 0, bytes: 0 };
  let depoisDe = inicio?.chave ?? '';
  for (const secao of secoes.slice(primeira)) {
    const falta = MAX_REGISTROS - cheia.registros;
    if (falta <= 0 || cheia.bytes >= MAX_BYTES) return { secoes: partes, proxima: toPosicao(secao.nome, '') };
    const linhas = await secao.ler(usuarioId, depoisDe, falta);
    const { registros, ultima } = caber(linhas, cheia);
    partes.push({ nome: secao.nome, registros });
    if (ultima !== undefined && (registros.length < linhas.length || linhas.length === falta))
      return { secoes: partes, proxima: toPosicao(secao.nome, ultima) };
    depoisDe = '';
  }
  return { secoes: partes, proxima: '' };
}

/** Takes records while there is room, at least one. */
function caber(linhas: readonly Linha[], cheia: { registros: number; bytes: number }) {
  const registros: string[] = [];
  let ultima: string | undefined;
  for (const { chave, registro } of linhas) {
    if (ultima !== undefined && cheia.bytes >= MAX_BYTES) break;
    const texto = canonicalJson(registro);
    registros.push(texto);
    cheia.registros += 1;
    cheia.bytes += Buffer.byteLength(texto);
    ultima = chave;
  }
  return { registros, ultima };
}

const toPosicao = (nome: string, chave: string) => JSON.stringify([nome, chave]);

function posicaoFrom(posicao: string): { nome: string; chave: string } | undefined {
  if (posicao === '') return undefined;
  try {
    const [nome, chave] = JSON.parse(posicao);
    return typeof nome === 'string' && typeof chave === 'string' ? { nome, chave } : undefined;
  } catch {
    return undefined;
  }
}
