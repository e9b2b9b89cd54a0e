import type { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import type { AcessoDe } from '@plataforma/runtime/rpc';

/** Everybody for themselves: no request names somebody else. */
export const NOTIFICACOES: AcessoDe<typeof NotificacoesService> = {
  listarNotificacoes: 'AUTENTICADO',
  obterPreferencias: 'AUTENTICADO',
  atualizarPreferencias: 'AUTENTICADO',
};
