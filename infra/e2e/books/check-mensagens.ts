import type { LivroDeReserva } from './livros.ts';
import { CERTA } from './situacoes.ts';

const HORA_MS = 3_600_000;
/** A reminder comes this long before the start, */
const VESPERA_MS = 24 * HORA_MS;
/** and not for who is confirmed so near to it, */
const EM_CIMA_DA_HORA_MS = 2 * HORA_MS;
/** which is known when the confirmation is dealt with: that takes no longer than this. */
const TRATAMENTO_MS = HORA_MS;
/** Clocks of two services differ by less. */
const RELOGIOS_MS = 60_000;

/**
 * What the customer is told, by the rules: of each fact once, unless newer news were quicker than its message. A
 * customer who gives up what is unpaid knows it.
 */
export function conferirMensagens(reserva: LivroDeReserva, agora: Date): string[] {
  const { status, confirmada, desistencia, confirmacoes, emails, copias, extraviados, noticias } = reserva;
  const problemas: string[] = [];
  const entre = (o: string, achado: number, [minimo, maximo = minimo]: readonly number[]) => {
    if (achado < (minimo ?? 0) || achado > (maximo ?? 0)) problemas.push(`${o}: ${achado}`);
  };
  const vezes = (modelo: string) => emails.filter((email) => email === modelo).length;
  const [certa, cancelada] = [CERTA.includes(status), status === 'CANCELADA'];
  entre('confirmations announced', confirmacoes, [confirmada ? 1 : 0]);
  // A cancellation that is quicker than the sender takes the confirmation back.
  entre('e-mails of confirmation', vezes('RESERVA_CONFIRMADA'), [certa ? 1 : 0, confirmada ? 1 : 0]);
  entre('e-mails of cancellation', vezes('RESERVA_CANCELADA'), [cancelada && !desistencia ? 1 : 0]);
  // A late payment that is taken takes it back.
  entre('e-mails of expiry', vezes('RESERVA_EXPIRADA'), [
    status === 'EXPIRADA' ? 1 : 0,
    reserva.expirou ? 1 : 0,
  ]);
  entre('e-mails of reminder', vezes('LEMBRETE_RESERVA'), lembretes(reserva, agora));
  entre('e-mails of offer', vezes('VAGA_OFERECIDA'), ofertas(reserva));
  entre('e-mails of declined cards', vezes('PAGAMENTO_RECUSADO'), [0, noticias.cartoesRecusados]);
  entre('e-mails of refunds', vezes('ESTORNO_CONCLUIDO'), [reserva.pagamento?.estornosConcluidos ?? 0]);
  entre('e-mails of failed refunds', vezes('ESTORNO_FALHOU'), [noticias.estornosFalhos]);
  entre('copies of e-mails', copias, [0]);
  entre('e-mails on record as sent that never came', extraviados, [0]);
  return problemas;
}

/** Of what stands, once its time has come; of what was cancelled after that, unless the cancellation was quicker. */
function lembretes(reserva: LivroDeReserva, agora: Date): [number, number] {
  const { status, inicio, confirmadaEm, canceladaEm } = reserva;
  if (confirmadaEm === null) return [0, 0];
  const antecedencia = inicio.getTime() - confirmadaEm.getTime();
  if (antecedencia < EM_CIMA_DA_HORA_MS) return [0, 0];
  const ate = (canceladaEm ?? agora).getTime() - (inicio.getTime() - VESPERA_MS);
  const certo = antecedencia >= EM_CIMA_DA_HORA_MS + TRATAMENTO_MS;
  return [CERTA.includes(status) && certo && ate >= RELOGIOS_MS ? 1 : 0, ate >= -RELOGIOS_MS ? 1 : 0];
}

/** While it can still be taken, the customer who has to take it knows of it; of what is left when credit paid a part, too. */
function ofertas({ status, ofertas, noticias }: LivroDeReserva): [number, number] {
  if (ofertas === 0) return [0, 0];
  const aberta = status === 'PENDENTE_PAGAMENTO';
  return [aberta ? 1 : 0, ofertas + noticias.restos];
}
