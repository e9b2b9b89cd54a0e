import { randomUUID } from 'node:crypto';
import { answersOf } from '@plataforma/domain/answers-of';
import type { Sql } from '@plataforma/runtime/transaction';
import type { Canal, Contato } from '../../canais/domain/mensagem.ts';
import type { Retirada } from '../../mensagens/application/ports.ts';
import { DADOS_QUE_FICAM } from '../../mensagens/infrastructure/so-ate-o-envio.ts';
import type { ModeloComDados } from '../../modelos/domain/modelo.ts';
import { JANELA_DO_RESUMO_MS, MAXIMO_NO_RESUMO } from '../../modelos/domain/resumo.ts';
import { PREFERENCIAS_INICIAIS } from '../../preferencias/domain/preferencias.ts';
import type {
  Conta,
  Envio,
  FatoDeEnvio,
  FilaDeSaida,
  Leitor,
  NotificacaoTomada,
} from '../application/ports.ts';
import { BEGIN } from './comeco-sql.ts';
import { contar } from './cotas-do-dia.ts';
import { LEASE } from './lease-sql.ts';

const NOT_GONE =
  'not exists (select from contatos where usuario_id = cliente_id and removido_em is not null)';

/** Those of the people, in one order, as `TRAVAR_CONTATO` does for one. */
const LOCK_CONTACTS = `
  select pg_advisory_xact_lock_shared(hashtextextended('contato:' || cliente, 0))
  from (select distinct cliente from unnest($1::text[]) as c (cliente) order by cliente) todos`;

/** Where it went is not noted of a person who is gone: that may have been answered for already. */
const SENT = `
  update notificacoes
  set status = 'ENVIADA', enviada_em = fato.em, posse = null, versao = versao + 1, dados = ${DADOS_QUE_FICAM},
    destino = case when ${NOT_GONE} then fato.para end, provedor = left(fato.por, 20),
    id_do_provedor = case when ${NOT_GONE} then left(fato.recibo, 200) end
  from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[]) as fato (qual, para, em, por, recibo)
  where id = fato.qual and status <> 'ENVIADA'
  returning id, versao, coalesce(destino, '') as destino`;

/** Due since they were first: in their place among the others. */
const GIVE_BACK = `
  update notificacoes set disponivel_em = volta.desde, posse = null
  from unnest($1::text[], $2::text[], $3::timestamptz[]) as volta (qual, de, desde)
  where id = volta.qual and posse::text = volta.de`;

const FAILED = `
  update notificacoes
  set status = 'FALHOU', destino = $3, posse = null, versao = versao + 1, dados = ${DADOS_QUE_FICAM}
  where id = $1 and posse = $2
  returning versao`;

/** It is never sent any more, so nothing of what a person wrote is kept. */
const SUPPRESSED = `
  update notificacoes
  set status = 'SUPRIMIDA', destino = null, posse = null, versao = versao + 1, dados = ${DADOS_QUE_FICAM} - 'motivo'
  from unnest($1::text[], $2::uuid[]) as minhas (qual, de)
  where id = minhas.qual and posse = minhas.de
  returning id, versao`;

const AGAIN = `
  update notificacoes
  set recusas = recusas + 1, destino = $3, disponivel_em = $4, posse = null, versao = versao + 1
  where id = $1 and posse = $2
  returning versao`;

const LATER = `
  update notificacoes set adiamentos = adiamentos + 1, disponivel_em = $3, posse = null
  where id = $1 and posse = $2`;

const KEEP_FOR = `
  update notificacoes set disponivel_em = $3, posse = null where id = $1 and posse = $2`;

const SILENCE = `
  update notificacoes set disponivel_em = $3, silencio_ate = $3, posse = null where id = $1 and posse = $2`;

const DROP_HELD = `
  update notificacoes n
  set status = 'SUPRIMIDA', destino = null, posse = null, versao = versao + 1, dados = ${DADOS_QUE_FICAM} - 'motivo'
  from (
    select id from notificacoes where status = 'PENDENTE' and retida and criada_em < $1
    order by criada_em limit $2 for update skip locked
  ) velhas
  where n.id = velhas.id
  returning n.id, cliente_id as "clienteId", canal, modelo, reserva_id as "reservaId", versao`;

type LeasedRow = Omit<NotificacaoTomada, 'posse' | 'validoAte' | 'grupo'> &
  ModeloComDados & { grupo: string | null; validoAte: Date | null };

type BegunRow = Omit<Leitor, 'contato'> & {
  id: string;
  retida: boolean;
  nome: string | null;
  email: string | null;
};

