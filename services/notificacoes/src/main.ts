import { runService } from '@plataforma/runtime/service';
import { fields, type NotificacoesConfig } from './config.ts';
import { createNotificacoes } from './container.ts';
import { migrations } from './persistence/migrations.ts';

await runService<NotificacoesConfig>({
  name: 'notificacoes',
  fields,
  stream: { name: 'NOTIFICACOES', subjects: ['notificacoes.v1.>'] },
  entities: [],
  migrations,
  ids: { not: { table: 'notificacoes' } },
  create: createNotificacoes,
});
