import { type Books, NADA, type ReservaBook, type Total } from './books.ts';
import { checkChain } from './check-chain.ts';
import { checkBonus, checkCreditos } from './check-creditos.ts';
import { checkFilas } from './check-filas.ts';
import { checkMensagens } from './check-mensagens.ts';
import { checkSeries } from './check-series.ts';
import { CERTA, ocupam } from './statuses.ts';

/**
 * Compares the books of Stripe, of pagamentos, of reservas and of notificacoes to the cent, and says what does not fit;
 * nothing when all is well. It holds once everything has come to rest: money on its way counts as not yet there.
 */
export function compare(books: Books): string[] {
  const lost = books.lost.map((id) => `${id}: on no record`);
  const problems = books.reservas.flatMap((reserva) =>
    [
      ...capturas(reserva),
      ...partidas(reserva),
      ...destino(reserva),
      ...estornos(reserva),
      ...checkBonus(reserva),
      ...checkChain(reserva.eventos),
      ...checkMensagens(reserva, books.now),
    ].map((problem) => `${reserva.id} (${reserva.status}): ${problem}`),
  );
  return [
    ...lost,
    ...problems,
    ...vagas(books.reservas),
    ...checkFilas(books.filas, books.now),
    ...checkSeries(books.series),
    ...checkCreditos(books.creditos),
  ];
}

/** The same for everything together: money that belongs to no reservation shows only here. */
export function compareTotals({
  stripe,
  ...others
}: Record<'stripe' | 'eventos' | 'movimentos', Total | undefined>): string[] {
  return Object.entries(others).flatMap(([who, total]) =>
    (['capturado', 'estornado'] as const)
      .filter((field) => total?.[field] !== stripe?.[field])
      .map((field) => `${field}, Stripe against ${who}: ${stripe?.[field]} cents, ${total?.[field]} found`),
  );
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, valor) => total + valor, 0);

/** Cents that a reservation has been paid with: card and credit together make its price. */
function pago({ pagamento }: ReservaBook): number {
  return pagamento === undefined ? 0 : pagamento.cartao.pago + pagamento.creditos.pago;
}

/** One reservation, one capture; and no checkout without a reservation that asked for it, since it could be paid, too. */
function capturas({ stripe, sessoes, pagamento }: ReservaBook): string[] {
  const comDinheiro = stripe.filter(({ capturado }) => capturado > 0).length;
  const asked = pagamento?.checkouts ?? 0;
  return [
    ...(comDinheiro > 1 ? [`charged ${comDinheiro} times at Stripe`] : []),
    ...(sessoes > asked ? [`${sessoes} checkouts at Stripe, ${asked} asked for`] : []),
  ];
}

/** What Stripe did is what the events say, and what the events say is in the movements and in the ledger of credits. */
function partidas({ stripe, pagamento }: ReservaBook): string[] {
  const problems: string[] = [];
  const equal = (o: string, expected: number, found: number) => {
    if (expected !== found) problems.push(`${o}: ${expected} cents expected, ${found} found`);
  };
  const { cartao = NADA, creditos = NADA, emCurso = 0, creditosRetidos = 0, tomado = 0 } = pagamento ?? {};
  const transacoes = pagamento?.transacoes ?? { cartao, creditos };
  equal('captured, Stripe against events', sum(stripe.map((line) => line.capturado)), cartao.pago);
  equal('refunded, Stripe against events', sum(stripe.map((line) => line.estornado)), cartao.devolvido);
  equal('refunds pending, Stripe against events', sum(stripe.map((line) => line.pendente)), emCurso);
  equal('taken by banks, Stripe against events', sum(stripe.map((line) => line.tomado)), tomado);
  equal('captured, events against movements', cartao.pago, transacoes.cartao.pago);
  equal('refunded, events against movements', cartao.devolvido, transacoes.cartao.devolvido);
  // Credit is set aside before it is known whether the card pays the rest: then it has moved there and back.
  const moved = transacoes.creditos.pago - transacoes.creditos.devolvido;
  equal('credit kept, events against movements', creditos.pago - creditos.devolvido, moved);
  equal('credit kept, events against its ledger', creditos.pago - creditos.devolvido, creditosRetidos);
  return problems;
}

/** No reservation without its money, no money without a reservation. */
function destino(reserva: ReservaBook): string[] {
  const { status, valor, pagamentoId, pagamento } = reserva;
  if (CERTA.includes(status)) {
    if (pagamento === undefined || pagamento.id !== pagamentoId)
      return ['confirmed by no payment of its own'];
    return pago(reserva) === valor ? [] : [`confirmed with ${pago(reserva)} of ${valor} cents`];
  }
  const ended = status === 'CANCELADA' || status === 'EXPIRADA';
  return pago(reserva) > 0 && !ended ? ['paid, but neither confirmed nor given up'] : [];
}

/** One slot, one owner. */
function vagas(reservas: readonly ReservaBook[]): string[] {
  return reservas.flatMap((one, i) =>
    reservas
      .slice(i + 1)
      .filter((other) => other.espacoId === one.espacoId && ocupam(one, other))
      .map((other) => `${one.id} and ${other.id} hold the same slot`),
  );
}

/** What goes back by the rules; what a person gives back besides may only add to it. */
function estornos(reserva: ReservaBook): string[] {
  const { pagamento } = reserva;
  if (pagamento === undefined) return [];
  const { cartao, emCurso, creditos, tomado } = pagamento;
  // What the customer's bank has kept is with the customer, too.
  const comprometido = cartao.devolvido + emCurso + creditos.devolvido + tomado;
  const [devido, extra] = [devidoPelaRegra(reserva), pagamento.estornadoPorPessoas];
  if (comprometido > pago(reserva)) return [`${comprometido} cents go back of ${pago(reserva)} paid`];
  if (comprometido < devido || comprometido > devido + extra)
    return [`${comprometido} cents go back, the rules say ${devido}`];
  return [];
}

function devidoPelaRegra(reserva: ReservaBook): number {
  if (CERTA.includes(reserva.status)) return 0;
  return reserva.status === 'CANCELADA' && reserva.confirmada ? reserva.reembolso : pago(reserva);
}
