/** How long after a login it is as good as a proof, where there is no password and no second factor to ask for. */
const LOGIN_RECENTE_MS = 10 * 60_000;

export function loginRecente(autenticadoEm: Date | undefined, agora: Date): boolean {
  return autenticadoEm !== undefined && agora.getTime() - autenticadoEm.getTime() <= LOGIN_RECENTE_MS;
}
