import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Dispositivo } from '../domain/dispositivo.ts';
import { DispositivoNaoEncontradoError, PushNaoOferecidoError } from '../domain/recusa.ts';
import type { OfertaDePush, Transacao } from './ports.ts';

interface Deps {
  readonly clock: Clock;
  readonly oferta: Pick<OfertaDePush, 'chavePublica'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/** What people see of their devices, and end. */
export class DispositivosDaPessoa {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  chavePublica(): Result<string, PushNaoOferecidoError> {
    const { chavePublica } = this.#deps.oferta;
    return chavePublica === undefined ? Result.fail(new PushNaoOferecidoError()) : Result.ok(chavePublica);
  }

  listar(clienteId: string): Promise<Dispositivo[]> {
    const { clock, uow } = this.#deps;
    return uow.run(({ dispositivos }) => dispositivos.doCliente(clienteId, clock.now()));
  }

  remover(id: string, clienteId: string): Promise<Result<void, DispositivoNaoEncontradoError>> {
    return this.#deps.uow.run(async ({ dispositivos, claimKey }) => {
      await claimKey(id);
      const havia = await dispositivos.remover(id, clienteId);
      return havia ? Result.ok(undefined) : Result.fail(new DispositivoNaoEncontradoError());
    });
  }
}
