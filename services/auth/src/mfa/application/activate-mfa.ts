import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { AcessoNegadoError } from '../../contas/domain/recusa.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { CodigosDeRecuperacao } from '../../fatores/application/ports.ts';
import { emGrupos, lerCodigo } from '../../fatores/domain/codigo.ts';
import type { Totp } from '../../fatores/domain/fator.ts';
import {
  type MfaCodigoInvalidoError,
  MfaConfiguracaoAusenteError,
  MfaJaAtivoError,
} from '../../fatores/domain/recusa.ts';
import type { Sessions } from '../../sessoes/application/ports.ts';
import type { Transacao } from './ports.ts';

export interface ActivateMfaCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** Session of the caller; a token from before tokens named one has none. */
  readonly sessaoId: string | undefined;
  /** First code of the app, as it was typed. */
  readonly codigo: string;
  readonly origem: Origem;
}

type ActivateRefused =
  | AcessoNegadoError
  | MfaConfiguracaoAusenteError
  | MfaJaAtivoError
  | MfaCodigoInvalidoError;

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly codigos: CodigosDeRecuperacao;
  readonly totp: Totp;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly clock: Clock;
}

/**
 * Switches the second factor on, once the app has shown that it has the secret, and ends every session but the caller's:
 * they were opened without it. Answers the recovery codes.
 */
export class ActivateMfaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    usuarioId,
    geracao,
    sessaoId,
    codigo,
    origem,
  }: ActivateMfaCommand): Promise<Result<readonly string[], ActivateRefused>> {
    const { uow, codigos, totp, sessions, clock } = this.#deps;
    const em = clock.now();
    const lido = lerCodigo(codigo);
    const digitos = lido?.tipo === 'APLICATIVO' ? lido.digitos : undefined;
    const novos = codigos.novos();
    const ativada = await uow.run(async ({ usuarios, fatores, avisos, claimKey }) => {
      await claimKey(novos.semente);
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      const fator = await fatores.doUsuario(usuarioId);
      if (!fator) return Result.fail(new MfaConfiguracaoAusenteError());
      if (fator.ativo) return Result.fail(new MfaJaAtivoError());
      const ativado = fator.ativar(digitos, totp, em);
      await fatores.save(fator);
      if (ativado.isFailure) return ativado;
      await fatores.guardarCodigos(usuarioId, novos.codigos.map(codigos.impressao));
      usuario.encerrarSessoes(em);
      await usuarios.save(usuario);
      await avisos.avisar({ usuarioId, tipo: 'MFA_ATIVADO', origem, em });
      return Result.ok(usuario.estado.geracaoSessoes);
    });
    if (ativada.isFailure) return ativada;
    if (sessaoId !== undefined) await sessions.carryOver(sessaoId, ativada.value);
    return Result.ok(novos.codigos.map(emGrupos));
  }
}
