import { timestampDate } from '@bufbuild/protobuf/wkt';
import {
  PagamentoAproveitadoSchema,
  PagamentoNaoAproveitadoSchema,
  type ReservaAceita,
  ReservaAceitaSchema,
  type ReservaCancelada,
  ReservaCanceladaSchema,
  ReservaConfirmadaSchema,
  type ReservaCriada,
  ReservaCriadaSchema,
  ReservaExpirandoSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { descricaoDaCobranca } from '@plataforma/domain/descricao-da-cobranca';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { DomainError } from '@plataforma/domain/domain-error';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { type EventMeta, on, PermanentError } from '@plataforma/runtime/event-message';
import type { CriarCobranca, CriarCobrancaCommand } from '../../cobrancas/application/criar-cobranca.ts';
import type { EncerrarCobranca } from '../../cobrancas/application/encerrar-cobranca.ts';
import type { UsarCreditos, UsarCreditosCommand } from '../../cobrancas/application/usar-creditos.ts';
import type { PainelDeReconciliacao } from '../../conciliacao/application/painel-de-reconciliacao.ts';
import type { LivroDeCreditos } from '../../creditos/application/livro-de-creditos.ts';
import type { SolicitarEstorno } from '../../estornos/application/solicitar-estorno.ts';
import type { MotivoEncerramento } from '../../pagamento/domain/eventos.ts';
import type { RecusasDeDevolucao } from '../application/recusas-de-devolucao.ts';

interface Deps {
  readonly criarCobranca: CriarCobranca;
  readonly usarCreditos: Pick<UsarCreditos, 'execute'>;
  readonly encerrarCobranca: EncerrarCobranca;
  readonly solicitarEstorno: SolicitarEstorno;
  readonly creditos: Pick<LivroDeCreditos, 'conceder'>;
  readonly desfechos: Pick<PainelDeReconciliacao, 'registrar'>;
  readonly recusas: RecusasDeDevolucao;
}

/**
 * Charges every reservation, also when reservas could not call us; closes the charges of those that end unpaid, and
 * gives money back. No inbox is needed: every command is idempotent by reservation, and its order does not matter. A
 * provider that is away is no failure here, for what is to be done is on record and swept up later.
 */
export function consumers(deps: Deps): ConsumeOptions[] {
  const criada = on(ReservaCriadaSchema, async (evento, meta) => {
    const resultado = await deps.criarCobranca.execute(comando(evento, causaDe(meta)));
    if (resultado.isFailure && !NADA_A_FAZER.has(resultado.error.motivo))
      throw permanente(evento.reservaId, resultado.error);
  });
  const aceita = on(ReservaAceitaSchema, async (evento, meta) => {
    const resultado = await deps.usarCreditos.execute(pedidoDe(evento, causaDe(meta)));
    if (resultado.isFailure && !NADA_A_FAZER.has(resultado.error.motivo))
      throw permanente(evento.reservaId, resultado.error);
  });
  const expirando = on(ReservaExpirandoSchema, (evento, meta) => encerrar(evento, 'RESERVA_EXPIRANDO', meta));
  const confirmada = on(ReservaConfirmadaSchema, (evento, meta) =>
    deps.desfechos.registrar(evento, meta.ocorridoEm),
  );
  const aproveitado = on(PagamentoAproveitadoSchema, (evento, meta) =>
    deps.desfechos.registrar(evento, meta.ocorridoEm),
  );
  const cancelada = on(ReservaCanceladaSchema, async (evento, meta) => {
    await creditarBonus(evento, meta);
    const valor = reembolso(evento);
    if (valor && (await devolver(evento, valor, meta))) return;
    return encerrar(evento, 'RESERVA_CANCELADA', meta);
  });
  const naoAproveitado = on(PagamentoNaoAproveitadoSchema, async ({ pagamentoId, motivo }, meta) => {
    const pedido = { pagamentoId, origem: 'NAO_APROVEITADO', valor: undefined, motivo } as const;
    const pedida = await deps.solicitarEstorno.execute({ ...pedido, causa: causaDe(meta) });
    if (pedida.isFailure) throw permanente(pagamentoId, pedida.error);
  });

  async function creditarBonus({ reservaId, clienteId, creditoBonus }: ReservaCancelada, meta: EventMeta) {
    if (!creditoBonus || creditoBonus.centavos === 0n) return;
    const { centavos, moeda } = creditoBonus;
    if (centavos < 0n || moeda !== 'BRL')
      throw new PermanentError(`${reservaId}: bonus of ${centavos} ${moeda}`);
    const valor = Dinheiro.deCentavos(centavos, moeda);
    await deps.creditos.conceder(clienteId, valor, `bonus:${reservaId}`, meta.ocorridoEm);
  }

  function encerrar(
    { reservaId, clienteId }: { reservaId: string; clienteId: string },
    motivo: MotivoEncerramento,
    meta: EventMeta,
  ): Promise<void> {
    const pedido = meta.agregado.versao;
    return deps.encerrarCobranca.execute({ reservaId, clienteId, motivo, pedido, causa: causaDe(meta) });
  }

  /**
   * False when no money is here that could go back: somebody has confirmed by hand what nobody has paid, or it is all on
   * its way back already. What is refused for good is told to whoever asks, who would ask again for ever.
   */
  async function devolver(
    { reservaId, clienteId, motivo }: ReservaCancelada,
    valor: Dinheiro,
    meta: EventMeta,
  ): Promise<boolean> {
    const pedido = { reservaId, origem: 'CANCELAMENTO', valor, motivo } as const;
    const pedida = await deps.solicitarEstorno.execute({ ...pedido, causa: causaDe(meta) });
    if (pedida.isSuccess) return true;
    if (pedida.error.motivo === 'TRANSICAO_INVALIDA') return false;
    const recusa = { motivo: pedida.error.motivo, pedido: meta.agregado.versao, em: meta.ocorridoEm };
    await deps.recusas.anunciar({ reservaId, clienteId, ...recusa });
    throw permanente(reservaId, pedida.error);
  }

  return [
    {
      stream: 'RESERVAS',
      durable: 'pagamentos-cobranca',
      filter: 'reservas.v1.>',
      on: [criada, aceita, confirmada, aproveitado, expirando, cancelada, naoAproveitado],
    },
  ];
}

/** The provider is away and the queues have it, or the reservation ended before it was charged. */
const NADA_A_FAZER: ReadonlySet<string> = new Set(['PROVEDOR_INDISPONIVEL', 'COBRANCA_ENCERRADA']);

const causaDe = (meta: EventMeta): string => `evento:${meta.id}`;

function permanente(id: string, erro: DomainError): PermanentError {
  return new PermanentError(`${id}: ${erro.motivo}`, { cause: erro });
}

/** Undefined when nothing goes back: then there may still be a charge to close. */
function reembolso({ reembolso: valor }: ReservaCancelada): Dinheiro | undefined {
  return valor && valor.centavos !== 0n ? Dinheiro.deCentavos(valor.centavos, valor.moeda) : undefined;
}

function comando(evento: ReservaCriada, causa: string): CriarCobrancaCommand {
  return { ...pedidoDe(evento, causa), guardarCreditos: evento.guardarCreditos };
}

function pedidoDe(evento: ReservaCriada | ReservaAceita, causa: string): UsarCreditosCommand {
  const { reservaId, clienteId, valor, espacoNome, fusoHorario } = evento;
  if (!valor || !evento.expiraEm || !evento.dataInicio)
    throw new PermanentError(`${reservaId}: the event lacks its amount or its times`);
  const [inicio, expiraEm] = [timestampDate(evento.dataInicio), timestampDate(evento.expiraEm)];
  return {
    reservaId,
    clienteId,
    valor: Dinheiro.deCentavos(valor.centavos, valor.moeda),
    descricao: descricaoDaCobranca({ espacoNome, inicio, expiraEm, fusoHorario }),
    expiraEm,
    causa,
  };
}
