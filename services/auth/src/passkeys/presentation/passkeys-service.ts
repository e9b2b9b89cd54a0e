import { create } from '@bufbuild/protobuf';
import {
  FinishPasskeyProofResponseSchema,
  ListPasskeysResponseSchema,
  PasskeysService,
  RemovePasskeyResponseSchema,
  StartPasskeyLoginResponseSchema,
  StartPasskeyProofResponseSchema,
  StartPasskeyRegistrationResponseSchema,
} from '@plataforma/contratos/auth/v1/passkeys_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { harmless, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import { PASSKEYS } from '../../contrato/presentation/acesso.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import { toLoginResponse } from '../../sessoes/presentation/sessoes-mappers.ts';
import type { FinishLoginHandler } from '../application/finish-login.ts';
import type { FinishRegistrationHandler } from '../application/finish-registration.ts';
import type { ConsultaDePasskeys } from '../application/ports.ts';
import type { ProvarPasskey } from '../application/provar-passkey.ts';
import type { RemovePasskeyHandler } from '../application/remove-passkey.ts';
import type { StartLoginHandler } from '../application/start-login.ts';
import type { StartRegistrationHandler } from '../application/start-registration.ts';
import { toPasskeyProto, toRegistrationProto } from './passkeys-mappers.ts';

interface Deps {
  readonly startRegistration: StartRegistrationHandler;
  readonly finishRegistration: FinishRegistrationHandler;
  readonly consulta: ConsultaDePasskeys;
  readonly remove: RemovePasskeyHandler;
  readonly startLogin: StartLoginHandler;
  readonly finishLogin: FinishLoginHandler;
  readonly prova: ProvarPasskey;
  readonly origemDe: OrigemDe;
}

/** Passkeys: registering, listing and removing them, logging in with one, and proving one within a session. */
export function passkeysService(deps: Deps): RpcService {
  const { startRegistration, finishRegistration, consulta, remove, origemDe } = deps;
  const { startLogin, finishLogin, prova } = deps;
  return rpcService(PasskeysService, {
    acesso: PASSKEYS,
    repeats: {
      startPasskeyRegistration: harmless('a challenge that nobody answers changes nothing'),
      async finishPasskeyRegistration(efeito, _, chamada) {
        const { id } = principalOf(chamada);
        const nova = valueOrThrow(await finishRegistration.repeat(efeito, id));
        neverStored(chamada);
        return toRegistrationProto(nova);
      },
      removePasskey: async () => ({}),
      startPasskeyProof: harmless('a challenge that nobody answers changes nothing'),
      finishPasskeyProof: harmless('a challenge is answered once: the same answer again is refused'),
    },
    impl: {
      async startPasskeyRegistration({ password: senha, codigo }, context) {
        const { id: usuarioId, geracao, autenticadoEm } = principalOf(context);
        const command = { usuarioId, geracao, autenticadoEm, senha, codigo, origem: origemDe(context) };
        const opcoes = valueOrThrow(await startRegistration.execute(command));
        neverStored(context);
        return create(StartPasskeyRegistrationResponseSchema, { opcoes });
      },
      async finishPasskeyRegistration({ resposta, nome }, context) {
        const { id: usuarioId, geracao, sessaoId } = principalOf(context);
        const command = { usuarioId, geracao, sessaoId, resposta, nome, origem: origemDe(context) };
        const nova = valueOrThrow(await finishRegistration.execute(command));
        neverStored(context);
        return toRegistrationProto(nova);
      },
      async listPasskeys(_, context) {
        const passkeys = await consulta.doUsuario(principalOf(context).id);
        return create(ListPasskeysResponseSchema, { passkeys: passkeys.map(toPasskeyProto) });
      },
      async removePasskey({ passkeyId, password: senha, codigo }, context) {
        const { id: usuarioId, geracao, sessaoId, autenticadoEm } = principalOf(context);
        const caller = { usuarioId, geracao, sessaoId, autenticadoEm, origem: origemDe(context) };
        valueOrThrow(await remove.execute({ ...caller, passkeyId, senha, codigo }));
        return create(RemovePasskeyResponseSchema);
      },
      async startPasskeyLogin({ mfaToken }, context) {
        const { endereco } = origemDe(context);
        const opcoes = valueOrThrow(await startLogin.execute({ mfaToken, endereco }));
        neverStored(context);
        return create(StartPasskeyLoginResponseSchema, { opcoes });
      },
      async finishPasskeyLogin({ resposta, mfaToken }, context) {
        const command = { resposta, mfaToken, origem: origemDe(context) };
        return toLoginResponse(valueOrThrow(await finishLogin.execute(command)), context);
      },
      async startPasskeyProof(_, context) {
        const opcoes = valueOrThrow(await prova.start(principalOf(context).id));
        neverStored(context);
        return create(StartPasskeyProofResponseSchema, { opcoes });
      },
      async finishPasskeyProof({ resposta }, context) {
        const { id: usuarioId, geracao } = principalOf(context);
        const command = { usuarioId, geracao, resposta, origem: origemDe(context) };
        const codigo = valueOrThrow(await prova.finish(command));
        neverStored(context);
        return create(FinishPasskeyProofResponseSchema, { codigo });
      },
    },
  });
}
