import { IdRepetidoError } from '@plataforma/domain/id';
import { isUniqueViolation } from '@plataforma/runtime/postgres';
import { currentTrail, trailHeaders } from '@plataforma/runtime/trail';
import type { Sql } from '@plataforma/runtime/transaction';
import type { Modelo } from '../../modelos/domain/modelo.ts';
import type { FilaDeNotificacoes, Retirada } from '../application/ports.ts';
import type { NovaNotificacao } from '../domain/notificacao.ts';
import { DADOS_QUE_FICAM } from './so-ate-o-envio.ts';

/** Shared: those who write to one person do not wait for each other, only for what becomes of the contact. */
export const TRAVAR_CONTATO = `select pg_advisory_xact_lock_shared(hashtextextended('contato:' || $1, 0))`;

/**
 * Nothing of who is gone is written down again, however late it was heard of: a key that opens it may be remembered for a while.
 * The last message to them takes along what it needs.
 *
 * @param quem whose message it is, as SQL names it
 */
const dadosPara = (quem: string) => `
  case when dados->>'tipo' is distinct from 'CONTA_REMOVIDA'
    and exists (select from contatos where usuario_id = ${quem} and removido_em is not null)
    then ${DADOS_QUE_FICAM} - 'motivo' else dados end`;

const INSERT = `
  insert into notificacoes
    (id, cliente_id, canal, modelo, reserva_id, assunto, dados, status, versao, criada_em, fato, disponivel_em,
      devida_em, valida_ate, grupo, rastro, retida)
  select $1, $2, $3, $4, $5, $6, ${dadosPara('$2')}, 'PENDENTE', 1, $8, $9, $10, $10, $11, $12, $13,
    $4 <> 'BOAS_VINDAS' and not dados ? 'email' and not exists (
      select from contatos where usuario_id = $2 and (email_verificado or removido_em is not null))
  from (select $7::jsonb as dados) as escrita
  on conflict on constraint notificacoes_uma_por_fato_uq do nothing
  returning id`;

/** Due by itself as a new one would be; what a sender has taken, or tries again, stays as it is. */
const REPLACE = `
  update notificacoes
  set assunto = $5, dados = (select ${dadosPara('cliente_id')} from (select $6::jsonb as dados) as escrita),
    devida_em = $7, disponivel_em = $7, valida_ate = $8
  where reserva_id = $1 and modelo = $2 and canal = $3 and fato = $4 and status = 'PENDENTE' and posse is null
  returning id`;

const LANGUAGE = 'select idioma from preferencias where cliente_id = $1';

const EXISTS = 'select 1 from notificacoes where reserva_id = $1 and modelo = $2 limit 1';

const TAKE_BACK = `
  update notificacoes set status = 'SUPRIMIDA', destino = null, posse = null, versao = versao + 1
  where reserva_id = $1 and modelo = any($2) and status = 'PENDENTE'
  returning id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", versao`;

const TAKE_BACK_CODES = `
  update notificacoes set status = 'SUPRIMIDA', destino = null, versao = versao + 1, dados = ${DADOS_QUE_FICAM}
  where cliente_id = $1 and modelo = 'BOAS_VINDAS' and status = 'PENDENTE' and posse is null and disponivel_em > $2
  returning id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", versao`;

const TAKE_BACK_VOID = `
  update notificacoes set status = 'SUPRIMIDA', destino = null, versao = versao + 1, dados = ${DADOS_QUE_FICAM}
  where cliente_id = $1 and modelo = $2 and status = 'PENDENTE' and posse is null and valida_ate < $3
    and ($4::text is null or dados ->> 'email' = $4)
  returning id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", versao`;

/** Also what a sender has in hand: if it is not sent now it waits with the others. */
const HOLD = `
  update notificacoes set retida = $2
  where cliente_id = $1 and status = 'PENDENTE' and modelo <> 'BOAS_VINDAS' and not dados ? 'email' and retida <> $2`;

const TAKE_BACK_ALL = `
  update notificacoes
  set status = 'SUPRIMIDA', destino = null, posse = null, versao = versao + 1, dados = ${DADOS_QUE_FICAM} - 'motivo'
  where cliente_id = $1 and status = 'PENDENTE'
  returning id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", versao`;

