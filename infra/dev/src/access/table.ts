import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { AuditService } from '@plataforma/contratos/auth/v1/audit_service_pb';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { ChavesApiService } from '@plataforma/contratos/auth/v1/chaves_api_service_pb';
import { ErasuresService } from '@plataforma/contratos/auth/v1/erasures_service_pb';
import { ExportService } from '@plataforma/contratos/auth/v1/export_service_pb';
import { PasskeysService } from '@plataforma/contratos/auth/v1/passkeys_service_pb';
import { PersonalKeysService } from '@plataforma/contratos/auth/v1/personal_keys_service_pb';
import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';
import { ContatosService } from '@plataforma/contratos/notificacoes/v1/contatos_service_pb';
import { DadosPessoaisService as DadosEmNotificacoes } from '@plataforma/contratos/notificacoes/v1/dados_pessoais_service_pb';
import { DispositivosService } from '@plataforma/contratos/notificacoes/v1/dispositivos_service_pb';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { TelefonesService } from '@plataforma/contratos/notificacoes/v1/telefones_service_pb';
import { WebhooksService } from '@plataforma/contratos/notificacoes/v1/webhooks_service_pb';
import { DadosPessoaisService as DadosEmPagamentos } from '@plataforma/contratos/pagamentos/v1/dados_pessoais_service_pb';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { CalendariosService } from '@plataforma/contratos/reservas/v1/calendarios_service_pb';
import { DadosPessoaisService as DadosEmReservas } from '@plataforma/contratos/reservas/v1/dados_pessoais_service_pb';
import { DisponibilidadeService } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { FilaEsperaService } from '@plataforma/contratos/reservas/v1/fila_espera_service_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { SeriesService } from '@plataforma/contratos/reservas/v1/series_service_pb';
import { OPERATIONAL, type RotaDeclarada } from '@plataforma/runtime/http-routes';
import type { Acesso, AcessoDe } from '@plataforma/runtime/rpc';
import type { Mostra, MostraDe } from '@plataforma/runtime/shown';
import * as auth from '../../../../services/auth/src/contrato/presentation/acesso.ts';
import * as notificacoes from '../../../../services/notificacoes/src/contrato/presentation/acesso.ts';
import * as emNotificacoes from '../../../../services/notificacoes/src/contrato/presentation/consultas.ts';
import * as pagamentos from '../../../../services/pagamentos/src/pagamento/presentation/acesso.ts';
import * as emPagamentos from '../../../../services/pagamentos/src/pagamento/presentation/consultas.ts';
import * as reservas from '../../../../services/reservas/src/comum/presentation/acesso.ts';
import * as emReservas from '../../../../services/reservas/src/comum/presentation/consultas.ts';
import { SERVICES, type ServiceName } from '../stack/service-env.ts';

/** A method, the service that answers it, and who may call it. */
export interface AccessRow {
  readonly servico: ServiceName;
  readonly method: DescMethod;
  readonly acesso: Acesso;
  /** Whose data it shows an administrator; left out where auth records that in its handlers, and where services alone may ask. */
  readonly mostra?: Mostra;
}

/** A plain route and the service that answers it. */
export interface RouteRow extends RotaDeclarada {
  readonly servico: ServiceName;
}

function rowsOf<S extends DescService>(service: S, acesso: AcessoDe<S>, mostra?: MostraDe<S>): AccessRow[] {
  const servico = service.typeName.split('.')[0] as ServiceName;
  const rules: Readonly<Record<string, Acesso>> = acesso;
  const shown = (mostra ?? {}) as Readonly<Record<string, Mostra>>;
  return service.methods.map((method) => {
    const rule = rules[method.localName];
    if (rule === undefined) throw new Error(`${service.typeName}/${method.name} is not in the table`);
    const shows = shown[method.localName];
    return { servico, method, acesso: rule, ...(shows && { mostra: shows }) };
  });
}

/** The tables that the services start with, as one. */
export const ACCESS: readonly AccessRow[] = [
  ...rowsOf(AuthService, auth.AUTH),
  ...rowsOf(PasskeysService, auth.PASSKEYS),
  ...rowsOf(UsersService, auth.USERS),
  ...rowsOf(AuditService, auth.AUDIT),
  ...rowsOf(ErasuresService, auth.ERASURES),
  ...rowsOf(ExportService, auth.EXPORT),
  ...rowsOf(ChavesApiService, auth.CHAVES_API),
  ...rowsOf(ServiceTokensService, auth.SERVICE_TOKENS),
  ...rowsOf(PersonalKeysService, auth.PERSONAL_KEYS),
  ...rowsOf(EspacosService, reservas.ESPACOS, emReservas.MOSTRA_ESPACOS),
  ...rowsOf(DisponibilidadeService, reservas.DISPONIBILIDADE, emReservas.MOSTRA_DISPONIBILIDADE),
  ...rowsOf(ReservasService, reservas.RESERVAS, emReservas.MOSTRA_RESERVAS),
  ...rowsOf(SeriesService, reservas.SERIES, emReservas.MOSTRA_SERIES),
  ...rowsOf(FilaEsperaService, reservas.FILA_ESPERA, emReservas.MOSTRA_FILA_ESPERA),
  ...rowsOf(CalendariosService, reservas.CALENDARIOS, emReservas.MOSTRA_CALENDARIOS),
  ...rowsOf(PagamentosService, pagamentos.PAGAMENTOS, emPagamentos.MOSTRA_PAGAMENTOS),
  ...rowsOf(NotificacoesService, notificacoes.NOTIFICACOES, emNotificacoes.MOSTRA_NOTIFICACOES),
  ...rowsOf(ContatosService, notificacoes.CONTATOS, emNotificacoes.MOSTRA_CONTATOS),
  ...rowsOf(TelefonesService, notificacoes.TELEFONES, emNotificacoes.MOSTRA_TELEFONES),
  ...rowsOf(DispositivosService, notificacoes.DISPOSITIVOS, emNotificacoes.MOSTRA_DISPOSITIVOS),
  ...rowsOf(WebhooksService, notificacoes.WEBHOOKS, emNotificacoes.MOSTRA_WEBHOOKS),
  ...rowsOf(DadosEmReservas, reservas.DADOS_PESSOAIS),
  ...rowsOf(DadosEmPagamentos, pagamentos.DADOS_PESSOAIS),
  ...rowsOf(DadosEmNotificacoes, notificacoes.DADOS_PESSOAIS),
];

/** The plain routes of all services; those for operators every service has. */
export const ROUTES: readonly RouteRow[] = [
  { servico: 'auth', ...auth.JWKS },
  { servico: 'auth', ...auth.OAUTH_TOKEN },
  { servico: 'auth', ...auth.DOWNLOAD },
  { servico: 'reservas', ...reservas.FEED },
  { servico: 'pagamentos', ...pagamentos.TRANSACOES_CSV },
  { servico: 'pagamentos', ...pagamentos.WEBHOOK },
  { servico: 'notificacoes', ...notificacoes.RETORNOS_SENDGRID },
  { servico: 'notificacoes', ...notificacoes.RETORNOS_RESEND },
  { servico: 'notificacoes', ...notificacoes.RETORNOS_TWILIO },
  { servico: 'notificacoes', ...notificacoes.RESPOSTAS_TWILIO },
  { servico: 'notificacoes', ...notificacoes.DESCADASTRO_PAGINA },
  { servico: 'notificacoes', ...notificacoes.DESCADASTRO },
  ...SERVICES.flatMap((servico) => Object.values(OPERATIONAL).map((rota) => ({ servico, ...rota }))),
];
