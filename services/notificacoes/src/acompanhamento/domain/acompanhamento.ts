import type { Rascunho } from '../../mensagens/domain/notificacao.ts';
import type { DadosReservaCancelada, DadosReservaConfirmada, Modelo } from '../../modelos/domain/modelo.ts';
import {
  algumACaminho,
  avisoDeSolicitacao,
  avisosDeDevolucao,
  comMovimento,
  comPedidoTardio,
  type DevolucaoDecidida,
  peloCancelamento,
  semOsAcabados,
} from './devolucoes.ts';
import {
  type Consequencia,
  type Contexto,
  comDetalhes,
  detalhesDe,
  type Fato,
  nada,
  type ReservaAcompanhada,
} from './reserva-acompanhada.ts';

/** What asks for a payment, and is no news once there is one, or can be none. */
const A_PAGAR = [
  'RESERVA_RECEBIDA',
  'PAGAMENTO_RECUSADO',
  'VAGA_OFERECIDA',
] as const satisfies readonly Modelo[];
/** So long somebody has to pay before they are reminded of it. */
const ESPERA_DO_PAGAMENTO_MS = 5 * 60_000;
/** So long the message about a payment waits for the confirmation, which says the same and more. */
const ESPERA_DA_CONFIRMACAO_MS = 2 * 60_000;
/** So long the message about a cancellation waits for pagamentos to say what goes back. */
const ESPERA_DA_DEVOLUCAO_MS = 2 * 60_000;
const ANTECEDENCIA_LEMBRETE_MS = 24 * 3_600_000;
/** Who books later than that before the start is not reminded. */
const SEM_LEMBRETE_MS = 2 * 3_600_000;

/**
 * What the customer is to be told now that a fact is known, and what no longer. A cancellation is final: whatever comes
 * to be known after it is history, and not told. What cannot be told yet, because no event has said which space and when,
 * is told as soon as that is known.
 */
export function acompanhar(antes: ReservaAcompanhada, fato: Fato, contexto: Contexto): Consequencia {
  switch (fato.tipo) {
    case 'CRIADA':
      return criada(antes, fato, contexto);
    case 'CONFIRMADA':
      return confirmada(antes, fato, contexto);
    case 'CANCELADA':
      return cancelada(antes, fato, contexto);
    case 'EXPIRADA':
      return expirada(antes, fato);
    case 'COBRANCA_CRIADA':
      return cobrada(antes, fato, contexto);
    case 'CARTAO_RECUSADO':
      return recusada(antes, fato, contexto);
    case 'VAGA_OFERECIDA':
      return oferecida(antes, fato, contexto);
    case 'ESTORNO':
      return movimentada(antes, fato, contexto);
    case 'PAGAMENTO_APROVADO':
      return aprovada(antes, fato, contexto);
    case 'COBRANCA_CANCELADA':
      return comResposta({ ...antes, cobrancaCanceladaEm: fato.em });
  }
}

type Sobre<T extends Fato['tipo']> = Extract<Fato, { tipo: T }>;

function criada(
  antes: ReservaAcompanhada,
  { versao, detalhes, expiraEm }: Sobre<'CRIADA'>,
  { agora }: Contexto,
): Consequencia {
  const depois = { ...comDetalhes(antes, versao, detalhes), expiraEm, recusas: [] };
  const recusas = antes.recusas.flatMap((eventoId) => avisoDeRecusa(depois, eventoId, agora));
  // Who was declined is told where to pay by that.
  const recebida = recusas.length > 0 ? [] : avisoDeRecebida(depois, agora);
  return { depois, mensagens: [...avisoDeExpiracao(depois), ...recusas, ...recebida], retirar: [] };
}

