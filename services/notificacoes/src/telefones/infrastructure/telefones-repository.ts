import type { Sql } from '@plataforma/runtime/transaction';
import { TRAVAR_CONTATO } from '../../mensagens/infrastructure/fila.ts';
import type { Numeros, RecusaNoNumero } from '../../retornos/application/ports.ts';
import type { RespostaPorSms } from '../../retornos/domain/resposta.ts';
import type { CotaDeCodigos, TelefoneProvado, TelefonesRepository } from '../application/ports.ts';
import type { CodigoPedido } from '../domain/codigo.ts';

/** A row that is not there yet cannot be locked. */
const LOCK = `select pg_advisory_xact_lock(hashtextextended('telefone:' || $1, 0))`;

const CODE = `
  select numero, resumo, pedido_em as "pedidoEm", valido_ate as "validoAte", tentativas
  from codigos_de_telefone where cliente_id = $1`;

const VERIFIED = 'select 1 from contatos where usuario_id = $1 and email_verificado and removido_em is null';

/** As the shares of messages: of two that take the last place the second sees that it is gone. */
const COUNT = `
  insert into envios_do_dia as e (endereco, dia, quantos) values (sha256(convert_to($1, 'UTF8')), $2::date, 1)
  on conflict (endereco, dia) do update set quantos = e.quantos + 1 where e.quantos < $3
  returning quantos`;

const KEEP = `
  insert into codigos_de_telefone (cliente_id, numero, resumo, pedido_em, valido_ate, tentativas)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (cliente_id) do update
    set numero = excluded.numero, resumo = excluded.resumo, pedido_em = excluded.pedido_em,
      valido_ate = excluded.valido_ate, tentativas = excluded.tentativas`;

/** Those of a day ago say nothing that anybody asks for. */
const FORGET = `
  delete from codigos_de_telefone where ctid = any(array(
    select ctid from codigos_de_telefone where valido_ate < $1::timestamptz - interval '1 day'
    order by valido_ate limit 10 for update skip locked))`;

const PROVE = `
  insert into telefones (cliente_id, numero, provado_em) values ($1, $2, $3)
  on conflict (cliente_id) do update
    set numero = excluded.numero, provado_em = excluded.provado_em, recusado_em = null`;

const PROVED = `
  select numero, provado_em as "provadoEm", recusado_em as "recusadoEm" from telefones where cliente_id = $1`;

/** In one order, so that two answers from one number do not hold each other up. The oldest names make room. */
const ANSWER = `
  with pessoas as (select cliente_id from telefones where numero = $1 order by cliente_id for update)
  update telefones t
  set recados = (t.recados || $2::text)[greatest(cardinality(t.recados) - 48, 1):],
    recusado_em = case when $3 then coalesce(t.recusado_em, $4::timestamptz) end,
    aceito_em = case when $3 then t.aceito_em else $4::timestamptz end
  from pessoas p
  where t.cliente_id = p.cliente_id and t.numero = $1 and not $2 = any (t.recados)
  returning t.cliente_id as "clienteId"`;

/** What was refused before they said yes says nothing: providers tell late. */
const REFUSE = `
  update telefones set recusado_em = $3
  where cliente_id = $1 and sha256(convert_to(numero, 'UTF8')) = $2 and recusado_em is null
    and greatest(provado_em, aceito_em) <= $4`;

type Row = Omit<TelefoneProvado, 'recusadoEm'> & { readonly recusadoEm: Date | null };

/** Numbers in PostgreSQL. */
export class PostgresTelefonesRepository implements TelefonesRepository, Numeros {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async abrirCodigo(clienteId: string): Promise<CodigoPedido | undefined> {
    // A removal under way is waited for, and one that comes next finds what this will write.
    await this.#sql.query(TRAVAR_CONTATO, [clienteId]);
    await this.#sql.query(LOCK, [clienteId]);
    return this.codigo(clienteId);
  }

  async codigo(clienteId: string): Promise<CodigoPedido | undefined> {
    const [linha]: CodigoPedido[] = await this.#sql.query(CODE, [clienteId]);
    return linha;
  }

  async temEmailVerificado(clienteId: string): Promise<boolean> {
    const linhas: unknown[] = await this.#sql.query(VERIFIED, [clienteId]);
    return linhas.length > 0;
  }

  async contarCodigo(dia: string, cotas: readonly CotaDeCodigos[]): Promise<boolean> {
    for (const { nome, limite } of cotas) {
      if (limite === 0) return false;
      const contadas: unknown[] = await this.#sql.query(COUNT, [nome, dia, limite]);
      if (contadas.length === 0) return false;
    }
    return true;
  }

  async guardarCodigo(clienteId: string, codigo: CodigoPedido): Promise<void> {
    const { numero, resumo, pedidoEm, validoAte, tentativas } = codigo;
    await this.#sql.query(KEEP, [clienteId, numero, resumo, pedidoEm, validoAte, tentativas]);
    await this.#sql.query(FORGET, [pedidoEm]);
  }

  async errou(clienteId: string): Promise<void> {
    const mais = 'update codigos_de_telefone set tentativas = tentativas + 1 where cliente_id = $1';
    await this.#sql.query(mais, [clienteId]);
  }

  async provar(clienteId: string, numero: string, em: Date): Promise<void> {
    await this.#sql.query('delete from codigos_de_telefone where cliente_id = $1', [clienteId]);
    await this.#sql.query(PROVE, [clienteId, numero, em]);
  }

  async provado(clienteId: string): Promise<TelefoneProvado | undefined> {
    const [linha]: Row[] = await this.#sql.query(PROVED, [clienteId]);
    return linha && { ...linha, recusadoEm: linha.recusadoEm ?? undefined };
  }

  async responder({ mensagemId, numero, resposta }: RespostaPorSms, em: Date): Promise<readonly string[]> {
    const parametros = [numero, mensagemId, resposta === 'PARAR', em];
    const [pessoas]: [Array<{ clienteId: string }>, number] = await this.#sql.query(ANSWER, parametros);
    return pessoas.map(({ clienteId }) => clienteId);
  }

  async recusar({ clienteId, digesto, enviadoEm, em }: RecusaNoNumero): Promise<boolean> {
    const valores = [clienteId, digesto, em, enviadoEm];
    const [, recusados]: [unknown[], number] = await this.#sql.query(REFUSE, valores);
    return recusados === 1;
  }

  async apagar(clienteId: string): Promise<number> {
    await this.#sql.query('delete from codigos_de_telefone where cliente_id = $1', [clienteId]);
    const [, apagados]: [unknown[], number] = await this.#sql.query(
      'delete from telefones where cliente_id = $1',
      [clienteId],
    );
    return apagados;
  }
}
