import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import type { RpcService } from '@plataforma/runtime/rpc';
import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { Auditoria } from '../auditoria/application/ports.ts';
import type { TokenIssuer } from '../chaves/application/ports.ts';
import type { ConsultaDeUsuarios } from '../contas/application/ports.ts';
import type { OrigemDe } from '../contrato/presentation/origem.ts';
import type { ConfirmOwner } from '../credenciais/application/confirm-owner.ts';
import type { Attempts } from '../credenciais/application/ports.ts';
import { ChavesQueries } from './application/chaves-queries.ts';
import { CriarChaveHandler } from './application/criar-chave.ts';
import type { Transacao } from './application/ports.ts';
import { RevogarChaveHandler } from './application/revogar-chaves.ts';
import { RotacionarChaveHandler } from './application/rotacionar-chave.ts';
import { TrocarPorTokenHandler } from './application/trocar-por-token.ts';
import { PostgresChavesApi } from './infrastructure/chaves-api-repository.ts';
import { pareceId, pareceSegredo, SegredosDeChaves } from './infrastructure/segredos-de-chaves.ts';
import { chavesApiService } from './presentation/chaves-api-service.ts';
import { tokenRoute } from './presentation/token-route.ts';

interface Deps {
  readonly dataSource: DataSource;
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly attempts: Pick<Attempts, 'begin'>;
  readonly auditoria: Auditoria;
  readonly tokens: TokenIssuer;
  readonly adminsPrecisamDeFator: boolean;
  /** Of the secrets of keys, for nothing else. */
  readonly key: Buffer;
  readonly clock: Clock;
  readonly origemDe: OrigemDe;
}

/** API keys: how people manage them, and how programs get tokens for them. */
export function composeIntegracoes({ dataSource, key, attempts, origemDe, ...others }: Deps): {
  service: RpcService;
  route: HttpRoute;
} {
  const segredos = new SegredosDeChaves(key);
  const chaves = new PostgresChavesApi(autocommit(dataSource));
  const deps = { ...others, chaves, segredos };
  const trocas = { begin: (quem: string) => attempts.begin({ endereco: quem }) };
  return {
    service: chavesApiService({
      criar: new CriarChaveHandler(deps),
      rotacionar: new RotacionarChaveHandler(deps),
      revogar: new RevogarChaveHandler(deps),
      queries: new ChavesQueries(deps),
      ...{ segredos, clock: others.clock, origemDe },
    }),
    route: tokenRoute(new TrocarPorTokenHandler({ ...deps, trocas }), { pareceId, pareceSegredo }, origemDe),
  };
}
