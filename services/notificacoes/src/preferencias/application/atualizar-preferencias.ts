import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Preferencias } from '../domain/preferencias.ts';
import { TelefoneAusenteError } from '../domain/recusa.ts';
import type { Transacao } from './ports.ts';

export interface AtualizarPreferenciasCommand {
  readonly clienteId: string;
  /** All of them: what was is replaced. */
  readonly preferencias: Preferencias;
}

interface Deps {
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/** A person says what they want to be told. It counts from the next message that is sent. */
export class AtualizarPreferenciasHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    clienteId,
    preferencias: novas,
  }: AtualizarPreferenciasCommand): Promise<Result<void, TelefoneAusenteError>> {
    if (novas.sms && novas.telefone === '') return Result.fail(new TelefoneAusenteError());
    const { clock, uow } = this.#deps;
    const em = clock.now();
    await uow.run(async ({ preferencias, claimKey }) => {
      await claimKey(clienteId);
      await preferencias.save(clienteId, novas, em);
    });
    return Result.ok(undefined);
  }
}
