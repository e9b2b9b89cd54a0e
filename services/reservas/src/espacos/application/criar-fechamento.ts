import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import { normalizarTexto } from '@plataforma/domain/texto';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { PeriodoInvalidoError } from '../../tempo/domain/periodo-reserva.ts';
import { EspacoNaoEncontradoError } from '../domain/espaco.ts';
import { type Fechamento, periodoDeFechamento } from '../domain/fechamento.ts';
import type { Transacao } from './ports.ts';

export interface CriarFechamentoCommand {
  readonly espacoId: string;
  readonly inicio: Date;
  readonly fim: Date;
  readonly anual: boolean;
  readonly motivo: string;
  readonly quem: string;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/** Closes a space for some time. What is booked there stays booked. */
export class CriarFechamentoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    espacoId,
    inicio,
    fim,
    anual,
    motivo,
    quem,
  }: CriarFechamentoCommand): Promise<Result<Fechamento, EspacoNaoEncontradoError | PeriodoInvalidoError>> {
    const periodo = periodoDeFechamento(inicio, fim, anual);
    if (periodo.isFailure) return periodo;
    const { uow, ids, clock } = this.#deps;
    return withNewId(ids, 'fec', (id) =>
      uow.run(async ({ reservas, espacos, fechamentos, claimKey }) => {
        await claimKey(id);
        // The lock that bookings take: none slips in that has not seen the closure.
        await reservas.travarEspaco(espacoId);
        if (!(await espacos.findById(espacoId))) return Result.fail(new EspacoNaoEncontradoError());
        const criadoEm = clock.now();
        const porque = normalizarTexto(motivo);
        const fechamento = { id, espacoId, periodo: periodo.value, anual, motivo: porque, criadoEm };
        await fechamentos.add(fechamento, quem);
        return Result.ok(fechamento);
      }),
    );
  }
}
