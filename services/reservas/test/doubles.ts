import type { Clock } from '@plataforma/domain/clock';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { PutOff } from '@plataforma/domain/work-queue';
import type { SaldosDePagamentos } from '../src/cancelamentos/application/ports.ts';
import type { Transacao } from '../src/persistence/unit-of-work.ts';
import type { ObservadorDeReservas } from '../src/reservas/application/ports.ts';
import type { Devolvivel, EstadoReserva } from '../src/reservas/domain/estado-reserva.ts';
import type { ObservadorDaSaga, PagamentosGateway } from '../src/saga/application/ports.ts';
import { ReceberFatoHandler } from '../src/saga/application/receber-fato.ts';
import type { FatoDaSaga, RespostaDeCobranca } from '../src/saga/domain/fato.ts';
import { newId } from './reservas-fixture.ts';

/** Charges in memory, one per reservation, or none at all while `fora` is true. */
export class InMemoryPagamentos implements PagamentosGateway, SaldosDePagamentos {
  readonly saldos = new Map<string, Devolvivel>();
  readonly requested: EstadoReserva[] = [];
  /** Of which somebody asked what can still go back. */
  readonly asked: string[] = [];
  down = false;

  async criarCobranca(reserva: EstadoReserva): Promise<RespostaDeCobranca> {
    this.requested.push(reserva);
    if (this.down) throw new Error('out of order');
    const pagamentoId = `pag_${reserva.id}`;
    const cobranca = {
      reservaId: reserva.id,
      pagamentoId,
      checkoutUrl: `https://pay.example/${pagamentoId}`,
    };
    return { tipo: 'CobrancaCriada', ...cobranca, creditosUsados: Dinheiro.zero() };
  }

  /** No customer has credit here. */
  usarCreditos(reserva: EstadoReserva): Promise<RespostaDeCobranca> {
    return this.criarCobranca(reserva);
  }

  async devolvivel(pagamentoId: string): Promise<Devolvivel | undefined> {
    this.asked.push(pagamentoId);
    return this.saldos.get(pagamentoId);
  }
}

/** Remembers which charges were put off. */
export class InMemoryObservador implements ObservadorDeReservas, ObservadorDaSaga {
  readonly adiadas: string[] = [];

  /** What was put off, with how often it had failed. */
  readonly falhas: string[] = [];

  readonly failed = ({ item, failures }: PutOff): void => void this.falhas.push(`${item} ${failures}`);

  reservaCriada(): void {}

  pagamentoSemReserva(): void {}
  fatoSemReserva(): void {}

  readonly divergentes: string[] = [];

  pagamentoDivergente(reservaId: string): void {
    this.divergentes.push(reservaId);
  }

  cobrancaAdiada(reservaId: string): void {
    this.adiadas.push(reservaId);
  }
}

/** Hands facts over as the consumer does; what the reservation refuses is thrown. */
export function receiveFatos(deps: {
  readonly uow: UnitOfWork<Transacao>;
  readonly clock: Clock;
  readonly observador: ObservadorDaSaga;
}) {
  const handler = new ReceberFatoHandler(deps);
  return async (fato: FatoDaSaga, mensagemId = newId('msg')): Promise<void> => {
    const received = await handler.execute({ consumidor: 'spec', mensagemId, fato });
    if (received.isFailure) throw received.error;
  };
}
