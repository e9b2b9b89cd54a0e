import { isUniqueViolation } from '@plataforma/runtime/postgres';
import type { EntityManager } from 'typeorm';
import { ConcurrencyError } from '../../application/concorrencia.ts';
import type { PagamentoVersionado } from '../../application/ports.ts';
import type { Cobranca, PagamentoEvent } from '../../domain/pagamento.ts';

const PAGAMENTO = `
  insert into pagamentos (id, reserva_id, cliente_id, centavos, moeda, descricao, status, expira_em, sessao_id,
    checkout_url, checkout_expira_em, intencao_id, recusas, criado_em, aprovado_em, atualizado_em, versao)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
  on conflict (id) do update set
    status = excluded.status, sessao_id = excluded.sessao_id, checkout_url = excluded.checkout_url,
    checkout_expira_em = excluded.checkout_expira_em, intencao_id = excluded.intencao_id,
    recusas = excluded.recusas, aprovado_em = excluded.aprovado_em, atualizado_em = excluded.atualizado_em,
    versao = excluded.versao`;

const PRECISA_DE_CHECKOUT = `
  insert into checkouts_pendentes (pagamento_id, tentar_em) values ($1, $2) on conflict do nothing`;

const NAO_PRECISA_MAIS = 'delete from checkouts_pendentes where pagamento_id = $1';

const CAPTURA = `
  insert into transacoes (id, pagamento_id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
  values ($1, $2, $3, $4, 'CAPTURA', $5, $6, $7)`;

/** Whoever created the charge opens its checkout at once; the sweep steps in only if that did not work out. */
const FOLGA_PARA_QUEM_CRIOU_MS = 5_000;

/**
 * Brings the tables that are read in line with the new state, in the transaction of its events.
 *
 * @throws ConcurrencyError when another payment charges the same reservation.
 */
export async function projetar(
  manager: EntityManager,
  { id, versao }: PagamentoVersionado,
  cobranca: Cobranca,
  eventos: ReadonlyArray<{ evento: PagamentoEvent; versao: number }>,
): Promise<void> {
  await gravarPagamento(manager, cobranca, versao);
  if (cobranca.fase === 'PENDENTE' && !cobranca.checkout) {
    const tentarEm = new Date(cobranca.criadoEm.getTime() + FOLGA_PARA_QUEM_CRIOU_MS);
    await manager.query(PRECISA_DE_CHECKOUT, [id, tentarEm]);
  } else {
    await manager.query(NAO_PRECISA_MAIS, [id]);
  }
  for (const { evento, versao: posicao } of eventos)
    if (evento.tipo === 'PagamentoAprovado') await gravarCaptura(manager, cobranca, posicao, evento);
}

async function gravarCaptura(
  manager: EntityManager,
  { id, reservaId, clienteId }: Cobranca,
  posicao: number,
  { valor, em }: Extract<PagamentoEvent, { tipo: 'PagamentoAprovado' }>,
): Promise<void> {
  const { centavos, moeda } = valor;
  await manager.query(CAPTURA, [`${id}:${posicao}`, id, reservaId, clienteId, String(centavos), moeda, em]);
}

async function gravarPagamento(manager: EntityManager, cobranca: Cobranca, versao: number): Promise<void> {
  const { valor, checkout } = cobranca;
  const aprovacao = cobranca.fase === 'APROVADO' ? cobranca.aprovacao : undefined;
  try {
    await manager.query(PAGAMENTO, [
      cobranca.id,
      cobranca.reservaId,
      cobranca.clienteId,
      String(valor.centavos),
      valor.moeda,
      cobranca.descricao,
      cobranca.fase,
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
    ]);
  } catch (error) {
    if (!isUniqueViolation(error, 'pagamentos_reserva_uq')) throw error;
    throw new ConcurrencyError(`reservation ${cobranca.reservaId} was charged meanwhile`, { cause: error });
  }
}