function confirmada(
  antes: ReservaAcompanhada,
  { versao, dados }: Sobre<'CONFIRMADA'>,
  { agora }: Contexto,
): Consequencia {
  const depois = { ...comDetalhes(antes, versao, detalhesDe(dados)), confirmadaNaVersao: versao };
  if (antes.canceladaNaVersao > 0) return nada(depois);
  // The fact may come weeks late, as a dead letter that is sent again.
  const aviso: Rascunho = { modelo: 'RESERVA_CONFIRMADA', dados, validoAte: new Date(dados.fim) };
  return {
    depois,
    mensagens: [aviso, ...lembrete(dados, agora)],
    retirar: [...A_PAGAR, 'RESERVA_EXPIRADA', 'PAGAMENTO_APROVADO'],
  };
}

function cancelada(
  antes: ReservaAcompanhada,
  { versao, dados, desistencia }: Sobre<'CANCELADA'>,
  { agora, confirmacaoEscrita }: Contexto,
): Consequencia {
  // A customer who gives up what they have not paid knows it, and a loop of that must not fill a mailbox.
  const calada = desistencia || antes.canceladaNaVersao > 0;
  const cancelamento = { ...dados, comCalendario: confirmacaoEscrita };
  const cancelada = { ...comDetalhes(antes, versao, detalhesDe(dados)), canceladaNaVersao: versao };
  const decidida = devolucaoDe({ ...cancelada, cancelamento });
  return {
    depois: calada || decidida ? cancelada : { ...cancelada, cancelamento },
    mensagens: calada ? [] : [avisoDeCancelamento(cancelamento, decidida, agora)],
    retirar: [...A_PAGAR, 'RESERVA_CONFIRMADA', 'LEMBRETE_RESERVA', 'RESERVA_EXPIRADA', 'PAGAMENTO_APROVADO'],
  };
}

function expirada(antes: ReservaAcompanhada, { versao }: Sobre<'EXPIRADA'>): Consequencia {
  const depois = { ...antes, expiradaNaVersao: versao };
  return { depois, mensagens: avisoDeExpiracao(depois), retirar: A_PAGAR };
}

function cobrada(
  antes: ReservaAcompanhada,
  { versao, checkoutUrl, cobranca }: Sobre<'COBRANCA_CRIADA'>,
  { agora }: Contexto,
): Consequencia {
  if (versao <= antes.checkoutDaVersao) return nada(antes);
  const creditosCentavos = cobranca?.creditosCentavos;
  const depois = { ...antes, checkoutUrl, checkoutDaVersao: versao, cobranca };
  const mensagens = [...avisoDeOferta(depois, agora, creditosCentavos), ...avisoDeRecebida(depois, agora)];
  // A customer who has accepted pays the rest at another address: the one before is worth nothing any more.
  return { depois, mensagens, retirar: creditosCentavos && depois.oferta ? ['VAGA_OFERECIDA'] : [] };
}

/** The offer is made with the reservation, so what it says of the space is as old as that. */
function oferecida(
  antes: ReservaAcompanhada,
  { detalhes, oferta }: Sobre<'VAGA_OFERECIDA'>,
  { agora }: Contexto,
): Consequencia {
  const depois = { ...comDetalhes(antes, 1, detalhes), oferta };
  return { depois, mensagens: avisoDeOferta(depois, agora), retirar: ['RESERVA_RECEBIDA'] };
}

function recusada(
  antes: ReservaAcompanhada,
  { eventoId }: Sobre<'CARTAO_RECUSADO'>,
  { agora }: Contexto,
): Consequencia {
  const espera = antes.detalhes === undefined || antes.expiraEm === undefined;
  if (espera) return nada({ ...antes, recusas: [...new Set([...antes.recusas, eventoId])] });
  return {
    depois: antes,
    mensagens: avisoDeRecusa(antes, eventoId, agora),
    // It says where to pay, too.
    retirar: ['RESERVA_RECEBIDA'],
  };
}

