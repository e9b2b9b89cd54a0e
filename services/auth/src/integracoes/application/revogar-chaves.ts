import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Origem } from '../../contrato/domain/origem.ts';
import { ChaveNaoEncontradaError } from '../domain/recusa.ts';
import type { ConsultaDeChavesApi, Transacao } from './ports.ts';

/** Somebody ends a key. */
export interface RevogarChaveCommand {
  readonly chaveId: string;
  readonly autor: { readonly id: string; readonly admin: boolean; readonly origem: Origem };
}

/** What a transaction that ends keys sees. */
export type TransacaoDoFim = Pick<Transacao, 'chavesApi' | 'encerramentos' | 'auditoria'>;

interface Deps {
  readonly chaves: Pick<ConsultaDeChavesApi, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly clock: Clock;
}

/** Ends a key of one's own, or, as an administrator, any; its tokens are void in all services within seconds. */
export class RevogarChaveHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ chaveId, autor }: RevogarChaveCommand): Promise<Result<void, ChaveNaoEncontradaError>> {
    const { chaves, uow, clock } = this.#deps;
    const dono = (await chaves.findById(chaveId))?.estado.usuarioId;
    if (dono === undefined || (dono !== autor.id && !autor.admin))
      return Result.fail(new ChaveNaoEncontradaError());
    await uow.run(async (tx) => {
      const em = clock.now();
      const usuarioId = await tx.chavesApi.revogar(chaveId, em);
      if (usuarioId !== undefined)
        await encerrar(tx, chaveId, { usuarioId, autorId: autor.id, origem: autor.origem, em });
    });
    return Result.ok(undefined);
  }
}

/** Keys of an account that somebody else may have made: with a new password they go, in its transaction. */
export async function revogarDaConta(
  tx: TransacaoDoFim,
  quais: 'SO_SENHA' | 'TODAS',
  fim: { readonly usuarioId: string; readonly origem: Origem; readonly em: Date },
): Promise<void> {
  for (const id of await tx.chavesApi.revogarDe(fim.usuarioId, quais, fim.em))
    await encerrar(tx, id, { ...fim, autorId: fim.usuarioId });
}

/** The tokens of a key name it as their session. */
async function encerrar(
  { encerramentos, auditoria }: TransacaoDoFim,
  chaveId: string,
  fim: { readonly usuarioId: string; readonly autorId: string; readonly origem: Origem; readonly em: Date },
): Promise<void> {
  await encerramentos.add(chaveId, fim.em);
  await auditoria.registrar({ tipo: 'CHAVE_REVOGADA', resultado: 'FEITO', detalhe: chaveId, ...fim });
}
