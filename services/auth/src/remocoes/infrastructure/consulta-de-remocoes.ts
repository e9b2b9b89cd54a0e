import type { Posicao } from '@plataforma/domain/page-token';
import type { Sql } from '@plataforma/runtime/transaction';
import type { ConsultaDeRemocoes, FiltroDeRemocoes, Pendencias } from '../application/ports.ts';
import { type Item, type Relatorio, type Remocao, SERVICOS, type Servico } from '../domain/remocao.ts';

const FIND = `
  select usuario_id as "usuarioId", protocolo, por, pedida_em as "pedidoEm", concluida_em as "concluidaEm"
  from remocoes`;

const OF_ACCOUNT = `${FIND} where usuario_id = $1`;

const WITH_PROTOCOL = `${FIND} where protocolo = $1`;

const LIST = `${FIND}
  where ($1::text is null or usuario_id = $1) and (not $2 or concluida_em is null)
    and ($3::timestamptz is null or (pedida_em, usuario_id) < ($3, $4))
  order by pedida_em desc, usuario_id desc limit $5`;

const PARTS = `
  select usuario_id as "usuarioId", servico, itens, concluida_em as "concluidaEm"
  from remocoes_partes where usuario_id = any($1)`;

const PENDING = `
  select s.servico, count(*)::int as quantas, min(r.pedida_em) as desde
  from remocoes r cross join unnest($1::text[]) as s (servico)
  where r.concluida_em is null and not exists (
    select from remocoes_partes p
    where p.usuario_id = r.usuario_id and p.servico = s.servico and p.concluida_em is not null)
  group by s.servico`;

type Row = Omit<Remocao, 'concluidaEm'> & { readonly concluidaEm: Date | null };

interface Part {
  readonly usuarioId: string;
  readonly servico: Servico;
  readonly itens: readonly Item[];
  readonly concluidaEm: Date | null;
}

/** Reads of removals in PostgreSQL. */
export class PostgresConsultaDeRemocoes implements ConsultaDeRemocoes {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async daConta(usuarioId: string): Promise<Remocao | undefined> {
    const [row]: Row[] = await this.#sql.query(OF_ACCOUNT, [usuarioId]);
    return row && remocao(row);
  }

  async comProtocolo(protocolo: string): Promise<Relatorio | undefined> {
    const [relatorio] = await this.#reports(await this.#sql.query(WITH_PROTOCOL, [protocolo]));
    return relatorio;
  }

  async listar(
    { usuarioId, pendentes = false }: FiltroDeRemocoes,
    depoisDe: Posicao | undefined,
    maximo: number,
  ): Promise<readonly Relatorio[]> {
    const posicao = [depoisDe?.ordem ?? null, depoisDe?.id ?? null];
    return this.#reports(await this.#sql.query(LIST, [usuarioId ?? null, pendentes, ...posicao, maximo]));
  }

  async pendencias(): Promise<Pendencias> {
    const rows: Array<{ servico: Servico; quantas: number; desde: Date }> = await this.#sql.query(PENDING, [
      SERVICOS,
    ]);
    const quantas = (nome: Servico) => rows.find(({ servico }) => servico === nome)?.quantas ?? 0;
    const [desde] = rows.map((row) => row.desde).sort((a, b) => a.getTime() - b.getTime());
    return {
      porServico: Object.fromEntries(
        SERVICOS.map((nome) => [nome, quantas(nome)]),
      ) as Pendencias['porServico'],
      desde,
    };
  }

  async #reports(rows: readonly Row[]): Promise<Relatorio[]> {
    if (rows.length === 0) return [];
    const partes: Part[] = await this.#sql.query(PARTS, [rows.map(({ usuarioId }) => usuarioId)]);
    return rows.map((row) => ({
      ...remocao(row),
      partes: SERVICOS.map((servico) => {
        const parte = partes.find((one) => one.usuarioId === row.usuarioId && one.servico === servico);
        return { servico, itens: parte?.itens ?? [], concluidaEm: parte?.concluidaEm ?? undefined };
      }),
    }));
  }
}

function remocao({ concluidaEm, ...row }: Row): Remocao {
  return { ...row, concluidaEm: concluidaEm ?? undefined };
}
