import { randomUUID } from 'node:crypto';
import { isUniqueViolation } from '@plataforma/runtime/postgres';
import type { Sql } from '@plataforma/runtime/transaction';
import {
  type Contato,
  type FilaNotificacoes,
  IdRepetidoError,
  type NotificacaoTomada,
  type Retirada,
} from '../../application/ports.ts';
import type { Modelo, ModeloComDados, NovaNotificacao } from '../../domain/notificacao.ts';
import { PREFERENCIAS_INICIAIS } from '../../domain/preferencias.ts';

const INSERT = `
  insert into notificacoes
    (id, cliente_id, canal, modelo, reserva_id, assunto, dados, status, versao, criada_em, fato, disponivel_em,
      devida_em, valida_ate)
  values ($1, $2, $3, $4, $5, $6, $7, 'PENDENTE', 1, $8, $9, $10, $10, $11)
  on conflict on constraint notificacoes_uma_por_fato_uq do nothing
  returning id`;

/**
 * The join leaves out messages whose addressee is not known yet. `materialized`, since a subquery with a limit and locks
 * must run once. The outer select makes the driver answer rows, not a count.
 */
const LEASE = `
  with prontas as materialized (
    select n.id, c.nome, c.email, json_build_object(
      'email', coalesce(p.email, $5), 'sms', coalesce(p.sms, $6), 'push', coalesce(p.push, $7),
      'lembretes', coalesce(p.lembretes, $8)
    ) as preferencias
    from notificacoes n join contatos c on c.usuario_id = n.cliente_id
      left join preferencias p on p.cliente_id = n.cliente_id
    where n.status = 'PENDENTE' and n.disponivel_em <= $1
    order by n.disponivel_em, n.id
    limit $2
    for update of n skip locked
  ), tomadas as (
    update notificacoes n set posse = $3, disponivel_em = $4
    from prontas where n.id = prontas.id
    returning n.id, cliente_id, canal, modelo, reserva_id, assunto, dados, recusas, adiamentos, criada_em, devida_em,
      valida_ate, prontas.nome, prontas.email, prontas.preferencias
  )
  select id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", assunto, dados, recusas, adiamentos,
    criada_em as "criadaEm", coalesce(devida_em, criada_em) as "devidaEm", valida_ate as "validaAte", nome, email,
    preferencias
  from tomadas order by criada_em, id`;

const SENT = `
  update notificacoes
  set status = 'ENVIADA', enviada_em = $3, destino = $2, posse = null, versao = versao + 1
  where id = $1 and status <> 'ENVIADA'
  returning versao`;

const FAILED = `
  update notificacoes set status = 'FALHOU', destino = $3, posse = null, versao = versao + 1
  where id = $1 and posse = $2
  returning versao`;

/** Nobody will write it any more, so nothing of what a person wrote is kept. */
const SUPPRESSED = `
  update notificacoes
  set status = 'SUPRIMIDA', destino = null, posse = null, versao = versao + 1, dados = dados - 'motivo'
  where id = $1 and posse = $2
  returning versao`;

const AGAIN = `
  update notificacoes
  set recusas = recusas + 1, destino = $3, disponivel_em = $4, posse = null, versao = versao + 1
  where id = $1 and posse = $2
  returning versao`;

const LATER = `
  update notificacoes set adiamentos = adiamentos + 1, disponivel_em = $3, posse = null
  where id = $1 and posse = $2`;

const FORGET = `update notificacoes set dados = dados - 'motivo' where cliente_id = $1 and dados ? 'motivo'`;

const EXISTS = 'select 1 from notificacoes where reserva_id = $1 and modelo = $2 limit 1';

const TAKE_BACK = `
  update notificacoes set status = 'SUPRIMIDA', destino = null, posse = null, versao = versao + 1
  where reserva_id = $1 and modelo = any($2) and status = 'PENDENTE'
  returning id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", versao`;

