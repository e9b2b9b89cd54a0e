import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import type { RpcService } from '@plataforma/runtime/rpc';
import { inRepeatableTransaction } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { PushConfig } from '../canais/infrastructure/push/push-config.ts';
import type { Modelos } from '../modelos/application/modelos.ts';
import { DispositivosDaPessoa } from './application/dispositivos-da-pessoa.ts';
import type { Transacao } from './application/ports.ts';
import { RegistrarDispositivoHandler } from './application/registrar-dispositivo.ts';
import { OfertaConfigurada } from './infrastructure/oferta.ts';
import { sessoesConsumer } from './infrastructure/sessoes-consumer.ts';
import { dispositivosService } from './presentation/dispositivos-service.ts';

interface Deps {
  readonly config: PushConfig;
  readonly clock: Clock;
  readonly dataSource: DataSource;
  readonly ids: IdGenerator;
  readonly modelos: Pick<Modelos, 'em'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  /** Messages may have become due. */
  readonly wake: () => void;
}

/** Composition of the devices of people. */
export function createDispositivos({ config, clock, dataSource, ids, modelos, uow, wake }: Deps): {
  readonly service: RpcService;
  readonly consumer: ConsumeOptions;
} {
  const oferta = new OfertaConfigurada({
    fcm: config.fcmServiceAccount !== undefined,
    chavePublica: config.vapidPrivateKey?.publica,
    hosts: config.webPushHosts,
    permiteLocal: config.webPushAllowLoopback,
  });
  return {
    service: dispositivosService({
      registrar: new RegistrarDispositivoHandler({ ids, clock, modelos, oferta, uow }),
      dispositivos: new DispositivosDaPessoa({ clock, oferta, uow }),
      wake,
    }),
    consumer: sessoesConsumer((work) => inRepeatableTransaction(dataSource, work)),
  };
}
