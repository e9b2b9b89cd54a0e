import type { Esperando, Promessas } from '../../reservas/application/ports.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { esperandoPerto, prometida } from './fila.ts';
import type { Transacao } from './ports.ts';

type ComFila = Pick<Transacao, 'fila' | 'reservas' | 'fechamentos'>;

/** What bookings have to know of the waitlist, within their transaction. */
export class PromessasDaFila implements Promessas {
  readonly #tx: ComFila;

  constructor(tx: ComFila) {
    this.#tx = tx;
  }

  async pertoDe(espacoId: string, periodos: readonly PeriodoReserva[], agora: Date): Promise<Esperando> {
    const esperando = await esperandoPerto(this.#tx, espacoId, periodos, agora);
    return { prometida: (espaco, pedido) => prometida(this.#tx, espaco, pedido, esperando, agora) };
  }

  async acompanhar(reserva: EstadoReserva): Promise<void> {
    const { fila } = this.#tx;
    const entrada = await fila.daReserva(reserva.id);
    if (!entrada) return;
    const { versao } = entrada.estado;
    entrada.acompanhar(reserva);
    if (entrada.estado.versao !== versao) await fila.save(entrada);
  }
}
