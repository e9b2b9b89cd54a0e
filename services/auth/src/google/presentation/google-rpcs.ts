import { create } from '@bufbuild/protobuf';
import {
  LinkGoogleResponseSchema,
  StartGoogleLinkResponseSchema,
  StartGoogleResponseSchema,
  UnlinkGoogleResponseSchema,
} from '@plataforma/contratos/auth/v1/auth_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { harmless } from '@plataforma/runtime/rpc';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import type { AuthRepeats, AuthRpcs } from '../../contrato/presentation/auth-service.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import { toLoginResponse } from '../../sessoes/presentation/sessoes-mappers.ts';
import type { FinishGoogleHandler } from '../application/finish-google.ts';
import type { LinkGoogleHandler } from '../application/link-google.ts';
import type { StartGoogleHandler } from '../application/start-google.ts';
import type { StartGoogleLinkHandler } from '../application/start-google-link.ts';
import type { UnlinkGoogleHandler } from '../application/unlink-google.ts';
import type { BrowserCookie } from './browser-cookie.ts';

interface Deps {
  readonly start: StartGoogleHandler;
  readonly finish: FinishGoogleHandler;
  readonly startLink: StartGoogleLinkHandler;
  readonly link: LinkGoogleHandler;
  readonly cookie: BrowserCookie;
  readonly origemDe: OrigemDe;
}

/** How calls that are sent again are answered. */
export const googleRepeats: AuthRepeats = {
  startGoogleLink: harmless('an attempt more changes nothing; a code of the app is used up by the first one'),
  linkGoogle: async () => ({}),
  unlinkGoogle: async () => ({}),
};

/** Logging in by the word of an issuer, and linking an account to it. */
export function googleRpcs({ start, finish, startLink, link, cookie, origemDe }: Deps): AuthRpcs {
  return {
    async startGoogle({ redirectUri }, context) {
      neverStored(context);
      const { endereco } = origemDe(context);
      const navegador = cookie.give(context);
      const partida = valueOrThrow(await start.execute({ redirectUri, navegador, endereco }));
      return create(StartGoogleResponseSchema, { ...partida });
    },
    async finishGoogle({ code, state, iss }, context) {
      const command = { code, state, iss, navegador: cookie.read(context), origem: origemDe(context) };
      return toLoginResponse(valueOrThrow(await finish.execute(command)), context);
    },
    async startGoogleLink({ redirectUri, password: senha, codigo }, context) {
      neverStored(context);
      const { id: usuarioId, geracao, autenticadoEm } = principalOf(context);
      const navegador = cookie.give(context);
      const caller = { usuarioId, geracao, autenticadoEm, navegador, origem: origemDe(context) };
      const partida = valueOrThrow(await startLink.execute({ ...caller, senha, codigo, redirectUri }));
      return create(StartGoogleLinkResponseSchema, { ...partida });
    },
    async linkGoogle({ code, state, iss }, context) {
      const { id: usuarioId, geracao } = principalOf(context);
      const volta = { code, state, iss, navegador: cookie.read(context) };
      valueOrThrow(await link.execute({ ...volta, usuarioId, geracao, origem: origemDe(context) }));
      return create(LinkGoogleResponseSchema);
    },
  };
}

/** Also where nobody logs in with Google any more. */
export function unlinkRpc(unlink: UnlinkGoogleHandler, origemDe: OrigemDe): AuthRpcs {
  return {
    async unlinkGoogle({ password: senha, codigo }, context) {
      const { id: usuarioId, geracao, sessaoId } = principalOf(context);
      const command = { usuarioId, geracao, sessaoId, senha, codigo, origem: origemDe(context) };
      valueOrThrow(await unlink.execute(command));
      return create(UnlinkGoogleResponseSchema);
    },
  };
}
