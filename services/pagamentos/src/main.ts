import { runService } from '@plataforma/runtime/service';
import { fields } from './config.ts';
import { createPagamentos } from './container.ts';
import { migrations } from './persistence/migrations.ts';

await runService({
  name: 'pagamentos',
  fields,
  stream: { name: 'PAGAMENTOS', subjects: ['pagamentos.v1.>'] },
  entities: [],
  migrations,
  ids: { pag: { table: 'pagamentos' } },
  create: (deps) => createPagamentos(deps),
});
