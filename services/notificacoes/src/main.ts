import { file_notificacoes_v1_eventos } from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import { runService } from '@plataforma/runtime/service';
import { fields, type NotificacoesConfig } from './config.ts';
import { createNotificacoes } from './container.ts';
import { migrations } from './persistence/migrations.ts';

await runService<NotificacoesConfig>({
  name: 'notificacoes',
  fields,
  stream: { name: 'NOTIFICACOES', subjects: ['notificacoes.v1.>'] },
  events: [file_notificacoes_v1_eventos],
  entities: [],
  migrations,
  ids: { not: { table: 'notificacoes' }, whk: { table: 'webhooks' }, dsp: { table: 'dispositivos_push' } },
  create: createNotificacoes,
});
