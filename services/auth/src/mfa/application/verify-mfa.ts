import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { MfaTokenInvalidoError } from '../../fatores/domain/recusa.ts';
import type { TokensGranted } from '../../sessoes/application/grant-access.ts';
import type { OpenSession } from '../../sessoes/application/open-session.ts';
import type { Transacao, WaitingLogins } from './ports.ts';

export interface VerifyMfaCommand {
  readonly mfaToken: string;
  /** Of the app or a recovery code, as it was typed. */
  readonly codigo: string;
  readonly origem: Origem;
}

interface Deps {
  readonly logins: WaitingLogins;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly openSession: OpenSession;
  readonly clock: Clock;
}

/**
 * Ends a login with the second factor. The code is used up before the login is taken: when something fails in between, no
 * one can come a second time with it, and the login still waits for the next one.
 */
export class VerifyMfaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    mfaToken,
    codigo,
    origem,
  }: VerifyMfaCommand): Promise<Result<TokensGranted, MfaTokenInvalidoError | ProvaRecusada>> {
    const { logins, uow, openSession, clock } = this.#deps;
    const login = await logins.attempt(mfaToken);
    if (!login) return Result.fail(new MfaTokenInvalidoError());
    const { usuarioId, geracao, metodo } = login;
    const provado = await uow.run(async ({ usuarios, segundoFator }) => {
      const em = clock.now();
      const usuario = await usuarios.findById(usuarioId);
      // Suspended, or given another password, since the login began.
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new MfaTokenInvalidoError());
      // Who comes so far knows the password; who it is, is not known yet.
      const recusa = { tipo: 'LOGIN', detalhe: metodo } as const;
      const fator = await segundoFator.provar({ usuarioId, codigo, origem, em, recusa });
      if (fator.isFailure) return fator;
      // Switched off since then: the login began with a question that no longer stands.
      if (fator.value === undefined) return Result.fail(new MfaTokenInvalidoError());
      return Result.ok({ usuario, fator: fator.value });
    });
    if (provado.isFailure) {
      if (provado.error.motivo === 'MUITAS_TENTATIVAS') await logins.giveBack(mfaToken);
      return provado;
    }
    if (!(await logins.take(mfaToken))) return Result.fail(new MfaTokenInvalidoError());
    const { usuario, fator } = provado.value;
    const aberta = await openSession.execute(usuario, origem, [metodo, fator]);
    return aberta ? Result.ok(aberta) : Result.fail(new MfaTokenInvalidoError());
  }
}
