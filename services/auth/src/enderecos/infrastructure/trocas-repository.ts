import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { TrocaDeEmailPedidaSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { appendToOutbox, integrationEvent } from '@plataforma/runtime/outbox';
import type { Sql } from '@plataforma/runtime/transaction';
import type { TrocasRepository } from '../application/ports.ts';
import type { TrocaDeEmail } from '../domain/troca-de-email.ts';

const OF_ACCOUNT = `
  select usuario_id as "usuarioId", codigo_hash as "codigoHash", de, para, so_senha as "soSenha", geracao, numero, vence_em as "venceEm",
    usada_em as "usadoEm", livre_em as "livreEm"
  from trocas_de_email where usuario_id = $1 for update`;

const SAVE = `
  insert into trocas_de_email (usuario_id, codigo_hash, de, para, geracao, numero, vence_em, usada_em, livre_em, so_senha)
  values ($1, $2, $3, $4, $5, $6, $7, null, $8, $9)
  on conflict (usuario_id) do update set codigo_hash = $2, de = $3, para = $4, geracao = $5, numero = $6, vence_em = $7,
    usada_em = null, livre_em = $8, so_senha = $9`;

const USE = 'update trocas_de_email set usada_em = $2 where usuario_id = $1';

type Row = Omit<TrocaDeEmail, 'usadoEm'> & { readonly usadoEm: Date | null };

/** Other addresses that accounts wait for, in PostgreSQL. */
export class PostgresTrocasRepository implements TrocasRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async daConta(usuarioId: string): Promise<TrocaDeEmail | undefined> {
    const [row]: Row[] = await this.#sql.query(OF_ACCOUNT, [usuarioId]);
    return row && { ...row, usadoEm: row.usadoEm ?? undefined };
  }

  async save(troca: TrocaDeEmail, codigo: string, em: Date): Promise<void> {
    const { usuarioId, codigoHash, de, para: email, geracao, numero, venceEm, livreEm, soSenha } = troca;
    const enderecos = [usuarioId, codigoHash, de, email];
    await this.#sql.query(SAVE, [...enderecos, geracao, numero, venceEm, livreEm, soSenha]);
    const pedida = { usuarioId, email, codigo, ocorridoEm: timestampFromDate(em) };
    const agregado = { tipo: 'troca-de-email', id: usuarioId, versao: numero };
    await appendToOutbox(this.#sql, [integrationEvent(TrocaDeEmailPedidaSchema, pedida, agregado)]);
  }

  async usar(usuarioId: string, em: Date): Promise<void> {
    await this.#sql.query(USE, [usuarioId, em]);
  }
}
