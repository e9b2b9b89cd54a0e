import { runService } from '@plataforma/runtime/service';
import { fields, type NotificacoesConfig } from './config.ts';
import { createNotificacoes } from './container.ts';
import { Notificacoes1765000000001 } from './infrastructure/persistence/migrations/notificacoes-1765000000001.ts';

await runService<NotificacoesConfig>({
  name: 'notificacoes',
  fields,
  stream: { name: 'NOTIFICACOES', subjects: ['notificacoes.v1.>'] },
  entities: [],
  migrations: [Notificacoes1765000000001],
  ids: { not: { table: 'notificacoes', createdAt: 'criada_em' } },
  create: createNotificacoes,
});
