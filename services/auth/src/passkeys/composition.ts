import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { RpcService } from '@plataforma/runtime/rpc';
import { autocommit } from '@plataforma/runtime/transaction';
import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import type { ConsultaDeUsuarios } from '../contas/application/ports.ts';
import type { OrigemDe } from '../contrato/presentation/origem.ts';
import type { ConfirmOwner } from '../credenciais/application/confirm-owner.ts';
import type { Attempts } from '../credenciais/application/ports.ts';
import type { CodigosDeRecuperacao } from '../fatores/application/ports.ts';
import type { WaitingLogins } from '../mfa/application/ports.ts';
import type { OpenSession } from '../sessoes/application/open-session.ts';
import type { Sessions } from '../sessoes/application/ports.ts';
import { ConferirAssinatura } from './application/conferir-assinatura.ts';
import { FinishLoginHandler } from './application/finish-login.ts';
import { FinishRegistrationHandler } from './application/finish-registration.ts';
import type { Transacao } from './application/ports.ts';
import { ProvarPasskey } from './application/provar-passkey.ts';
import { RemovePasskeyHandler } from './application/remove-passkey.ts';
import { StartLoginHandler } from './application/start-login.ts';
import { StartRegistrationHandler } from './application/start-registration.ts';
import { PostgresPasskeysRepository } from './infrastructure/passkeys-repository.ts';
import { RandomValues } from './infrastructure/random-values.ts';
import { RedisDesafios } from './infrastructure/redis-desafios.ts';
import { SimpleWebAuthn } from './infrastructure/simple-webauthn.ts';
import { type PasskeysConfig, siteOf } from './infrastructure/site.ts';
import { passkeysService } from './presentation/passkeys-service.ts';

interface Deps {
  readonly config: PasskeysConfig;
  readonly redis: Redis;
  readonly dataSource: DataSource;
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly codigos: CodigosDeRecuperacao;
  readonly attempts: Attempts;
  readonly logins: WaitingLogins;
  readonly openSession: OpenSession;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly clock: Clock;
  readonly origemDe: OrigemDe;
}

/** The service of passkeys. */
export function composePasskeys({ config, redis, dataSource, origemDe, ...others }: Deps): RpcService {
  const passkeys = new PostgresPasskeysRepository(autocommit(dataSource));
  const webauthn = new SimpleWebAuthn(siteOf(config));
  const deps = {
    ...{ ...others, passkeys, webauthn, conferir: new ConferirAssinatura(webauthn) },
    ...{ desafios: new RedisDesafios(redis), aleatorios: new RandomValues() },
  };
  return passkeysService({
    startRegistration: new StartRegistrationHandler(deps),
    finishRegistration: new FinishRegistrationHandler(deps),
    consulta: passkeys,
    remove: new RemovePasskeyHandler(deps),
    startLogin: new StartLoginHandler(deps),
    finishLogin: new FinishLoginHandler(deps),
    prova: new ProvarPasskey(deps),
    origemDe,
  });
}
