import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import { AcessoNegadoError } from '../../contas/domain/recusa.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { EmailNaoVerificadoError } from '../../fatores/domain/recusa.ts';
import type { Identidade } from '../domain/identidade.ts';
import {
  GoogleDeOutraContaError,
  GoogleJaVinculadoError,
  GoogleLoginInvalidoError,
} from '../domain/recusa.ts';
import { identificar, type Volta } from './identificar.ts';
import type { Emissor, Tentativas, Transacao } from './ports.ts';

export interface LinkGoogleCommand extends Volta {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  readonly origem: Origem;
}

type LinkRefused =
  | GoogleLoginInvalidoError
  | AcessoNegadoError
  | EmailNaoVerificadoError
  | GoogleDeOutraContaError
  | GoogleJaVinculadoError;

interface Deps {
  readonly emissor: Emissor;
  readonly tentativas: Tentativas;
  readonly auditoria: Auditoria;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly clock: Clock;
}

/**
 * Links who the issuer says is at the browser to the account that has begun this, with its password, in the same browser.
 * Addresses need not match: the person has proved to be the owner of both accounts.
 */
export class LinkGoogleHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    usuarioId,
    geracao,
    origem,
    ...volta
  }: LinkGoogleCommand): Promise<Result<void, LinkRefused>> {
    const { auditoria, clock } = this.#deps;
    const identidade = await identificar(this.#deps, volta, { usuarioId, geracao });
    const vinculo = identidade
      ? await this.#vincular(identidade, { usuarioId, geracao, origem })
      : Result.fail(new GoogleLoginInvalidoError());
    if (vinculo.isFailure) {
      const evento = { tipo: 'GOOGLE_VINCULADO', resultado: 'RECUSADO', autorId: usuarioId } as const;
      await auditoria.registrar({ ...evento, usuarioId, origem, em: clock.now() });
    }
    return vinculo;
  }

  #vincular(
    identidade: Identidade,
    { usuarioId, geracao, origem }: Omit<LinkGoogleCommand, keyof Volta>,
  ): Promise<Result<void, LinkRefused>> {
    const { uow, clock } = this.#deps;
    return uow.run(async ({ usuarios, vinculos, segundoFator, avisos, claimKey }) => {
      await claimKey(usuarioId);
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      if (!usuario.estado.emailVerificado) return Result.fail(new EmailNaoVerificadoError());
      await vinculos.hold(identidade);
      const conhecida = await vinculos.contaDe(identidade);
      // Two attempts of one person, side by side: the second one finds it done.
      if (conhecida === usuarioId) return Result.ok(undefined);
      if (conhecida !== undefined) return Result.fail(new GoogleDeOutraContaError());
      const em = clock.now();
      // As when the attempt began: another factor since then would have ended the session.
      const soSenha = await segundoFator.soSenha(usuarioId, em);
      if (!(await vinculos.add(usuarioId, identidade, { em, soSenha })))
        return Result.fail(new GoogleJaVinculadoError());
      await avisos.avisar({ usuarioId, tipo: 'GOOGLE_VINCULADO', origem, em });
      return Result.ok(undefined);
    });
  }
}
