import type { ModeloComDados } from './notificacao.ts';

/** So many messages a day for one address, receipts not counted. */
export const MAXIMO_POR_DIA = 20;

/** Tells what became of somebody's money: it is sent, however many there are. */
export function ehRecibo(mensagem: ModeloComDados): boolean {
  switch (mensagem.modelo) {
    case 'RESERVA_CONFIRMADA':
      return mensagem.dados.valorCentavos !== '0';
    case 'RESERVA_CANCELADA':
      return mensagem.dados.pagamentoId !== '';
    case 'ESTORNO_CONCLUIDO':
    case 'ESTORNO_FALHOU':
      return true;
    default:
      return false;
  }
}

/** The day that an instant is counted to, in UTC, as PostgreSQL reads a date. */
export function diaDe(instante: Date): string {
  return instante.toISOString().slice(0, 10);
}

/** When there is room again for an address that has had its share. */
export function diaSeguinte(instante: Date): Date {
  return new Date(Date.parse(diaDe(instante)) + 24 * 3_600_000);
}
