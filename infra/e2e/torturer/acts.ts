import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { FilaEsperaService } from '@plataforma/contratos/reservas/v1/fila_espera_service_pb';
import { ExcecaoCancelamento, ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { EscopoCancelamento, SeriesService } from '@plataforma/contratos/reservas/v1/series_service_pb';
import type { StripeStandIn } from '@plataforma/dev/stripe/server';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import type { FixedClock } from '@plataforma/testing/fixed-clock';
import type { TestIssuer } from '@plataforma/testing/test-tokens';
import type { LivroDeCreditos } from '../../../services/pagamentos/src/creditos/application/ports.ts';
import type { Sources } from '../books/books.ts';
import { cadastrar, darCredito, estornarNoStripe, FUSO, SALA } from './gestures.ts';

/** Every run begins at this instant, a Tuesday. */
export const START = '2026-11-24T12:00:00Z';
const HOUR_MS = 3_600_000;

/** An hour at a space, and for whom. */
export interface Vaga {
  readonly espacoId: string;
  readonly clienteId: string;
  /** How long after {@link START} it begins. */
  readonly inHours: number;
}

/** How it is booked. */
export interface ReservarOptions {
  /** Whether reservas reaches pagamentos; else the charge comes by the event. Default true. */
  readonly connected?: boolean;
  /** An administrator books it for the customer. */
  readonly porOutro?: boolean;
  /** So many dates, a week apart, as a series; without it a single reservation. */
  readonly datas?: number | undefined;
}

interface Deps {
  readonly clock: FixedClock;
  readonly query: Sources['query'];
  readonly stripe: Pick<StripeStandIn, 'control' | 'url' | 'secretKey'>;
  readonly issuer: TestIssuer;
  readonly creditos: LivroDeCreditos;
  /** Of reservas that reaches pagamentos, of reservas that does not, and of pagamentos. */
  readonly addresses: Readonly<Record<'connected' | 'disconnected' | 'pagamentos', string>>;
}

/** What customers, administrators and banks do, by the front door of the services. */
export function prepareActs({ clock, query, stripe, issuer, creditos, addresses }: Deps) {
  const options = (address: string) => ({ address, timeoutMs: 15_000, retry: { maxAttempts: 1 } });
  const clientsOf = (address: string) => ({
    reservas: createGrpcClient(ReservasService, options(address)),
    series: createGrpcClient(SeriesService, options(address)),
  });
  const { connected, disconnected } = {
    connected: clientsOf(addresses.connected),
    disconnected: clientsOf(addresses.disconnected),
  };
  const espacos = createGrpcClient(EspacosService, options(addresses.connected));
  const fila = createGrpcClient(FilaEsperaService, options(addresses.connected));
  const pagamentos = createGrpcClient(PagamentosService, options(addresses.pagamentos));
  const clients = [connected, disconnected].flatMap(({ reservas, series }) => [reservas, series]);

  const callAs = async (sub: string, papel: string) => ({
    headers: { authorization: `Bearer ${await issuer.token({ sub, papeis: [papel] })}` },
  });
  const cliente = (clienteId: string) => callAs(clienteId, 'CLIENTE');
  const admin = () => callAs('usr_admin', 'ADMIN');

  const acts = {
    /** A space of its own for each run, so that runs never meet. */
    async novoEspaco(): Promise<string> {
      return (await espacos.criarEspaco(SALA, await admin())).id;
    },

    cadastrar: (clienteId: string) => cadastrar(query, clienteId),

    async reservar(
      vaga: Vaga,
      { connected: reaches = true, porOutro = false, datas }: ReservarOptions = {},
    ): Promise<void> {
      const { espacoId, clienteId } = vaga;
      const { reservas, series } = reaches ? connected : disconnected;
      const target = { espacoId, ...(porOutro && { clienteId }) };
      const who = await (porOutro ? admin() : cliente(clienteId));
      if (datas === undefined) await reservas.criarReserva({ ...target, ...periodoDe(vaga) }, who);
      else await series.criarSerie({ ...target, ...planoDe(vaga, datas) }, who);
    },

    /** The customer takes what somebody else booked for them. */
    async aceitar(reservaId: string, clienteId: string): Promise<void> {
      await connected.reservas.aceitarReserva({ reservaId }, await cliente(clienteId));
    },

    async cancelar(reservaId: string, clienteId: string): Promise<void> {
      await connected.reservas.cancelarReserva({ reservaId, motivo: 'mudança' }, await cliente(clienteId));
    },

    /** All dates of a series that can still be cancelled. */
    async cancelarSerie(serieId: string, clienteId: string): Promise<void> {
      const request = { serieId, escopo: EscopoCancelamento.TODAS, motivo: 'mudança' };
      await connected.series.cancelarSerie(request, await cliente(clienteId));
    },

    /** An administrator cancels because something is wrong with the space: everything back, and a bonus. */
    async cancelarPorProblema(reservaId: string): Promise<void> {
      const excepcional = ExcecaoCancelamento.PROBLEMA_NO_ESPACO;
      await connected.reservas.cancelarReserva({ reservaId, motivo: 'goteira', excepcional }, await admin());
    },

    /** Stands in line for what somebody else has. */
    async entrarNaFila(vaga: Vaga): Promise<void> {
      await fila.entrarNaFila({ espacoId: vaga.espacoId, ...periodoDe(vaga) }, await cliente(vaga.clienteId));
    },

    /** Leaves the line, or declines what was offered there. */
    async sairDaFila({ espacoId, clienteId }: Pick<Vaga, 'espacoId' | 'clienteId'>): Promise<void> {
      const who = await cliente(clienteId);
      const { entradas } = await fila.listarEntradas({ espacoId }, who);
      for (const { id } of entradas) await fila.sairDaFila({ entradaId: id }, who);
    },

    /** @param centavos all that is left, unless given */
    async estornar(pagamentoId: string, centavos?: bigint): Promise<void> {
      const valor = centavos === undefined ? {} : { valor: { centavos, moeda: 'BRL' } };
      await pagamentos.estornarPagamento({ pagamentoId, motivo: 'à mão', ...valor }, await admin());
    },

    darCredito: (clienteId: string, centavos: bigint) =>
      darCredito(creditos, clienteId, centavos, clock.now()),

    /** Somebody gives money back by hand, in Stripe's dashboard. */
    async estornarNoStripe(intencaoId: string, centavos: number): Promise<void> {
      // Failures are armed for pagamentos, not for the dashboard.
      const { faults } = stripe.control.get();
      stripe.control.clearFaults();
      try {
        await estornarNoStripe(stripe, intencaoId, centavos);
      } finally {
        stripe.control.set({ faults });
      }
    },

    /** The customer's bank decides about its claim. */
    async encerrarDisputa(intencaoId: string, end: 'won' | 'lost'): Promise<void> {
      const [disputa] = stripe.control.disputes(intencaoId);
      if (disputa === undefined) throw new Error(`nobody disputes ${intencaoId}`);
      stripe.control.closeDispute(disputa.id, end);
    },
  };
  const close = () => {
    for (const client of [...clients, espacos, fila, pagamentos]) client.close();
  };
  return { acts, close };
}

function periodoDe({ inHours }: Vaga) {
  const inicio = Date.parse(START) + inHours * HOUR_MS;
  return {
    dataInicio: timestampFromDate(new Date(inicio)),
    dataFim: timestampFromDate(new Date(inicio + HOUR_MS)),
  };
}

function planoDe({ inHours }: Vaga, datas: number) {
  const local = new Date(Date.parse(START) + (inHours + FUSO.horas) * HOUR_MS);
  return {
    inicioLocal: local.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length),
    duracaoMinutos: 60,
    rrule: `FREQ=WEEKLY;COUNT=${datas}`,
  };
}
