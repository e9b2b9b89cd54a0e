import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { type Papel, sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { ChaveApi, MAXIMO_DE_CHAVES } from '../domain/chave-api.ts';
import { ChaveNaoEncontradaError, EmailNaoVerificadoError, LimiteDeChavesError } from '../domain/recusa.ts';
import type { ConsultaDeChavesApi, Segredos, Transacao } from './ports.ts';

/** Who asks for a secret, and the proof that they are the owner of the account. */
export interface PedidoDeSegredo {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** When the caller logged in; undefined when the token does not say so. */
  readonly autenticadoEm: Date | undefined;
  readonly senha: string;
  /** Of the second factor, as it was typed; empty for an account without one. */
  readonly codigo: string;
  readonly origem: Origem;
}

/** The same call again: a code of a second factor is good once, and was. */
interface PedidoRepetido extends Omit<PedidoDeSegredo, 'geracao' | 'codigo'> {
  /** Name of the RPC. */
  readonly chamada: 'CriarChave' | 'RotacionarChave';
}

export interface CriarChaveCommand extends PedidoDeSegredo {
  /** What the session of the caller may. */
  readonly papeis: readonly Papel[];
  readonly nome: string;
  readonly escopos: readonly string[];
  /** 0: as long as keys live of themselves. */
  readonly validadeDias: number;
}

/** With the secret, which is told to the call that makes it and to none besides; empty when it is not the key's any more. */
export interface ChaveComSegredo {
  readonly chave: ChaveApi;
  readonly segredo: string;
}

type CriarRefused =
  | UsuarioNaoEncontradoError
  | AcessoNegadoError
  | EmailNaoVerificadoError
  | LimiteDeChavesError
  | OwnerRefused
  | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly chaves: Pick<ConsultaDeChavesApi, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly segredos: Segredos;
  readonly clock: Clock;
}

/**
 * Makes a key, for who proves to be the owner by everything that login asks for: whoever has a copied session could let a
 * program in that outlives it.
 */
export class CriarChaveHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: CriarChaveCommand): Promise<Result<ChaveComSegredo, CriarRefused>> {
    const { consulta, confirmOwner } = this.#deps;
    const { usuarioId, senha, autenticadoEm, origem } = command;
    const conta = (await consulta.findById(usuarioId))?.estado;
    if (!conta) return Result.fail(new UsuarioNaoEncontradoError());
    if (!conta.emailVerificado) return Result.fail(new EmailNaoVerificadoError());
    const confirmada = await confirmOwner.execute({
      ...{ conta, senha, autenticadoEm, origem, chamada: 'CriarChave' },
    });
    return confirmada.isFailure ? confirmada : this.#criar(command);
  }

  #criar(command: CriarChaveCommand): Promise<Result<ChaveComSegredo, CriarRefused>> {
    const { uow, segredos, clock } = this.#deps;
    const { usuarioId, geracao, codigo, origem, nome, escopos, papeis, validadeDias } = command;
    const id = segredos.novaId();
    const { semente, segredo } = segredos.novo(id);
    const em = clock.now();
    return uow.run(async (tx): Promise<Result<ChaveComSegredo, CriarRefused>> => {
      await tx.claimKey(`${id} ${semente}`);
      // Held to the end: of two calls at once the second one counts the key of the first.
      const usuario = await tx.usuarios.findOwnToChange(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      if ((await tx.chavesApi.quantasValem(usuarioId, em)) >= MAXIMO_DE_CHAVES)
        return Result.fail(new LimiteDeChavesError());
      const provado = await tx.segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'CHAVE_CRIADA', autorId: usuarioId },
      });
      if (provado.isFailure) return provado;
      const soSenha = await tx.segundoFator.soSenha(usuarioId, em);
      const impressao = segredos.impressao(segredo);
      const dados = { id, usuarioId, nome, escopos, papeis, soSenha, impressao, validadeDias };
      const chave = ChaveApi.criar(dados, em);
      await tx.chavesApi.add(chave);
      await tx.avisos.avisar({ usuarioId, tipo: 'CHAVE_CRIADA', detalhe: id, origem, em });
      return Result.ok({ chave, segredo });
    });
  }

  /**
   * What an earlier attempt of the same call has made, or given another secret. The password is asked for again: keys of calls may be
   * guessed, and a copied session must not be told a secret.
   */
  async repeat(
    efeito: string,
    { usuarioId, senha, autenticadoEm, origem, chamada }: PedidoRepetido,
  ): Promise<Result<ChaveComSegredo, UsuarioNaoEncontradoError | ChaveNaoEncontradaError | OwnerRefused>> {
    const { consulta, chaves, confirmOwner, segredos, clock } = this.#deps;
    const conta = (await consulta.findById(usuarioId))?.estado;
    if (!conta) return Result.fail(new UsuarioNaoEncontradoError());
    const confirmada = await confirmOwner.execute({ conta, senha, autenticadoEm, origem, chamada });
    if (confirmada.isFailure) return confirmada;
    const [id = '', semente = ''] = efeito.split(' ');
    const chave = await chaves.findById(id);
    if (chave?.estado.usuarioId !== usuarioId) return Result.fail(new ChaveNaoEncontradaError());
    const segredo = segredos.deSemente(id, semente);
    const vale = segredos.confere(segredo, chave.impressoes(clock.now()));
    return Result.ok({ chave, segredo: vale ? segredo : '' });
  }
}
