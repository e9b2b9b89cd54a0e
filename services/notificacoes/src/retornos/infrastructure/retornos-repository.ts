import { DEAD_AFTER, type QueueState } from '@plataforma/domain/work-queue';
import type { Sql } from '@plataforma/runtime/transaction';
import type { Entrega } from '../../mensagens/domain/notificacao.ts';
import { TRAVAR_CONTATO } from '../../mensagens/infrastructure/fila.ts';
import type { MensagemDoRetorno, RetornoDevido, RetornosRepository } from '../application/ports.ts';
import type { Retorno } from '../domain/retorno.ts';

/**
 * What names no message of ours, or one to somebody who is gone, leaves nothing behind: an account with a provider may be shared
 * with programs that write a thousand times as much.
 */
const KEEP = `
  insert into retornos
    (provedor, evento_id, notificacao_id, situacao, descadastra, endereco, detalhe, ocorrido_em, recebido_em, tentar_em)
  select $1, r.evento_id, n.id, r.situacao, r.descadastra, r.endereco, r.detalhe, r.ocorrido_em, $9, $9
  from unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::bytea[], $7::text[], $8::timestamptz[])
      as r (evento_id, notificacao_id, situacao, descadastra, endereco, detalhe, ocorrido_em)
    join notificacoes n on n.id = r.notificacao_id
    left join contatos c on c.usuario_id = n.cliente_id
  where c.removido_em is null
  on conflict (provedor, evento_id) do nothing
  returning 1`;

const DUE = `
  select r.provedor, r.evento_id as "eventoId", n.cliente_id as "clienteId"
  from retornos r join notificacoes n on n.id = r.notificacao_id
  where r.tentar_em <= $1
  order by r.tentar_em, r.provedor, r.evento_id
  limit $2`;

const GONE = `
  delete from retornos where provedor = $1 and evento_id = $2
    and exists (select from contatos where usuario_id = $3 and removido_em is not null)`;

const TAKE = `
  select provedor, evento_id as "eventoId", notificacao_id as "notificacaoId", situacao, descadastra, endereco, detalhe,
    ocorrido_em as "ocorridoEm"
  from retornos where provedor = $1 and evento_id = $2 and tentar_em is not null
  for update skip locked`;

/**
 * The messages of a digest went as one letter, under the name of the first. Of those that a sender has in hand it is not known yet
 * whether they did.
 */
const LETTER = `
  select n.id, n.cliente_id as "clienteId", n.canal, n.modelo, n.reserva_id as "reservaId", n.status, n.entrega,
    coalesce(n.enviada_em, n.criada_em) as desde
  from notificacoes n
  where n.id in (
    select $1
    union select outra.id from notificacoes uma join notificacoes outra on outra.id_do_provedor = uma.id_do_provedor
      and outra.provedor = uma.provedor and outra.cliente_id = uma.cliente_id
      where uma.id = $1 and uma.provedor = $2
    union select outra.id from notificacoes uma join notificacoes outra on outra.cliente_id = uma.cliente_id
      and outra.grupo = uma.grupo and outra.status = 'PENDENTE' and outra.posse is not null
      where uma.id = $1)
  order by n.id
  for update`;

/** Who unsubscribes has the message where it was. */
const NOTE = `
  update notificacoes
  set versao = versao + 1, entrega = case when $2 = 'DESCADASTRADA' then entrega else $2 end,
    entrega_em = case when $2 = 'DESCADASTRADA' then entrega_em else $3::timestamptz end
  where id = $1
  returning versao`;

const DONE = 'update retornos set tentar_em = null, endereco = null where provedor = $1 and evento_id = $2';

/** Half a minute after the first time, twice as long after each, an hour at most. */
const AGAIN = `
  update retornos
  set tentativas = tentativas + 1,
    tentar_em = $3::timestamptz + least(interval '1 hour', interval '30 seconds' * 2 ^ least(tentativas, 12))
  where provedor = $1 and evento_id = $2 and tentar_em is not null
  returning tentativas`;

const FORGET = `
  delete from retornos where ctid = any(array(
    select ctid from retornos where recebido_em < $1 order by recebido_em limit $2))`;

