import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Metrics } from '@plataforma/runtime/metrics';
import type { RpcService } from '@plataforma/runtime/rpc';
import type { Sql } from '@plataforma/runtime/transaction';
import { Counter } from 'prom-client';
import type { Carteiro } from '../canais/application/carteiro.ts';
import type { MensagemSms } from '../canais/domain/mensagem.ts';
import { FaixaDeSms } from '../envio/application/faixa-de-sms.ts';
import type { Modelos } from '../modelos/application/modelos.ts';
import { ConfirmarTelefoneHandler } from './application/confirmar-telefone.ts';
import { PedirCodigoHandler } from './application/pedir-codigo.ts';
import type { Transacao } from './application/ports.ts';
import { TelefonesQueries } from './application/telefones-queries.ts';
import { createCodigos } from './infrastructure/codigos.ts';
import { numeracaoDe } from './infrastructure/numeracao.ts';
import type { TelefonesConfig } from './infrastructure/telefones-config.ts';
import { telefonesDoEnvio } from './infrastructure/telefones-do-envio.ts';
import { telefonesService } from './presentation/telefones-service.ts';

interface Deps {
  readonly config: TelefonesConfig & { readonly serviceSecret: string };
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly modelos: Modelos;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  /** Whether anything goes by SMS. */
  readonly ligado: boolean;
  readonly wake: () => void;
}

/** Numbers and their proofs, as people see them. */
export function createTelefones({ config, clock, ids, modelos, uow, ligado, wake }: Deps): RpcService {
  const codigos = createCodigos(config.serviceSecret);
  return telefonesService({
    queries: new TelefonesQueries(uow),
    pedir: new PedirCodigoHandler({
      ...{ ids, clock, modelos, uow, codigos, ligado },
      numeracao: numeracaoDe(config.smsCountries),
      limiteDiario: config.smsDailyLimit,
    }),
    confirmar: new ConfirmarTelefoneHandler({ clock, uow, codigos }),
    wake,
  });
}

interface DaFaixa {
  readonly config: Pick<TelefonesConfig, 'smsCountries' | 'smsMessagesDailyLimit'>;
  readonly carteiro: Carteiro<MensagemSms>;
  readonly modelos: Modelos;
  readonly lote: number;
  readonly clock: Clock;
  readonly sql: Sql;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly metrics: Pick<Metrics, 'registry'>;
}

/** The lane of SMS, to numbers that are proved. */
export function createFaixaDeSms({ config, carteiro, modelos, lote, metrics, ...deps }: DaFaixa): FaixaDeSms {
  const partes = new Counter({
    name: 'notificacoes_sms_partes_total',
    help: 'Parts of text messages that the provider took: each is paid.',
    labelNames: ['codificacao'] as const,
    registers: [metrics.registry],
  });
  return new FaixaDeSms({
    ...{ carteiro, modelos, lote },
    limiteDiario: config.smsMessagesDailyLimit,
    telefones: telefonesDoEnvio({ ...deps, numeracao: numeracaoDe(config.smsCountries) }),
    aoPartir: ({ codificacao, quantas }) => partes.inc({ codificacao }, quantas),
  });
}
