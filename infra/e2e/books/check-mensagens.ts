import type { ReservaBook } from './books.ts';
import { CERTA } from './statuses.ts';

const HOUR_MS = 3_600_000;
/** A reminder comes this long before the start, */
const DAY_BEFORE_MS = 24 * HOUR_MS;
/** and not for who is confirmed so near to it, */
const SHORT_NOTICE_MS = 2 * HOUR_MS;
/** which is known when the confirmation is dealt with: that takes no longer than this. */
const HANDLING_MS = HOUR_MS;
/** Clocks of two services differ by less. */
const CLOCKS_MS = 60_000;

/**
 * What the customer is told, by the rules: of each fact once, unless newer news were quicker than its message. A
 * customer who gives up what is unpaid knows it.
 */
export function checkMensagens(reserva: ReservaBook, now: Date): string[] {
  const { status, confirmada, desistencia, confirmacoes, emails, copies, missing, noticias } = reserva;
  const problems: string[] = [];
  const between = (o: string, found: number, [minimum, maximum = minimum]: readonly number[]) => {
    if (found < (minimum ?? 0) || found > (maximum ?? 0)) problems.push(`${o}: ${found}`);
  };
  const times = (modelo: string) => emails.filter((email) => email === modelo).length;
  const [certa, cancelada] = [CERTA.includes(status), status === 'CANCELADA'];
  between('confirmations announced', confirmacoes, [confirmada ? 1 : 0]);
  // A cancellation that is quicker than the sender takes the confirmation back.
  between('e-mails of confirmation', times('RESERVA_CONFIRMADA'), [certa ? 1 : 0, confirmada ? 1 : 0]);
  between('e-mails of cancellation', times('RESERVA_CANCELADA'), [cancelada && !desistencia ? 1 : 0]);
  // A late payment that is taken takes it back.
  between('e-mails of expiry', times('RESERVA_EXPIRADA'), [
    status === 'EXPIRADA' ? 1 : 0,
    reserva.expirou ? 1 : 0,
  ]);
  between('e-mails of reminder', times('LEMBRETE_RESERVA'), lembretes(reserva, now));
  between('e-mails of offer', times('VAGA_OFERECIDA'), ofertas(reserva));
  // Who pays, or gives up, in the first minutes hears of neither.
  between('e-mails of what is to be paid', times('RESERVA_RECEBIDA'), [0, 1]);
  between('e-mails of payments', times('PAGAMENTO_APROVADO'), [0, 1]);
  between('e-mails of declined cards', times('PAGAMENTO_RECUSADO'), [0, noticias.cartoesRecusados]);
  between('e-mails of refunds', times('ESTORNO_CONCLUIDO'), [reserva.pagamento?.estornosConcluidos ?? 0]);
  between('e-mails of failed refunds', times('ESTORNO_FALHOU'), [noticias.estornosFalhos]);
  between('copies of e-mails', copies, [0]);
  between('e-mails on record as sent that never came', missing, [0]);
  return problems;
}

/** Of what stands, once its time has come; of what was cancelled after that, unless the cancellation was quicker. */
function lembretes(reserva: ReservaBook, now: Date): [number, number] {
  const { status, inicio, confirmadoEm, canceladoEm } = reserva;
  if (confirmadoEm === null) return [0, 0];
  const notice = inicio.getTime() - confirmadoEm.getTime();
  if (notice < SHORT_NOTICE_MS) return [0, 0];
  const until = (canceladoEm ?? now).getTime() - (inicio.getTime() - DAY_BEFORE_MS);
  const sure = notice >= SHORT_NOTICE_MS + HANDLING_MS;
  return [CERTA.includes(status) && sure && until >= CLOCKS_MS ? 1 : 0, until >= -CLOCKS_MS ? 1 : 0];
}

/** While it can still be taken, the customer who has to take it knows of it; of what is left when credit paid a part, too. */
function ofertas({ status, ofertas, noticias }: ReservaBook): [number, number] {
  if (ofertas === 0) return [0, 0];
  const open = status === 'PENDENTE_PAGAMENTO';
  return [open ? 1 : 0, ofertas + noticias.restos];
}
