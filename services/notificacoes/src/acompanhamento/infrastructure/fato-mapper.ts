import type { Message } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import type {
  CobrancaCancelada,
  CobrancaCriada,
  EstornoConcluido,
  EstornoFalhou,
  EstornoSolicitado,
  PagamentoAprovado,
  PagamentoRecusado,
  PedidoEstorno,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import type {
  ReservaCancelada,
  ReservaConfirmada,
  ReservaCriada,
  ReservaExpirada,
  ReservaOferecida,
  VagaOferecida,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { ehFusoHorario } from '@plataforma/domain/fuso-horario';
import { PermanentError } from '@plataforma/runtime/event-message';
import type { DetalhesDaReserva } from '../../modelos/domain/modelo.ts';
import type { MovimentoDeVolta } from '../domain/devolucoes.ts';
import type { Fato } from '../domain/reserva-acompanhada.ts';

/**
 * The fact that a slot is held until it is paid.
 *
 * @throws PermanentError when the event lacks what messages say: no retry will complete it. So do the others.
 */
export function criadaFrom(evento: ReservaCriada, versao: number): Sobre<'CRIADA'> {
  const expiraEm = timestampDate(exigir(evento, evento.expiraEm));
  return { tipo: 'CRIADA', versao, detalhes: detalhesDe(evento), expiraEm };
}

/** The fact that a reservation is certain. */
export function confirmadaFrom(evento: ReservaConfirmada, versao: number): Sobre<'CONFIRMADA'> {
  const { pagamentoId, espacoEndereco, ocorridoEm } = evento;
  const { centavos, moeda } = valorDe(exigir(evento, evento.valor));
  const dados = {
    ...detalhesDe(evento),
    pagamentoId,
    espacoEndereco,
    valorCentavos: centavos,
    moeda,
    confirmadaEm: instante(exigir(evento, ocorridoEm)),
    versao,
  };
  return { tipo: 'CONFIRMADA', versao, dados };
}

/** The fact that a reservation is off. */
export function canceladaFrom(evento: ReservaCancelada, versao: number): Sobre<'CANCELADA'> {
  const { motivo, pagamentoId, ocorridoEm } = evento;
  const [reembolso, credito] = [valorDe(evento.reembolso), valorDe(evento.creditoBonus)];
  const dados = {
    ...detalhesDe(evento),
    motivo,
    pagamentoId,
    reembolsoCentavos: reembolso.centavos,
    creditoCentavos: credito.centavos,
    moeda: reembolso.centavos === '0' ? credito.moeda : reembolso.moeda,
    canceladaEm: instante(exigir(evento, ocorridoEm)),
    versao,
  };
  return { tipo: 'CANCELADA', versao, dados, desistencia: evento.desistencia };
}

/** The fact that a hold ran out unpaid. */
export function expiradaFrom(evento: ReservaExpirada, versao: number): Sobre<'EXPIRADA'> {
  exigirDono(evento);
  return { tipo: 'EXPIRADA', versao };
}

/** The fact that one person has booked for another, who is to accept. */
export function reservaOferecidaFrom(evento: ReservaOferecida): Sobre<'VAGA_OFERECIDA'> {
  const { oferta, ...fato } = vagaOferecidaFrom(evento);
  return { ...fato, oferta: { ...oferta, porPessoa: true } };
}

/** The fact that a slot is held for the first in line. */
export function vagaOferecidaFrom(evento: VagaOferecida | ReservaOferecida): Sobre<'VAGA_OFERECIDA'> {
  const { centavos, moeda } = valorDe(exigir(evento, evento.valor));
  const expiraEm = instante(exigir(evento, evento.expiraEm));
  return {
    tipo: 'VAGA_OFERECIDA',
    detalhes: detalhesDe(evento),
    oferta: { valorCentavos: centavos, moeda, expiraEm },
  };
}

/** The fact that there is a place to pay. */
export function cobrancaCriadaFrom(evento: CobrancaCriada, versao: number): Sobre<'COBRANCA_CRIADA'> {
  exigirDono(evento);
  const { centavos: valorCentavos, moeda } = valorDe(evento.valor);
  const { centavos: creditosCentavos } = valorDe(evento.creditosUsados);
  const dita = { valorCentavos, moeda, ...(creditosCentavos !== '0' && { creditosCentavos }) };
  const cobranca = evento.valor && dita;
  return { tipo: 'COBRANCA_CRIADA', versao, checkoutUrl: evento.checkoutUrl, cobranca };
}

/** The fact that the money came. */
export function aprovadoFrom(evento: PagamentoAprovado): Sobre<'PAGAMENTO_APROVADO'> {
  exigirDono(evento);
  const { centavos: valorCentavos, moeda } = valorDe(exigir(evento, evento.valor));
  const em = timestampDate(exigir(evento, evento.ocorridoEm));
  return { tipo: 'PAGAMENTO_APROVADO', pagamentoId: evento.pagamentoId, valorCentavos, moeda, em };
}

/** The fact that a card was declined. */
export function cartaoRecusadoFrom(evento: PagamentoRecusado, eventoId: string): Sobre<'CARTAO_RECUSADO'> {
  exigirDono(evento);
  return { tipo: 'CARTAO_RECUSADO', eventoId };
}

/** The fact that a charge is closed: nothing is left to pay, or to give back. */
export function cobrancaCanceladaFrom(evento: CobrancaCancelada): Sobre<'COBRANCA_CANCELADA'> {
  exigirDono(evento);
  return { tipo: 'COBRANCA_CANCELADA', em: timestampDate(exigir(evento, evento.ocorridoEm)) };
}

/** The fact that money is on its way back, is back, or could not be given back. */
export function estornoFrom(
  evento: EstornoSolicitado | EstornoConcluido | EstornoFalhou,
  situacao: MovimentoDeVolta['situacao'],
): Sobre<'ESTORNO'> {
  exigirDono(evento);
  const { pagamentoId, numero, excedente } = evento;
  const { centavos, moeda } = valorDe(exigir(evento, evento.valor));
  const falha = 'codigo' in evento ? evento : { codigo: '', devolvido: false };
  const movimento = {
    ...{ pagamentoId, numero, situacao, valorCentavos: centavos, moeda, excedente },
    emCreditos: 'emCreditos' in evento && evento.emCreditos,
    pedido: pedidoDe(evento, centavos),
    ...{ motivo: falha.codigo, devolvido: falha.devolvido },
  };
  return { tipo: 'ESTORNO', movimento };
}

/** A movement that does not say what it is part of stands alone. */
function pedidoDe(
  { pedido, numero }: Pick<EstornoSolicitado, 'numero'> & { readonly pedido?: PedidoEstorno | undefined },
  centavos: string,
): MovimentoDeVolta['pedido'] {
  if (!pedido) return { numero, movimentos: 1, origem: '', valorCentavos: centavos, creditosCentavos: '0' };
  const { movimentos, origem } = pedido;
  return {
    ...{ numero: pedido.numero, movimentos, origem },
    valorCentavos: valorDe(pedido.valor).centavos,
    creditosCentavos: valorDe(pedido.creditos).centavos,
  };
}

type Sobre<T extends Fato['tipo']> = Extract<Fato, { tipo: T }>;

type ComPeriodo = Pick<
  ReservaConfirmada,
  'reservaId' | 'clienteId' | 'espacoNome' | 'dataInicio' | 'dataFim' | 'fusoHorario'
> & { readonly serieId?: string } & Message;

function detalhesDe(evento: ComPeriodo): DetalhesDaReserva {
  const { reservaId, espacoNome, dataInicio, dataFim, fusoHorario, serieId } = evento;
  exigirDono(evento);
  if (!ehFusoHorario(fusoHorario)) throw new PermanentError(`"${fusoHorario}" is not a time zone`);
  return {
    reservaId,
    espacoNome,
    inicio: instante(exigir(evento, dataInicio)),
    fim: instante(exigir(evento, dataFim)),
    fusoHorario,
    ...(serieId && { serieId }),
  };
}

function exigirDono(evento: Message & { reservaId: string; clienteId: string }): void {
  exigir(evento, evento.reservaId || undefined);
  exigir(evento, evento.clienteId || undefined);
}

function exigir<T>({ $typeName }: Message, valor: T | undefined): T {
  if (valor === undefined) throw new PermanentError(`${$typeName} lacks a field`);
  return valor;
}

const instante = (timestamp: Timestamp): string => timestampDate(timestamp).toISOString();

/** Nothing when it is left out. */
function valorDe(valor: { centavos: bigint; moeda: string } | undefined): {
  centavos: string;
  moeda: string;
} {
  if (valor === undefined || (valor.centavos === 0n && valor.moeda === ''))
    return { centavos: '0', moeda: 'BRL' };
  const { centavos, moeda } = valor;
  if (!/^[A-Z]{3}$/.test(moeda)) throw new PermanentError(`"${moeda}" is not a currency`);
  return { centavos: centavos.toString(), moeda };
}
