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
import type { Fontes } from '../livros/livros.ts';
import { cadastrar, darCredito, estornarNoStripe, FUSO, SALA } from './gestos.ts';

/** Every run begins at this instant, a Tuesday. */
export const COMECO = '2026-11-24T12:00:00Z';
const HORA_MS = 3_600_000;

/** An hour at a space, and for whom. */
export interface Vaga {
  readonly espacoId: string;
  readonly clienteId: string;
  /** How long after {@link COMECO} it begins. */
  readonly emHoras: number;
}

/** How it is booked. */
export interface ComoReservar {
  /** Whether reservas reaches pagamentos; else the charge comes by the event. Default true. */
  readonly ligada?: boolean;
  /** An administrator books it for the customer. */
  readonly porOutro?: boolean;
  /** So many dates, a week apart, as a series; without it a single reservation. */
  readonly datas?: number | undefined;
}

interface Deps {
  readonly clock: FixedClock;
  readonly query: Fontes['query'];
  readonly stripe: Pick<StripeStandIn, 'control' | 'url' | 'secretKey'>;
  readonly issuer: TestIssuer;
  readonly creditos: LivroDeCreditos;
  /** Of reservas that reaches pagamentos, of reservas that does not, and of pagamentos. */
  readonly enderecos: Readonly<Record<'ligada' | 'desligada' | 'pagamentos', string>>;
}

/** What customers, administrators and banks do, by the front door of the services. */
export function prepararAtos({ clock, query, stripe, issuer, creditos, enderecos }: Deps) {
  const opcoes = (address: string) => ({ address, timeoutMs: 15_000, retry: { maxAttempts: 1 } });
  const clientesDe = (address: string) => ({
    reservas: createGrpcClient(ReservasService, opcoes(address)),
    series: createGrpcClient(SeriesService, opcoes(address)),
  });
  const { ligada, desligada } = {
    ligada: clientesDe(enderecos.ligada),
    desligada: clientesDe(enderecos.desligada),
  };
  const espacos = createGrpcClient(EspacosService, opcoes(enderecos.ligada));
  const fila = createGrpcClient(FilaEsperaService, opcoes(enderecos.ligada));
  const caixa = createGrpcClient(PagamentosService, opcoes(enderecos.pagamentos));
  const abertos = [ligada, desligada].flatMap(({ reservas, series }) => [reservas, series]);

  const como = async (sub: string, papel: string) => ({
    headers: { authorization: `Bearer ${await issuer.token({ sub, papeis: [papel] })}` },
  });
  const cliente = (clienteId: string) => como(clienteId, 'CLIENTE');
  const admin = () => como('usr_admin', 'ADMIN');

  const atos = {
    /** A space of its own for each run, so that runs never meet. */
    async novoEspaco(): Promise<string> {
      return (await espacos.criarEspaco(SALA, await admin())).id;
    },

    cadastrar: (clienteId: string) => cadastrar(query, clienteId),

    async reservar(
      vaga: Vaga,
      { ligada: chega = true, porOutro = false, datas }: ComoReservar = {},
    ): Promise<void> {
      const { espacoId, clienteId } = vaga;
      const { reservas, series } = chega ? ligada : desligada;
      const para = { espacoId, ...(porOutro && { clienteId }) };
      const quem = await (porOutro ? admin() : cliente(clienteId));
      if (datas === undefined) await reservas.criarReserva({ ...para, ...periodoDe(vaga) }, quem);
      else await series.criarSerie({ ...para, ...planoDe(vaga, datas) }, quem);
    },

    /** The customer takes what somebody else booked for them. */
    async aceitar(reservaId: string, clienteId: string): Promise<void> {
      await ligada.reservas.aceitarReserva({ reservaId }, await cliente(clienteId));
    },

    async cancelar(reservaId: string, clienteId: string): Promise<void> {
      await ligada.reservas.cancelarReserva({ reservaId, motivo: 'mudança' }, await cliente(clienteId));
    },

    /** All dates of a series that can still be cancelled. */
    async cancelarSerie(serieId: string, clienteId: string): Promise<void> {
      const pedido = { serieId, escopo: EscopoCancelamento.TODAS, motivo: 'mudança' };
      await ligada.series.cancelarSerie(pedido, await cliente(clienteId));
    },

    /** An administrator cancels because something is wrong with the space: everything back, and a bonus. */
    async cancelarPorProblema(reservaId: string): Promise<void> {
      const excepcional = ExcecaoCancelamento.PROBLEMA_NO_ESPACO;
      await ligada.reservas.cancelarReserva({ reservaId, motivo: 'goteira', excepcional }, await admin());
    },

    /** Stands in line for what somebody else has. */
    async entrarNaFila(vaga: Vaga): Promise<void> {
      await fila.entrarNaFila({ espacoId: vaga.espacoId, ...periodoDe(vaga) }, await cliente(vaga.clienteId));
    },

    /** Leaves the line, or declines what was offered there. */
    async sairDaFila({ espacoId, clienteId }: Pick<Vaga, 'espacoId' | 'clienteId'>): Promise<void> {
      const quem = await cliente(clienteId);
      const { entradas } = await fila.listarEntradas({ espacoId }, quem);
      for (const { id } of entradas) await fila.sairDaFila({ entradaId: id }, quem);
    },

    /** @param centavos all that is left, unless given */
    async estornar(pagamentoId: string, centavos?: bigint): Promise<void> {
      const valor = centavos === undefined ? {} : { valor: { centavos, moeda: 'BRL' } };
      await caixa.estornarPagamento({ pagamentoId, motivo: 'à mão', ...valor }, await admin());
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
    async encerrarDisputa(intencaoId: string, fim: 'won' | 'lost'): Promise<void> {
      const [disputa] = stripe.control.disputes(intencaoId);
      if (disputa === undefined) throw new Error(`nobody disputes ${intencaoId}`);
      stripe.control.closeDispute(disputa.id, fim);
    },
  };
  const fechar = () => {
    for (const aberto of [...abertos, espacos, fila, caixa]) aberto.close();
  };
  return { atos, fechar };
}

function periodoDe({ emHoras }: Vaga) {
  const inicio = Date.parse(COMECO) + emHoras * HORA_MS;
  return {
    dataInicio: timestampFromDate(new Date(inicio)),
    dataFim: timestampFromDate(new Date(inicio + HORA_MS)),
  };
}

function planoDe({ emHoras }: Vaga, datas: number) {
  const local = new Date(Date.parse(COMECO) + (emHoras + FUSO.horas) * HORA_MS);
  return {
    inicioLocal: local.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length),
    duracaoMinutos: 60,
    rrule: `FREQ=WEEKLY;COUNT=${datas}`,
  };
}
