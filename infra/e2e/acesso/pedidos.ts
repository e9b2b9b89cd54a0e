import type { JsonObject } from '@bufbuild/protobuf';
import type { Objetos } from './cena.ts';

type Pedido = (objetos: Objetos) => JsonObject;

const nada: Pedido = () => ({});
const espaco: Pedido = ({ espacoId }) => ({ espacoId });
const reserva: Pedido = ({ reservaId }) => ({ reservaId });
const serie: Pedido = ({ serieId }) => ({ serieId });
const entrada: Pedido = ({ entradaId }) => ({ entradaId });
const cliente: Pedido = ({ clienteId }) => ({ clienteId });
const taken: Pedido = ({ espacoId, inicio, fim }) => ({ espacoId, dataInicio: inicio, dataFim: fim });
/** Conflicts with itself, so that it books nothing. */
const plano: Pedido = ({ espacoId, inicio }) => ({
  ...{ espacoId, inicioLocal: inicio.slice(0, 16), duracaoMinutos: 1_440, rrule: 'FREQ=DAILY;COUNT=2' },
});
const aSerie: Pedido = (objetos) => ({ ...serie(objetos), escopo: 'ESCOPO_CANCELAMENTO_TODAS' });
const cobranca: Pedido = ({ reservaId, clienteId }) => ({
  ...{ reservaId, clienteId, valor: { centavos: 100, moeda: 'BRL' }, descricao: 'Sala' },
  expiraEm: new Date(Date.now() + 3_600_000).toISOString(),
});

/**
 * For each RPC a request that names what the owner has, or that the space has which the GESTOR runs. In this order what is
 * changed is no longer needed.
 */
