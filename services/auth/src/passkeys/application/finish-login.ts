import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { podeEntrar, sessaoVale, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { MfaTokenInvalidoError } from '../../fatores/domain/recusa.ts';
import type { WaitingLogins } from '../../mfa/application/ports.ts';
import type { TokensGranted } from '../../sessoes/application/grant-access.ts';
import type { OpenSession } from '../../sessoes/application/open-session.ts';
import type { LoginPendente } from '../../sessoes/application/ports.ts';
import { PasskeyLoginInvalidoError, UsuarioInativoError } from '../domain/recusa.ts';
import type { ConferirAssinatura } from './conferir-assinatura.ts';
import type { AssinaturaLida, Desafios, Transacao, WebAuthn } from './ports.ts';

export interface FinishLoginCommand {
  /** What the browser has given, as JSON. */
  readonly resposta: string;
  /** Of the login that waits for its second factor; empty for a login by passkey alone. */
  readonly mfaToken: string;
  readonly origem: Origem;
}

type FinishRefused = PasskeyLoginInvalidoError | MfaTokenInvalidoError | UsuarioInativoError;

interface Deps {
  readonly logins: WaitingLogins;
  readonly webauthn: Pick<WebAuthn, 'lerAssinatura'>;
  readonly desafios: Desafios;
  readonly conferir: ConferirAssinatura;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly openSession: OpenSession;
  readonly clock: Clock;
}

/**
 * Ends a login with a passkey: as the second factor of one that has begun with another, or as both factors at once, which
 * needs a device that has verified who holds it. The challenge is used up first, so whatever fails afterwards begins anew.
 */
export class FinishLoginHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: FinishLoginCommand): Promise<Result<TokensGranted, FinishRefused>> {
    const { logins, openSession } = this.#deps;
    const { mfaToken, origem } = command;
    const login = mfaToken === '' ? undefined : await logins.attempt(mfaToken);
    if (mfaToken !== '' && !login) return Result.fail(new MfaTokenInvalidoError());
    const lida = await this.#ler(command, login);
    if (!lida) return Result.fail(new PasskeyLoginInvalidoError());
    const provado = await this.#provar(lida, login, origem);
    if (provado.isFailure) return provado;
    if (login && !(await logins.take(mfaToken))) return Result.fail(new MfaTokenInvalidoError());
    const metodos = login ? ([login.metodo, 'pop'] as const) : (['pop', 'mfa'] as const);
    const aberta = await openSession.execute(provado.value, origem, metodos);
    if (aberta) return Result.ok(aberta);
    return Result.fail(login ? new MfaTokenInvalidoError() : new PasskeyLoginInvalidoError());
  }

  /** The answer, if its challenge was made for such a login; one for a second factor is worth less than one for both. */
  async #ler(
    { resposta }: FinishLoginCommand,
    login: LoginPendente | undefined,
  ): Promise<AssinaturaLida | undefined> {
    const { webauthn, desafios } = this.#deps;
    const lida = webauthn.lerAssinatura(resposta);
    const desafio = lida && (await desafios.take(lida.desafio));
    const pertence = login
      ? desafio?.finalidade === 'SEGUNDO_FATOR' && desafio.usuarioId === login.usuarioId
      : desafio?.finalidade === 'LOGIN';
    return pertence ? lida : undefined;
  }

  #provar(lida: AssinaturaLida, login: LoginPendente | undefined, origem: Origem) {
    const { uow, conferir, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async (tx): Promise<Result<Usuario, FinishRefused>> => {
      const deQuem = { usuarioId: login?.usuarioId, unica: login === undefined };
      const conferida = await conferir.execute(tx, { lida, ...deQuem, origem, em });
      if (conferida.isFailure) return conferida;
      const passkey = conferida.value;
      await tx.passkeys.save(passkey);
      const usuario = await tx.usuarios.findById(passkey.estado.usuarioId);
      const recusa = usuario ? recusaDe(usuario, login) : new PasskeyLoginInvalidoError();
      if (usuario && !recusa) return Result.ok(usuario);
      const { usuarioId } = passkey.estado;
      const evento = { tipo: 'LOGIN', resultado: 'RECUSADO', detalhe: 'pop' } as const;
      await tx.auditoria.registrar({ ...evento, usuarioId, origem, em });
      return Result.fail(recusa ?? new PasskeyLoginInvalidoError());
    });
  }
}

function recusaDe({ estado }: Usuario, login: LoginPendente | undefined): FinishRefused | undefined {
  // Suspended, or given another password, since the login began.
  if (login) return sessaoVale(estado, login.geracao) ? undefined : new MfaTokenInvalidoError();
  if (!estado.ativo) return new UsuarioInativoError();
  return podeEntrar(estado) && estado.emailVerificado ? undefined : new PasskeyLoginInvalidoError();
}
