import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { EncerramentoRepetidoError, type Sessions, type Transacao } from './ports.ts';

/** Somebody has used a refresh token a second time: whose it is, and where that came from. */
export interface Reuso {
  readonly usuarioId: string;
  readonly origem: Origem;
}

interface Deps {
  readonly sessions: Pick<Sessions, 'end'>;
  readonly uow: Pick<UnitOfWork<Transacao & DosAvisos>, 'run'>;
  readonly clock: Clock;
}

/**
 * Ends a session: first its refresh tokens, then, by an announcement to all services, its access tokens. What fails
 * half-way is finished by calling it again; what is done already stays so.
 */
export class EndSession {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param reuso why it ends, if its owner has to hear of that */
  async execute(sessaoId: string, reuso?: Reuso): Promise<void> {
    const { sessions, uow, clock } = this.#deps;
    await sessions.end(sessaoId);
    try {
      await uow.run(async ({ encerramentos, avisos }) => {
        const em = clock.now();
        await encerramentos.add(sessaoId, em);
        if (reuso) await avisos.avisar({ ...reuso, tipo: 'SESSOES_ENCERRADAS_POR_REUSO', em });
      });
    } catch (error) {
      if (!(error instanceof EncerramentoRepetidoError)) throw error;
    }
  }
}
