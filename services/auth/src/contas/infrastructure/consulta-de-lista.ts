import { normalizarEmail } from '@plataforma/domain/email';
import { byInstant, type Posicao } from '@plataforma/domain/page-token';
import type { Sql } from '@plataforma/runtime/transaction';
import type { FiltroDeUsuarios, ListaDeUsuarios, Trecho } from '../application/ports.ts';
import { type EstadoUsuario, Usuario } from '../domain/usuario.ts';
import { COLUNAS } from './usuarios-repository.ts';

/** One call looks at no more accounts, however few of them pass its filter. */
const VISTAS_DE_UMA_VEZ = 1_000;

/** What a search goes through, in the order of its list: an index for each. */
const CHAVES = { E: 'email collate "C"', N: 'nome_buscavel(nome) collate "C"' } as const;

type Via = keyof typeof CHAVES;

/** What the rest of the filter asks. */
const FILTRADAS = 'id, papeis, ativo, email_verificado, removida_em, repetida';

/** As `toISOString` writes it. */
const INSTANTE = `to_char(criado_em at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Adds a parameter to a statement and answers its name. */
type Parametro = (valor: unknown) => string;

interface Row extends EstadoUsuario {
  readonly posicao: string | null;
  /** Of the last account that was looked at, if there may be more. */
  readonly fim: string | null;
  readonly fimId: string | null;
}

/**
 * Accounts for administrators, in PostgreSQL. A statement takes the next accounts from the index that its filter makes
 * shortest, at most {@link VISTAS_DE_UMA_VEZ}, and asks the rest of the filter of these.
 */
export class PostgresListaDeUsuarios implements ListaDeUsuarios {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async conhece(posicao: Posicao, { busca }: FiltroDeUsuarios): Promise<boolean> {
    if (busca === undefined) return byInstant(posicao);
    const via = viaDe(posicao);
    if (via === undefined) return false;
    const parametros: unknown[] = [];
    const p: Parametro = (valor) => `$${parametros.push(valor)}`;
    const rows: unknown[] = await this.#sql.query(
      `select 1 from usuarios where id = ${p(posicao.id)} and ${achada(via, busca, p)}`,
      parametros,
    );
    return rows.length > 0;
  }

  async listar(filtro: FiltroDeUsuarios, depoisDe: Posicao | undefined, maximo: number): Promise<Trecho> {
    const { busca, papel, ativo, emailVerificado } = filtro;
    const parametros: unknown[] = [];
    const p: Parametro = (valor) => `$${parametros.push(valor)}`;
    const vistas = busca === undefined ? porIdade(filtro, depoisDe, p) : buscadas(busca, depoisDe, p);
    const resto = [
      'not repetida and removida_em is null',
      ...(papel === undefined ? [] : [`papeis @> array[${p(papel)}::text]`]),
      ...(ativo === undefined ? [] : [`ativo = ${p(ativo)}`]),
      ...(emailVerificado === undefined ? [] : [`email_verificado = ${p(emailVerificado)}`]),
    ];
    const rows: Row[] = await this.#sql.query(
      `with vistas as materialized (${vistas}),
        fim as (select posicao, id from vistas where n = ${VISTAS_DE_UMA_VEZ}),
        pagina as (
          select n, posicao, id from vistas where ${resto.join(' and ')} order by n limit ${p(maximo + 1)})
      select ${COLUNAS}, pagina.posicao, fim.posicao as fim, fim.id as "fimId"
      from (select) um left join fim on true left join pagina on true left join usuarios on usuarios.id = pagina.id
      order by pagina.n`,
      parametros,
    );
    return trechoDe(rows, maximo);
  }
}

/** Few accounts have a role beyond CLIENTE or are suspended: such ones are looked for among these alone. */
function porIdade({ papel, ativo }: FiltroDeUsuarios, depoisDe: Posicao | undefined, p: Parametro): string {
  const comPapel = papel !== undefined && papel !== 'CLIENTE';
  const poucas = comPapel ? `papeis <> array['CLIENTE']` : ativo === false ? 'not ativo' : 'true';
  const depois = depoisDe
    ? `(criado_em, id) < (${p(depoisDe.ordem)}::timestamptz, ${p(depoisDe.id)})`
    : 'true';
  return `
    select row_number() over (order by criado_em desc, id desc) as n, ${INSTANTE} as posicao, ${FILTRADAS}
    from (
      select criado_em, false as repetida, id, papeis, ativo, email_verificado, removida_em from usuarios
      where ${poucas} and ${depois}
      order by criado_em desc, id desc limit ${VISTAS_DE_UMA_VEZ}) proximas`;
}

/**
 * First those whose address begins like this, then those whose name does. One that is found by both is left out of the
 * second way only after it was looked at: there may be any number of them. A position is the way and an account, and is
 * where that account stands now: tokens are in addresses, where no name and no address of a person belongs.
 */
function buscadas(busca: string, depoisDe: Posicao | undefined, p: Parametro): string {
  const email = achada('E', busca, p);
  const nome = achada('N', busca, p);
  const via = depoisDe && viaDe(depoisDe);
  const partes: string[] = [];
  if (via !== 'N') partes.push(parte('E', { onde: email, repetida: 'false' }, depoisDe, p));
  partes.push(parte('N', { onde: nome, repetida: email }, via === 'N' ? depoisDe : undefined, p));
  return `
    select row_number() over (order by via, chave, id) as n, via as posicao, ${FILTRADAS}
    from (${partes.map((one) => `(${one})`).join(' union all ')}) achadas
    order by n limit ${VISTAS_DE_UMA_VEZ}`;
}

function parte(
  via: Via,
  { onde, repetida }: { readonly onde: string; readonly repetida: string },
  depoisDe: Posicao | undefined,
  p: Parametro,
): string {
  const chave = CHAVES[via];
  const id = depoisDe && p(depoisDe.id);
  const depois = id ? `(${chave}, id) > ((select ${chave} from usuarios where id = ${id}), ${id})` : 'true';
  return `
    select '${via}' as via, ${chave} as chave, ${repetida} as repetida, id, papeis, ativo, email_verificado, removida_em
    from usuarios where ${onde} and ${depois} order by ${chave}, id limit ${VISTAS_DE_UMA_VEZ}`;
}

/** Which accounts a search finds by one way. */
function achada(via: Via, busca: string, p: Parametro): string {
  return comecaCom(CHAVES[via], `nome_buscavel(${p(via === 'E' ? normalizarEmail(busca) : busca)}::text)`);
}

/** A range in the order of bytes, so that no character of the text stands for others; no text goes on with U+10FFFF. */
function comecaCom(chave: string, texto: string): string {
  return `${chave} >= ${texto} and ${chave} < ${texto} || U&'\\+10FFFF'`;
}

function viaDe({ ordem }: Posicao): Via | undefined {
  return ordem === 'E' || ordem === 'N' ? ordem : undefined;
}

function trechoDe(rows: readonly Row[], maximo: number): Trecho {
  const achadas = rows.filter(({ posicao }) => posicao !== null);
  const itens = achadas
    .slice(0, maximo)
    .map(({ posicao: _p, fim: _f, fimId: _i, ...row }) => Usuario.restaurar(row));
  const ultima = achadas[maximo - 1];
  if (achadas.length > maximo && ultima?.posicao != null)
    return { itens, proxima: { ordem: ultima.posicao, id: ultima.id } };
  const { fim = null, fimId = null } = rows[0] ?? {};
  return { itens, proxima: fim !== null && fimId !== null ? { ordem: fim, id: fimId } : undefined };
}