/** Messages in PostgreSQL: rows leased with SKIP LOCKED, so that several senders never take the same one. */
export class PostgresFilaDeSaida implements FilaDeSaida {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async tomar({
    canal,
    limite,
    agora,
    ate,
  }: {
    canal: Canal;
    limite: number;
    agora: Date;
    ate: Date;
  }): Promise<NotificacaoTomada[]> {
    const posse = randomUUID();
    const juntas = new Date(agora.getTime() + JANELA_DO_RESUMO_MS);
    const parametros = [agora, limite, posse, ate, juntas, MAXIMO_NO_RESUMO, canal];
    const linhas: LeasedRow[] = await this.#sql.query(LEASE, parametros);
    return linhas.map(({ validoAte, grupo, ...linha }) => ({
      ...linha,
      grupo: grupo ?? undefined,
      posse,
      validoAte: validoAte ?? undefined,
    }));
  }

  async comecar(tomadas: readonly NotificacaoTomada[]): Promise<ReadonlyMap<string, Leitor | 'RETIDA'>> {
    const { email, sms, push, lembretes, idioma } = PREFERENCIAS_INICIAIS;
    const minhas = [tomadas.map(({ id }) => id), tomadas.map(({ posse }) => posse)];
    const parametros = [...minhas, email, sms, push, lembretes, idioma];
    const linhas: BegunRow[] = await this.#sql.query(BEGIN, parametros);
    return new Map(
      linhas.map(({ id, retida, nome, email: endereco, ...leitor }) => {
        const comecada = { ...leitor, contato: contatoDe(nome, endereco) };
        return [id, retida ? 'RETIDA' : comecada];
      }),
    );
  }

  contar(contas: readonly Conta[], dia: string): Promise<ReadonlySet<string>> {
    return contar(this.#sql, contas, dia);
  }

  async guardarPara({ id, posse }: NotificacaoTomada, ate: Date): Promise<void> {
    await this.#sql.query(KEEP_FOR, [id, posse, ate]);
  }

  async silenciar({ id, posse }: NotificacaoTomada, ate: Date): Promise<void> {
    await this.#sql.query(SILENCE, [id, posse, ate]);
  }

  async devolver(tomadas: readonly NotificacaoTomada[]): Promise<void> {
    await this.#sql.query(GIVE_BACK, [
      tomadas.map(({ id }) => id),
      tomadas.map(({ posse }) => posse),
      tomadas.map(({ devidaEm }) => devidaEm),
    ]);
  }

  async marcarEnviadas(fatos: readonly FatoDeEnvio[]): Promise<ReadonlyMap<string, Envio>> {
    const [, [linhas]] = await answersOf([
      this.#sql.query(LOCK_CONTACTS, [fatos.map(({ clienteId }) => clienteId)]),
      this.#sql.query<[Array<Envio & { id: string }>, number]>(SENT, [
        fatos.map(({ id }) => id),
        fatos.map(({ destino }) => destino),
        fatos.map(({ em }) => em),
        fatos.map(({ recibo }) => recibo.provedor),
        fatos.map(({ recibo }) => recibo.idDoProvedor ?? null),
      ]),
    ]);
    return new Map(linhas.map(({ id, ...envio }) => [id, envio]));
  }

  marcarFalha({ id, posse }: NotificacaoTomada, destino: string): Promise<number | undefined> {
    return this.#version(FAILED, [id, posse, destino]);
  }

  async marcarSuprimidas(tomadas: readonly NotificacaoTomada[]): Promise<ReadonlyMap<string, number>> {
    const minhas = [tomadas.map(({ id }) => id), tomadas.map(({ posse }) => posse)];
    const [linhas]: [Array<{ id: string; versao: number }>, number] = await this.#sql.query(
      SUPPRESSED,
      minhas,
    );
    return new Map(linhas.map(({ id, versao }) => [id, versao]));
  }

  repetir({ id, posse }: NotificacaoTomada, destino: string, ate: Date): Promise<number | undefined> {
    return this.#version(AGAIN, [id, posse, destino, ate]);
  }

  async adiar({ id, posse }: NotificacaoTomada, ate: Date): Promise<void> {
    await this.#sql.query(LATER, [id, posse, ate]);
  }

  async descartarRetidas(antesDe: Date, limite: number): Promise<Retirada[]> {
    const [linhas]: [Retirada[], number] = await this.#sql.query(DROP_HELD, [antesDe, limite]);
    return linhas;
  }

  /** For an UPDATE TypeORM answers the returned rows and their count. */
  async #version(text: string, values: unknown[]): Promise<number | undefined> {
    const [linhas]: [Array<{ versao: number }>, number] = await this.#sql.query(text, values);
    return linhas[0]?.versao;
  }
}

function contatoDe(nome: string | null, email: string | null): Contato | undefined {
  return nome === null || email === null ? undefined : { nome, email };
}
