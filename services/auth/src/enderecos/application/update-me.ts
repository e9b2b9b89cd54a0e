import type { Clock } from '@plataforma/domain/clock';
import { normalizarEmail } from '@plataforma/domain/email';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, type NomeInvalidoError } from '../../contas/domain/recusa.ts';
import { podeEntrar, sessaoVale, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { voltaAte } from '../domain/endereco-deixado.ts';
import { pedirTroca } from '../domain/troca-de-email.ts';
import { avisarDono } from './avisar-dono.ts';
import type { CodigosDeTroca, Transacao } from './ports.ts';

/** A person who is signed in changes their own account; what is left out stays. */
export interface UpdateMeCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** When they proved who they are; a token from before tokens said so has none. */
  readonly autenticadoEm: Date | undefined;
  readonly nome: string | undefined;
  readonly email: string | undefined;
  /** Not read for an account without one. */
  readonly senha: string;
  /** Of the second factor, as it was typed; empty for none. */
  readonly codigo: string;
  readonly origem: Origem;
}

type Refused = AcessoNegadoError | NomeInvalidoError | OwnerRefused | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly codigos: CodigosDeTroca;
  readonly clock: Clock;
}

/**
 * Changes the name at once, and has a code mailed to another address, which the account gets when that code comes back
 * ({@link ConfirmEmailChangeHandler}). Who may ask for it proves again to be the owner. Nothing looks whether the new address
 * has an account: so neither answer nor time can tell, and who reads the code there learns it.
 */
export class UpdateMeHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: UpdateMeCommand): Promise<Result<Usuario, Refused>> {
    const { consulta, confirmOwner } = this.#deps;
    const { usuarioId, senha, autenticadoEm, origem } = command;
    const conta = await consulta.findById(usuarioId);
    if (!conta || !podeEntrar(conta.estado)) return Result.fail(new AcessoNegadoError());
    if (outroEndereco(command, conta) !== undefined) {
      const confirmada = await confirmOwner.execute({
        ...{ conta: conta.estado, senha, autenticadoEm, origem, chamada: 'UpdateMe' },
      });
      if (confirmada.isFailure) return confirmada;
    }
    return this.#change(command);
  }

  #change(command: UpdateMeCommand): Promise<Result<Usuario, Refused>> {
    const { uow, clock } = this.#deps;
    const { usuarioId, geracao, nome } = command;
    const em = clock.now();
    return uow.run(async (tx) => {
      await tx.claimKey(usuarioId);
      const usuario = await tx.usuarios.findOwnToChange(usuarioId);
      // Another password, factor or address since it was asked for ends the session, too.
      const vale = usuario && podeEntrar(usuario.estado) && sessaoVale(usuario.estado, geracao);
      if (!vale) return Result.fail(new AcessoNegadoError());
      const mudado = usuario.atualizar(nome === undefined ? {} : { nome }, em);
      if (mudado.isFailure) return mudado;
      const para = outroEndereco(command, usuario);
      if (para !== undefined) {
        const pedida = await this.#ask(tx, command, { usuario, para, em });
        if (pedida.isFailure) return pedida;
      }
      await tx.usuarios.save(usuario);
      return Result.ok(usuario);
    });
  }

  async #ask(
    tx: Transacao,
    { usuarioId, geracao, codigo: doFator, origem }: UpdateMeCommand,
    { usuario, para, em }: { readonly usuario: Usuario; readonly para: string; readonly em: Date },
  ): Promise<Result<void, Refused>> {
    const { codigos } = this.#deps;
    const { email: de, emailVerificado } = usuario.estado;
    const codigo = codigos.novo();
    const soSenha = await tx.segundoFator.soSenha(usuarioId, em);
    const nova = { usuarioId, de, para, soSenha, geracao, codigoHash: codigos.digest(codigo) };
    const pedida = pedirTroca(await tx.trocas.daConta(usuarioId), nova, em);
    if (pedida.isFailure) return pedida;
    const provado = await tx.segundoFator.provar({
      ...{ usuarioId, codigo: doFator, origem, em },
      recusa: { tipo: 'EMAIL_ALTERACAO_PEDIDA', autorId: usuarioId },
    });
    if (provado.isFailure) return provado;
    await tx.trocas.save(pedida.value, codigo, em);
    // As if it were done now: it is done later, so the owner has until then at least, whether it is done or not.
    const aberto = await tx.deixados.daConta(usuarioId, em);
    const volta = { voltaAte: voltaAte({ soSenha, emailVerificado, aberto }, em) };
    await avisarDono(tx, usuario.estado, { tipo: 'EMAIL_ALTERACAO_PEDIDA', origem, em, ...volta });
    return Result.ok(undefined);
  }
}

/** The address that is wanted, if the account has another one. */
function outroEndereco({ email }: UpdateMeCommand, { estado }: Usuario): string | undefined {
  const novo = email === undefined ? undefined : normalizarEmail(email);
  return novo === estado.email ? undefined : novo;
}
