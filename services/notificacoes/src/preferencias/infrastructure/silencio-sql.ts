import { SILENCIO_INICIAL } from '../domain/silencio.ts';

const { inicio, fim, fuso, email } = SILENCIO_INICIAL;

/**
 * The quiet hours of a row of preferences, which an outer join may have left out: then they are those of the start. Null for none.
 *
 * @param p the row, as SQL names it
 */
export const silencioDe = (p: string): string => `
  case when ${p}.cliente_id is null then
    json_build_object('inicio', '${inicio}', 'fim', '${fim}', 'fuso', '${fuso}', 'email', ${email})
  when ${p}.silencio_inicio is not null then
    json_build_object('inicio', ${p}.silencio_inicio, 'fim', ${p}.silencio_fim, 'fuso', ${p}.silencio_fuso,
      'email', ${p}.silencio_email) end`;
