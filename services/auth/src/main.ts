import { file_auth_v1_eventos } from '@plataforma/contratos/auth/v1/eventos_pb';
import { runService } from '@plataforma/runtime/service';
import { type AuthConfig, fields } from './config.ts';
import { createAuth } from './container.ts';
import { migrations } from './persistence/migrations.ts';

await runService<AuthConfig>({
  name: 'auth',
  fields,
  stream: { name: 'AUTH', subjects: ['auth.v1.>'] },
  events: [file_auth_v1_eventos],
  entities: [],
  migrations,
  ids: { cli: { table: 'usuarios' } },
  create: createAuth,
});
