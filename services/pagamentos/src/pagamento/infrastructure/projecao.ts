import { isUniqueViolation } from '@plataforma/runtime/postgres';
import type { Sql } from '@plataforma/runtime/transaction';
import { ConcurrencyError } from '../application/concurrency.ts';
import {
  creditosRetidos,
  emCurso,
  statusDe,
  totalComprometido,
  totalEstornado,
  totalExcedente,
} from '../domain/contas.ts';
import type { PagamentoEvent } from '../domain/eventos.ts';
import { movimentoDeCredito } from '../domain/movimento-de-credito.ts';
import type { Cobranca, EstadoPagamento, Estorno } from '../domain/pagamento.ts';
import type { PagamentoVersionado } from '../domain/pagamentos-repository.ts';

// What is neither new to the provider nor paid since keeps its turn to be compared.
const PAGAMENTO = `
  insert into pagamentos (id, reserva_id, cliente_id, centavos, moeda, descricao, status, expira_em, sessao_id,
    checkout_url, checkout_expira_em, intencao_id, recusas, criado_em, aprovado_em, atualizado_em, versao,
    estornado, comprometido, creditos, comprometido_creditos, creditos_retidos, verificar_em, excedente)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
  on conflict (id) do update set
    status = excluded.status, sessao_id = excluded.sessao_id, checkout_url = excluded.checkout_url,
    checkout_expira_em = excluded.checkout_expira_em, intencao_id = excluded.intencao_id,
    recusas = excluded.recusas, aprovado_em = excluded.aprovado_em, atualizado_em = excluded.atualizado_em,
    versao = excluded.versao, estornado = excluded.estornado, comprometido = excluded.comprometido,
    creditos = excluded.creditos, comprometido_creditos = excluded.comprometido_creditos, creditos_retidos = excluded.creditos_retidos,
    excedente = excluded.excedente,
    verificar_em = case when excluded.verificar_em is null
        or (pagamentos.sessao_id is null) <> (excluded.sessao_id is null)
        or (pagamentos.aprovado_em is null) <> (excluded.aprovado_em is null)
      then excluded.verificar_em else pagamentos.verificar_em end`;

// What has not moved keeps its place in the queue.
const ESTORNO = `
  insert into estornos as e (pagamento_id, numero, centavos, moeda, origem, situacao, refund_id, solicitado_em,
    tentar_em, meio)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict (pagamento_id, numero) do update set
    situacao = excluded.situacao, refund_id = excluded.refund_id, tentar_em = excluded.tentar_em, falhas = 0,
    erro = null
  where e.situacao <> excluded.situacao`;

