import type { DadosPessoaisService } from '@plataforma/contratos/notificacoes/v1/dados_pessoais_service_pb';
import type { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import type { AcessoDe } from '@plataforma/runtime/rpc';

/** Everybody for themselves: no request names somebody else. */
export const NOTIFICACOES: AcessoDe<typeof NotificacoesService> = {
  listarNotificacoes: 'AUTENTICADO',
  obterHistorico: 'AUTENTICADO',
  obterPreferencias: 'AUTENTICADO',
  atualizarPreferencias: 'AUTENTICADO',
};

/** All that is known about a person is told to auth alone, which asks that person first. */
export const DADOS_PESSOAIS: AcessoDe<typeof DadosPessoaisService> = {
  exportarDados: { servicos: ['auth'] },
};
