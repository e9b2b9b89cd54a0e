import { runService } from '@plataforma/runtime/service';
import { fields, type ReservasConfig } from './config.ts';
import { createReservas } from './container.ts';
import { migrations } from './infrastructure/persistence/migrations.ts';

await runService<ReservasConfig>({
  name: 'reservas',
  fields,
  stream: { name: 'RESERVAS', subjects: ['reservas.v1.>'] },
  entities: [],
  migrations,
  ids: {
    esp: { table: 'espacos', createdAt: 'criado_em' },
    res: { table: 'reservas', createdAt: 'criada_em' },
    fec: { table: 'fechamentos', createdAt: 'criado_em' },
    ser: { table: 'series', createdAt: 'criada_em' },
    fil: { table: 'fila_espera', createdAt: 'criada_em' },
    cot: { table: 'cotacoes', createdAt: 'criada_em' },
    cal: { table: 'calendarios', createdAt: 'criado_em' },
  },
  create: createReservas,
});
