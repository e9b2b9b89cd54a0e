import type { JsonObject } from '@bufbuild/protobuf';
import type { Things } from './scene.ts';

type RequestOf = (things: Things) => JsonObject;

const nothing: RequestOf = () => ({});
const espaco: RequestOf = ({ espacoId }) => ({ espacoId });
const reserva: RequestOf = ({ reservaId }) => ({ reservaId });
const serie: RequestOf = ({ serieId }) => ({ serieId });
const entrada: RequestOf = ({ entradaId }) => ({ entradaId });
const cliente: RequestOf = ({ clienteId }) => ({ clienteId });
const pessoa: RequestOf = ({ clienteId }) => ({ usuarioId: clienteId });
const chave: RequestOf = ({ chaveId }) => ({ chaveId });
/** Of nobody: what is there is the same for every administrator. */
const webhook: RequestOf = () => ({ webhookId: 'whk_00000000' });
const taken: RequestOf = ({ espacoId, inicio, fim }) => ({ espacoId, dataInicio: inicio, dataFim: fim });
/** Conflicts with itself, so that it books nothing. */
const plano: RequestOf = ({ espacoId, inicio }) => ({
  ...{ espacoId, inicioLocal: inicio.slice(0, 16), duracaoMinutos: 1_440, rrule: 'FREQ=DAILY;COUNT=2' },
});
const wholeSerie: RequestOf = (things) => ({ ...serie(things), escopo: 'ESCOPO_CANCELAMENTO_TODAS' });
const cobranca: RequestOf = ({ reservaId, clienteId }) => ({
  ...{ reservaId, clienteId, valor: { centavos: 100, moeda: 'BRL' }, descricao: 'Sala' },
  expiraEm: new Date(Date.now() + 3_600_000).toISOString(),
});

/**
 * For each RPC a request that names what the owner has, or that the space has which the GESTOR runs. In this order what is
 * changed is no longer needed.
 */
