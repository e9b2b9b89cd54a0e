import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { PutOff, WorkQueue } from '@plataforma/domain/work-queue';
import { adiar } from '../../trabalhos/application/adiar.ts';
import type { Transacao } from './ports.ts';

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly clock: Clock;
}

/** Ends the wait of those whose period came too near: what is due are entries of the line, shared by their locks. */
export class EncerrarEsperasHandler implements WorkQueue<string> {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  due(limit: number): Promise<string[]> {
    const { uow, clock } = this.#deps;
    return uow.run(({ fila }) => fila.idsAEncerrar(clock.now(), limit));
  }

  together(limit: number): Promise<number> {
    const { uow, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async ({ fila, adiados }) => {
      const entradas = await fila.aEncerrar(em, limit);
      for (const entrada of entradas) {
        entrada.encerrar(em);
        await fila.save(entrada);
      }
      await adiados.concluir(
        'FIM_DA_ESPERA',
        entradas.map(({ id }) => id),
      );
      return entradas.length;
    });
  }

  execute(id: string): Promise<void> {
    const { uow, clock } = this.#deps;
    return uow.run(async ({ fila, adiados }) => {
      const entrada = await fila.findById(id);
      const antes = entrada?.estado.versao;
      entrada?.encerrar(clock.now());
      if (entrada && entrada.estado.versao !== antes) await fila.save(entrada);
      await adiados.concluir('FIM_DA_ESPERA', [id]);
    });
  }

  putOff(id: string, error: unknown): Promise<PutOff> {
    return adiar(this.#deps, 'FIM_DA_ESPERA', id, error);
  }
}
