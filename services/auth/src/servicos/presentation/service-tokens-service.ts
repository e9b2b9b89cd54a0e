import { create } from '@bufbuild/protobuf';
import {
  IssueServiceTokenResponseSchema,
  ServiceTokensService,
} from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import { SERVICE_TOKENS } from '../../contrato/presentation/acesso.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import type { IssueServiceTokenHandler } from '../application/issue-service-token.ts';

/** Tokens for services. The secret in the request is the proof. */
export function serviceTokensService(issue: IssueServiceTokenHandler, origemDe: OrigemDe): RpcService {
  return rpcService(ServiceTokensService, {
    acesso: SERVICE_TOKENS,
    impl: {
      async issueServiceToken(request, context) {
        const { token, expiresInSeconds } = valueOrThrow(
          await issue.execute({ ...request, origem: origemDe(context) }),
        );
        neverStored(context);
        return create(IssueServiceTokenResponseSchema, {
          accessToken: token,
          tokenType: 'Bearer',
          expiresIn: expiresInSeconds,
        });
      },
    },
  });
}
