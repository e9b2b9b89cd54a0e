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
import { JANELA_DO_RESUMO_MS, MAXIMO_NO_RESUMO } from '../../domain/resumo.ts';
import { LEASE } from './lease-sql.ts';

/** Shared: those who write to one person do not wait for each other, only for what becomes of the contact. */
const TRAVAR_CONTATO = `select pg_advisory_xact_lock_shared(hashtextextended('contato:' || $1, 0))`;

const INSERT = `
  insert into notificacoes
    (id, cliente_id, canal, modelo, reserva_id, assunto, dados, status, versao, criada_em, fato, disponivel_em,
      devida_em, valida_ate, grupo, retida)
  select $1, $2, $3, $4, $5, $6, $7, 'PENDENTE', 1, $8, $9, $10, $10, $11, $12,
    $4 <> 'BOAS_VINDAS' and not exists (
      select from contatos where usuario_id = $2 and (email_verificado or removido_em is not null))
  on conflict on constraint notificacoes_uma_por_fato_uq do nothing
  returning id`;

/** Due by itself as a new one would be; what somebody has taken to send it, or tries again, stays as it is. */
const REPLACE = `
  update notificacoes set assunto = $5, dados = $6, devida_em = $7, disponivel_em = $7, valida_ate = $8
  where reserva_id = $1 and modelo = $2 and canal = $3 and fato = $4 and status = 'PENDENTE' and posse is null
  returning id`;

const SENT = `
  update notificacoes
  set status = 'ENVIADA', enviada_em = $3, destino = $2, posse = null, versao = versao + 1, dados = dados - 'codigo'
  where id = $1 and status <> 'ENVIADA'
  returning versao`;

const FAILED = `
  update notificacoes
  set status = 'FALHOU', destino = $3, posse = null, versao = versao + 1, dados = dados - 'codigo'
  where id = $1 and posse = $2
  returning versao`;

/** Nobody will write it any more, so nothing of what a person wrote is kept. */
const SUPPRESSED = `
  update notificacoes
  set status = 'SUPRIMIDA', destino = null, posse = null, versao = versao + 1, dados = dados - 'motivo' - 'codigo'
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

const FORGET = `
  update notificacoes set dados = dados - 'motivo' - 'codigo' where cliente_id = $1 and dados ?| array['motivo', 'codigo']`;

/** Also what somebody has in hand: if it is not sent now it waits with the others. */
const HOLD = `
  update notificacoes set retida = $2
  where cliente_id = $1 and status = 'PENDENTE' and modelo <> 'BOAS_VINDAS' and retida <> $2`;

const DROP_HELD = `
  update notificacoes n
  set status = 'SUPRIMIDA', destino = null, posse = null, versao = versao + 1, dados = dados - 'motivo'
  from (
    select id from notificacoes where status = 'PENDENTE' and retida and criada_em < $1
    order by criada_em limit $2 for update skip locked
  ) velhas
  where n.id = velhas.id
  returning n.id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", versao`;

/** Whoever is about to send it, also who has lost it meanwhile and does not know. */
const COUNT_ONCE = `
  update notificacoes set contada_em = $2::date where id = $1 and contada_em is distinct from $2::date`;

/** Also for who has it by now: what did not fit is not let through as counted. */
const NOT_COUNTED = 'update notificacoes set contada_em = null where id = $1';

/** The row of the address is locked: of two that take the last place the second sees that it is gone. */
const COUNT = `
  insert into envios_do_dia as e (endereco, dia, quantos) values (sha256(convert_to($1, 'UTF8')), $2::date, 1)
  on conflict (endereco, dia) do update set quantos = e.quantos + 1 where e.quantos < $3
  returning quantos`;

const FORGET_DAYS = `
  delete from envios_do_dia where ctid = any(array(
    select ctid from envios_do_dia where dia < $1::date - 1 order by dia limit 10))`;

const KEEP_FOR = `
  update notificacoes set disponivel_em = $3, posse = null where id = $1 and posse = $2`;

const EXISTS = 'select 1 from notificacoes where reserva_id = $1 and modelo = $2 limit 1';

