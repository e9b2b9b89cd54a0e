import { create } from '@bufbuild/protobuf';
import { StartGoogleResponseSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import type { AuthRpcs } from '../../contrato/presentation/auth-service.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import { toLoginResponse } from '../../sessoes/presentation/sessoes-mappers.ts';
import type { FinishGoogleHandler } from '../application/finish-google.ts';
import type { StartGoogleHandler } from '../application/start-google.ts';
import type { BrowserCookie } from './browser-cookie.ts';

interface Deps {
  readonly start: StartGoogleHandler;
  readonly finish: FinishGoogleHandler;
  readonly cookie: BrowserCookie;
  readonly origemDe: OrigemDe;
}

/** Logging in by the word of an issuer. */
export function googleRpcs({ start, finish, cookie, origemDe }: Deps): AuthRpcs {
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
  };
}