const FORGET = `
  update notificacoes set dados = ${DADOS_QUE_FICAM} - 'motivo'
  where cliente_id = $1 and dados <> ${DADOS_QUE_FICAM} - 'motivo'`;

const HOW_MANY = 'select count(*)::int as quantas from notificacoes where cliente_id = $1';

/** Messages that wait, in PostgreSQL. */
export class PostgresFila implements FilaDeNotificacoes {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async add(notificacao: NovaNotificacao): Promise<boolean> {
    const { id, clienteId, canal, modelo, reservaId, dados, criadoEm } = notificacao;
    const { fato, devidaEm, validoAte, grupo } = notificacao;
    const conteudo = JSON.stringify(dados);
    const assunto = await this.#assuntoDe(notificacao);
    const mensagem = [id, clienteId, canal, modelo, reservaId, assunto, conteudo, criadoEm];
    const trail = currentTrail();
    const rastro = trail ? JSON.stringify(trailHeaders(trail)) : null;
    const valores = [...mensagem, fato, devidaEm, validoAte ?? null, grupo ?? null, rastro];
    await this.#sql.query(TRAVAR_CONTATO, [clienteId]);
    try {
      const linhas: unknown[] = await this.#sql.query(INSERT, valores);
      return linhas.length === 1;
    } catch (error) {
      if (!isUniqueViolation(error, 'notificacoes_pkey')) throw error;
      throw new IdRepetidoError(`${id} is taken`, { cause: error });
    }
  }

  async substituir(notificacao: NovaNotificacao): Promise<boolean> {
    const { reservaId, modelo, canal, fato, dados, devidaEm, validoAte } = notificacao;
    const assunto = await this.#assuntoDe(notificacao);
    const parametros = [reservaId, modelo, canal, fato, assunto, JSON.stringify(dados), devidaEm];
    const [linhas]: [unknown[], number] = await this.#sql.query(REPLACE, [...parametros, validoAte ?? null]);
    return linhas.length === 1;
  }

  async existe(reservaId: string, modelo: Modelo): Promise<boolean> {
    const linhas: unknown[] = await this.#sql.query(EXISTS, [reservaId, modelo]);
    return linhas.length > 0;
  }

  async retirar(reservaId: string, modelos: readonly Modelo[]): Promise<Retirada[]> {
    if (modelos.length === 0) return [];
    const [linhas]: [Retirada[], number] = await this.#sql.query(TAKE_BACK, [reservaId, modelos]);
    return linhas;
  }

  async retirarCodigos(clienteId: string, agora: Date): Promise<Retirada[]> {
    const [linhas]: [Retirada[], number] = await this.#sql.query(TAKE_BACK_CODES, [clienteId, agora]);
    return linhas;
  }

  async retirarVencidas(
    clienteId: string,
    modelo: Modelo,
    antesDe: Date,
    email?: string,
  ): Promise<Retirada[]> {
    const parametros = [clienteId, modelo, antesDe, email ?? null];
    const [linhas]: [Retirada[], number] = await this.#sql.query(TAKE_BACK_VOID, parametros);
    return linhas;
  }

  async reter(clienteId: string, reter: boolean): Promise<void> {
    await this.#sql.query(HOLD, [clienteId, reter]);
  }

  async retirarTodas(clienteId: string): Promise<Retirada[]> {
    const [linhas]: [Retirada[], number] = await this.#sql.query(TAKE_BACK_ALL, [clienteId]);
    return linhas;
  }

  async esquecer(clienteId: string): Promise<number> {
    await this.#sql.query(FORGET, [clienteId]);
    const [{ quantas } = { quantas: 0 }]: Array<{ quantas: number }> = await this.#sql.query(HOW_MANY, [
      clienteId,
    ]);
    return quantas;
  }

  async #assuntoDe({ clienteId, assunto }: NovaNotificacao): Promise<string> {
    const [linha]: Array<{ idioma: string }> = await this.#sql.query(LANGUAGE, [clienteId]);
    return assunto(linha?.idioma);
  }
}
