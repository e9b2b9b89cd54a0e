import { conferirBonus, conferirCreditos } from './conferir-creditos.ts';
import { conferirCadeia } from './conferir-eventos.ts';
import { conferirFilas } from './conferir-filas.ts';
import { conferirMensagens } from './conferir-mensagens.ts';
import { conferirSeries } from './conferir-series.ts';
import { type LivroDeReserva, type Livros, NADA, type Total } from './livros.ts';
import { CERTA, ocupam } from './situacoes.ts';

/**
 * Compares the books of Stripe, of pagamentos, of reservas and of notificacoes to the cent, and says what does not fit;
 * nothing when all is well. It holds once everything has come to rest: money on its way counts as not yet there.
 */
export function conferir(livros: Livros): string[] {
  const perdidas = livros.perdidas.map((id) => `${id}: on no record`);
  const problemas = livros.reservas.flatMap((reserva) =>
    [
      ...capturas(reserva),
      ...partidas(reserva),
      ...destino(reserva),
      ...estornos(reserva),
      ...conferirBonus(reserva),
      ...conferirCadeia(reserva.eventos),
      ...conferirMensagens(reserva, livros.agora),
    ].map((problema) => `${reserva.id} (${reserva.status}): ${problema}`),
  );
  return [
    ...perdidas,
    ...problemas,
    ...vagas(livros.reservas),
    ...conferirFilas(livros.filas, livros.agora),
    ...conferirSeries(livros.series),
    ...conferirCreditos(livros.creditos),
  ];
}

/** The same for everything together: money that belongs to no reservation shows only here. */
export function conferirTotais({
  stripe,
  ...outros
}: Record<'stripe' | 'eventos' | 'movimentos', Total | undefined>): string[] {
  return Object.entries(outros).flatMap(([quem, total]) =>
    (['capturado', 'estornado'] as const)
      .filter((campo) => total?.[campo] !== stripe?.[campo])
      .map((campo) => `${campo}, Stripe against ${quem}: ${stripe?.[campo]} cents, ${total?.[campo]} found`),
  );
}

const soma = (valores: readonly number[]): number => valores.reduce((total, valor) => total + valor, 0);

/** Cents that a reservation has been paid with: card and credit together make its price. */
function pago({ pagamento }: LivroDeReserva): number {
  return pagamento === undefined ? 0 : pagamento.cartao.pago + pagamento.creditos.pago;
}

/** One reservation, one capture; and no checkout without a reservation that asked for it, since it could be paid, too. */
function capturas({ stripe, sessoes, pagamento }: LivroDeReserva): string[] {
  const comDinheiro = stripe.filter(({ capturado }) => capturado > 0).length;
  const pedidas = pagamento?.checkouts ?? 0;
  return [
    ...(comDinheiro > 1 ? [`charged ${comDinheiro} times at Stripe`] : []),
    ...(sessoes > pedidas ? [`${sessoes} checkouts at Stripe, ${pedidas} asked for`] : []),
  ];
}

/** What Stripe did is what the events say, and what the events say is in the movements and in the ledger of credits. */
function partidas({ stripe, pagamento }: LivroDeReserva): string[] {
  const problemas: string[] = [];
  const igual = (o: string, esperado: number, achado: number) => {
    if (esperado !== achado) problemas.push(`${o}: ${esperado} cents expected, ${achado} found`);
  };
  const { cartao = NADA, creditos = NADA, emCurso = 0, creditosRetidos = 0, tomado = 0 } = pagamento ?? {};
  const transacoes = pagamento?.transacoes ?? { cartao, creditos };
  igual('captured, Stripe against events', soma(stripe.map((linha) => linha.capturado)), cartao.pago);
  igual('refunded, Stripe against events', soma(stripe.map((linha) => linha.estornado)), cartao.devolvido);
  igual('refunds pending, Stripe against events', soma(stripe.map((linha) => linha.pendente)), emCurso);
  igual('taken by banks, Stripe against events', soma(stripe.map((linha) => linha.tomado)), tomado);
  igual('captured, events against movements', cartao.pago, transacoes.cartao.pago);
  igual('refunded, events against movements', cartao.devolvido, transacoes.cartao.devolvido);
  // Credit is set aside before it is known whether the card pays the rest: then it has moved there and back.
  const movidos = transacoes.creditos.pago - transacoes.creditos.devolvido;
  igual('credit kept, events against movements', creditos.pago - creditos.devolvido, movidos);
  igual('credit kept, events against its ledger', creditos.pago - creditos.devolvido, creditosRetidos);
  return problemas;
}

/** No reservation without its money, no money without a reservation. */
function destino(reserva: LivroDeReserva): string[] {
  const { status, valor, pagamentoId, pagamento } = reserva;
  if (CERTA.includes(status)) {
    if (pagamento === undefined || pagamento.id !== pagamentoId)
      return ['confirmed by no payment of its own'];
    return pago(reserva) === valor ? [] : [`confirmed with ${pago(reserva)} of ${valor} cents`];
  }
  const terminou = status === 'CANCELADA' || status === 'EXPIRADA';
  return pago(reserva) > 0 && !terminou ? ['paid, but neither confirmed nor given up'] : [];
}

/** One slot, one owner. */
function vagas(reservas: readonly LivroDeReserva[]): string[] {
  return reservas.flatMap((uma, i) =>
    reservas
      .slice(i + 1)
      .filter((outra) => outra.espacoId === uma.espacoId && ocupam(uma, outra))
      .map((outra) => `${uma.id} and ${outra.id} hold the same slot`),
  );
}

/** What goes back by the rules; what a person gives back besides may only add to it. */
function estornos(reserva: LivroDeReserva): string[] {
  const { pagamento } = reserva;
  if (pagamento === undefined) return [];
  const { cartao, emCurso, creditos, tomado } = pagamento;
  // What the customer's bank has kept is with the customer, too.
  const comprometido = cartao.devolvido + emCurso + creditos.devolvido + tomado;
  const [devido, aMais] = [devidoPelaRegra(reserva), pagamento.estornadoPorPessoas];
  if (comprometido > pago(reserva)) return [`${comprometido} cents go back of ${pago(reserva)} paid`];
  if (comprometido < devido || comprometido > devido + aMais)
    return [`${comprometido} cents go back, the rules say ${devido}`];
  return [];
}

function devidoPelaRegra(reserva: LivroDeReserva): number {
  if (CERTA.includes(reserva.status)) return 0;
  return reserva.status === 'CANCELADA' && reserva.confirmada ? reserva.reembolso : pago(reserva);
}
