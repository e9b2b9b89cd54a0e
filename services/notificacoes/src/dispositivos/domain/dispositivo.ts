import type { Aparelho } from '../../canais/domain/push.ts';

/** A device that messages are shown on, as its owner sees it. */
export interface Dispositivo {
  readonly id: string;
  readonly tipo: Aparelho['tipo'];
  readonly nome: string;
  readonly criadoEm: Date;
  readonly ultimoEnvioEm: Date | undefined;
}

/** Devices that one person may have at a time. */
export const MAXIMO_DISPOSITIVOS = 10;

/** New ones that one person may register within {@link NOVOS_EM_MS}: each is told by an e-mail that nothing else limits. */
export const MAXIMO_NOVOS = 10;
export const NOVOS_EM_MS = 24 * 3_600_000;

const DIA_MS = 24 * 3_600_000;
/** A session ends so long after it was used last, of which nothing tells. */
const SEM_USO_MS = 30 * DIA_MS;
/** And so long after the login, however much it is used. */
const SESSAO_NO_MAXIMO_MS = 90 * DIA_MS;

/**
 * Until when the session that registers a device lives for certain: who has left a shared computer without logging out is not shown
 * there any longer. Apps and sites register whenever they start, which is a use of it.
 */
export function sessaoAte(em: Date, autenticadoEm: Date | undefined): Date {
  const semUso = em.getTime() + SEM_USO_MS;
  const fim = (autenticadoEm ?? em).getTime() + SESSAO_NO_MAXIMO_MS;
  return new Date(Math.min(semUso, fim));
}
