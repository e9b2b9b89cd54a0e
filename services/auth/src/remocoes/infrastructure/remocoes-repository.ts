import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { ALL_GENERATIONS } from '@plataforma/runtime/ended-sessions';
import { storeEndedAccount } from '@plataforma/runtime/ended-sessions-table';
import { appendToOutbox, integrationEvent } from '@plataforma/runtime/outbox';
import type { Sql } from '@plataforma/runtime/transaction';
import type { SessoesTerminam } from '../../contas/infrastructure/usuarios-repository.ts';
import type { Anterior, RemocoesRepository } from '../application/ports.ts';
import {
  IDENTIFICADOR,
  type Item,
  type Parte,
  REGISTROS_DE_ACESSO,
  type Remocao,
  SERVICOS,
} from '../domain/remocao.ts';
import { PostgresConsultaDeRemocoes } from './consulta-de-remocoes.ts';

/**
 * While the account still has its address and the one that it may come back to, and unless another one can be entered or come
 * back by it: whoever signs up with an address that is not theirs takes nothing from its owner by leaving.
 */
const FORGET_REQUESTS = `
  delete from pedidos_senha p
  where p.email in (
    select email from usuarios where id = $1 union all select email from enderecos_deixados where usuario_id = $1)
  and not exists (
    select from usuarios o
    where o.email = p.email and o.id <> $1 and o.removida_em is null
      and (o.email_verificado or o.substituida_em is null))
  and not exists (select from enderecos_deixados d where d.email = p.email and d.usuario_id <> $1)`;

/** What goes, by the code of the report; the account itself comes last, as the others belong to it. */
const GOES: ReadonlyArray<readonly [dados: string, sql: string]> = [
  ['PEDIDOS_DE_SENHA', FORGET_REQUESTS],
  ['CODIGOS_DE_SENHA', 'delete from redefinicoes_senha where usuario_id = $1'],
  ['SEGUNDO_FATOR', 'delete from fatores where usuario_id = $1'],
  ['CODIGOS_DE_RECUPERACAO', 'delete from codigos_recuperacao where usuario_id = $1'],
  ['PASSKEYS', 'delete from passkeys where usuario_id = $1'],
  ['CHAVES_DE_API', 'delete from chaves_api where usuario_id = $1'],
  ['VINCULOS', 'delete from vinculos where usuario_id = $1'],
  ['TROCAS_DE_ENDERECO', 'delete from trocas_de_email where usuario_id = $1'],
  ['ENDERECO_DEIXADO', 'delete from enderecos_deixados where usuario_id = $1'],
  // Their parts go with them.
  ['EXPORTACOES', 'delete from exportacoes where usuario_id = $1'],
  // Sent or not: what was to be told of the person is nobody's business any more.
  ['EVENTOS_PUBLICADOS', `delete from outbox where payload ->> 'usuarioId' = $1`],
];

/** While the account still has its address. One that can be entered is somebody's. */
const TAKES_ALONG = `
  update usuarios a set sai_com = u.id from usuarios u
  where u.id = $1 and u.email_verificado and a.email = u.email and a.id <> u.id
    and not a.email_verificado and a.substituida_em is not null and a.removida_em is null and a.sai_com is null`;

const NEXT_TO_GO = `
  select u.id as "usuarioId", u.sai_com as com, r.por
  from usuarios u join remocoes r on r.usuario_id = u.sai_com
  where u.sai_com is not null order by u.id limit 1`;

const BECOMES_STONE = `
  update usuarios
  set nome = 'Conta removida', email = 'removida@invalid', email_verificado = false, senha_hash = null,
    papeis = '{CLIENTE}', ativo = false, substituida_em = $2, removida_em = $2, cadastro_impressao = null,
    cadastro_repetido_em = null, sai_com = null, geracao_sessoes = geracao_sessoes + 1, versao = versao + 1, atualizado_em = $2
  where id = $1 and removida_em is null
  returning versao`;

const KEPT = `
  select count(*)::int as quantidade from eventos_seguranca where usuario_id = $1 or autor_id = $1`;

const ADD = `
  insert into remocoes (usuario_id, protocolo, por, pedida_em) values ($1, $2, $3, $4)`;

