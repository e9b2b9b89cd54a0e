import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { type Dispensas, verificarDispensas } from '../../espacos/domain/dispensas.ts';
import { EspacoNaoEncontradoError } from '../../espacos/domain/espaco.ts';
import { ocorrenciasDaSerie } from '../domain/ocorrencias-da-serie.ts';
import type { PlanoDaSerie } from '../domain/serie.ts';
import { avaliarPlano, type PlanoAvaliado } from './avaliar-plano.ts';
import type { Transacao } from './ports.ts';

export interface SimularSerieQuery {
  readonly plano: PlanoDaSerie;
  /** Who would book: the customer, or an admin for the customer. */
  readonly quem: string;
  readonly dispensas: Dispensas;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly clock: Clock;
}

/** What booking a series now would do to each date; nothing is written or locked. */
export class SimularSerieHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ plano, quem, dispensas }: SimularSerieQuery): Promise<Result<PlanoAvaliado, Recusa>> {
    const validas = verificarDispensas(dispensas);
    if (validas.isFailure) return validas;
    const { uow, clock } = this.#deps;
    return uow.run(async (tx) => {
      const espaco = await tx.espacos.findById(plano.espacoId);
      if (!espaco) return Result.fail(new EspacoNaoEncontradoError());
      const ocorrencias = ocorrenciasDaSerie(plano, espaco.estado.fusoHorario);
      if (ocorrencias.isFailure) return ocorrencias;
      const agora = clock.now();
      return avaliarPlano(tx, { plano, quem, ocorrencias: ocorrencias.value, dispensas, agora });
    });
  }
}
