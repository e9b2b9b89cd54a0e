import { runService } from '@plataforma/runtime/service';
import { type AuthConfig, fields } from './config.ts';
import { createAuth } from './container.ts';
import { migrations } from './persistence/migrations.ts';

await runService<AuthConfig>({
  name: 'auth',
  fields,
  stream: { name: 'AUTH', subjects: ['auth.v1.>'] },
  entities: [],
  migrations,
  ids: { cli: { table: 'usuarios' } },
  create: createAuth,
});
