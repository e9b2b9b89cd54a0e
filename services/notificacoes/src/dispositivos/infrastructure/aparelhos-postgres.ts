import type { Sql } from '@plataforma/runtime/transaction';
import type { Aparelho } from '../../canais/domain/push.ts';
import type { AparelhoDaPessoa, Aparelhos, Visto } from '../application/aparelhos.ts';
import { SESSAO_ATE } from './dispositivos-repository.ts';

const OF_ONE = `
  select id, versao, tipo, token, endpoint, p256dh, auth, chave_publica as "chavePublica"
  from dispositivos_push where cliente_id = $1 and tipo = any($2) order by registrado_em desc, id limit $3`;

const END_OLD = `delete from dispositivos_push where cliente_id = $1 and ${SESSAO_ATE} <= $2`;

const TAKEN = `
  update dispositivos_push d set ultimo_envio_em = greatest(d.ultimo_envio_em, $3)
  from unnest($1::text[], $2::int[]) as v (id, versao) where d.id = v.id and d.versao = v.versao`;

const LOST = `
  delete from dispositivos_push d
  using unnest($1::text[], $2::int[]) as v (id, versao) where d.id = v.id and d.versao = v.versao`;

interface Row {
  readonly id: string;
  readonly versao: number;
  readonly tipo: Aparelho['tipo'];
  readonly token: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly chavePublica: string;
}

/** Where push messages go, in PostgreSQL. */
export class PostgresAparelhos implements Aparelhos {
  readonly #sql: Sql;
  readonly #tipos: readonly Aparelho['tipo'][];
  readonly #maximo: number;

  /** @param tipos those that the configuration has messages sent to; the others wait for that */
  constructor(sql: Sql, tipos: readonly Aparelho['tipo'][], maximo: number) {
    this.#sql = sql;
    this.#tipos = tipos;
    this.#maximo = maximo;
  }

  async doCliente(clienteId: string, agora: Date): Promise<AparelhoDaPessoa[]> {
    await this.#sql.query(END_OLD, [clienteId, agora]);
    const rows: Row[] = await this.#sql.query(OF_ONE, [clienteId, this.#tipos, this.#maximo]);
    return rows.map(({ id, versao, ...row }) => ({ id, versao, aparelho: aparelhoFrom(row) }));
  }

  async anotar({ tomaram, perdidos, em }: Visto): Promise<void> {
    if (tomaram.length > 0) await this.#sql.query(TAKEN, [...colunas(tomaram), em]);
    if (perdidos.length > 0) await this.#sql.query(LOST, colunas(perdidos));
  }
}

const colunas = (aparelhos: readonly AparelhoDaPessoa[]) => [
  aparelhos.map(({ id }) => id),
  aparelhos.map(({ versao }) => versao),
];

/** The table holds for each kind what it needs. */
function aparelhoFrom({ tipo, token, ...inscricao }: Omit<Row, 'id' | 'versao'>): Aparelho {
  return tipo === 'FCM' ? { tipo, token } : { tipo, ...inscricao };
}
