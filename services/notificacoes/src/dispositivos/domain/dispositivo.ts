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

/**
 * No session lives longer than 90 days, of which nothing tells when they are over: who has left a shared computer without logging out
 * is not shown there for ever. Apps and sites register whenever they start, so by a session that is alive.
 */
export const SESSAO_NO_MAXIMO_MS = 90 * 24 * 3_600_000;
