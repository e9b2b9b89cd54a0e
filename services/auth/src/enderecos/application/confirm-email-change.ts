import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { EmailDeOutraContaError } from '../../contas/application/ports.ts';
import { CodigoEmailInvalidoError } from '../../contas/domain/recusa.ts';
import { type EstadoUsuario, podeEntrar, sessaoVale, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Sessions } from '../../sessoes/application/ports.ts';
import { voltaAte } from '../domain/endereco-deixado.ts';
import { EmailJaCadastradoError } from '../domain/recusa.ts';
import { type TrocaDeEmail, trocaFeita, trocaVale } from '../domain/troca-de-email.ts';
import { avisarDono } from './avisar-dono.ts';
import type { CodigosDeTroca, Transacao } from './ports.ts';

export interface ConfirmEmailChangeCommand {
  readonly usuarioId: string;
  /** Session of the caller; a token from before tokens named one has none. */
  readonly sessaoId: string | undefined;
  /** Generation of sessions that it belongs to. */
  readonly geracao: number;
  readonly codigo: string;
  readonly origem: Origem;
}

type Refused = CodigoEmailInvalidoError | EmailJaCadastradoError;

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly codigos: CodigosDeTroca;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly clock: Clock;
}

/**
 * Gives an account its new address, for who is signed in and has read what was mailed there: the code alone would give the
 * account to whoever reads a mistyped address. Every session but the caller's ends; if carrying that one over fails, its owner
 * logs in again. An address that the password alone has changed stays the owner's way back for some days.
 */
export class ConfirmEmailChangeHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: ConfirmEmailChangeCommand): Promise<Result<Usuario, Refused>> {
    const { sessions } = this.#deps;
    const { sessaoId } = command;
    const mudada = await this.#change(command).catch((error: unknown) => {
      if (error instanceof EmailDeOutraContaError) return Result.fail(new EmailJaCadastradoError());
      throw error;
    });
    if (mudada.isFailure) return mudada;
    const { geracaoSessoes } = mudada.value.estado;
    if (sessaoId !== undefined) await sessions.carryOver(sessaoId, geracaoSessoes);
    return mudada;
  }

  #change({
    usuarioId,
    geracao,
    codigo,
    origem,
  }: ConfirmEmailChangeCommand): Promise<Result<Usuario, Refused>> {
    const { uow, codigos, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async (tx) => {
      await tx.claimKey(usuarioId);
      const recusa = Result.fail(new CodigoEmailInvalidoError());
      const usuario = await tx.usuarios.findOwnToChange(usuarioId);
      const vale = usuario && podeEntrar(usuario.estado) && sessaoVale(usuario.estado, geracao);
      if (!vale) return recusa;
      const troca = await tx.trocas.daConta(usuarioId);
      // Of 256 random bits: comparing digests tells nothing of them.
      if (!troca?.codigoHash.equals(codigos.digest(codigo))) return recusa;
      if (trocaFeita(troca, usuario.estado, em)) return Result.ok(usuario);
      if (!trocaVale(troca, usuario.estado, em)) return recusa;
      const antes = usuario.estado;
      await tx.trocas.usar(usuarioId, em);
      usuario.trocarEmail(troca.para, em);
      await tx.usuarios.save(usuario);
      const volta = { voltaAte: await deixar(tx, antes, troca, em) };
      await avisarDono(tx, antes, { tipo: 'EMAIL_ALTERADO', origem, em, ...volta });
      return Result.ok(usuario);
    });
  }
}

/** Until when the account may come back to the address that it had. One that it has come back to is no way back any more. */
async function deixar(
  { deixados }: Transacao,
  { id: usuarioId, email, emailVerificado }: EstadoUsuario,
  { soSenha, para }: TrocaDeEmail,
  em: Date,
): Promise<Date | undefined> {
  const aberto = await deixados.daConta(usuarioId, em);
  const venceEm = voltaAte({ soSenha, emailVerificado, aberto }, em);
  if (venceEm) await deixados.deixar({ usuarioId, email, deixadoEm: em, venceEm });
  if (aberto?.email === para) await deixados.esquecer(usuarioId);
  return venceEm;
}
