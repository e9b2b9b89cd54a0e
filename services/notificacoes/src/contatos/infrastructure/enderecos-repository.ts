import type { Posicao } from '@plataforma/domain/page-token';
import type { Sql } from '@plataforma/runtime/transaction';
import { mascararEmail } from '../../canais/domain/mascara.ts';
import type { ContatoNaoEntregavel, Enderecos, FatoDoEndereco } from '../application/ports.ts';

/** The account has this address now. */
const DELA = `usuario_id = $1 and sha256(convert_to(lower(email), 'UTF8')) = $2`;

const IS = `select 1 from contatos where ${DELA}`;

const CAME_BACK = `
  update contatos set devolve_desde = $3, devolve_motivo = $4, devolve_marcado_em = $5
  where ${DELA} and devolve_desde is null
  returning 1`;

const GOT = `
  update contatos set devolve_desde = null, devolve_motivo = null where ${DELA} and devolve_desde < $3`;

const MARKED = `
  select usuario_id as "clienteId", email, devolve_desde as desde, devolve_motivo as motivo
  from contatos
  where devolve_desde is not null and ($2::timestamptz is null or (devolve_desde, usuario_id) < ($2, $3))
  order by devolve_desde desc, usuario_id desc
  limit $1`;

const RELEASE = `
  update contatos set devolve_desde = null, devolve_motivo = null
  where usuario_id = $1 and devolve_desde is not null`;

/** What is known of the addresses of accounts, in PostgreSQL: with the account, so that it is gone with it. */
export class PostgresEnderecos implements Enderecos {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async ehDe(clienteId: string, digesto: Buffer): Promise<boolean> {
    const linhas: unknown[] = await this.#sql.query(IS, [clienteId, digesto]);
    return linhas.length === 1;
  }

  async devolveu({ clienteId, digesto, em, motivo }: FatoDoEndereco, marcadoEm: Date): Promise<boolean> {
    const [, quantos]: [unknown[], number] = await this.#sql.query(CAME_BACK, [
      clienteId,
      digesto,
      em,
      motivo,
      marcadoEm,
    ]);
    return quantos === 1;
  }

  async recebeu({ clienteId, digesto, em }: FatoDoEndereco): Promise<void> {
    await this.#sql.query(GOT, [clienteId, digesto, em]);
  }

  async listar(maximo: number, depoisDe: Posicao | undefined): Promise<ContatoNaoEntregavel[]> {
    const linhas: Array<Omit<ContatoNaoEntregavel, 'destino'> & { email: string }> = await this.#sql.query(
      MARKED,
      [maximo, depoisDe?.ordem ?? null, depoisDe?.id ?? null],
    );
    return linhas.map(({ email, ...linha }) => ({ ...linha, destino: mascararEmail(email) }));
  }

  async liberar(clienteId: string): Promise<boolean> {
    const [, quantos]: [unknown[], number] = await this.#sql.query(RELEASE, [clienteId]);
    return quantos === 1;
  }
}
