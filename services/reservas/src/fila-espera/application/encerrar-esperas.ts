import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ObservadorDeTrabalhos } from '../../trabalhos/application/ports.ts';
import { umPorUmSeFalhar } from '../../trabalhos/application/um-por-um.ts';
import type { Transacao } from './ports.ts';

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly clock: Clock;
  readonly observador: ObservadorDeTrabalhos;
}

const LOTE = 50;

/** Ends the wait of those whose period came too near: one batch, in which none waits for another that fails. */
export class EncerrarEsperasHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns whether there may be more. */
  async execute(): Promise<boolean> {
    const em = this.#deps.clock.now();
    const devidas = await umPorUmSeFalhar(this.#deps, {
      trabalho: 'FIM_DA_ESPERA',
      devidos: ({ fila }) => fila.idsAEncerrar(em, LOTE),
      todos: async ({ fila, adiados }) => {
        const entradas = await fila.aEncerrar(em, LOTE);
        for (const entrada of entradas) {
          entrada.encerrar(em);
          await fila.save(entrada);
        }
        if (entradas.length > 0)
          await adiados.concluir(
            'FIM_DA_ESPERA',
            entradas.map(({ id }) => id),
          );
        return entradas.length;
      },
      um: async ({ fila, adiados }, id) => {
        const entrada = await fila.findById(id);
        const antes = entrada?.estado.versao;
        entrada?.encerrar(em);
        if (entrada && entrada.estado.versao !== antes) await fila.save(entrada);
        await adiados.concluir('FIM_DA_ESPERA', [id]);
      },
    });
    return devidas === LOTE;
  }
}
