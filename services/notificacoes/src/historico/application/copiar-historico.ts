import type { Work } from '@plataforma/domain/work-queue';
import type { ArquivoDeHistorico, FilaDeCopia } from './ports.ts';

interface Deps {
  readonly fila: Pick<FilaDeCopia, 'devidos' | 'copiados' | 'adiar'>;
  readonly arquivo: ArquivoDeHistorico;
}

/**
 * Copies records to the archive, and strikes them off once it has them for good. Dying in between means that they are copied
 * again, which the archive does not notice. One that it refuses waits, and keeps none behind it waiting.
 */
export function copiarHistorico({ fila, arquivo }: Deps): Work {
  return async (limite, failed) => {
    const registros = await fila.devidos(limite);
    const recusados = await arquivo.acrescentar(registros);
    const fora = new Set(recusados.map(({ registro }) => registro));
    await fila.copiados(registros.filter((registro) => !fora.has(registro)));
    for (const recusado of recusados) failed({ ...(await fila.adiar(recusado)), error: recusado.erro });
    return registros.length;
  };
}
