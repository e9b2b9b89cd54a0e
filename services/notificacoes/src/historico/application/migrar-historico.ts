import type { ArquivoDeHistorico, FilaDeCopia, HistoricoAnterior } from './ports.ts';

interface Deps {
  readonly anterior: HistoricoAnterior;
  readonly arquivo: ArquivoDeHistorico;
  readonly fila: Pick<FilaDeCopia, 'incluir'>;
}

export interface MigrarHistoricoCommand {
  /** From the first record on, also where it was done before. */
  readonly deNovo: boolean;
  /** Records that are read, copied and noted together. */
  readonly lote: number;
  /** Asks it to end after the records that it has in hand. */
  readonly parar: AbortSignal;
  readonly contar: (copiados: number) => void;
}

export interface Migracao {
  readonly completa: boolean;
  /** In all, also by earlier runs. */
  readonly copiados: number;
  /** Of this run: what the archive refuses waits with what is to be copied, where operators see it. */
  readonly recusados: number;
}

const INICIO = { notificacaoId: '', sequencia: 0, copiados: 0 };

/**
 * Copies the history from before there was an archive, in the order of its key. How far it is is noted after each piece, so
 * that a run goes on where another ended, however that ended. Records that are written meanwhile come by the queue.
 */
export class MigrarHistoricoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ deNovo, lote, parar, contar }: MigrarHistoricoCommand): Promise<Migracao> {
    const { anterior } = this.#deps;
    let andamento = (deNovo ? undefined : await anterior.andamento()) ?? INICIO;
    let recusados = 0;
    // Nobody is to read from an archive that has not got all.
    await anterior.anotar(andamento, false);
    while (!parar.aborted) {
      const registros = await anterior.depoisDe(andamento, lote);
      const ultimo = registros.at(-1);
      if (ultimo === undefined) {
        await anterior.anotar(andamento, true);
        return { completa: true, copiados: andamento.copiados, recusados };
      }
      const fora = await this.#copiar(registros);
      recusados += fora;
      const { notificacaoId, sequencia } = ultimo;
      andamento = { notificacaoId, sequencia, copiados: andamento.copiados + registros.length - fora };
      await anterior.anotar(andamento, false);
      contar(andamento.copiados);
    }
    return { completa: false, copiados: andamento.copiados, recusados };
  }

  async #copiar(registros: Awaited<ReturnType<HistoricoAnterior['depoisDe']>>): Promise<number> {
    const recusados = await this.#deps.arquivo.acrescentar(registros);
    for (const recusado of recusados) await this.#deps.fila.incluir(recusado);
    return recusados.length;
  }
}
