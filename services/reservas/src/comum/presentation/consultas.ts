import type { CalendariosService } from '@plataforma/contratos/reservas/v1/calendarios_service_pb';
import type { DisponibilidadeService } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import type { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import type { FilaEsperaService } from '@plataforma/contratos/reservas/v1/fila_espera_service_pb';
import type { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import type { SeriesService } from '@plataforma/contratos/reservas/v1/series_service_pb';
import { deNinguemMais, type MostraDe, titularDito, titularesDaLista } from '@plataforma/runtime/shown';

/*
 * Whose data each answer shows to an administrator, beside who may ask for it (`acesso.ts`). What a change answers counts, too:
 * where its effect is there already it tells what is so, and leaves no trace of its own.
 */

interface DeCliente {
  readonly clienteId: string;
}

const doCliente = (_request: unknown, { clienteId }: DeCliente) => [clienteId];
const clientesDe = (coisas: readonly DeCliente[]) => coisas.map(({ clienteId }) => clienteId);

const DE_ESPACOS = deNinguemMais('spaces, their closures and those who run them by their office');
const SO_DE_QUEM_CHAMA = deNinguemMais('what the caller has asked for themself');

export const MOSTRA_RESERVAS: MostraDe<typeof ReservasService> = {
  cotarReserva: SO_DE_QUEM_CHAMA,
  criarReserva: doCliente,
  aceitarReserva: doCliente,
  obterReserva: doCliente,
  listarReservas: ({ clienteId }, { reservas }) => titularesDaLista(clienteId, clientesDe(reservas)),
  simularCancelamento: titularDito,
  cancelarReserva: doCliente,
  confirmarReserva: doCliente,
  obterSaga: titularDito,
};

export const MOSTRA_SERIES: MostraDe<typeof SeriesService> = {
  // Whether somebody may book, and what they have booked that is in the way.
  simularSerie: ({ clienteId }) => [clienteId],
  criarSerie: doCliente,
  obterSerie: doCliente,
  listarSeries: ({ clienteId }, { series }) => titularesDaLista(clienteId, clientesDe(series)),
  simularCancelamentoSerie: (_, { ocorrencias }) => titularesDaLista('', donosDe(ocorrencias)),
  cancelarSerie: (_, { ocorrencias }) => titularesDaLista('', donosDe(ocorrencias)),
};

export const MOSTRA_FILA_ESPERA: MostraDe<typeof FilaEsperaService> = {
  entrarNaFila: SO_DE_QUEM_CHAMA,
  sairDaFila: doCliente,
  obterEntrada: doCliente,
  listarEntradas: (_, { entradas }) => titularesDaLista('', clientesDe(entradas)),
};

export const MOSTRA_CALENDARIOS: MostraDe<typeof CalendariosService> = {
  criarCalendario: deNinguemMais('the feed of a space tells that it is taken, and not by whom'),
  listarCalendarios: SO_DE_QUEM_CHAMA,
  revogarCalendario: deNinguemMais('an empty answer'),
};

export const MOSTRA_ESPACOS: MostraDe<typeof EspacosService> = {
  criarEspaco: DE_ESPACOS,
  obterEspaco: DE_ESPACOS,
  listarEspacos: DE_ESPACOS,
  atualizarEspaco: DE_ESPACOS,
  desativarEspaco: DE_ESPACOS,
  criarFechamento: DE_ESPACOS,
  listarFechamentos: DE_ESPACOS,
  removerFechamento: DE_ESPACOS,
  atribuirGestor: DE_ESPACOS,
  removerGestor: DE_ESPACOS,
  listarGestores: DE_ESPACOS,
};

export const MOSTRA_DISPONIBILIDADE: MostraDe<typeof DisponibilidadeService> = {
  consultarDisponibilidade: DE_ESPACOS,
  buscarEspacosDisponiveis: DE_ESPACOS,
};

/** Of one series; without an occurrence nothing is told. */
function donosDe(ocorrencias: ReadonlyArray<{ readonly reserva?: DeCliente | undefined }>): string[] {
  return ocorrencias.flatMap(({ reserva }) => (reserva ? [reserva.clienteId] : []));
}
