import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { EncerramentoRepetidoError, type Sessions, type Transacao } from './ports.ts';
import type { SessoesQueries } from './sessoes-queries.ts';

/** A person ends all of their sessions but one. */
export interface RevokeOtherSessionsCommand {
  readonly usuarioId: string;
  /** The one that asks, and goes on; a token from before tokens named one has none. */
  readonly sessaoId: string | undefined;
  readonly origem: Origem;
}

interface Deps {
  readonly queries: SessoesQueries;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly uow: Pick<UnitOfWork<Transacao & DaAuditoria>, 'run'>;
  readonly clock: Clock;
}

/** Sessions of one person may be ended by other calls at once. */
const ATTEMPTS = 5;

/**
 * Ends all other sessions of a person. They are announced first, in one transaction, and then their refresh tokens go: as long as
 * they have not, the sessions are found again, so that the next attempt finishes what one has left half-way.
 */
export class RevokeOtherSessionsHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns how many there were */
  async execute(command: RevokeOtherSessionsCommand): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const outras = await this.#announce(command);
        await this.#end(outras);
        return outras.length;
      } catch (error) {
        if (!(error instanceof EncerramentoRepetidoError) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** The same call again. @param efeito what its first attempt has claimed its key for */
  async repeat(efeito: string): Promise<number> {
    const outras = sessionsOf(efeito);
    await this.#end(outras);
    return outras.length;
  }

  async #announce({ usuarioId, sessaoId, origem }: RevokeOtherSessionsCommand): Promise<readonly string[]> {
    const { queries, uow, clock } = this.#deps;
    const abertas = (await queries.guardadas(usuarioId)).map((sessao) => sessao.sessaoId);
    const outras = abertas.filter((id) => id !== sessaoId);
    await uow.run(async ({ claimKey, encerramentos, auditoria }) => {
      await claimKey(outras.join(SEPARATOR));
      const em = clock.now();
      for (const id of await encerramentos.semAnuncio(outras)) {
        await encerramentos.add(id, em);
        await auditoria.registrar({
          ...{ tipo: 'SESSAO_ENCERRADA', resultado: 'FEITO', detalhe: id },
          ...{ autorId: usuarioId, usuarioId, origem, em },
        });
      }
    });
    return outras;
  }

  async #end(outras: readonly string[]): Promise<void> {
    for (const id of outras) await this.#deps.sessions.end(id);
  }
}

const SEPARATOR = ' ';

/** Of the name of an effect. */
const sessionsOf = (efeito: string) => (efeito === '' ? [] : efeito.split(SEPARATOR));