export const REQUESTS: Readonly<Record<string, RequestOf>> = {
  'auth.v1.AuthService/Signup': nothing,
  'auth.v1.AuthService/Login': nothing,
  'auth.v1.AuthService/VerifyMfa': nothing,
  'auth.v1.AuthService/Refresh': nothing,
  'auth.v1.AuthService/SetupMfa': nothing,
  'auth.v1.AuthService/ActivateMfa': nothing,
  'auth.v1.AuthService/DisableMfa': nothing,
  'auth.v1.AuthService/RenewRecoveryCodes': nothing,
  'auth.v1.AuthService/StartGoogle': nothing,
  'auth.v1.AuthService/FinishGoogle': nothing,
  'auth.v1.AuthService/StartGoogleLink': nothing,
  'auth.v1.AuthService/LinkGoogle': nothing,
  'auth.v1.AuthService/UnlinkGoogle': nothing,
  'auth.v1.AuthService/VerifyEmail': nothing,
  'auth.v1.AuthService/ResendVerification': nothing,
  'auth.v1.AuthService/ForgotPassword': nothing,
  'auth.v1.AuthService/ResetPassword': nothing,
  'auth.v1.AuthService/ChangePassword': nothing,
  'auth.v1.AuthService/ListSessions': nothing,
  'auth.v1.PasskeysService/StartPasskeyRegistration': nothing,
  'auth.v1.PasskeysService/FinishPasskeyRegistration': nothing,
  'auth.v1.PasskeysService/ListPasskeys': nothing,
  'auth.v1.PasskeysService/RemovePasskey': nothing,
  'auth.v1.PasskeysService/StartPasskeyLogin': nothing,
  'auth.v1.PasskeysService/FinishPasskeyLogin': nothing,
  'auth.v1.PasskeysService/StartPasskeyProof': nothing,
  'auth.v1.PasskeysService/FinishPasskeyProof': nothing,
  'auth.v1.UsersService/GetMe': nothing,
  'auth.v1.UsersService/UpdateMe': nothing,
  'auth.v1.UsersService/ConfirmEmailChange': nothing,
  'auth.v1.UsersService/ListUsers': nothing,
  'auth.v1.UsersService/GetUser': ({ clienteId }) => ({ usuarioId: clienteId }),
  'auth.v1.UsersService/UpdateUser': ({ spare }) => ({ usuarioId: spare.usuarioId, nome: 'Ana Lima' }),
  'auth.v1.UsersService/ResetUserMfa': ({ spare }) => ({ usuarioId: spare.usuarioId }),
  'auth.v1.AuditService/ListSecurityEvents': nothing,
  'auth.v1.AuditService/ListMySecurityEvents': nothing,
  'auth.v1.ErasuresService/GetErasureReport': () => ({ protocolo: 'x'.repeat(32) }),
  'auth.v1.ErasuresService/ListErasures': nothing,
  'auth.v1.ExportService/RequestExport': nothing,
  'auth.v1.ExportService/GetExport': ({ exportacaoId }) => ({ exportacaoId }),
  'auth.v1.ExportService/ListExports': nothing,
  'auth.v1.ChavesApiService/CriarChave': nothing,
  'auth.v1.ChavesApiService/ListarChaves': pessoa,
  'auth.v1.ChavesApiService/RotacionarChave': chave,
  'auth.v1.ChavesApiService/RevogarChave': chave,
  'auth.v1.ServiceTokensService/IssueServiceToken': nothing,
  'auth.v1.PersonalKeysService/GetPersonalKey': nothing,

  'reservas.v1.EspacosService/ObterEspaco': espaco,
  'reservas.v1.EspacosService/ListarEspacos': nothing,
  'reservas.v1.EspacosService/ListarFechamentos': espaco,
  'reservas.v1.EspacosService/ListarGestores': espaco,
  'reservas.v1.EspacosService/CriarEspaco': nothing,
  'reservas.v1.EspacosService/AtualizarEspaco': (things) => ({ ...espaco(things), capacidade: 11 }),
  'reservas.v1.EspacosService/CriarFechamento': (things) => ({
    ...{
      ...espaco(things),
      dataInicio: '2027-12-31T03:00:00Z',
      dataFim: '2028-01-01T03:00:00Z',
      motivo: 'Ano novo',
    },
  }),
  'reservas.v1.EspacosService/AtribuirGestor': ({ spare }) => ({ ...spare }),
  'reservas.v1.EspacosService/RemoverGestor': ({ spare }) => ({ ...spare }),
  'reservas.v1.EspacosService/DesativarEspaco': ({ spare }) => ({ espacoId: spare.espacoId }),
  'reservas.v1.EspacosService/RemoverFechamento': ({ espacoId, fechamentoId }) => ({
    espacoId,
    fechamentoId,
  }),
  'reservas.v1.DisponibilidadeService/ConsultarDisponibilidade': ({ espacoId, inicio, fim }) => ({
    ...{ espacoId, dataInicio: inicio, dataFim: fim },
  }),
  'reservas.v1.DisponibilidadeService/BuscarEspacosDisponiveis': ({ inicio, fim }) => ({
    dataInicio: inicio,
    dataFim: fim,
  }),

  'reservas.v1.SeriesService/SimularSerie': plano,
  'reservas.v1.SeriesService/CriarSerie': plano,
  'reservas.v1.SeriesService/ObterSerie': serie,
  'reservas.v1.SeriesService/ListarSeries': espaco,
  'reservas.v1.SeriesService/SimularCancelamentoSerie': wholeSerie,
  'reservas.v1.SeriesService/CancelarSerie': wholeSerie,

  'reservas.v1.FilaEsperaService/EntrarNaFila': nothing,
  'reservas.v1.FilaEsperaService/ObterEntrada': entrada,
  'reservas.v1.FilaEsperaService/ListarEntradas': espaco,
  'reservas.v1.FilaEsperaService/SairDaFila': entrada,

  'reservas.v1.CalendariosService/CriarCalendario': espaco,
  'reservas.v1.CalendariosService/ListarCalendarios': nothing,
  'reservas.v1.CalendariosService/RevogarCalendario': ({ calendarioId }) => ({ calendarioId }),

  'reservas.v1.ReservasService/CotarReserva': taken,
  'reservas.v1.ReservasService/CriarReserva': taken,
  'reservas.v1.ReservasService/ObterReserva': (things) => ({ ...reserva(things), incluirHistorico: true }),
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
  'pagamentos.v1.PagamentosService/ObterTotais': nothing,
  'pagamentos.v1.PagamentosService/ListarEventos': ({ pagamentoId }) => ({ pagamentoId }),
  'pagamentos.v1.PagamentosService/CriarCobranca': cobranca,
  'pagamentos.v1.PagamentosService/UsarCreditos': cobranca,
  'pagamentos.v1.PagamentosService/EstornarPagamento': ({ pagamentoId }) => ({
    ...{ pagamentoId, valor: { centavos: 1, moeda: 'BRL' }, motivo: 'teste' },
  }),

  'reservas.v1.DadosPessoaisService/ExportarDados': pessoa,
  'pagamentos.v1.DadosPessoaisService/ExportarDados': pessoa,
  'notificacoes.v1.DadosPessoaisService/ExportarDados': pessoa,

  'notificacoes.v1.NotificacoesService/ListarNotificacoes': nothing,
  'notificacoes.v1.NotificacoesService/ObterHistorico': nothing,
  'notificacoes.v1.NotificacoesService/ObterPreferencias': nothing,
  'notificacoes.v1.NotificacoesService/AtualizarPreferencias': nothing,
  'notificacoes.v1.NotificacoesService/AjustarPreferencias': nothing,
  'notificacoes.v1.ContatosService/ListarContatosNaoEntregaveis': nothing,
  'notificacoes.v1.ContatosService/LiberarContato': cliente,
  'notificacoes.v1.TelefonesService/ObterTelefone': nothing,
  'notificacoes.v1.TelefonesService/PedirCodigoDeTelefone': nothing,
  'notificacoes.v1.TelefonesService/ConfirmarTelefone': () => ({ codigo: '000000' }),
  'notificacoes.v1.DispositivosService/ObterChavePush': nothing,
  'notificacoes.v1.DispositivosService/RegistrarDispositivo': nothing,
  'notificacoes.v1.DispositivosService/ListarDispositivos': nothing,
  'notificacoes.v1.DispositivosService/RemoverDispositivo': () => ({ dispositivoId: 'dsp_00000000' }),
  'notificacoes.v1.WebhooksService/CriarWebhook': nothing,
  'notificacoes.v1.WebhooksService/ListarWebhooks': nothing,
  'notificacoes.v1.WebhooksService/ObterWebhook': webhook,
  'notificacoes.v1.WebhooksService/AtualizarWebhook': webhook,
  'notificacoes.v1.WebhooksService/TrocarChaveWebhook': webhook,
  'notificacoes.v1.WebhooksService/AtivarWebhook': webhook,
  'notificacoes.v1.WebhooksService/DesativarWebhook': webhook,
  'notificacoes.v1.WebhooksService/ListarEntregas': webhook,
  'notificacoes.v1.WebhooksService/Reentregar': (things) => ({ ...webhook(things), eventoId: 'nada' }),
  'notificacoes.v1.WebhooksService/TestarWebhook': webhook,
  'notificacoes.v1.WebhooksService/RepetirEventos': webhook,
  'notificacoes.v1.WebhooksService/ApagarWebhook': webhook,

  'reservas.v1.ReservasService/CancelarReserva': (things) => ({ ...reserva(things), motivo: 'teste' }),
  'auth.v1.AuthService/RevokeSession': ({ sessaoId }) => ({ sessionId: sessaoId }),
  // Callers have one session each.
  'auth.v1.AuthService/RevokeOtherSessions': nothing,
  'auth.v1.AuthService/Logout': () => ({ refreshToken: 'none' }),
  // Without a password: the callers are needed on.
  'auth.v1.UsersService/DeleteMe': nothing,
  'auth.v1.UsersService/DeleteUser': ({ spare }) => ({ usuarioId: spare.usuarioId }),
};
