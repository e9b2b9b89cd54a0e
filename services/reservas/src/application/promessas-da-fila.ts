import type { EstadoReserva } from '../domain/estado-reserva.ts';
import type { PeriodoReserva } from '../domain/periodo-reserva.ts';
import { esperandoPerto, prometida } from './fila.ts';
import type { Esperando, Promessas, Repositorios } from './ports.ts';

type Transacao = Pick<Repositorios, 'fila' | 'reservas' | 'fechamentos'>;

/** What bookings have to know of the waitlist, within their transaction. */
export class PromessasDaFila implements Promessas {
  readonly #tx: Transacao;

  constructor(tx: Transacao) {
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
