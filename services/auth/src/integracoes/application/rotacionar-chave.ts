import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { ChaveEncerradaError, ChaveNaoEncontradaError } from '../domain/recusa.ts';
import type { ChaveComSegredo, PedidoDeSegredo } from './criar-chave.ts';
import type { ConsultaDeChavesApi, Segredos, Transacao } from './ports.ts';

export interface RotacionarChaveCommand extends PedidoDeSegredo {
  readonly chaveId: string;
}

type RotacionarRefused =
  | UsuarioNaoEncontradoError
  | AcessoNegadoError
  | ChaveNaoEncontradaError
  | ChaveEncerradaError
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

/** Gives a key another secret, which is as good as another key: for the same proofs. */
export class RotacionarChaveHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: RotacionarChaveCommand): Promise<Result<ChaveComSegredo, RotacionarRefused>> {
    const { consulta, chaves, confirmOwner } = this.#deps;
    const { chaveId, usuarioId, senha, autenticadoEm, origem } = command;
    // Before the password is asked for: whose key it is not, learns no more than that.
    const chave = await chaves.findById(chaveId);
    if (chave?.estado.usuarioId !== usuarioId) return Result.fail(new ChaveNaoEncontradaError());
    const conta = (await consulta.findById(usuarioId))?.estado;
    if (!conta) return Result.fail(new UsuarioNaoEncontradoError());
    const confirmada = await confirmOwner.execute({
      ...{ conta, senha, autenticadoEm, origem, chamada: 'RotacionarChave' },
    });
    return confirmada.isFailure ? confirmada : this.#rotacionar(command);
  }

  #rotacionar(command: RotacionarChaveCommand): Promise<Result<ChaveComSegredo, RotacionarRefused>> {
    const { uow, segredos, clock } = this.#deps;
    const { chaveId, usuarioId, geracao, codigo, origem } = command;
    const { semente, segredo } = segredos.novo(chaveId);
    const em = clock.now();
    return uow.run(async (tx): Promise<Result<ChaveComSegredo, RotacionarRefused>> => {
      await tx.claimKey(`${chaveId} ${semente}`);
      const usuario = await tx.usuarios.findOwnToChange(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      const chave = await tx.chavesApi.doUsuario(chaveId, usuarioId);
      if (!chave) return Result.fail(new ChaveNaoEncontradaError());
      if (!chave.vale(em)) return Result.fail(new ChaveEncerradaError());
      const provado = await tx.segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'CHAVE_ROTACIONADA', detalhe: chaveId, autorId: usuarioId },
      });
      if (provado.isFailure) return provado;
      const soSenha = await tx.segundoFator.soSenha(usuarioId, em);
      chave.rotacionar(segredos.impressao(segredo), soSenha, em);
      await tx.chavesApi.save(chave);
      await tx.avisos.avisar({ usuarioId, tipo: 'CHAVE_ROTACIONADA', detalhe: chaveId, origem, em });
      return Result.ok({ chave, segredo });
    });
  }
}
