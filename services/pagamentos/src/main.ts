import { file_pagamentos_v1_comandos } from '@plataforma/contratos/pagamentos/v1/comandos_pb';
import { file_pagamentos_v1_eventos } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { runService } from '@plataforma/runtime/service';
import { fields } from './config.ts';
import { createPagamentos } from './container.ts';
import { migrations } from './persistence/migrations.ts';

await runService({
  name: 'pagamentos',
  fields,
  stream: { name: 'PAGAMENTOS', subjects: ['pagamentos.v1.>'] },
  events: [file_pagamentos_v1_eventos, file_pagamentos_v1_comandos],
  entities: [],
  migrations,
  ids: { pag: { table: 'pagamentos' } },
  create: (deps) => createPagamentos(deps),
});
