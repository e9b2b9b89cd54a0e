import { runService } from '@plataforma/runtime/service';
import { fields } from './config.ts';
import { createAuth } from './container.ts';
import { ChavesAssinatura1763900000002 } from './infrastructure/persistence/migrations/chaves-assinatura-1763900000002.ts';
import { Usuarios1763900000001 } from './infrastructure/persistence/migrations/usuarios-1763900000001.ts';
import { UsuarioSchema } from './infrastructure/persistence/schema.ts';

await runService({
  name: 'auth',
  fields,
  stream: { name: 'AUTH', subjects: ['auth.v1.>'] },
  entities: [UsuarioSchema],
  migrations: [Usuarios1763900000001, ChavesAssinatura1763900000002],
  ids: { cli: { table: 'usuarios', createdAt: 'criado_em' } },
  create: createAuth,
});
