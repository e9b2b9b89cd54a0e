import type { CalendariosService } from '@plataforma/contratos/reservas/v1/calendarios_service_pb';
import type { DadosPessoaisService } from '@plataforma/contratos/reservas/v1/dados_pessoais_service_pb';
import type { DisponibilidadeService } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import type { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import type { FilaEsperaService } from '@plataforma/contratos/reservas/v1/fila_espera_service_pb';
import type { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import type { SeriesService } from '@plataforma/contratos/reservas/v1/series_service_pb';
import type { RotaDeclarada } from '@plataforma/runtime/http-routes';
import { PESSOAS } from '@plataforma/runtime/principal';
import { type AcessoDe, comEscopo, type Regra, type Respostas } from '@plataforma/runtime/rpc';

const DE_PESSOAS: Regra = { papeis: PESSOAS };
const ADMIN: Regra = { papeis: ['ADMIN'] };

/** What only those who run the space may do to it. */
const DO_ESPACO: Respostas = { GESTOR_DO_ESPACO: 'PODE', ADMIN: 'PODE', OUTROS: 'NEGADO' };
const GESTORES: Regra = { papeis: ['GESTOR', 'ADMIN'], respostas: DO_ESPACO };

/** A reservation is its customer's, and known to those who run the space. */
const DA_RESERVA: Respostas = {
  ...{ DONO: 'PODE', GESTOR_DO_ESPACO: 'PODE', ADMIN: 'PODE' },
  OUTROS: 'NAO_ENCONTRADO',
};

/** In series, in the waitlist and with their feeds those who run the space are customers like any other. */
const DO_CLIENTE: Respostas = { DONO: 'PODE', ADMIN: 'PODE', OUTROS: 'NAO_ENCONTRADO' };

const listaDe = (respostas: Respostas): Regra => ({
  papeis: PESSOAS,
  respostas: { ...respostas, OUTROS: 'OMITIDO' },
});

const UMA_RESERVA: Regra = { papeis: PESSOAS, respostas: DA_RESERVA };
const UM_DO_CLIENTE: Regra = { papeis: PESSOAS, respostas: DO_CLIENTE };

export const RESERVAS: AcessoDe<typeof ReservasService> = {
  cotarReserva: comEscopo('reservas:ler', DE_PESSOAS),
  criarReserva: comEscopo('reservas:escrever', DE_PESSOAS),
  // Nobody accepts for somebody else; who may see the reservation is told so.
  aceitarReserva: comEscopo('reservas:escrever', {
    papeis: PESSOAS,
    respostas: { ...DA_RESERVA, GESTOR_DO_ESPACO: 'NEGADO', ADMIN: 'NEGADO' },
  }),
  obterReserva: comEscopo('reservas:ler', UMA_RESERVA),
  listarReservas: comEscopo('reservas:ler', listaDe(DA_RESERVA)),
  simularCancelamento: comEscopo('reservas:ler', UMA_RESERVA),
  cancelarReserva: comEscopo('reservas:escrever', UMA_RESERVA),
  confirmarReserva: { papeis: ['ADMIN'], servicos: ['pagamentos'] },
  obterSaga: ADMIN,
};

export const SERIES: AcessoDe<typeof SeriesService> = {
  simularSerie: comEscopo('reservas:ler', DE_PESSOAS),
  criarSerie: comEscopo('reservas:escrever', DE_PESSOAS),
  obterSerie: comEscopo('reservas:ler', UM_DO_CLIENTE),
  listarSeries: comEscopo('reservas:ler', listaDe(DO_CLIENTE)),
  simularCancelamentoSerie: comEscopo('reservas:ler', UM_DO_CLIENTE),
  cancelarSerie: comEscopo('reservas:escrever', UM_DO_CLIENTE),
};

export const FILA_ESPERA: AcessoDe<typeof FilaEsperaService> = {
  entrarNaFila: comEscopo('reservas:escrever', DE_PESSOAS),
  sairDaFila: comEscopo('reservas:escrever', UM_DO_CLIENTE),
  obterEntrada: comEscopo('reservas:ler', UM_DO_CLIENTE),
  listarEntradas: comEscopo('reservas:ler', listaDe(DO_CLIENTE)),
};

/** The address of a feed is its secret, and would go on after the key that has made it: no scope. */
export const CALENDARIOS: AcessoDe<typeof CalendariosService> = {
  // Of a space; everybody has their own.
  criarCalendario: { papeis: PESSOAS, respostas: DO_ESPACO },
  listarCalendarios: DE_PESSOAS,
  revogarCalendario: UM_DO_CLIENTE,
};

export const ESPACOS: AcessoDe<typeof EspacosService> = {
  criarEspaco: comEscopo('espacos:escrever', ADMIN),
  obterEspaco: comEscopo('espacos:ler', DE_PESSOAS),
  listarEspacos: comEscopo('espacos:ler', DE_PESSOAS),
  atualizarEspaco: comEscopo('espacos:escrever', GESTORES),
  desativarEspaco: comEscopo('espacos:escrever', ADMIN),
  criarFechamento: comEscopo('espacos:escrever', GESTORES),
  listarFechamentos: comEscopo('espacos:ler', DE_PESSOAS),
  removerFechamento: comEscopo('espacos:escrever', GESTORES),
  atribuirGestor: ADMIN,
  removerGestor: ADMIN,
  listarGestores: ADMIN,
};

export const DISPONIBILIDADE: AcessoDe<typeof DisponibilidadeService> = {
  consultarDisponibilidade: comEscopo('espacos:ler', DE_PESSOAS),
  buscarEspacosDisponiveis: comEscopo('espacos:ler', DE_PESSOAS),
};

/** All that is known about a person is told to auth alone, which asks that person first. */
export const DADOS_PESSOAIS: AcessoDe<typeof DadosPessoaisService> = {
  exportarDados: { servicos: ['auth'] },
};

/** Calendar programs send no token. */
export const FEED = {
  method: 'GET',
  path: '/api/v1/calendarios/*',
  acesso: 'ENDERECO',
} as const satisfies RotaDeclarada;
