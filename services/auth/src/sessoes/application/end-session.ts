import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { EncerramentoRepetidoError, type Sessions, type Transacao } from './ports.ts';

/** Whose session it is, who ends it, and where that call comes from. */
export interface Encerramento {
  /** Left out when Redis does not know it any more. */
  readonly usuarioId: string | undefined;
  /** Left out when that is not known. */
  readonly autorId?: string;
  readonly origem: Origem;
  /** Somebody has used a refresh token a second time: its owner has to hear of that. */
  readonly reuso?: boolean;
}

interface Deps {
  readonly sessions: Pick<Sessions, 'end'>;
  readonly uow: Pick<UnitOfWork<Transacao & DosAvisos & DaAuditoria>, 'run'>;
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

  async execute(
    sessaoId: string,
    { usuarioId, autorId, origem, reuso = false }: Encerramento,
  ): Promise<void> {
    const { sessions, uow, clock } = this.#deps;
    await sessions.end(sessaoId);
    try {
      await uow.run(async ({ encerramentos, auditoria, avisos }) => {
        const em = clock.now();
        await encerramentos.add(sessaoId, em);
        await auditoria.registrar({
          ...{ tipo: 'SESSAO_ENCERRADA', resultado: 'FEITO', detalhe: sessaoId },
          ...{ autorId, usuarioId, origem, em },
        });
        if (reuso && usuarioId !== undefined)
          await avisos.avisar({ usuarioId, origem, tipo: 'SESSOES_ENCERRADAS_POR_REUSO', em });
      });
    } catch (error) {
      if (!(error instanceof EncerramentoRepetidoError)) throw error;
    }
  }
}
