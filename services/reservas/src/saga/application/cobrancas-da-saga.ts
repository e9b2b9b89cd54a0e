import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { aguardaPagamento } from '../../agenda/domain/status-reserva.ts';
import type { Cobrancas } from '../../reservas/application/ports.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { ReservaNaoEncontradaError } from '../../reservas/domain/recusas-da-reserva.ts';
import { ReservaMudouError } from '../../reservas/domain/repositories.ts';
import { Reserva } from '../../reservas/domain/reserva.ts';
import type { FatoDaSaga } from '../domain/fato.ts';
import { ocorrencia } from '../domain/ocorrencia.ts';
import type { ObservadorDaSaga, PagamentosGateway, Transacao } from './ports.ts';
import { seguirFato } from './seguir-fato.ts';

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly pagamentos: PagamentosGateway;
  readonly clock: Clock;
  readonly observador: ObservadorDaSaga;
}

/** The event that asks for the same, and how the saga of a reservation names what is asked for. */
const PEDIDOS = {
  criarCobranca: { tipo: 'ReservaCriada', comando: 'CriarCobranca' },
  usarCreditos: { tipo: 'ReservaAceita', comando: 'UsarCreditos' },
} as const satisfies Record<keyof PagamentosGateway, unknown>;

/**
 * Asks pagamentos now for what the event of the reservation asks for as well. Whatever goes wrong, the hold is committed and its
 * charge comes by the event, so the caller is answered with what is known.
 */
export class CobrancasDaSaga implements Cobrancas {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async cobrar(reserva: EstadoReserva): Promise<EstadoReserva> {
    return reserva.status === 'PENDENTE_COBRANCA' ? this.#pedir('criarCobranca', reserva) : reserva;
  }

  async usarCreditos(reserva: EstadoReserva): Promise<EstadoReserva> {
    return aguardaPagamento(reserva.status) ? this.#pedir('usarCreditos', reserva) : reserva;
  }

  async #pedir(pedido: keyof PagamentosGateway, reserva: EstadoReserva): Promise<EstadoReserva> {
    // With nothing to pay there is nothing to ask for: it waits for its customer.
    if (reserva.preco.valor.centavos === 0n) return reserva;
    try {
      return await this.#tomar(reserva, await this.#deps.pagamentos[pedido](reserva));
    } catch (error) {
      await this.#adiada(pedido, reserva.id, error);
      return reserva;
    }
  }

  /**
   * On the reservation as it was committed a moment ago, without reading it again. When it has changed since, because the event
   * of the charge was faster, it is read under its lock.
   */
  async #tomar(conhecida: EstadoReserva, fato: FatoDaSaga): Promise<EstadoReserva> {
    const { uow } = this.#deps;
    try {
      return await uow.run((tx) => seguirFato(tx, Reserva.restaurar(conhecida), fato, this.#deps));
    } catch (error) {
      if (!(error instanceof ReservaMudouError)) throw error;
      return uow.run(async (tx) => {
        const reserva = await tx.reservas.findById(conhecida.id);
        if (!reserva) throw new ReservaNaoEncontradaError();
        return seguirFato(tx, reserva, fato, this.#deps);
      });
    }
  }

  /** Failing to note it down must not take the hold with it either. */
  async #adiada(pedido: keyof PagamentosGateway, reservaId: string, causa: unknown): Promise<void> {
    const { uow, observador, clock } = this.#deps;
    const { tipo, comando } = PEDIDOS[pedido];
    const parte = { comando, resultado: 'ADIADA', porque: mensagemDe(causa), em: clock.now() } as const;
    try {
      await uow.run(({ ocorrencias }) => ocorrencias.add(ocorrencia({ reservaId, tipo }, parte)));
      observador.cobrancaAdiada(reservaId, causa);
    } catch (outra) {
      observador.cobrancaAdiada(reservaId, new AggregateError([causa, outra], 'and it could not be noted'));
    }
  }
}

/** Down to the cause: the outer error of a call only says that it did not work. */
function mensagemDe(erro: unknown): string {
  if (!(erro instanceof Error)) return String(erro);
  return erro.cause === undefined ? erro.message : `${erro.message}: ${mensagemDe(erro.cause)}`;
}
