import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { CodigosDeRecuperacao, ProvaRecusada } from '../../fatores/application/ports.ts';
import { emGrupos, lerCodigo } from '../../fatores/domain/codigo.ts';
import { MfaNaoAtivoError, SoDoAplicativoError } from '../../fatores/domain/recusa.ts';
import type { Transacao } from './ports.ts';

export interface RenewRecoveryCodesCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** When the caller logged in; a token from before tokens said so has none. */
  readonly autenticadoEm: Date | undefined;
  readonly senha: string;
  /** Of the app, or what stands for a passkey, as it was given. */
  readonly codigo: string;
  readonly origem: Origem;
}

type RenewRefused =
  | UsuarioNaoEncontradoError
  | AcessoNegadoError
  | MfaNaoAtivoError
  | OwnerRefused
  | ProvaRecusada
  | SoDoAplicativoError;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly codigos: CodigosDeRecuperacao;
  readonly clock: Clock;
}

/**
 * New recovery codes in place of those that are lost, seen by others or used up, for who has password and app. No session
 * ends: none was opened by a code that is void now but by its owner's word.
 */
export class RenewRecoveryCodesHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: RenewRecoveryCodesCommand): Promise<Result<readonly string[], RenewRefused>> {
    const { consulta, confirmOwner } = this.#deps;
    const { usuarioId, senha, autenticadoEm, codigo, origem } = command;
    const conta = (await consulta.findById(usuarioId))?.estado;
    if (!conta) return Result.fail(new UsuarioNaoEncontradoError());
    if (!conta.mfaAtivo) return Result.fail(new MfaNaoAtivoError());
    const chamada = 'RenewRecoveryCodes';
    const confirmada = await confirmOwner.execute({ conta, senha, autenticadoEm, origem, chamada });
    if (confirmada.isFailure) return confirmada;
    if (lerCodigo(codigo)?.tipo === 'RECUPERACAO') return Result.fail(new SoDoAplicativoError());
    return this.#renovar(command);
  }

  #renovar({
    usuarioId,
    geracao,
    codigo,
    origem,
  }: RenewRecoveryCodesCommand): Promise<Result<readonly string[], RenewRefused>> {
    const { uow, codigos, clock } = this.#deps;
    const em = clock.now();
    const novos = codigos.novos();
    return uow.run(async ({ usuarios, fatores, segundoFator, avisos, claimKey }) => {
      await claimKey(novos.semente);
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      const recusa = { tipo: 'CODIGOS_RENOVADOS', autorId: usuarioId } as const;
      const provado = await segundoFator.provar({ usuarioId, codigo, origem, em, recusa });
      if (provado.isFailure) return provado;
      if (provado.value === undefined) return Result.fail(new MfaNaoAtivoError());
      await fatores.guardarCodigos(usuarioId, novos.codigos.map(codigos.impressao));
      await avisos.avisar({ usuarioId, tipo: 'CODIGOS_RECUPERACAO_NOVOS', origem, em });
      return Result.ok(novos.codigos.map(emGrupos));
    });
  }
}
