import type { Avisos } from '../../avisos/application/ports.ts';
import type { Aviso, TipoAviso } from '../../avisos/domain/aviso.ts';
import type { Auditoria } from '../application/ports.ts';

/** What strangers bring about: an attempt that failed, of no known author. */
const DE_ESTRANHOS: ReadonlySet<TipoAviso> = new Set(['SESSOES_ENCERRADAS_POR_REUSO', 'CADASTRO_REPETIDO']);

/** What the owner of an account is told is recorded, too, in the same transaction. */
export class AvisosAuditados implements Avisos {
  readonly #avisos: Avisos;
  readonly #auditoria: Auditoria;

  constructor(avisos: Avisos, auditoria: Auditoria) {
    this.#avisos = avisos;
    this.#auditoria = auditoria;
  }

  async avisar(aviso: Aviso): Promise<void> {
    const { tipo, usuarioId, origem, em } = aviso;
    await this.#avisos.avisar(aviso);
    const autoria = DE_ESTRANHOS.has(tipo)
      ? ({ resultado: 'RECUSADO' } as const)
      : ({ resultado: 'FEITO', autorId: usuarioId } as const);
    await this.#auditoria.registrar({ tipo, usuarioId, origem, em, ...autoria });
  }
}
