/** Who takes what from the streams: for each durable consumer, the service that it is of and the messages it has handlers for. */
export interface Consumer {
  readonly service: 'auth' | 'reservas' | 'pagamentos' | 'notificacoes';
  readonly takes: readonly string[];
}

const of = (publisher: string, names: string) => names.split(' ').map((name) => `${publisher}.v1.${name}`);

const SESSOES = of('auth', 'UsuarioAtualizado UsuarioRemovido SessaoEncerrada');
const CONTAS = of('auth', 'UsuarioRegistrado UsuarioAtualizado UsuarioRemovido');

/** By their durable names. What runs is held against it by the specs of events. */
export const CONSUMERS: Readonly<Record<string, Consumer>> = {
  'auth-consultas-notificacoes': { service: 'auth', takes: of('notificacoes', 'DadosConsultados') },
  'auth-consultas-pagamentos': { service: 'auth', takes: of('pagamentos', 'DadosConsultados') },
  'auth-consultas-reservas': { service: 'auth', takes: of('reservas', 'DadosConsultados') },
  'auth-remocoes-auth': { service: 'auth', takes: of('auth', 'UsuarioRemovido') },
  'auth-remocoes-notificacoes': { service: 'auth', takes: of('notificacoes', 'DadosPessoaisApagados') },
  'auth-remocoes-pagamentos': { service: 'auth', takes: of('pagamentos', 'DadosPessoaisApagados') },
  'auth-remocoes-reservas': { service: 'auth', takes: of('reservas', 'DadosPessoaisApagados') },
  'notificacoes-administradores': { service: 'notificacoes', takes: CONTAS },
  'notificacoes-avisos': {
    service: 'notificacoes',
    takes: of('auth', 'AvisoDeSeguranca RedefinicaoSenhaPedida TrocaDeEmailPedida'),
  },
  'notificacoes-contatos': { service: 'notificacoes', takes: CONTAS },
  'notificacoes-dispositivos': {
    service: 'notificacoes',
    takes: of('auth', 'UsuarioAtualizado SessaoEncerrada'),
  },
  'notificacoes-pagamentos': {
    service: 'notificacoes',
    takes: of(
      'pagamentos',
      'CobrancaCriada PagamentoAprovado PagamentoRecusado CobrancaCancelada EstornoSolicitado EstornoConcluido EstornoFalhou',
    ),
  },
  'notificacoes-reservas': {
    service: 'notificacoes',
    takes: of(
      'reservas',
      'ReservaCriada ReservaConfirmada ReservaCancelada ReservaExpirada VagaOferecida ReservaOferecida',
    ),
  },
  'notificacoes-sessoes': { service: 'notificacoes', takes: SESSOES },
  'notificacoes-webhooks-contas': { service: 'notificacoes', takes: of('auth', 'UsuarioAtualizado') },
  'notificacoes-webhooks-pagamentos': {
    service: 'notificacoes',
    takes: of('pagamentos', 'PagamentoAprovado PagamentoRecusado EstornoConcluido EstornoFalhou'),
  },
  'notificacoes-webhooks-reservas': {
    service: 'notificacoes',
    takes: of(
      'reservas',
      [
        'ReservaCriada ReservaConfirmada ReservaCancelada ReservaExpirada ReservaConcluida',
        'ReservaAceita ReservaOferecida VagaOferecida',
      ].join(' '),
    ),
  },
  'pagamentos-cobranca': {
    service: 'pagamentos',
    takes: of(
      'reservas',
      [
        'ReservaCriada ReservaAceita ReservaConfirmada ReservaCancelada PagamentoAproveitado PagamentoNaoAproveitado',
        'EncerrarCobranca EncerrarOuDevolver',
      ].join(' '),
    ),
  },
  'pagamentos-remocoes': { service: 'pagamentos', takes: of('auth', 'UsuarioRemovido') },
  'pagamentos-sessoes': { service: 'pagamentos', takes: SESSOES },
  'reservas-cadastro': { service: 'reservas', takes: CONTAS },
  'reservas-contas': { service: 'reservas', takes: of('auth', 'UsuarioAtualizado UsuarioRemovido') },
  'reservas-pagamentos': {
    service: 'reservas',
    takes: of(
      'pagamentos',
      [
        'CobrancaCriada PagamentoAprovado PagamentoRecusado CobrancaCancelada EstornoSolicitado EstornoConcluido',
        'EstornoFalhou DevolucaoRecusada DisputaPerdida InformarDesfecho',
      ].join(' '),
    ),
  },
  'reservas-remocoes': { service: 'reservas', takes: of('auth', 'UsuarioRemovido') },
  'reservas-sessoes': { service: 'reservas', takes: SESSOES },
};

/** The durable consumers that have a handler for a message, by name. */
export function consumersOf(type: string): string[] {
  return Object.keys(CONSUMERS).filter((durable) => CONSUMERS[durable]?.takes.includes(type));
}
