import { type LivroDeReserva, type Livros, NADA, type Pagamento, type Total } from './livros.ts';

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
      ...mensagens(reserva),
    ].map((problema) => `${reserva.id} (${reserva.status}): ${problema}`),
  );
  return [...perdidas, ...problemas];
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

/** One reservation, one capture; and no checkout that nobody has asked for, since it could be paid, too. */
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

const CERTA = ['CONFIRMADA', 'CONCLUIDA'];

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

/** One confirmation, one e-mail; of each refund that is done one, too. Whoever gives up what is unpaid knows it. */
function mensagens(reserva: LivroDeReserva): string[] {
  const { status, confirmada, desistencia, confirmacoes, emails, copias, pagamento } = reserva;
  const problemas: string[] = [];
  const entre = (o: string, achado: number, minimo: number, maximo = minimo) => {
    if (achado < minimo || achado > maximo) problemas.push(`${o}: ${achado}`);
  };
  const vezes = (modelo: string) => emails.filter((email) => email === modelo).length;
  entre('confirmations announced', confirmacoes, confirmada ? 1 : 0);
  // A cancellation that is quicker than the sender takes the confirmation back.
  entre(
    'e-mails of confirmation',
    vezes('RESERVA_CONFIRMADA'),
    CERTA.includes(status) ? 1 : 0,
    confirmada ? 1 : 0,
  );
  entre(
    'e-mails of cancellation',
    vezes('RESERVA_CANCELADA'),
    status === 'CANCELADA' && !desistencia ? 1 : 0,
  );
  entre('e-mails of refunds', vezes('ESTORNO_CONCLUIDO'), feitos(pagamento));
  entre('copies of e-mails', copias, 0);
  return problemas;
}

const feitos = (pagamento: Pagamento | undefined): number => pagamento?.estornosConcluidos ?? 0;
