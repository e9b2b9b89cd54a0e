import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { HandlerContext } from '@connectrpc/connect';
import {
  type LoginResponse,
  LoginResponseSchema,
  MetodoLogin,
  type Sessao,
  SessaoSchema,
} from '@plataforma/contratos/auth/v1/auth_service_pb';
import { nomeNaLista } from '@plataforma/domain/dispositivo';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import type { LetIn } from '../application/let-in.ts';
import type { SessaoAberta } from '../application/ports.ts';
import type { Metodo } from '../domain/metodo.ts';

const METODOS: { readonly [M in Metodo]: MetodoLogin } = {
  pwd: MetodoLogin.SENHA,
  otp: MetodoLogin.CODIGO_DO_APLICATIVO,
  rec: MetodoLogin.CODIGO_DE_RECUPERACAO,
  fed: MetodoLogin.GOOGLE,
  pop: MetodoLogin.PASSKEY,
  mfa: MetodoLogin.VERIFICADO_NO_DISPOSITIVO,
};

export function toLoginResponse(
  letIn: LetIn,
  context: Pick<HandlerContext, 'responseHeader'>,
): LoginResponse {
  neverStored(context);
  if ('mfaToken' in letIn)
    return create(LoginResponseSchema, { mfaRequired: true, mfaToken: letIn.mfaToken });
  const { accessToken, refreshToken, expiresInSeconds: expiresIn, faltaFator: mfaSetupRequired } = letIn;
  const tokens = { accessToken, refreshToken, tokenType: 'Bearer', expiresIn };
  return create(LoginResponseSchema, { ...tokens, mfaSetupRequired });
}

/** @param atual session of the call */
export function toSessaoProto(sessao: SessaoAberta, atual: string | undefined): Sessao {
  const { sessaoId: id, dispositivo, endereco: ip, metodos, criadoEm, usadoEm, expiraEm } = sessao;
  return create(SessaoSchema, {
    ...{ id, dispositivo, ip, atual: id === atual },
    dispositivoNome: nomeNaLista(dispositivo),
    metodos: metodos.map((metodo) => METODOS[metodo]),
    criadoEm: timestampFromDate(criadoEm),
    usadoEm: timestampFromDate(usadoEm),
    expiraEm: timestampFromDate(expiraEm),
  });
}
