import type { ContatosService } from '@plataforma/contratos/notificacoes/v1/contatos_service_pb';
import type { DispositivosService } from '@plataforma/contratos/notificacoes/v1/dispositivos_service_pb';
import type { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import type { TelefonesService } from '@plataforma/contratos/notificacoes/v1/telefones_service_pb';
import type { WebhooksService } from '@plataforma/contratos/notificacoes/v1/webhooks_service_pb';
import { deNinguemMais, type MostraDe, titularesDaLista } from '@plataforma/runtime/shown';

/* Whose data each answer shows to an administrator, beside who may ask for it (`acesso.ts`). */

const DE_QUEM_CHAMA = deNinguemMais('the preferences of the caller');

export const MOSTRA_NOTIFICACOES: MostraDe<typeof NotificacoesService> = {
  listarNotificacoes: ({ clienteId }) => [clienteId],
  obterHistorico: ({ clienteId }, { registros }) =>
    titularesDaLista(
      clienteId,
      registros.map((registro) => registro.clienteId),
    ),
  obterPreferencias: DE_QUEM_CHAMA,
  atualizarPreferencias: DE_QUEM_CHAMA,
  ajustarPreferencias: DE_QUEM_CHAMA,
};

export const MOSTRA_CONTATOS: MostraDe<typeof ContatosService> = {
  listarContatosNaoEntregaveis: (_, { contatos }) =>
    titularesDaLista(
      '',
      contatos.map((contato) => contato.clienteId),
    ),
  liberarContato: deNinguemMais('an empty answer'),
};

const DO_TELEFONE = deNinguemMais('the number of the caller');

export const MOSTRA_TELEFONES: MostraDe<typeof TelefonesService> = {
  obterTelefone: DO_TELEFONE,
  pedirCodigoDeTelefone: DO_TELEFONE,
  confirmarTelefone: DO_TELEFONE,
};

const SEUS_APARELHOS = deNinguemMais('the devices of the caller');

export const MOSTRA_DISPOSITIVOS: MostraDe<typeof DispositivosService> = {
  obterChavePush: deNinguemMais('a public key of the platform'),
  registrarDispositivo: SEUS_APARELHOS,
  listarDispositivos: SEUS_APARELHOS,
  removerDispositivo: SEUS_APARELHOS,
};

const DE_INTEGRACOES = deNinguemMais(
  'addresses of integrators, and events of identities, instants and amounts',
);

export const MOSTRA_WEBHOOKS: MostraDe<typeof WebhooksService> = {
  criarWebhook: DE_INTEGRACOES,
  listarWebhooks: DE_INTEGRACOES,
  obterWebhook: DE_INTEGRACOES,
  atualizarWebhook: DE_INTEGRACOES,
  trocarChaveWebhook: DE_INTEGRACOES,
  ativarWebhook: DE_INTEGRACOES,
  desativarWebhook: DE_INTEGRACOES,
  apagarWebhook: DE_INTEGRACOES,
  listarEntregas: DE_INTEGRACOES,
  reentregar: DE_INTEGRACOES,
  testarWebhook: DE_INTEGRACOES,
  repetirEventos: DE_INTEGRACOES,
};