const MOVIMENTO = `
  insert into transacoes (id, pagamento_id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** The call that created the charge, or closed a checkout, opens the next one at once; the sweep steps in only if that fails. */
const FOLGA_PARA_QUEM_CRIOU_MS = 5_000;
/** Webhooks tell of a pending refund sooner, as a rule. */
const PRIMEIRA_CONSULTA_MS = 60_000;
/** Webhooks, as a rule, come well within this time. */
const CARENCIA_MS = 60_000;
const PAGAS_DEPOIS_DE_MS = 24 * 60 * 60_000;

/**
 * Brings the tables that are read in line with the new state, in the transaction of its events. Sends its statements
 * together and answers one promise for each; that of the payment rejects with a ConcurrencyError when another payment
 * charges the same reservation.
 *
 * @param antes the state that the tables show; INEXISTENTE when they know nothing of the payment
 */
export function projetar(
  sql: Sql,
  antes: EstadoPagamento,
  { versao }: PagamentoVersionado,
  cobranca: Cobranca,
  eventos: ReadonlyArray<{ evento: PagamentoEvent; versao: number }>,
): Promise<void>[] {
  return [
    gravarPagamento(sql, cobranca, versao),
    ...enfileirar(sql, 'checkouts_pendentes', aAbrir(antes), aAbrir(cobranca), cobranca.id),
    ...enfileirar(sql, 'encerramentos_pendentes', aEncerrar(antes), aEncerrar(cobranca), cobranca.id),
    ...cobranca.estornos.map((estorno) => gravarEstorno(sql, cobranca, estorno)),
    ...eventos.map(({ evento, versao: posicao }) => gravarMovimento(sql, cobranca, posicao, evento)),
  ];
}

/** When its turn comes to get a checkout; undefined when it needs none. */
function aAbrir(estado: EstadoPagamento): Date | undefined {
  if (estado.fase !== 'PENDENTE' || estado.checkout) return undefined;
  return new Date(estado.atualizadoEm.getTime() + FOLGA_PARA_QUEM_CRIOU_MS);
}

function aEncerrar(estado: EstadoPagamento): Date | undefined {
  if (estado.fase !== 'PENDENTE') return undefined;
  const paraUsarCredito = estado.creditosPedidos === true && estado.checkout !== undefined;
  return estado.encerramento !== undefined || paraUsarCredito ? estado.atualizadoEm : undefined;
}

/** What waits already keeps its place. */
function enfileirar(
  sql: Sql,
  tabela: 'checkouts_pendentes' | 'encerramentos_pendentes',
  esperava: Date | undefined,
  espera: Date | undefined,
  id: string,
): Promise<void>[] {
  if (espera && !esperava)
    return [
      sql.query(`insert into ${tabela} (pagamento_id, tentar_em) values ($1, $2) on conflict do nothing`, [
        id,
        espera,
      ]),
    ];
  if (esperava && !espera) return [sql.query(`delete from ${tabela} where pagamento_id = $1`, [id])];
  return [];
}

async function gravarEstorno(sql: Sql, cobranca: Cobranca, estorno: Estorno): Promise<void> {
  const { numero, meio, valor, origem, situacao, refundId, solicitadoEm } = estorno;
  const espera = situacao === 'PENDENTE' ? PRIMEIRA_CONSULTA_MS : 0;
  await sql.query(ESTORNO, [
    cobranca.id,
    numero,
    String(valor.centavos),
    valor.moeda,
    origem,
    situacao,
    refundId,
    solicitadoEm,
    emCurso(situacao) ? new Date(cobranca.atualizadoEm.getTime() + espera) : null,
    meio,
  ]);
}

/** The event as a movement of credit or of money by card, if it is one. */
function movimento(cobranca: Cobranca, evento: PagamentoEvent) {
  const deCredito = movimentoDeCredito(cobranca, evento);
  if (deCredito) return deCredito;
  switch (evento.tipo) {
    case 'PagamentoAprovado':
      return evento.intencaoId === undefined ? undefined : { tipo: 'CAPTURA', valor: evento.valor };
    case 'EstornoConcluido':
      return { tipo: 'ESTORNO', valor: evento.valor };
    case 'EstornoFalhou':
      return evento.devolvido ? { tipo: 'ESTORNO_DEVOLVIDO', valor: evento.valor } : undefined;
    default:
      return undefined;
  }
}

async function gravarMovimento(
  sql: Sql,
  cobranca: Cobranca,
  posicao: number,
  evento: PagamentoEvent,
): Promise<void> {
  const movido = movimento(cobranca, evento);
  if (!movido) return;
  const { id, reservaId, clienteId } = cobranca;
  const { centavos, moeda } = movido.valor;
  const valor = [String(centavos), moeda];
  await sql.query(MOVIMENTO, [
    `${id}:${posicao}`,
    ...[id, reservaId, clienteId],
    ...[movido.tipo, ...valor, evento.em],
  ]);
}

/** When it is compared with the provider for the first time; undefined when the provider knows nothing of it. */
function primeiraVerificacao(cobranca: Cobranca): Date | undefined {
  const { fase, checkout, criadoEm } = cobranca;
  if (fase === 'APROVADO' && cobranca.aprovacao.intencaoId !== undefined)
    return new Date(cobranca.aprovacao.em.getTime() + PAGAS_DEPOIS_DE_MS);
  return fase === 'PENDENTE' && checkout ? new Date(criadoEm.getTime() + CARENCIA_MS) : undefined;
}

async function gravarPagamento(sql: Sql, cobranca: Cobranca, versao: number): Promise<void> {
  const { valor, checkout } = cobranca;
  const aprovacao = cobranca.fase === 'APROVADO' ? cobranca.aprovacao : undefined;
  try {
    await sql.query(PAGAMENTO, [
      cobranca.id,
      cobranca.reservaId,
      cobranca.clienteId,
      String(valor.centavos),
      valor.moeda,
      cobranca.descricao,
      statusDe(cobranca),
      cobranca.expiraEm,
      checkout?.sessaoId,
      checkout?.url,
      checkout?.expiraEm,
      aprovacao?.intencaoId,
      cobranca.recusas.length,
      cobranca.criadoEm,
      aprovacao?.em,
      cobranca.atualizadoEm,
      versao,
      String(totalEstornado(cobranca)),
      String(totalComprometido(cobranca)),
      String(cobranca.creditos.centavos),
      String(totalComprometido(cobranca, 'CREDITO')),
      String(creditosRetidos(cobranca)),
      primeiraVerificacao(cobranca),
      String(cobranca.fase === 'APROVADO' ? totalExcedente(cobranca) : 0n),
    ]);
  } catch (error) {
    if (!isUniqueViolation(error, 'pagamentos_reserva_uq')) throw error;
    throw new ConcurrencyError(`reservation ${cobranca.reservaId} was charged meanwhile`, { cause: error });
  }
}