const TAKE_BACK = `
  update notificacoes set status = 'SUPRIMIDA', destino = null, posse = null, versao = versao + 1
  where reserva_id = $1 and modelo = any($2) and status = 'PENDENTE'
  returning id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", versao`;

const TAKE_BACK_CODES = `
  update notificacoes set status = 'SUPRIMIDA', destino = null, versao = versao + 1, dados = dados - 'codigo'
  where cliente_id = $1 and modelo = 'BOAS_VINDAS' and status = 'PENDENTE' and posse is null and disponivel_em > $2
  returning id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", versao`;

type LeasedRow = Omit<NotificacaoTomada, 'posse' | 'contato' | 'validaAte' | 'grupo'> &
  ModeloComDados & {
    grupo: string | null;
    validaAte: Date | null;
    nome: string | null;
    email: string | null;
  };

/** Messages in PostgreSQL: rows leased with SKIP LOCKED, so that several senders never take the same one. */
export class PostgresFila implements FilaNotificacoes {
  readonly #manager: Sql;

  constructor(manager: Sql) {
    this.#manager = manager;
  }

  async inserir(notificacao: NovaNotificacao): Promise<boolean> {
    const { id, clienteId, canal, modelo, reservaId, assunto, dados, criadaEm } = notificacao;
    const { fato, devidaEm, validaAte, grupo } = notificacao;
    const conteudo = JSON.stringify(dados);
    const mensagem = [id, clienteId, canal, modelo, reservaId, assunto, conteudo, criadaEm];
    const valores = [...mensagem, fato, devidaEm, validaAte ?? null, grupo ?? null];
    await this.#manager.query(TRAVAR_CONTATO, [clienteId]);
    try {
      const linhas: unknown[] = await this.#manager.query(INSERT, valores);
      return linhas.length === 1;
    } catch (error) {
      if (!isUniqueViolation(error, 'notificacoes_pkey')) throw error;
      throw new IdRepetidoError(`${id} is taken`, { cause: error });
    }
  }

  async substituir(notificacao: NovaNotificacao): Promise<boolean> {
    const { reservaId, modelo, canal, fato, assunto, dados, devidaEm, validaAte } = notificacao;
    const parametros = [reservaId, modelo, canal, fato, assunto, JSON.stringify(dados), devidaEm];
    const [linhas]: [unknown[], number] = await this.#manager.query(REPLACE, [
      ...parametros,
      validaAte ?? null,
    ]);
    return linhas.length === 1;
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

  async retirarCodigos(clienteId: string, agora: Date): Promise<Retirada[]> {
    const [linhas]: [Retirada[], number] = await this.#manager.query(TAKE_BACK_CODES, [clienteId, agora]);
    return linhas;
  }

  async reter(clienteId: string, reter: boolean): Promise<void> {
    await this.#manager.query(HOLD, [clienteId, reter]);
  }

  async descartarRetidas(antesDe: Date, limite: number): Promise<Retirada[]> {
    const [linhas]: [Retirada[], number] = await this.#manager.query(DROP_HELD, [antesDe, limite]);
    return linhas;
  }

  async contar(
    { id }: NotificacaoTomada,
    { dia, limite, cota }: { dia: string; limite: number; cota: string },
  ): Promise<boolean> {
    const [, novas]: [unknown[], number] = await this.#manager.query(COUNT_ONCE, [id, dia]);
    if (novas === 0) return true;
    await this.#manager.query(FORGET_DAYS, [dia]);
    const contadas: unknown[] = await this.#manager.query(COUNT, [cota, dia, limite]);
    if (contadas.length === 0) await this.#manager.query(NOT_COUNTED, [id]);
    return contadas.length === 1;
  }

  async guardarPara({ id, posse }: NotificacaoTomada, ate: Date): Promise<void> {
    await this.#manager.query(KEEP_FOR, [id, posse, ate]);
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
    const juntas = new Date(agora.getTime() + JANELA_DO_RESUMO_MS);
    const parametros = [agora, limite, posse, ate, ...escolhas, juntas, MAXIMO_NO_RESUMO];
    const linhas: LeasedRow[] = await this.#manager.query(LEASE, parametros);
    return linhas.map(({ nome, email, validaAte, grupo, ...linha }) => ({
      ...linha,
      grupo: grupo ?? undefined,
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
