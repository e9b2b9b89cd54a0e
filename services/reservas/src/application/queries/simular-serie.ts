import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import { type Dispensas, verificarDispensas } from '../../domain/dispensas.ts';
import { EspacoNaoEncontradoError } from '../../domain/espaco.ts';
import type { Recusa } from '../../domain/motivo.ts';
import { ocorrenciasDaSerie } from '../../domain/ocorrencias-da-serie.ts';
import type { PlanoDaSerie } from '../../domain/serie.ts';
import { avaliarPlano, type PlanoAvaliado } from '../avaliar-plano.ts';
import type { UnitOfWork } from '../ports.ts';

interface Deps {
  readonly uow: UnitOfWork;
  readonly clock: Clock;
}

/** What booking a series now would do to each date; nothing is written or locked. */
export class SimularSerieQueryHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(plano: PlanoDaSerie, dispensas: Dispensas): Promise<Result<PlanoAvaliado, Recusa>> {
    const validas = verificarDispensas(dispensas);
    if (validas.isFailure) return validas;
    const { uow, clock } = this.#deps;
    return uow.run(async (tx) => {
      const espaco = await tx.espacos.porId(plano.espacoId);
      if (!espaco) return Result.fail(new EspacoNaoEncontradoError());
      const ocorrencias = ocorrenciasDaSerie(plano, espaco.estado.fusoHorario);
      if (ocorrencias.isFailure) return ocorrencias;
      return avaliarPlano(tx, { plano, ocorrencias: ocorrencias.value, dispensas, agora: clock.now() });
    });
  }
}