export const PEDIDOS: Readonly<Record<string, Pedido>> = {
  'auth.v1.AuthService/Signup': nada,
  'auth.v1.AuthService/Login': nada,
  'auth.v1.AuthService/VerifyMfa': nada,
  'auth.v1.AuthService/Refresh': nada,
  'auth.v1.AuthService/SetupMfa': nada,
  'auth.v1.AuthService/ActivateMfa': nada,
  'auth.v1.AuthService/DisableMfa': nada,
  'auth.v1.AuthService/StartGoogle': nada,
  'auth.v1.AuthService/FinishGoogle': nada,
  'auth.v1.AuthService/VerifyEmail': nada,
  'auth.v1.AuthService/ResendVerification': nada,
  'auth.v1.AuthService/ForgotPassword': nada,
  'auth.v1.AuthService/ResetPassword': nada,
  'auth.v1.AuthService/ChangePassword': nada,
  'auth.v1.AuthService/ListSessions': nada,
  'auth.v1.UsersService/GetMe': nada,
  'auth.v1.UsersService/UpdateMe': nada,
  'auth.v1.UsersService/ListUsers': nada,
  'auth.v1.UsersService/GetUser': ({ clienteId }) => ({ usuarioId: clienteId }),
  'auth.v1.UsersService/UpdateUser': ({ sobra }) => ({ usuarioId: sobra.usuarioId, nome: 'Ana Lima' }),
  'auth.v1.UsersService/DeleteUser': ({ sobra }) => ({ usuarioId: sobra.usuarioId }),
  'auth.v1.ServiceTokensService/IssueServiceToken': nada,

  'reservas.v1.EspacosService/ObterEspaco': espaco,
  'reservas.v1.EspacosService/ListarEspacos': nada,
  'reservas.v1.EspacosService/ListarFechamentos': espaco,
  'reservas.v1.EspacosService/ListarGestores': espaco,
  'reservas.v1.EspacosService/CriarEspaco': nada,
  'reservas.v1.EspacosService/AtualizarEspaco': (objetos) => ({ ...espaco(objetos), capacidade: 11 }),
  'reservas.v1.EspacosService/CriarFechamento': (objetos) => ({
    ...{
      ...espaco(objetos),
      inicio: '2027-12-31T03:00:00Z',
      fim: '2028-01-01T03:00:00Z',
      motivo: 'Ano novo',
    },
  }),
  'reservas.v1.EspacosService/AtribuirGestor': ({ sobra }) => ({ ...sobra }),
  'reservas.v1.EspacosService/RemoverGestor': ({ sobra }) => ({ ...sobra }),
  'reservas.v1.EspacosService/DesativarEspaco': ({ sobra }) => ({ espacoId: sobra.espacoId }),
  'reservas.v1.EspacosService/RemoverFechamento': ({ espacoId, fechamentoId }) => ({
    espacoId,
    fechamentoId,
  }),
  'reservas.v1.DisponibilidadeService/ConsultarDisponibilidade': ({ espacoId, inicio, fim }) => ({
    ...{ espacoId, inicio, fim },
  }),
  'reservas.v1.DisponibilidadeService/BuscarEspacosDisponiveis': ({ inicio, fim }) => ({ inicio, fim }),

  'reservas.v1.SeriesService/SimularSerie': plano,
  'reservas.v1.SeriesService/CriarSerie': plano,
  'reservas.v1.SeriesService/ObterSerie': serie,
  'reservas.v1.SeriesService/ListarSeries': espaco,
  'reservas.v1.SeriesService/SimularCancelamentoSerie': aSerie,
  'reservas.v1.SeriesService/CancelarSerie': aSerie,

  'reservas.v1.FilaEsperaService/EntrarNaFila': nada,
  'reservas.v1.FilaEsperaService/ObterEntrada': entrada,
  'reservas.v1.FilaEsperaService/ListarEntradas': espaco,
  'reservas.v1.FilaEsperaService/SairDaFila': entrada,

  'reservas.v1.CalendariosService/CriarCalendario': espaco,
  'reservas.v1.CalendariosService/ListarCalendarios': nada,
  'reservas.v1.CalendariosService/RevogarCalendario': ({ calendarioId }) => ({ calendarioId }),

  'reservas.v1.ReservasService/CotarReserva': taken,
  'reservas.v1.ReservasService/CriarReserva': taken,
  'reservas.v1.ReservasService/ObterReserva': (objetos) => ({ ...reserva(objetos), incluirHistorico: true }),
  'reservas.v1.ReservasService/ListarReservas': espaco,
  'reservas.v1.ReservasService/ObterSaga': reserva,
  'reservas.v1.ReservasService/AceitarReserva': reserva,
  'reservas.v1.ReservasService/ConfirmarReserva': ({ reservaId, pagamentoId }) => ({
    reservaId,
    pagamentoId,
  }),
  'reservas.v1.ReservasService/SimularCancelamento': reserva,

  'pagamentos.v1.PagamentosService/ObterPagamento': ({ pagamentoId }) => ({ pagamentoId }),
  'pagamentos.v1.PagamentosService/ListarTransacoes': cliente,
  'pagamentos.v1.PagamentosService/ObterExtrato': cliente,
  'pagamentos.v1.PagamentosService/ObterCreditos': cliente,
  'pagamentos.v1.PagamentosService/ObterTotais': nada,
  'pagamentos.v1.PagamentosService/ListarEventos': ({ pagamentoId }) => ({ pagamentoId }),
  'pagamentos.v1.PagamentosService/CriarCobranca': cobranca,
  'pagamentos.v1.PagamentosService/UsarCreditos': cobranca,
  'pagamentos.v1.PagamentosService/EstornarPagamento': ({ pagamentoId }) => ({
    ...{ pagamentoId, valor: { centavos: 1, moeda: 'BRL' }, motivo: 'teste' },
  }),

  'notificacoes.v1.NotificacoesService/ListarNotificacoes': nada,
  'notificacoes.v1.NotificacoesService/ObterPreferencias': nada,
  'notificacoes.v1.NotificacoesService/AtualizarPreferencias': nada,

  'reservas.v1.ReservasService/CancelarReserva': (objetos) => ({ ...reserva(objetos), motivo: 'teste' }),
  'auth.v1.AuthService/RevokeSession': ({ sessaoId }) => ({ sessionId: sessaoId }),
  // Of no session: the callers are needed on.
  'auth.v1.AuthService/Logout': () => ({ refreshToken: 'nenhum' }),
  'auth.v1.UsersService/DeleteMe': nada,
};
