import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AcaoSobreDados } from '@plataforma/contratos/comum/v1/apagamento_pb';
import { DadosPessoaisApagadosSchema } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { appendToOutbox, integrationEvent } from '@plataforma/runtime/outbox';
import type { Sql } from '@plataforma/runtime/transaction';
import type { ApagamentoRepository } from '../application/remover-cliente.ts';

const { APAGADO, MANTIDO } = AcaoSobreDados;

const REMEMBER = `
  insert into clientes_removidos (cliente_id, em) values ($1, $2) on conflict (cliente_id) do nothing`;

/** What has been dealt with. What waits, or was given up until a person looks, is about money and goes once it has been. */
const WEBHOOKS = `
  delete from webhooks_stripe where cliente_id = $1 and estado in ('PROCESSADO', 'IGNORADO')`;

const KEPT = `
  select (select count(*)::int from pagamentos where cliente_id = $1) as pagamentos,
    (select count(*)::int from transacoes where cliente_id = $1) as transacoes,
    (select count(*)::int from creditos_lotes where cliente_id = $1) as creditos,
    (select coalesce(sum(restante), 0)::text from creditos_lotes where cliente_id = $1) as saldo,
    (select count(*)::int from webhooks_stripe where cliente_id = $1) as avisos`;

interface Kept {
  readonly pagamentos: number;
  readonly transacoes: number;
  readonly creditos: number;
  readonly saldo: string;
  readonly avisos: number;
}

const LIVROS =
  'Cobranças, estornos e seus lançamentos ficam com o identificador da conta, sem nome nem endereço, pelo que a lei manda ' +
  'guardar das contas (Código Civil, art. 1.194; CTN, arts. 173 e 174; LGPD, art. 16, I). Estornos em andamento terminam sozinhos.';

const EM_TRATAMENTO = 'Tratam de dinheiro que ainda se move; saem assim que tratados.';

const NA_STRIPE =
  'O que você informou na página de pagamento está com a Stripe, que o guarda pelos prazos da lei que vale para ela; peça a ela.';

/** Data of customers who are gone, in PostgreSQL. */
export class PostgresApagamentoRepository implements ApagamentoRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async apagar(usuarioId: string, em: Date): Promise<void> {
    await this.#sql.query(REMEMBER, [usuarioId, em]);
    const [, apagados]: [unknown[], number] = await this.#sql.query(WEBHOOKS, [usuarioId]);
    const [ficam]: Kept[] = await this.#sql.query(KEPT, [usuarioId]);
    if (!ficam) throw new Error('the counts of what stays are missing');
    const itens = [
      { dados: 'AVISOS_DA_STRIPE', acao: APAGADO, quantidade: apagados },
      { dados: 'AVISOS_EM_TRATAMENTO', acao: MANTIDO, quantidade: ficam.avisos, motivo: EM_TRATAMENTO },
      { dados: 'PAGAMENTOS', acao: MANTIDO, quantidade: ficam.pagamentos, motivo: LIVROS },
      { dados: 'LANCAMENTOS', acao: MANTIDO, quantidade: ficam.transacoes, motivo: LIVROS },
      { dados: 'CREDITOS', acao: MANTIDO, quantidade: ficam.creditos, motivo: creditos(ficam.saldo) },
      { dados: 'DADOS_NA_STRIPE', acao: MANTIDO, quantidade: ficam.pagamentos, motivo: NA_STRIPE },
    ];
    const dados = { usuarioId, itens, ocorridoEm: timestampFromDate(em) };
    const agregado = { tipo: 'apagamento', id: usuarioId, versao: 1 };
    await appendToOutbox(this.#sql, [integrationEvent(DadosPessoaisApagadosSchema, dados, agregado)]);
  }
}

function creditos(saldo: string): string {
  const reais = (Number(saldo) / 100).toFixed(2).replace('.', ',');
  return (
    `Os lançamentos ficam como os dos pagamentos. Sem a conta, o saldo, que era de R$ ${reais} neste momento, não pode mais ` +
    'ser usado e vence, também o que ainda voltar como créditos de reservas canceladas.'
  );
}

/** Longer than Stripe repeats an event, or a card is charged back. */
const LATE = `interval '400 days'`;

const COME_LATE = `
  delete from webhooks_stripe where id in (
    select w.id from clientes_removidos c join webhooks_stripe w on w.cliente_id = c.cliente_id
    where w.estado in ('PROCESSADO', 'IGNORADO') limit $1 for update of w skip locked)`;

const FORGET = `delete from clientes_removidos where em < $1::timestamptz - ${LATE}`;

/** Deletes what has come about customers who are gone, once it has been dealt with. */
export async function apagarWebhooksDeRemovidos(sql: Sql, agora: Date, limite = 1_000): Promise<void> {
  await sql.query(COME_LATE, [limite]);
  await sql.query(FORGET, [agora]);
}
