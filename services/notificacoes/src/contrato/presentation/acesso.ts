import type { ContatosService } from '@plataforma/contratos/notificacoes/v1/contatos_service_pb';
import type { DadosPessoaisService } from '@plataforma/contratos/notificacoes/v1/dados_pessoais_service_pb';
import type { DispositivosService } from '@plataforma/contratos/notificacoes/v1/dispositivos_service_pb';
import type { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import type { TelefonesService } from '@plataforma/contratos/notificacoes/v1/telefones_service_pb';
import type { WebhooksService } from '@plataforma/contratos/notificacoes/v1/webhooks_service_pb';
import type { RotaDeclarada } from '@plataforma/runtime/http-routes';
import { PESSOAS } from '@plataforma/runtime/principal';
import { type AcessoDe, comEscopo, type Regra } from '@plataforma/runtime/rpc';

const LIDAS_POR_CHAVE: Regra = { papeis: PESSOAS, escopo: 'notificacoes:ler' };

/** Everybody for themselves; of messages an administrator may name somebody else, whom nobody else is heard about. */
export const NOTIFICACOES: AcessoDe<typeof NotificacoesService> = {
  listarNotificacoes: LIDAS_POR_CHAVE,
  obterHistorico: LIDAS_POR_CHAVE,
  obterPreferencias: 'AUTENTICADO',
  atualizarPreferencias: 'AUTENTICADO',
  ajustarPreferencias: 'AUTENTICADO',
};

/** Everybody for themselves: the number is that of the caller's preferences. */
export const TELEFONES: AcessoDe<typeof TelefonesService> = {
  obterTelefone: 'AUTENTICADO',
  pedirCodigoDeTelefone: 'AUTENTICADO',
  confirmarTelefone: 'AUTENTICADO',
};

/** Everybody for themselves, too. */
export const DISPOSITIVOS: AcessoDe<typeof DispositivosService> = {
  obterChavePush: 'AUTENTICADO',
  registrarDispositivo: 'AUTENTICADO',
  listarDispositivos: 'AUTENTICADO',
  removerDispositivo: 'AUTENTICADO',
};

const ADMIN = { papeis: ['ADMIN'] } as const;

const LE_WEBHOOKS = comEscopo('webhooks:ler', ADMIN);
const MUDA_WEBHOOKS = comEscopo('webhooks:escrever', ADMIN);

/** Events of all customers leave the platform by them; each administrator sees and changes all. */
export const WEBHOOKS: AcessoDe<typeof WebhooksService> = {
  criarWebhook: MUDA_WEBHOOKS,
  listarWebhooks: LE_WEBHOOKS,
  obterWebhook: LE_WEBHOOKS,
  atualizarWebhook: MUDA_WEBHOOKS,
  trocarChaveWebhook: MUDA_WEBHOOKS,
  ativarWebhook: MUDA_WEBHOOKS,
  desativarWebhook: MUDA_WEBHOOKS,
  apagarWebhook: MUDA_WEBHOOKS,
  listarEntregas: LE_WEBHOOKS,
  reentregar: MUDA_WEBHOOKS,
  testarWebhook: MUDA_WEBHOOKS,
  repetirEventos: MUDA_WEBHOOKS,
};

/** Addresses are shown masked. */
export const CONTATOS: AcessoDe<typeof ContatosService> = {
  listarContatosNaoEntregaveis: ADMIN,
  liberarContato: ADMIN,
};

/** All that is known about a person is told to auth alone, which asks that person first. */
export const DADOS_PESSOAIS: AcessoDe<typeof DadosPessoaisService> = {
  exportarDados: { servicos: ['auth'] },
};

/** What providers tell of messages that they took; each is there where its key is configured. */
export const RETORNOS_SENDGRID: RotaDeclarada = {
  method: 'POST',
  path: '/api/v1/webhooks/sendgrid',
  acesso: 'ASSINATURA',
};

export const RETORNOS_RESEND: RotaDeclarada = {
  method: 'POST',
  path: '/api/v1/webhooks/resend',
  acesso: 'ASSINATURA',
};

export const RETORNOS_TWILIO: RotaDeclarada = {
  method: 'POST',
  path: '/api/v1/webhooks/twilio/*',
  acesso: 'ASSINATURA',
};

/** What people answer to text messages. */
export const RESPOSTAS_TWILIO: RotaDeclarada = {
  method: 'POST',
  path: '/api/v1/webhooks/twilio/respostas',
  acesso: 'ASSINATURA',
};

/** A page with a button, for who follows the link in a message; reading it changes nothing. */
export const DESCADASTRO_PAGINA = {
  method: 'GET',
  path: '/api/v1/notificacoes/descadastro/*',
  acesso: 'ENDERECO',
} as const satisfies RotaDeclarada;

/** Ends messages like the one that the link was in: who has the address is its reader, or their mail program. */
export const DESCADASTRO = { ...DESCADASTRO_PAGINA, method: 'POST' } as const satisfies RotaDeclarada;
