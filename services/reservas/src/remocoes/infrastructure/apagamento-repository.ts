import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AcaoSobreDados } from '@plataforma/contratos/comum/v1/apagamento_pb';
import { DadosPessoaisApagadosSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { appendToOutbox, integrationEvent } from '@plataforma/runtime/outbox';
import type { Sql } from '@plataforma/runtime/transaction';
import type { ApagamentoRepository } from '../application/ports.ts';
import { MOTIVO } from '../application/remover-pessoa.ts';

const { APAGADO, MANTIDO } = AcaoSobreDados;

/** Why somebody has overridden a buffer or a limit for this person is a text about them, too; a constraint wants one. */
const REASONS = `
  update reservas
  set motivo_cancelamento = case when motivo_cancelamento = $2 then $2 when motivo_cancelamento is not null then '' end,
    ignora_buffer_motivo = case when ignora_buffer_motivo is not null then '-' end
  where cliente_id = $1 and (motivo_cancelamento not in ('', $2) or ignora_buffer_motivo <> '-')`;

/** Only these two repeat what people have written. */
const HISTORY = `
  update reservas_historico set porque = 'Texto apagado com a conta.'
  where reserva_id in (select id from reservas where cliente_id = $1)
    and evento in ('ReservaCriada', 'ReservaCancelada') and porque <> 'Texto apagado com a conta.'`;

const ANNOUNCED = `
  update outbox set payload = payload - 'motivo'
  where agregado_tipo = 'reserva' and agregado_id in (select id from reservas where cliente_id = $1)
    and payload ? 'motivo' and assunto = 'reservas.v1.ReservaCancelada'`;

const LINE = 'delete from fila_espera where cliente_id = $1';
const FEEDS = 'delete from calendarios where dono_id = $1';
const SPACES = 'delete from espaco_gestores where usuario_id = $1';
const ONCE_SPACES = 'delete from gestoes_encerradas where usuario_id = $1';

const KEPT = `
  select (select count(*)::int from reservas where cliente_id = $1) as reservas,
    (select count(*)::int from series where cliente_id = $1) as series,
    (select count(*)::int from cotacoes where cliente_id = $1) as cotacoes`;

const CONTABILIDADE =
  'As reservas ficam com o identificador da conta, sem nome nem texto seu, pelo que a lei manda guardar das contas ' +
  '(Código Civil, art. 1.194; LGPD, art. 16, I). As que ainda iam acontecer foram canceladas segundo a política: do ' +
  'que volta, o pago com cartão volta ao cartão sem que você precise fazer nada, e o pago com créditos volta como créditos, ' +
  'que acabam com a conta.';

const COTACOES = 'Uma cotação só tem o identificador da conta e sai um dia depois de vencer.';

/** Data of people who are gone, in PostgreSQL. */
export class PostgresApagamentoRepository implements ApagamentoRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async apagar(usuarioId: string, em: Date): Promise<void> {
    const textos = await this.#quantas(REASONS, usuarioId, MOTIVO);
    await this.#quantas(HISTORY, usuarioId);
    await this.#quantas(ANNOUNCED, usuarioId);
    const fila = await this.#quantas(LINE, usuarioId);
    const calendarios = await this.#quantas(FEEDS, usuarioId);
    // The end of an assignment is written down by a trigger.
    const gestao = await this.#quantas(SPACES, usuarioId);
    await this.#quantas(ONCE_SPACES, usuarioId);
    const [mantidos = { reservas: 0, series: 0, cotacoes: 0 }]: Array<Record<Mantido, number>> =
      await this.#sql.query(KEPT, [usuarioId]);
    const itens = [
      { dados: 'TEXTOS_DE_RESERVAS', acao: APAGADO, quantidade: textos },
      { dados: 'FILA_DE_ESPERA', acao: APAGADO, quantidade: fila },
      { dados: 'CALENDARIOS', acao: APAGADO, quantidade: calendarios },
      { dados: 'GESTAO_DE_ESPACOS', acao: APAGADO, quantidade: gestao },
      { dados: 'RESERVAS', acao: MANTIDO, quantidade: mantidos.reservas, motivo: CONTABILIDADE },
      { dados: 'SERIES', acao: MANTIDO, quantidade: mantidos.series, motivo: CONTABILIDADE },
      { dados: 'COTACOES', acao: MANTIDO, quantidade: mantidos.cotacoes, motivo: COTACOES },
    ];
    const apagados = { usuarioId, itens, ocorridoEm: timestampFromDate(em) };
    const agregado = { tipo: 'apagamento', id: usuarioId, versao: 1 };
    await appendToOutbox(this.#sql, [integrationEvent(DadosPessoaisApagadosSchema, apagados, agregado)]);
  }

  async #quantas(sql: string, ...parametros: string[]): Promise<number> {
    const [, quantas]: [unknown[], number] = await this.#sql.query(sql, parametros);
    return quantas;
  }
}

type Mantido = 'reservas' | 'series' | 'cotacoes';