type LeasedRow = Omit<NotificacaoTomada, 'posse' | 'contato' | 'validaAte'> &
  ModeloComDados & { validaAte: Date | null; nome: string | null; email: string | null };

/** Messages in PostgreSQL: rows leased with SKIP LOCKED, so that several senders never take the same one. */
export class PostgresFila implements FilaNotificacoes {
  readonly #manager: Sql;

  constructor(manager: Sql) {
    this.#manager = manager;
  }

  async inserir(notificacao: NovaNotificacao): Promise<boolean> {
    const { id, clienteId, canal, modelo, reservaId, assunto, dados, criadaEm } = notificacao;
    const { fato, devidaEm, validaAte } = notificacao;
    const conteudo = JSON.stringify(dados);
    const mensagem = [id, clienteId, canal, modelo, reservaId, assunto, conteudo, criadaEm];
    const valores = [...mensagem, fato, devidaEm, validaAte ?? null];
    try {
      const linhas: unknown[] = await this.#manager.query(INSERT, valores);
      return linhas.length === 1;
    } catch (error) {
      if (!isUniqueViolation(error, 'notificacoes_pkey')) throw error;
      throw new IdRepetidoError(`${id} is taken`, { cause: error });
    }
  }

  async existe(reservaId: string, modelo: Modelo): Promise<boolean> {
    const linhas: unknown[] = await this.#manager.query(EXISTS, [reservaId, modelo]);
    return linhas.length > 0;
  }

  async retirar(reservaId: string, modelos: readonly Modelo[]): Promise<Retirada[]> {
    if (modelos.length === 0) return [];
    const [linhas]: [Retirada[], number] = await this.#manager.query(TAKE_BACK, [reservaId, modelos]);
    return linhas;
  }

  async tomar({
    limite,
    agora,
    ate,
  }: {
    limite: number;
    agora: Date;
    ate: Date;
  }): Promise<NotificacaoTomada[]> {
    const posse = randomUUID();
    const iniciais = PREFERENCIAS_INICIAIS;
    const escolhas = [iniciais.email, iniciais.sms, iniciais.push, iniciais.lembretes];
    const parametros = [agora, limite, posse, ate, ...escolhas];
    const linhas: LeasedRow[] = await this.#manager.query(LEASE, parametros);
    return linhas.map(({ nome, email, validaAte, ...linha }) => ({
      ...linha,
      posse,
      validaAte: validaAte ?? undefined,
      contato: contatoDe(nome, email),
    }));
  }

  marcarEnviada(id: string, { destino, em }: { destino: string; em: Date }): Promise<number | undefined> {
    return this.#version(SENT, [id, destino, em]);
  }

  marcarFalha({ id, posse }: NotificacaoTomada, destino: string): Promise<number | undefined> {
    return this.#version(FAILED, [id, posse, destino]);
  }

  marcarSuprimida({ id, posse }: NotificacaoTomada): Promise<number | undefined> {
    return this.#version(SUPPRESSED, [id, posse]);
  }

  repetir({ id, posse }: NotificacaoTomada, destino: string, ate: Date): Promise<number | undefined> {
    return this.#version(AGAIN, [id, posse, destino, ate]);
  }

  async adiar({ id, posse }: NotificacaoTomada, ate: Date): Promise<void> {
    await this.#manager.query(LATER, [id, posse, ate]);
  }

  async esquecer(clienteId: string): Promise<void> {
    await this.#manager.query(FORGET, [clienteId]);
  }

  /** For an UPDATE TypeORM answers the returned rows and their count. */
  async #version(sql: string, values: unknown[]): Promise<number | undefined> {
    const [linhas]: [Array<{ versao: number }>, number] = await this.#manager.query(sql, values);
    return linhas[0]?.versao;
  }
}

function contatoDe(nome: string | null, email: string | null): Contato | undefined {
  return nome === null || email === null ? undefined : { nome, email };
}