const ADD_PART = `
  insert into remocoes_partes (usuario_id, servico, itens) values ($1, 'auth', $2::jsonb)`;

/** Of two answers at once the second one sees the first. */
const LOCK = 'select 1 from remocoes where usuario_id = $1 for update';

const ANSWER = `
  insert into remocoes_partes as p (usuario_id, servico, itens, concluida_em) values ($1, $2, $3::jsonb, $4)
  on conflict (usuario_id, servico) do update
    set itens = p.itens || excluded.itens, concluida_em = excluded.concluida_em
    where p.concluida_em is null`;

const END = `
  update remocoes set concluida_em = greatest($2, pedida_em)
  where usuario_id = $1 and concluida_em is null
    and (select count(*) from remocoes_partes where usuario_id = $1 and concluida_em is not null) = $3`;

/** Removals in PostgreSQL. */
export class PostgresRemocoesRepository implements RemocoesRepository {
  readonly #sql: Sql;
  readonly #told: SessoesTerminam;

  /** @param told hears that all sessions of the account are over, if the transaction commits */
  constructor(sql: Sql, told: SessoesTerminam) {
    this.#sql = sql;
    this.#told = told;
  }

  async remover({ usuarioId, protocolo, por, pedidoEm }: Remocao): Promise<void> {
    const itens = await this.#apagar(usuarioId);
    await this.#sql.query(TAKES_ALONG, [usuarioId]);
    const [[pedra]]: [Array<{ versao: number }>, number] = await this.#sql.query(BECOMES_STONE, [
      usuarioId,
      pedidoEm,
    ]);
    if (!pedra) throw new Error(`${usuarioId} is gone or was never there`);
    await this.#sql.query(ADD, [usuarioId, protocolo, por, pedidoEm]);
    await this.#sql.query(ADD_PART, [usuarioId, JSON.stringify(itens)]);
    await storeEndedAccount(this.#sql, usuarioId, ALL_GENERATIONS, pedidoEm);
    this.#told(usuarioId, ALL_GENERATIONS, pedidoEm);
    const removido = { usuarioId, protocolo, ocorridoEm: timestampFromDate(pedidoEm) };
    const agregado = { tipo: 'usuario', id: usuarioId, versao: pedra.versao };
    await appendToOutbox(this.#sql, [integrationEvent(UsuarioRemovidoSchema, removido, agregado)]);
  }

  async proximaQueSai(): Promise<Anterior | undefined> {
    const [anterior]: Anterior[] = await this.#sql.query(NEXT_TO_GO);
    return anterior;
  }

  async concluir(
    usuarioId: string,
    { servico, itens }: Omit<Parte, 'concluidaEm'>,
    em: Date,
  ): Promise<boolean> {
    const conhecida: unknown[] = await this.#sql.query(LOCK, [usuarioId]);
    if (conhecida.length === 0) return false;
    await this.#sql.query(ANSWER, [usuarioId, servico, JSON.stringify(itens), em]);
    await this.#sql.query(END, [usuarioId, em, SERVICOS.length]);
    return true;
  }

  daConta(usuarioId: string): Promise<Remocao | undefined> {
    return new PostgresConsultaDeRemocoes(this.#sql).daConta(usuarioId);
  }

  async #apagar(usuarioId: string): Promise<Item[]> {
    const [mantidos]: Array<{ quantidade: number }> = await this.#sql.query(KEPT, [usuarioId]);
    const apagados: Item[] = [];
    for (const [dados, sql] of GOES) {
      const [, quantidade]: [unknown, number] = await this.#sql.query(sql, [usuarioId]);
      apagados.push({ dados, acao: 'APAGADO', quantidade, motivo: '' });
    }
    const eventos = { dados: 'EVENTOS_DE_SEGURANCA', quantidade: mantidos?.quantidade ?? 0 };
    return [
      { dados: 'NOME_ENDERECO_E_SENHA', acao: 'APAGADO', quantidade: 1, motivo: '' },
      ...apagados,
      { dados: 'IDENTIFICADOR', acao: 'MANTIDO', quantidade: 1, motivo: IDENTIFICADOR },
      { ...eventos, acao: 'MANTIDO', motivo: REGISTROS_DE_ACESSO },
    ];
  }
}