/** The confirmation says that the money came. Only where it does not follow, that is told by itself. */
function aprovada(
  antes: ReservaAcompanhada,
  { pagamentoId, valorCentavos, moeda, em }: Sobre<'PAGAMENTO_APROVADO'>,
  { agora }: Contexto,
): Consequencia {
  const depois = { ...antes, aprovadaEm: em };
  if (antes.confirmadaNaVersao > 0 || antes.canceladaNaVersao > 0) return nada(depois);
  const { reservaId, detalhes } = antes;
  const dados = { reservaId, pagamentoId, valorCentavos, moeda, ...(detalhes && { reserva: detalhes }) };
  const devidaEm = new Date(agora.getTime() + ESPERA_DA_CONFIRMACAO_MS);
  return {
    depois,
    // However often it is told again: of one payment it is one message.
    mensagens: [{ modelo: 'PAGAMENTO_APROVADO', dados, fato: pagamentoId, devidaEm }],
    retirar: A_PAGAR,
  };
}

/** Money that goes back is told whatever became of the reservation, also when nothing else is known of it. */
function movimentada(
  antes: ReservaAcompanhada,
  { movimento }: Sobre<'ESTORNO'>,
  { agora }: Contexto,
): Consequencia {
  const movimentos = comMovimento(antes.movimentos, movimento);
  if (!movimentos) return nada({ ...antes, movimentos: comPedidoTardio(antes.movimentos, movimento) });
  const avisos = avisosDeDevolucao(movimentos, movimento, antes.detalhes, antes.reservaId);
  const { depois, mensagens } = comResposta({ ...antes, movimentos });
  const aCaminho = avisoDeSolicitacao(movimento, antes, agora);
  return {
    depois: { ...depois, movimentos: semOsAcabados(movimentos) },
    mensagens: [...mensagens, ...avisos, ...aCaminho],
    retirar: [
      // What is back already is not on its way any more.
      ...(algumACaminho(movimentos) ? [] : (['ESTORNO_SOLICITADO'] as const)),
      // Money that goes back because no reservation takes it will not be confirmed.
      ...(movimento.pedido.origem === 'NAO_APROVEITADO' ? (['PAGAMENTO_APROVADO'] as const) : []),
    ],
  };
}

/** Completes the message about the cancellation that waits, once it is known what goes back. */
function comResposta(reserva: ReservaAcompanhada): Consequencia {
  const { cancelamento } = reserva;
  const decidida = devolucaoDe(reserva);
  if (!cancelamento || !decidida) return nada(reserva);
  const aviso: Rascunho = {
    modelo: 'RESERVA_CANCELADA',
    dados: { ...cancelamento, ...decidida },
    substitui: true,
  };
  return { depois: { ...reserva, cancelamento: undefined }, mensagens: [aviso], retirar: [] };
}

/** What goes back because of the cancellation: what pagamentos does is what counts. Undefined while that is not known. */
function devolucaoDe(reserva: ReservaAcompanhada): DevolucaoDecidida | undefined {
  const { cancelamento, movimentos, cobrancaCanceladaEm } = reserva;
  if (!cancelamento) return undefined;
  const nenhuma = { reembolsoCentavos: '0', reembolsoCreditosCentavos: '0' };
  if (cancelamento.reembolsoCentavos === '0') return nenhuma;
  const semSaldo = cobrancaCanceladaEm && cobrancaCanceladaEm >= new Date(cancelamento.canceladaEm);
  return peloCancelamento(movimentos) ?? (semSaldo ? nenhuma : undefined);
}

/** Waits for a while for what is not decided, and then tells of the cancellation without it. */
function avisoDeCancelamento(
  dados: DadosReservaCancelada,
  decidida: DevolucaoDecidida | undefined,
  agora: Date,
): Rascunho {
  if (decidida) return { modelo: 'RESERVA_CANCELADA', dados: { ...dados, ...decidida } };
  return {
    modelo: 'RESERVA_CANCELADA',
    dados: { ...dados, aConfirmar: true },
    devidaEm: new Date(agora.getTime() + ESPERA_DA_DEVOLUCAO_MS),
  };
}

