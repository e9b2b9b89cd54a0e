import { file_reservas_v1_comandos } from '@plataforma/contratos/reservas/v1/comandos_pb';
import { file_reservas_v1_eventos } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { runService } from '@plataforma/runtime/service';
import { fields, type ReservasConfig } from './config.ts';
import { createReservas } from './container.ts';
import { migrations } from './persistence/migrations.ts';

await runService<ReservasConfig>({
  name: 'reservas',
  fields,
  stream: { name: 'RESERVAS', subjects: ['reservas.v1.>'] },
  events: [file_reservas_v1_eventos, file_reservas_v1_comandos],
  entities: [],
  migrations,
  ids: {
    esp: { table: 'espacos' },
    res: { table: 'reservas' },
    fec: { table: 'fechamentos' },
    ser: { table: 'series' },
    fil: { table: 'fila_espera' },
    cot: { table: 'cotacoes' },
    cal: { table: 'calendarios' },
  },
  create: createReservas,
});
