import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AcaoSobreDados } from '@plataforma/contratos/comum/v1/apagamento_pb';
import { DadosPessoaisApagadosSchema } from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import { appendToOutbox, integrationEvent } from '@plataforma/runtime/outbox';
import type { Sql } from '@plataforma/runtime/transaction';
import type { Item, Remocao, RemocoesRepository } from '../application/ports.ts';

const ADD = `
  insert into remocoes (usuario_id, mensagem_id, itens, pedida_em) values ($1, $2, $3::jsonb, $4)
  on conflict (usuario_id) do nothing
  returning usuario_id`;

/** The last message of which is sent, or will not be. */
const READY = `
  select r.usuario_id as "usuarioId", r.itens from remocoes r
  where r.concluida_em is null
    and not exists (select from notificacoes n where n.id = r.mensagem_id and n.status = 'PENDENTE')
  order by r.pedida_em limit $1
  for update of r skip locked`;

const FORGET_WHERE_TO =
  'update notificacoes set destino = null where cliente_id = $1 and destino is not null';

const FORGET_WHERE_TO_FOR_EVER = `
  update historico_notificacoes set destino = ''
  where notificacao_id in (select id from notificacoes where cliente_id = $1) and destino <> ''`;

const END = 'update remocoes set concluida_em = $2 where usuario_id = $1';

/** People who are gone, in PostgreSQL. */
export class PostgresRemocoesRepository implements RemocoesRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async add({ usuarioId, mensagemId, itens, em }: Remocao): Promise<boolean> {
    const parametros = [usuarioId, mensagemId ?? null, JSON.stringify(itens), em];
    const novas: unknown[] = await this.#sql.query(ADD, parametros);
    return novas.length === 1;
  }

  async concluir(em: Date, limite: number): Promise<number> {
    const prontas: Array<Pick<Remocao, 'usuarioId' | 'itens'>> = await this.#sql.query(READY, [limite]);
    for (const { usuarioId, itens } of prontas) {
      await this.#sql.query(FORGET_WHERE_TO, [usuarioId]);
      await this.#sql.query(FORGET_WHERE_TO_FOR_EVER, [usuarioId]);
      await this.#sql.query(END, [usuarioId, em]);
      await this.#publicar(usuarioId, itens, em);
    }
    return prontas.length;
  }

  async #publicar(usuarioId: string, itens: readonly Item[], em: Date): Promise<void> {
    const apagados = {
      ...{ usuarioId, ocorridoEm: timestampFromDate(em) },
      itens: itens.map(({ acao, ...item }) => ({ ...item, acao: AcaoSobreDados[acao] })),
    };
    const agregado = { tipo: 'apagamento', id: usuarioId, versao: 1 };
    await appendToOutbox(this.#sql, [integrationEvent(DadosPessoaisApagadosSchema, apagados, agregado)]);
  }
}
