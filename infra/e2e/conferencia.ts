import type { LivroDeReserva, Livros, Pagamento } from './livros.ts';

/**
 * Compares the books of Stripe, of pagamentos, of reservas and of notificacoes to the cent, and says what does not fit;
 * nothing when all is well. It holds once everything has come to rest: money on its way counts as not yet there.
 *
 * What store credit pays belongs to {@link pago}: then a reservation has its money when card and credit together make
 * its price.
 */
export function conferir(livros: Livros): string[] {
  return livros.reservas.flatMap((reserva) =>
    [
      ...capturas(reserva),
      ...partidas(reserva),
      ...destino(reserva),
      ...estornos(reserva),
      ...mensagens(reserva),
    ].map((problema) => `${reserva.id} (${reserva.status}): ${problema}`),
  );
}

const soma = (valores: readonly number[]): number => valores.reduce((total, valor) => total + valor, 0);

/** Cents that a reservation has been paid with, by whatever means. */
function pago({ pagamento }: LivroDeReserva): number {
  return pagamento?.capturado ?? 0;
}

/** One reservation, one capture. */
function capturas({ stripe }: LivroDeReserva): string[] {
  const comDinheiro = stripe.filter(({ capturado }) => capturado > 0);
  return comDinheiro.length > 1 ? [`charged ${comDinheiro.length} times at Stripe`] : [];
}

/** What Stripe did is what the events say, and what the events say is in the transaction history. */
function partidas({ stripe, pagamento }: LivroDeReserva): string[] {
  const problemas: string[] = [];
  const igual = (o: string, esperado: number, achado: number) => {
    if (esperado !== achado) problemas.push(`${o}: ${esperado} cents expected, ${achado} found`);
  };
  const vazio = { capturado: 0, estornado: 0, emCurso: 0, transacoes: { capturado: 0, estornado: 0 } };
  const { capturado, estornado, emCurso, transacoes } = pagamento ?? vazio;
  igual('captured, Stripe against events', soma(stripe.map((linha) => linha.capturado)), capturado);
  igual('refunded, Stripe against events', soma(stripe.map((linha) => linha.estornado)), estornado);
  igual('refunds pending, Stripe against events', soma(stripe.map((linha) => linha.pendente)), emCurso);
  igual('captured, events against transactions', capturado, transacoes.capturado);
  igual('refunded, events against transactions', estornado, transacoes.estornado);
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
  const comprometido = pagamento.estornado + pagamento.emCurso;
  const [devido, aMais] = [devidoPelaRegra(reserva), pagamento.estornadoPorPessoas];
  if (comprometido > pagamento.capturado)
    return [`${comprometido} cents go back of ${pagamento.capturado} captured`];
  if (comprometido < devido || comprometido > devido + aMais)
    return [`${comprometido} cents go back, the rules say ${devido}`];
  return [];
}

function devidoPelaRegra({ status, confirmada, reembolso, pagamento }: LivroDeReserva): number {
  if (CERTA.includes(status)) return 0;
  return status === 'CANCELADA' && confirmada ? reembolso : (pagamento?.capturado ?? 0);
}

/** One confirmation, one e-mail; of each refund that is done one, too. */
function mensagens(reserva: LivroDeReserva): string[] {
  const { status, confirmada, confirmacoes, emails, pagamento } = reserva;
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
  entre('e-mails of cancellation', vezes('RESERVA_CANCELADA'), status === 'CANCELADA' ? 1 : 0);
  entre('e-mails of refunds', vezes('ESTORNO_CONCLUIDO'), feitos(pagamento));
  return problemas;
}

const feitos = (pagamento: Pagamento | undefined): number => pagamento?.estornosConcluidos ?? 0;
