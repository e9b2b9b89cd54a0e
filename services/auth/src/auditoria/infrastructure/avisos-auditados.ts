import type { Avisos } from '../../avisos/application/ports.ts';
import type { Aviso, TipoAviso } from '../../avisos/domain/aviso.ts';
import type { Auditoria } from '../application/ports.ts';
import type { TipoEvento } from '../domain/evento-de-seguranca.ts';

/** What strangers bring about: an attempt that failed, of no known author. */
const DE_ESTRANHOS: ReadonlySet<TipoAviso> = new Set(['SESSOES_ENCERRADAS_POR_REUSO', 'CADASTRO_REPETIDO']);

const DESCONHECIDA = { endereco: '', dispositivo: '' };

/** What the owner of an account is told is recorded, too, in the same transaction. */
export class AvisosAuditados implements Avisos {
  readonly #avisos: Avisos;
  readonly #auditoria: Auditoria;

  constructor(avisos: Avisos, auditoria: Auditoria) {
    this.#avisos = avisos;
    this.#auditoria = auditoria;
  }

  async avisar(aviso: Aviso): Promise<void> {
    const { tipo, usuarioId, administrador, detalhe = '', origem, em } = aviso;
    // Where an administrator was is not the owner's to see.
    await this.#avisos.avisar(administrador === undefined ? aviso : { ...aviso, origem: DESCONHECIDA });
    // The login that it tells of is recorded already.
    if (tipo === 'DISPOSITIVO_NOVO') return;
    const autoria = DE_ESTRANHOS.has(tipo)
      ? ({ resultado: 'RECUSADO' } as const)
      : ({ resultado: 'FEITO', autorId: administrador ?? usuarioId } as const);
    await this.#auditoria.registrar({ tipo: eventoDe(tipo), usuarioId, detalhe, origem, em, ...autoria });
  }
}

/** As the record calls it. */
function eventoDe(tipo: Exclude<TipoAviso, 'DISPOSITIVO_NOVO'>): TipoEvento {
  if (tipo === 'MFA_RETIRADO') return 'FATOR_RETIRADO';
  return tipo === 'CODIGOS_RECUPERACAO_NOVOS' ? 'CODIGOS_RENOVADOS' : tipo;
}