/** A day before the start, or at once when that is over; not when the start is too near for a reminder. */
function lembrete(dados: DadosReservaConfirmada, agora: Date): Rascunho[] {
  const inicio = new Date(dados.inicio);
  if (inicio.getTime() - agora.getTime() < SEM_LEMBRETE_MS) return [];
  const vespera = inicio.getTime() - ANTECEDENCIA_LEMBRETE_MS;
  const devidaEm = new Date(Math.max(vespera, agora.getTime()));
  const { espacoEndereco } = dados;
  return [
    {
      modelo: 'LEMBRETE_RESERVA',
      dados: { ...detalhesDe(dados), espacoEndereco },
      devidaEm,
      validoAte: inicio,
    },
  ];
}

/** Unless the reservation was paid late, which is newer, or cancelled. */
function avisoDeExpiracao(reserva: ReservaAcompanhada): Rascunho[] {
  const { detalhes, expiradaNaVersao, confirmadaNaVersao, canceladaNaVersao, oferta } = reserva;
  const vale = expiradaNaVersao > confirmadaNaVersao && canceladaNaVersao === 0;
  if (!vale || detalhes === undefined) return [];
  const daFila = oferta !== undefined && !oferta.porPessoa;
  return [{ modelo: 'RESERVA_EXPIRADA', dados: daFila ? { ...detalhes, ofertaDaFila: true } : detalhes }];
}

/**
 * Where to pay, for who has not done so at once: whoever pays in the first minutes hears of the confirmation alone. In a hold that
 * is short, half of it is left.
 */
function avisoDeRecebida(reserva: ReservaAcompanhada, agora: Date): Rascunho[] {
  const { detalhes, expiraEm, checkoutUrl, cobranca, oferta, aprovadaEm } = reserva;
  const paga = aprovadaEm !== undefined || decidida(reserva);
  if (!detalhes || !expiraEm || !cobranca || oferta || paga || checkoutUrl === '') return [];
  const resta = expiraEm.getTime() - agora.getTime();
  if (resta <= 0) return [];
  const devidaEm = new Date(agora.getTime() + Math.min(ESPERA_DO_PAGAMENTO_MS, resta / 2));
  const dados = { ...detalhes, ...cobranca, expiraEm: expiraEm.toISOString(), checkoutUrl };
  return [{ modelo: 'RESERVA_RECEBIDA', dados, devidaEm, validoAte: expiraEm }];
}

/** Only while another card can still be tried. */
function avisoDeRecusa(reserva: ReservaAcompanhada, eventoId: string, agora: Date): Rascunho[] {
  const { detalhes, expiraEm, checkoutUrl } = reserva;
  if (detalhes === undefined || expiraEm === undefined || expiraEm <= agora || decidida(reserva)) return [];
  const dados = { ...detalhes, expiraEm: expiraEm.toISOString(), checkoutUrl };
  return [{ modelo: 'PAGAMENTO_RECUSADO', dados, fato: eventoId, validoAte: expiraEm }];
}

/** Once there is a place to pay, if there is something to pay, and only while that helps. */
function avisoDeOferta(reserva: ReservaAcompanhada, agora: Date, creditosCentavos?: string): Rascunho[] {
  const { detalhes, oferta, checkoutUrl } = reserva;
  if (detalhes === undefined || oferta === undefined || decidida(reserva)) return [];
  const validoAte = new Date(oferta.expiraEm);
  if (validoAte <= agora || (checkoutUrl === '' && oferta.valorCentavos !== '0')) return [];
  const dados = { ...detalhes, ...oferta, checkoutUrl };
  if (creditosCentavos === undefined) return [{ modelo: 'VAGA_OFERECIDA', dados, validoAte }];
  return [{ modelo: 'VAGA_OFERECIDA', dados: { ...dados, creditosCentavos }, fato: 'resto', validoAte }];
}

const decidida = (reserva: ReservaAcompanhada): boolean =>
  reserva.confirmadaNaVersao > 0 || reserva.canceladaNaVersao > 0 || reserva.expiradaNaVersao > 0;