const FORGET_PERSON = `
  delete from retornos r using notificacoes n where n.id = r.notificacao_id and n.cliente_id = $1`;

const FORGET_NAMES = `
  update notificacoes set id_do_provedor = null where cliente_id = $1 and id_do_provedor is not null`;

const STATE = `
  select min(tentar_em) filter (where tentar_em <= $1) as "dueSince",
    count(*) filter (where tentativas > 0)::int as "putOff",
    count(*) filter (where tentativas >= ${DEAD_AFTER})::int as dead
  from retornos where tentar_em is not null`;

/** What providers have told, in PostgreSQL: what makes it known once, and the queue of what is to be dealt with. */
export class PostgresRetornosRepository implements RetornosRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async guardar(retornos: readonly Retorno[], em: Date): Promise<number> {
    const [primeiro] = retornos;
    if (primeiro === undefined) return 0;
    const novos: unknown[] = await this.#sql.query(KEEP, [
      primeiro.provedor,
      retornos.map(({ eventoId }) => eventoId),
      retornos.map(({ notificacaoId }) => notificacaoId),
      retornos.map(({ situacao }) => situacao),
      retornos.map(({ descadastra }) => descadastra),
      retornos.map(({ endereco }) => endereco ?? null),
      retornos.map(({ detalhe }) => detalhe),
      retornos.map(({ ocorridoEm }) => ocorridoEm),
      em,
    ]);
    return novos.length;
  }

  devidos(agora: Date, limite: number): Promise<RetornoDevido[]> {
    return this.#sql.query(DUE, [agora, limite]);
  }

  async tomar({ provedor, eventoId, clienteId }: RetornoDevido): Promise<Retorno | undefined> {
    // Before the row: a removal takes them in this order, too.
    await this.#sql.query(TRAVAR_CONTATO, [clienteId]);
    await this.#sql.query(GONE, [provedor, eventoId, clienteId]);
    const [linha]: Array<Omit<Retorno, 'endereco'> & { endereco: Buffer | null }> = await this.#sql.query(
      TAKE,
      [provedor, eventoId],
    );
    return linha && { ...linha, endereco: linha.endereco ?? undefined };
  }

  async daCarta({ notificacaoId, provedor }: Retorno): Promise<MensagemDoRetorno[]> {
    const linhas: Array<Omit<MensagemDoRetorno, 'entrega'> & { entrega: Entrega | null }> =
      await this.#sql.query(LETTER, [notificacaoId, provedor]);
    return linhas.map(({ entrega, ...linha }) => ({ ...linha, entrega: entrega ?? undefined }));
  }

  async anotar(notificacaoId: string, situacao: Retorno['situacao'], em: Date): Promise<number> {
    const parametros = [notificacaoId, situacao, em];
    const [[linha]]: [Array<{ versao: number }>, number] = await this.#sql.query(NOTE, parametros);
    if (linha === undefined) throw new Error(`${notificacaoId} is not there`);
    return linha.versao;
  }

  async concluir({ provedor, eventoId }: RetornoDevido): Promise<void> {
    await this.#sql.query(DONE, [provedor, eventoId]);
  }

  async adiar({ provedor, eventoId }: RetornoDevido, agora: Date): Promise<number> {
    const [linhas]: [Array<{ tentativas: number }>, number] = await this.#sql.query(AGAIN, [
      provedor,
      eventoId,
      agora,
    ]);
    return linhas[0]?.tentativas ?? 1;
  }

  async esquecer(antesDe: Date, limite: number): Promise<number> {
    const [, quantos]: [unknown[], number] = await this.#sql.query(FORGET, [antesDe, limite]);
    return quantos;
  }

  async apagarDe(clienteId: string): Promise<number> {
    const [, quantos]: [unknown[], number] = await this.#sql.query(FORGET_PERSON, [clienteId]);
    await this.#sql.query(FORGET_NAMES, [clienteId]);
    return quantos;
  }

  async situacao(agora: Date): Promise<QueueState> {
    const [situacao]: [QueueState & { dueSince: Date | null }] = await this.#sql.query(STATE, [agora]);
    return { ...situacao, dueSince: situacao.dueSince ?? undefined };
  }
}
