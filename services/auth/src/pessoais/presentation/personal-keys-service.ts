import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import {
  GetPersonalKeyResponseSchema,
  PersonalKeysService,
} from '@plataforma/contratos/auth/v1/personal_keys_service_pb';
import { rpcError } from '@plataforma/runtime/errors';
import { harmless, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import { PERSONAL_KEYS } from '../../contrato/presentation/acesso.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { GetPersonalKeyHandler } from '../application/get-personal-key.ts';
import { ChaveIlegivelError } from '../application/ports.ts';

/** Keys of people for the services that seal or open what events say about them. */
export function personalKeysService(getPersonalKey: GetPersonalKeyHandler): RpcService {
  return rpcService(PersonalKeysService, {
    acesso: PERSONAL_KEYS,
    repeats: { getPersonalKey: harmless('a person has one key, whoever asks first') },
    impl: {
      async getPersonalKey({ usuarioId }, context) {
        const chave = valueOrThrow(await getPersonalKey.execute({ usuarioId }).catch(failed));
        neverStored(context);
        return create(GetPersonalKeyResponseSchema, chave && { chave: Uint8Array.from(chave) });
      },
    },
  });
}

/** Told apart from auth being away: nobody waits for a key that nobody can read. */
function failed(error: unknown): never {
  if (!(error instanceof ChaveIlegivelError)) throw error;
  throw rpcError(Code.DataLoss, 'ERRO_INTERNO', 'A chave desta pessoa não pode ser lida.', {}, error);
}
